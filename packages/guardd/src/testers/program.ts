/** Runs one program in a cage and reads what it says, as fast as the reader of its events and no faster. */
import type { TesterEvent } from '@breakwater/rules/containment';
import { codeOf } from '../log.ts';
import { keepArtefact, sayArtefact, type Artefact } from './artefact.ts';
import { outcomeEvent } from './events.ts';
import type { Program } from '../cage/index.ts';
import type { TesterCage } from './tester.ts';

/** Turns what a program says into events, one at a time: what a hostile tool says may be worth millions. */
export interface Reading {
  /** The next bytes of its standard output. */
  take(chunk: Buffer): Iterable<TesterEvent>;
  /** It has ended; the last event is the outcome. `kept` says in words what it left. */
  end(exitCode: number | null, kept: string): Iterable<TesterEvent>;
}

export interface ProgramPlace {
  /** Folder of the host for what the program says. */
  readonly folder: string;
  /** Begins the names of the artefacts: `nmap.stdout`, `nmap.stderr`. */
  readonly name: string;
  /** Written to its standard input, which is then closed; left out = it has none. */
  readonly input?: string;
  /** Budget of time: it is killed then, if its cage has not ended it before. null = the cage alone ends it. */
  readonly timeMs: number | null;
}

/** Descendants may hold the pipes open after the program has ended: a pipe that is silent for so long is let go. */
const drainMs = 1000;
const mostTimerMs = 2_147_483_647;

/** Starts the program and gives its events until it has ended. Never throws. */
export async function* runProgram(
  cage: TesterCage,
  argv: readonly string[],
  { folder, name, input, timeMs }: ProgramPlace,
  reading: Reading,
): AsyncGenerator<TesterEvent> {
  const outputs = [keepArtefact(folder, `${name}.stdout`), keepArtefact(folder, `${name}.stderr`)] as const;
  const kept = (): string => outputs.map((output) => sayArtefact(output.end())).join('; ');
  let program: Program;
  try {
    program = cage.start(argv, { stdin: input === undefined ? 'ignore' : 'pipe' });
  } catch (error) {
    kept();
    yield outcomeEvent('failed', null, `the program could not be started (${codeOf(error)})`);
    return;
  }
  let late = false;
  const kill = (): void => {
    late = true;
    program.kill('SIGKILL');
  };
  const timer = timeMs === null ? null : setTimeout(kill, Math.min(timeMs, mostTimerMs));
  try {
    const ended = endOf(program);
    give(program, input);
    program.stderr.on('data', (chunk: Buffer) => outputs[1].take(chunk));
    program.stderr.on('error', ignore);
    yield* chunksOf(program, outputs[0], reading);
    const { code, error } = await ended;
    if (error !== null) yield outcomeEvent('failed', null, `the program could not be started (${error}); ${kept()}`);
    else for (const event of reading.end(code, kept())) yield late ? spent(event) : event;
  } finally {
    if (timer !== null) clearTimeout(timer);
  }
}

/** The outcome of a program that was killed because its time was over. */
function spent(event: TesterEvent): TesterEvent {
  if (event.kind !== 'outcome') return event;
  return outcomeEvent('budget-spent', event.exitCode, `the time is over; ${event.detail}`);
}

async function* chunksOf(program: Program, output: Artefact, reading: Reading): AsyncGenerator<TesterEvent> {
  try {
    for await (const chunk of program.stdout as AsyncIterable<Buffer>) {
      output.take(chunk);
      yield* reading.take(chunk);
    }
  } catch {
    // A pipe that breaks has nothing more to say.
  }
}

interface Exit {
  readonly code: number | null;
  /** Why it was never started. */
  readonly error: string | null;
}

function endOf(program: Program): Promise<Exit> {
  return new Promise((resolve) => {
    program.once('exit', (code) => {
      const silent = setInterval(() => {
        if (program.stdout.readableLength === 0) program.stdout.destroy();
      }, drainMs);
      program.stdout.once('close', () => clearInterval(silent));
      resolve({ code, error: null });
    });
    program.once('error', (error) => {
      program.stdout.destroy();
      resolve({ code: null, error: codeOf(error) });
    });
  });
}

function give(program: Program, input: string | undefined): void {
  program.stdin?.on('error', ignore);
  if (input !== undefined) program.stdin?.end(input);
}

function ignore(): void {
  // The program went away while we wrote to it or read from it: its end says so.
}
