import { open } from 'node:fs/promises';
import { stripVTControlCharacters } from 'node:util';
import { ServerAway, ServerError } from '@breakwater/client';
import { BreakwaterError } from '@breakwater/rules/error';
import { CommanderError, type Command } from 'commander';

/**
 * Exit codes of every command. `done`: what was asked was done. `no`: it was looked at and the answer is no.
 * `badInput`: wrong use or bad input. `notChecked`: it could not be found out (something needed was missing or failed).
 */
export const exit = { done: 0, no: 1, badInput: 2, notChecked: 3 } as const;
export type ExitCode = (typeof exit)[keyof typeof exit];

/** Something needed for the answer could not be reached or failed: exit 3, never a yes or a no. Fields as in BreakwaterError. */
export class NotChecked extends Error {
  readonly code: string;
  readonly path: string;

  constructor(code: string, message: string, path = '') {
    super(message);
    this.name = 'NotChecked';
    this.code = code;
    this.path = path;
  }
}

/** What a failed command says: `{"error": ...}` with --json, otherwise one line on stderr. */
export type Failure = { code: string; message: string; path: string };

/** Sets the exit code of the command that is running. The process ends by itself when its work is over. */
export function finish(code: ExitCode): void {
  process.exitCode = code;
}

/** Writes the one JSON document of a command on stdout. */
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}

/** Writes text on stdout, for people. A command with --json prints no text. */
export function printText(text: string): void {
  process.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
}

/** Writes a list for people, a row a line; an empty one is a sentence that says so and what to do. */
export function printRows(rows: readonly string[], whenEmpty: string): void {
  printText(rows.length === 0 ? whenEmpty : rows.join('\n'));
}

/** True when the words after the program's name ask for JSON; words after `--` belong to another program. */
export function wantsJson(argv: readonly string[]): boolean {
  const end = argv.indexOf('--');
  return (end === -1 ? argv : argv.slice(0, end)).includes('--json');
}

/** Adds the `--json` option with the same words everywhere. */
export function withJson(command: Command): Command {
  return command.option('--json', 'print exactly one JSON document on stdout');
}

/** Adds examples to the help of a command: `[command line, what it does]`. */
export function withExamples(command: Command, examples: readonly (readonly [line: string, does: string])[]): Command {
  const lines = examples.map(([line, does]) => `  $ ${line}\n      ${does}`);
  return command.addHelpText('after', `\nExamples:\n${lines.join('\n')}`);
}

/**
 * Reads a text file of at most `maxBytes` bytes; `-` reads standard input. A leading byte order mark is dropped.
 *
 * Throws BreakwaterError `file.not-found`, `file.unreadable`, `file.is-a-directory`, `file.too-large` or
 * `file.not-utf8`; its path is the file's name (`file:offset` for invalid UTF-8).
 */
export async function readTextFile(path: string, maxBytes: number): Promise<string> {
  const bytes = await readBinaryFile(path, maxBytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    const at = firstInvalidUtf8(bytes);
    throw new BreakwaterError(
      'file.not-utf8',
      `${path} is not UTF-8 text (byte ${at} is invalid): save it as UTF-8`,
      `${path}:${at}`,
    );
  }
}

/** Reads a file of at most `maxBytes` bytes; `-` reads standard input. Throws as readTextFile does. */
export async function readBinaryFile(path: string, maxBytes: number): Promise<Uint8Array> {
  if (path === '-') return readCapped(process.stdin, path, maxBytes);
  let handle;
  try {
    handle = await open(path, 'r');
  } catch (error) {
    throw unreadable(path, error);
  }
  try {
    const stat = await handle.stat();
    if (stat.isDirectory()) {
      throw new BreakwaterError('file.is-a-directory', `${path} is a directory: name a file`, path);
    }
    if (stat.size > maxBytes) throw tooLarge(path, maxBytes);
    return await readCapped(handle.createReadStream({ autoClose: false }), path, maxBytes);
  } catch (error) {
    throw error instanceof BreakwaterError ? error : unreadable(path, error);
  } finally {
    await handle.close();
  }
}

async function readCapped(stream: AsyncIterable<Buffer>, path: string, maxBytes: number): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.length;
    if (size > maxBytes) throw tooLarge(path, maxBytes);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function unreadable(path: string, error: unknown): BreakwaterError {
  const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error);
  return reason === 'ENOENT'
    ? new BreakwaterError('file.not-found', `${path} does not exist`, path)
    : new BreakwaterError('file.unreadable', `${path} cannot be read (${reason})`, path);
}

