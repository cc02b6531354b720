/** The command line and a server of it as real processes, for tests. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { command } from '../command.testing.ts';

const entry = fileURLToPath(new URL('../start.ts', import.meta.url));

const startMs = 40_000;

export type Ended = { code: number; stdout: string; stderr: string };

/** Runs a command to its end; `input` is its standard input. */
export async function run(argv: string[], env: Record<string, string>, input = ''): Promise<Ended> {
  const { status: code, ...said } = await command(argv, { env, input });
  return { code, ...said };
}

export type Server = { child: ChildProcess; siteUrl: string; log: () => string };

/** Starts `breakwater up` on free ports and waits until it serves. */
export async function up(env: Record<string, string>): Promise<Server> {
  const child = spawn(process.execPath, [entry, 'up', '--port', '0', '--site-port', '0', '--json'], {
    env: { PATH: process.env['PATH'] ?? '', ...env },
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const deadline = performance.now() + startMs;
  while (!stdout.endsWith('}\n')) {
    if (child.exitCode !== null || performance.now() > deadline) {
      child.kill('SIGKILL');
      throw new Error(`the server did not start: ${stderr}`);
    }
    await sleep(50);
  }
  return { child, siteUrl: (JSON.parse(stdout) as { siteUrl: string }).siteUrl, log: () => stderr };
}

/** Ends a process and waits until it is gone. */
export async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill(signal);
  await exited;
}
