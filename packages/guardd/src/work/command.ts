/** The driver `command`: a program with its arguments, no shell, exit 0 = yes. */
import { digestOfOutputs, keepOutput } from './output.ts';
import type { ActionAnswer, ActionContext, ActionEnd, Driver, Place } from './driver.ts';
import type { Program } from './enclosure.ts';

interface CommandAction {
  readonly run: readonly string[];
}

/** What a program inherits from guardd's environment; the host's settings may add to it. */
const inherited = ['PATH', 'HOME', 'USER', 'LOGNAME', 'LANG', 'LC_ALL', 'TZ'] as const;
/** Exit codes of programs that could not be started: of the shell, and of entering the group. */
const notStarted: ReadonlySet<number> = new Set([125, 126, 127]);
/** Descendants may hold the pipes open after the program has ended. */
const drainMs = 1000;

export const commandDriver: Driver<CommandAction> = {
  name: 'command',
  perform: ({ run }, context) => perform(run, context, environment(context.place, context)),
};

/** What a program needs besides its arguments, and what is taken of what it says. */
export interface Talk {
  /** What it reads; left out = nothing. */
  readonly input?: string;
  /** Gets what it said on standard output, up to the cap of what is kept. */
  readonly heard?: (stdout: Buffer) => void;
}

/** Runs a program in the action's enclosure and answers how it ended. */
export async function perform(
  argv: readonly string[],
  { enclosure, place, cut, timeoutMs, output }: ActionContext,
  env: NodeJS.ProcessEnv,
  { input, heard }: Talk = {},
): Promise<ActionEnd> {
  if (cut.aborted) return { answer: 'cut', exitCode: null, outputDigest: null };
  const program = enclosure.start(argv, { cwd: place.workdir, env, stdin: input === undefined ? 'ignore' : 'pipe' });
  // A program that ends without reading is judged by its end.
  program.stdin?.on('error', () => undefined);
  program.stdin?.end(input);
  const outputs = [keepOutput(`${output}.out`), keepOutput(`${output}.err`)] as const;
  program.stdout.on('data', (chunk: Buffer) => outputs[0].take(chunk));
  program.stderr.on('data', (chunk: Buffer) => outputs[1].take(chunk));
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    void enclosure.stop();
  }, timeoutMs);
  const exitCode = await ended(program);
  clearTimeout(timer);
  await enclosure.stop();
  await drained(program);
  for (const kept of outputs) kept.end();
  heard?.(Buffer.concat(outputs[0].kept));
  return { answer: answerOf(exitCode, late, cut.aborted), exitCode, outputDigest: digestOfOutputs(outputs) };
}

function answerOf(exitCode: number | null, late: boolean, cut: boolean): ActionAnswer {
  if (exitCode === 0) return 'yes';
  if (cut) return 'cut';
  if (late) return 'timeout';
  return exitCode === null || exitCode > 128 || notStarted.has(exitCode) ? 'unclear' : 'no';
}

/** The environment of a program: cleaned, with what tells it for which effect it runs. */
export function environment(place: Place, context?: ActionContext): NodeJS.ProcessEnv {
  const kept = Object.fromEntries(
    inherited.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  );
  const told =
    context === undefined
      ? {}
      : {
          BREAKWATER_RUN: context.run,
          BREAKWATER_EPOCH: String(context.epoch),
          BREAKWATER_STEP: context.step,
          BREAKWATER_ACTION: context.action,
          BREAKWATER_IDEMPOTENCY_KEY: context.idempotencyKey,
        };
  return { ...kept, ...place.env, ...told };
}

/** The program's exit code; null when a signal ended it or it could not be started. */
export function ended(program: Program): Promise<number | null> {
  return new Promise((resolve) => {
    program.once('exit', (code) => resolve(code));
    program.once('error', () => resolve(127));
  });
}

async function drained(program: Program): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(() => {
      program.stdout.destroy();
      program.stderr.destroy();
      resolve();
    }, drainMs);
    const done = (): void => {
      if (!program.stdout.readableEnded && !program.stdout.destroyed) return;
      if (!program.stderr.readableEnded && !program.stderr.destroyed) return;
      clearTimeout(timer);
      resolve();
    };
    program.stdout.once('close', done);
    program.stderr.once('close', done);
    done();
  });
}