function tooLarge(path: string, maxBytes: number): BreakwaterError {
  return new BreakwaterError('file.too-large', `${path} is larger than ${maxBytes} bytes, the most that is read`, path);
}

function firstInvalidUtf8(bytes: Uint8Array): number {
  let low = 0;
  let high = bytes.length;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (isUtf8Start(bytes.subarray(0, middle))) low = middle;
    else high = middle - 1;
  }
  return low;
}

function isUtf8Start(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}

/** Turns whatever a command threw into what it says and its exit code; null when nothing is to be said (help was shown). */
export function failureOf(error: unknown): { failure: Failure | null; code: ExitCode } {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return { failure: null, code: exit.done };
    const code = error.code.replace(/^commander\./, 'usage.').replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`);
    const message = error.code === 'commander.help' ? 'a subcommand is missing: see --help' : error.message;
    return { failure: { code, message: message.replace(/^error: /, ''), path: '' }, code: exit.badInput };
  }
  if (error instanceof BreakwaterError) {
    return { failure: { code: error.code, message: error.message, path: error.path }, code: exit.badInput };
  }
  if (error instanceof NotChecked) {
    return { failure: { code: error.code, message: error.message, path: error.path }, code: exit.notChecked };
  }
  if (error instanceof ServerError) {
    const { code, message, path, status } = error;
    return { failure: { code, message, path }, code: exitOfAnswer(status, code) };
  }
  if (error instanceof ServerAway) {
    const message = `${error.message}: start one with ./breakwater up`;
    return { failure: { code: 'server.away', message, path: '' }, code: exit.notChecked };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { failure: { code: 'internal', message, path: '' }, code: exit.notChecked };
}

/** A refusal is a no, other 4xx are bad input, and a server that failed or would not let us in has checked nothing. */
function exitOfAnswer(status: number, code: string): ExitCode {
  if (code.startsWith('refused.')) return exit.no;
  return status >= 500 || status === 401 || status === 429 ? exit.notChecked : exit.badInput;
}

/** The one place where a failure reaches the person: JSON on stdout with --json, otherwise a line on stderr. */
export function report(error: unknown, json: boolean): void {
  const { failure, code } = failureOf(error);
  finish(code);
  if (failure === null) return;
  if (json) {
    printJson({ error: failure });
  } else if (!(error instanceof CommanderError && error.code === 'commander.help')) {
    const at = failure.path === '' || failure.message.includes(failure.path) ? '' : ` at ${failure.path}`;
    process.stderr.write(printable(`breakwater: ${failure.code}${at}: ${failure.message}`));
    if (error instanceof CommanderError) process.stderr.write('Add --help to see how the command is used.\n');
  }
  if (failure.code === 'internal' && process.env['BREAKWATER_DEBUG'] !== undefined && error instanceof Error) {
    process.stderr.write(`${error.stack ?? ''}\n`);
  }
}

/** Text that may quote input, made harmless for a terminal: no escape sequences, no control characters but line feeds. */
function printable(text: string): string {
  return `${stripVTControlCharacters(text).replace(/[^\n\P{Cc}]/gu, '\uFFFD')}\n`;
}

/** Progress of long work, on stderr. */
export type Progress = {
  /** Replaces the live line. Shown on terminals only. */
  update(text: string): void;
  /** Prints a line that stays, on terminals and in logs. */
  note(text: string): void;
  /** Takes the live line away. */
  end(): void;
};

/** Starts progress on stderr: a live line on a terminal, kept lines everywhere. */
export function startProgress(stream: NodeJS.WriteStream = process.stderr): Progress {
  const live = stream.isTTY === true;
  const clear = (): void => void (live && stream.write('\r\u001b[2K'));
  let current = '';
  return {
    update(text) {
      if (!live || text === current) return;
      current = text;
      clear();
      stream.write(fit(text, (stream.columns ?? 80) - 1));
    },
    note(text) {
      clear();
      stream.write(`${text}\n`);
      if (live && current !== '') stream.write(fit(current, (stream.columns ?? 80) - 1));
    },
    end() {
      clear();
      current = '';
    },
  };
}

/** Cuts text to a number of terminal columns; Korean and other wide characters take two. */
export function fit(text: string, columns: number): string {
  let used = 0;
  let kept = '';
  for (const character of text) {
    used += wide.test(character) ? 2 : 1;
    if (used > columns) return kept;
    kept += character;
  }
  return kept;
}

const wide =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}]/u;
