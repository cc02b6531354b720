/** The driver `command`: a program with its arguments, no shell, exit 0 = yes. */
import { digestOfOutputs, keepOutput } from './output.ts';
import type { ActionAnswer, ActionContext, Driver, Place } from './driver.ts';
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
  async perform({ run }, context) {
    const { enclosure, place, cut, timeoutMs, output } = context;
    if (cut.aborted) return { answer: 'cut', exitCode: null, outputDigest: null };
    const program = enclosure.start(run, { cwd: place.workdir, env: environment(place, context) });
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
    return { answer: answerOf(exitCode, late, cut.aborted), exitCode, outputDigest: digestOfOutputs(outputs) };
  },
};

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
