/** One running process of a service, as its supervisor holds it. */
import { spawn, type ChildProcess } from 'node:child_process';
import { openSync, closeSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { ServiceName } from './catalog.ts';
import type { BankNetwork } from './network.ts';

export type Running = {
  pid: number;
  version: string;
  /** Resolves when the process is gone. */
  gone: Promise<void>;
  /** Sends a word the service obeys: `listen`, `drain`, `resume`. */
  tell(word: string): void;
  /** Waits for the next line the service says. Rejects when it ends first. */
  said(): Promise<string>;
  /** No new requests; those in flight are finished; killed when it takes longer than 2.5 s. */
  stop(): Promise<void>;
  kill(): Promise<void>;
};

const stopMs = 2500;
const program = join(import.meta.dirname, 'service.ts');

/** Starts a process of a service in the bank's network; `standby` waits for the word `listen` before it listens. */
export function startService(
  dir: string,
  network: BankNetwork,
  service: ServiceName,
  version: string,
  standby = false,
): Running {
  const words = [
    process.execPath,
    program,
    service,
    version,
    network.host,
    String(network.basePort),
    ...(standby ? ['standby'] : []),
  ];
  const [command, ...rest] =
    network.level === 'namespace' ? ['ip', 'netns', 'exec', network.namespace, ...words] : words;
  const log = openSync(join(dir, 'log', `${service}.log`), 'a', 0o600);
  const child = spawn(command ?? '', rest, {
    cwd: dir,
    stdio: ['pipe', 'pipe', log],
    env: { PATH: process.env['PATH'] },
  });
  closeSync(log);
  const gone = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  child.stdin?.on('error', () => undefined);
  const said = lineReader(child, gone, service);
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await gone;
  };
  return {
    pid: child.pid ?? -1,
    version,
    gone,
    tell: (word) => void child.stdin?.write(`${word}\n`),
    said,
    async stop() {
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), stopMs);
      await gone;
      clearTimeout(timer);
    },
    kill,
  };
}

function lineReader(child: ChildProcess, gone: Promise<void>, service: string): () => Promise<string> {
  const waiting: ((line: string) => void)[] = [];
  const lines: string[] = [];
  if (child.stdout !== null) {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const next = waiting.shift();
      if (next === undefined) lines.push(line);
      else next(line);
    });
  }
  return () =>
    new Promise((resolve, reject) => {
      const line = lines.shift();
      if (line !== undefined) return resolve(line);
      waiting.push(resolve);
      void gone.then(() => reject(new Error(`${service} ended before it was ready: see log/${service}.log`)));
    });
}
