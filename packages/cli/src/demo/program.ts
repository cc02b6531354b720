/** A program of Breakwater as a process of its own: its output in a file, its announcement read from there. */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const commandLine = fileURLToPath(new URL('../start.ts', import.meta.url));

export type Program = {
  readonly pid: number;
  /** Resolves when the process has ended. */
  readonly ended: Promise<void>;
  /** Asks it to end, and kills it when it has not after `withinMs`. */
  stop(signal: NodeJS.Signals, withinMs?: number): Promise<void>;
};

/**
 * Starts `breakwater WORDS` in a process group of its own, so that Ctrl-C reaches the demo only. It is ready when `ready`
 * holds of its environment. Rejects with the end of its output when it ends before, or is not ready within 60 s.
 */
export async function startProgram(
  words: readonly string[],
  options: { env: Record<string, string>; log: string; ready: () => boolean | Promise<boolean> },
): Promise<Program> {
  const output = openSync(options.log, 'a', 0o600);
  const child = spawn(process.execPath, [commandLine, ...words], {
    stdio: ['ignore', output, output],
    detached: true,
    env: { ...process.env, ...options.env },
  });
  closeSync(output);
  const ended = new Promise<void>((resolve) => void child.once('exit', () => resolve()));
  await becomesReady(child, options);
  return {
    pid: child.pid ?? -1,
    ended,
    async stop(signal, withinMs = 30_000) {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill(signal);
      const late = setTimeout(() => child.kill('SIGKILL'), withinMs);
      await ended;
      clearTimeout(late);
    },
  };
}

/** Runs `breakwater WORDS` to its end. Rejects with what it complains of when it does not end well. */
export async function runProgram(words: readonly string[], env: Record<string, string>): Promise<void> {
  try {
    await promisify(execFile)(process.execPath, [commandLine, ...words], { env: { ...process.env, ...env } });
  } catch (error) {
    const { stderr } = error as { stderr?: string };
    throw new Error(`breakwater ${words.slice(0, 2).join(' ')} failed: ${stderr?.trim() ?? String(error)}`, {
      cause: error,
    });
  }
}

const readyWithinMs = 60_000;
const lookEveryMs = 50;

async function becomesReady(
  child: ChildProcess,
  { log, ready }: { log: string; ready: () => boolean | Promise<boolean> },
): Promise<void> {
  const until = performance.now() + readyWithinMs;
  while (!(await ready())) {
    const over = child.exitCode !== null || child.signalCode !== null;
    if (over || performance.now() > until) {
      child.kill('SIGKILL');
      throw new Error(`${child.spawnargs[2]} did not start: ${complaintOf(readFileSync(log, 'utf8'))}`);
    }
    await sleep(lookEveryMs);
  }
}

/** What a program said last: the message of its error document, or else the end of its output. */
function complaintOf(output: string): string {
  try {
    const { error } = JSON.parse(output.slice(output.indexOf('{\n'))) as { error: { message: string } };
    return error.message;
  } catch {
    return output.slice(-2000).trim();
  }
}
