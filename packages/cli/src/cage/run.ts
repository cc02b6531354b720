import { createWriteStream, type WriteStream } from 'node:fs';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import type { Readable } from 'node:stream';
import {
  CageLacking,
  CageRefused,
  CageUnavailable,
  openCage,
  type Cage,
  type CageOptions,
  type Program,
} from '@breakwater/guardd';
import { BreakwaterError, durationMs } from '@breakwater/rules';
import type { CageLevel, Containment, Scope } from '@breakwater/rules/containment';
import { exit, NotChecked, printJson, printText, startProgress, type ExitCode, type Progress } from '../frame.ts';
import { openEvidenceFolder } from './folder.ts';
import { placeCommand, type PlacedCommand } from './place.ts';
import { harmless, reportText } from './report.ts';
import { inItsPlace } from './rootless.ts';
import { readSoundScope } from './scope.ts';

export interface RunOptions {
  readonly scope: string;
  readonly json?: boolean;
  readonly out?: string;
  readonly level?: CageLevel;
  readonly allowWeaker?: boolean;
  readonly read: readonly string[];
  readonly env: readonly string[];
}

const renewEveryMs = 200;
/** What is kept of each output of the tool. */
const mostOutputBytes = 16 * 1024 * 1024;

/** Runs a command in a cage, prints the report, and gives the exit code. */
export async function runInCage(words: readonly string[], options: RunOptions): Promise<ExitCode> {
  return inItsPlace(options, () => runHere(words, options));
}

async function runHere(words: readonly string[], options: RunOptions): Promise<ExitCode> {
  const scope = await readSoundScope(options.scope);
  const { mounts, ...command } = placeCommand(words, options.read);
  const name = `run-${process.pid}`;
  const folder = await openEvidenceFolder(options.out);
  const progress = startProgress();
  let attempts = 0;
  try {
    const report = await caged(
      scope,
      options,
      {
        scope,
        name,
        folder,
        mounts,
        env: environment(options.env),
        onAttempts({ changed }) {
          for (const { address, port, protocol } of changed) {
            attempts += 1;
            if (attempts <= mostNoted)
              progress.note(`outside the scope, denied: ${protocol} ${address}${port === null ? '' : ` port ${port}`}`);
            else if (attempts === mostNoted + 1) progress.note('more attempts outside the scope are in the report');
          }
        },
        onTrip: (trip) => progress.note(`stopped: ${trip.reason}`),
      },
      (cage) => drive(cage, command, folder, progress),
    );
    progress.end();
    if (options.json === true) printJson(report);
    else printText(reportText(report, folder));
    return report.outcome === 'exited' ? exit.done : exit.no;
  } finally {
    progress.end();
  }
}

const mostNoted = 20;

/** Opens the cage, lets `during` use it, and closes it whatever happens. A refusal is a report, too. */
async function caged(
  scope: Scope,
  { level, allowWeaker }: RunOptions,
  options: CageOptions,
  during: (cage: Cage) => Promise<void>,
): Promise<Containment> {
  let cage: Cage;
  try {
    cage = await openCage({ ...options, ...(level === undefined ? {} : { level }) }).catch((error: unknown) => {
      if (error instanceof CageUnavailable && allowWeaker === true && level === undefined) {
        process.stderr.write(`${error.message}; going on at level cooperative\n`);
        return openCage({ ...options, level: 'cooperative' });
      }
      throw error;
    });
  } catch (error) {
    if (error instanceof CageRefused) {
      process.stderr.write(`refused: ${error.message}\n`);
      return error.containment;
    }
    if (error instanceof CageLacking) throw new NotChecked(error.code, error.message, error.path);
    if (error instanceof CageUnavailable) throw new NotChecked('cage.unavailable', error.message);
    throw error;
  }
  const lever = (signal: string): void => void cage.stop({ reason: 'lever', by: signal });
  process.on('SIGINT', lever).on('SIGTERM', lever).on('SIGHUP', lever);
  const renewal = setInterval(() => cage.renew(), Math.min(renewEveryMs, durationMs(scope.lease) / 4));
  try {
    await during(cage);
  } finally {
    clearInterval(renewal);
  }
  const report = await cage.close();
  process.off('SIGINT', lever).off('SIGTERM', lever).off('SIGHUP', lever);
  return report;
}

async function drive(
  cage: Cage,
  { argv, ...place }: Omit<PlacedCommand, 'mounts'>,
  folder: string,
  progress: Progress,
): Promise<void> {
  progress.note(`cage: level ${cage.level}`);
  const since = Date.now();
  const line = setInterval(
    () => progress.update(`in the cage for ${Math.round((Date.now() - since) / 1000)} s; Ctrl-C stops`),
    500,
  );
  const program = cage.start(argv, place);
  const kept = [
    keep(program.stdout, createWriteStream(join(folder, 'tool.out'), { mode: 0o600 }), progress),
    keep(program.stderr, createWriteStream(join(folder, 'tool.err'), { mode: 0o600 }), progress),
  ];
  await ended(program);
  await Promise.all(kept);
  clearInterval(line);
}

function ended(program: Program): Promise<void> {
  return new Promise((settle) => {
    program.once('exit', () => settle());
    program.once('error', () => settle());
  });
}

/** Keeps what the tool says in a file up to a cap, and shows it on stderr, harmless for a terminal. */
async function keep(from: Readable, file: WriteStream, progress: Progress): Promise<void> {
  let bytes = 0;
  let line = '';
  from.on('data', (chunk: Buffer) => {
    const room = chunk.subarray(0, Math.max(0, mostOutputBytes - bytes));
    bytes += chunk.length;
    if (room.length === 0) return;
    file.write(room);
    const lines = `${line}${room.toString('utf8')}`.split('\n');
    line = (lines.pop() ?? '').slice(0, 4096);
    for (const whole of lines) progress.note(harmless(whole));
  });
  await finished(from, { writable: false }).catch(() => undefined);
  if (line !== '') progress.note(harmless(line));
  file.end();
  await finished(file);
}

function environment(names: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    names.map((name) => {
      const value = process.env[name];
      if (value === undefined) throw new BreakwaterError('cage.env', `the variable ${name} is not set`, '--env');
      return [name, value];
    }),
  );
}
