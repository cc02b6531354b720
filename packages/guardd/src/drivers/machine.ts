/** A machine that a driver acts on: this host, or one behind SSH. Drivers know no difference. */
import { spawn } from 'node:child_process';
import { connect as connectSocket } from 'node:net';
import type { Duplex } from 'node:stream';
import { Unclear } from './answer.ts';

/** How a program ended and what it said, as text. */
export interface Said {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  /** What it reads; left out = nothing. */
  readonly input?: string;
  /** Added to its environment, which says `LC_ALL=C`: what it prints is read. */
  readonly env?: Readonly<Record<string, string>>;
}

export type SocketAddress = { readonly path: string } | { readonly host: string; readonly port: number };

export interface Machine {
  /** The target's id; empty for this host. */
  readonly id: string;
  /** Runs a program without a shell and waits for its end. Throws Unclear when it could not be started or nobody saw it end. */
  run(argv: readonly string[], options?: RunOptions): Promise<Said>;
  /** A connection to a socket as that machine sees it. Throws Unclear. */
  connect(to: SocketAddress): Promise<Duplex>;
  /** A dialogue with a device that has no programs. Throws Unclear. */
  dialogue(): Promise<Duplex>;
  /** The same machine by a new connection: whoever reaches it still can. Throws Unclear. */
  again(): Promise<Machine>;
  close(): void;
}

const mostBytes = 8 * 1024 * 1024;

/** Gathers what a program says, up to 8 MiB a stream. */
export function gather(stream: NodeJS.ReadableStream): () => string {
  const chunks: Buffer[] = [];
  let size = 0;
  stream.on('data', (chunk: Buffer) => {
    if (size < mostBytes) chunks.push(chunk);
    size += chunk.length;
  });
  return () => Buffer.concat(chunks).toString('utf8');
}

/** Words that give a program its environment, however it is started. */
export function withEnvironment(argv: readonly string[], env: Readonly<Record<string, string>> = {}): string[] {
  return ['env', 'LC_ALL=C', ...Object.entries(env).map(([name, value]) => `${name}=${value}`), ...argv];
}

/** This host. What is started here belongs to the enclosure of this process and ends with it. */
export const thisHost: Machine = {
  id: '',
  run(argv, { input, env } = {}) {
    return new Promise((resolve, reject) => {
      const [command = '', ...words] = withEnvironment(argv, env);
      const program = spawn(command, words, { stdio: ['pipe', 'pipe', 'pipe'] });
      const [stdout, stderr] = [gather(program.stdout), gather(program.stderr)];
      program.once('error', (error) => reject(new Unclear(`${argv[0]} could not be started: ${error.message}`)));
      program.once('close', (code) => resolve({ code, stdout: stdout(), stderr: stderr() }));
      // A program that ends without reading is judged by its end.
      program.stdin.on('error', () => undefined);
      program.stdin.end(input ?? '');
    });
  },
  connect(to) {
    return new Promise((resolve, reject) => {
      const socket = connectSocket(to);
      socket.once('connect', () => resolve(socket));
      socket.once('error', (error) => reject(new Unclear(`no connection: ${error.message}`)));
    });
  },
  dialogue: () => Promise.reject(new Unclear('this host is no device: name a target with on')),
  again: () => Promise.resolve(thisHost),
  close: () => undefined,
};
