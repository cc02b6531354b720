/** The command line within the test's own process: the whole program, without a start of Node.js for every case. */
import { Readable } from 'node:stream';
import { main } from './main.ts';

/** What a command left: its exit code and what it wrote. */
export type Ended = { status: number; stdout: string; stderr: string };

export type Given = { cwd?: string; env?: Readonly<Record<string, string>>; input?: string | Buffer };

/**
 * Runs the command line `argv` (words after the program's name) to its end, in the folder `cwd`, with `env` added to
 * this process's environment and `input` as standard input. It takes over the process's streams, so a command that is
 * asked for meanwhile waits for its turn.
 */
export function command(argv: readonly string[], given: Given = {}): Promise<Ended> {
  const ended = turn.then(() => run(argv, given));
  turn = ended.catch(() => undefined);
  return ended;
}

let turn: Promise<unknown> = Promise.resolve();

async function run(argv: readonly string[], { cwd, env = {}, input = '' }: Given): Promise<Ended> {
  const ended: Ended = { status: 0, stdout: '', stderr: '' };
  const restore = [
    heard(process.stdout, (text) => (ended.stdout += text)),
    heard(process.stderr, (text) => (ended.stderr += text)),
    inEnvironment(env),
    inFolder(cwd),
    withInput(input),
    withOwnExitCode(),
  ];
  try {
    await main(argv);
    ended.status = Number(process.exitCode ?? 0);
    return ended;
  } finally {
    restore.forEach((undo) => undo());
  }
}

function heard(stream: NodeJS.WriteStream, take: (text: string) => void): () => void {
  const write = stream.write;
  stream.write = (chunk: string | Uint8Array, ...rest: unknown[]) => {
    take(typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString());
    const done = rest.findLast((one) => typeof one === 'function');
    if (typeof done === 'function') process.nextTick(done);
    return true;
  };
  return () => void (stream.write = write);
}

function inEnvironment(env: Readonly<Record<string, string>>): () => void {
  const before = { ...process.env };
  Object.assign(process.env, env);
  return () => {
    for (const name of Object.keys(env)) delete process.env[name];
    Object.assign(process.env, before);
  };
}

function inFolder(cwd: string | undefined): () => void {
  const before = process.cwd();
  if (cwd !== undefined) process.chdir(cwd);
  return () => process.chdir(before);
}

function withInput(input: string | Buffer): () => void {
  const before = Object.getOwnPropertyDescriptor(process, 'stdin') as PropertyDescriptor;
  const value = Readable.from(input.length === 0 ? [] : [Buffer.from(input as string)], { objectMode: false });
  Object.defineProperty(process, 'stdin', { value, configurable: true });
  return () => void Object.defineProperty(process, 'stdin', before);
}

function withOwnExitCode(): () => void {
  const before = process.exitCode;
  process.exitCode = undefined;
  return () => void (process.exitCode = before);
}
