/** Targets and measures that the benchmarks of cages share. */
import { spawn, type ChildProcess } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openCage, type Cage } from '@breakwater/guardd';
import type { Scope } from '@breakwater/rules/containment';
import type { BenchRow } from './result.ts';

/** A target on loopback that notes in which ms it was last sent something. */
export class Target {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #datagrams = createSocket('udp4');
  /** performance.now() of every connection and payload. */
  readonly heard: number[] = [];

  constructor(server: Server) {
    this.#server = server;
    this.#datagrams.on('message', () => void this.heard.push(performance.now()));
    server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      this.heard.push(performance.now());
      socket.on('error', () => undefined);
      socket.on('data', () => void this.heard.push(performance.now()));
      socket.once('close', () => this.#sockets.delete(socket));
      socket.on('end', () => socket.end());
    });
  }

  static open(): Promise<Target> {
    const server = createServer({ allowHalfOpen: true });
    return new Promise((resolve) => {
      const target = new Target(server);
      server.listen(0, '127.0.0.1', 4096, () =>
        target.#datagrams.bind(target.port, '127.0.0.1', () => resolve(target)),
      );
    });
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Waits until something has come `times` more. */
  async more(times: number): Promise<void> {
    const until = this.heard.length + times;
    const end = performance.now() + 20_000;
    while (this.heard.length < until) {
      if (performance.now() > end) throw new Error('the target is not reached');
      await sleep(2);
    }
  }

  close(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    this.#datagrams.close();
  }
}

export function scopeOf(
  targets: Scope['targets'],
  caps: Partial<Scope['caps']> = {},
  parts: Partial<Scope> = {},
): Scope {
  const now = Date.now();
  return {
    schema: 'breakwater.scope/1',
    targets,
    caps: {
      newConnectionsPerSecond: 10_000,
      packetsPerSecond: 1_000_000,
      concurrent: 20_000,
      bytes: 10_000_000_000,
      ...caps,
    },
    window: { start: new Date(now - 60_000).toISOString(), end: new Date(now + 3_600_000).toISOString() },
    lease: 'PT5S',
    ...parts,
  };
}

export const loopback = (port: number): Scope['targets'] => [
  { cidr: '127.0.0.1/32', ports: [`tcp/${port}`, `udp/${port}`] },
];

/** Opens a cage that is renewed, lets `during` use it, and closes it. */
export async function withCage<T>(scope: Scope, during: (cage: Cage) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'breakwater-bench-cage-'));
  const cage = await openCage({ scope, name: 'bench', folder });
  const renewal = setInterval(() => cage.renew(), 100);
  try {
    return await during(cage);
  } finally {
    clearInterval(renewal);
    await cage.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Resolves when a program has ended; what it says is thrown away. */
export function ended(program: ChildProcess | ReturnType<Cage['start']>): Promise<void> {
  program.stdout?.resume();
  program.stderr?.resume();
  return new Promise((resolve) => program.once('exit', () => resolve()));
}

/** Keeps the machine busy while `during` runs. */
export async function under<T>(loops: number, during: () => Promise<T>): Promise<T> {
  const busy = Array.from({ length: loops }, () =>
    spawn('/bin/sh', ['-c', 'while :; do :; done'], { stdio: 'ignore' }),
  );
  try {
    if (loops > 0) await sleep(150);
    return await during();
  } finally {
    for (const one of busy) one.kill('SIGKILL');
  }
}

/** Rows of a series: median, 99th percentile held to a bar, and how many never ended (null). */
export function rowsOf(what: string, times: readonly (number | null)[], bar?: number): BenchRow[] {
  const sorted = times.filter((time) => time !== null).toSorted((a, b) => a - b);
  const at = (q: number): number => sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN;
  const escapes = times.length - sorted.length;
  const held = bar === undefined ? {} : { bar: `<= ${bar} ms`, met: escapes === 0 && at(0.99) <= bar };
  return [
    { what: `${what}, p50 of ${sorted.length}`, value: at(0.5), unit: 'ms' },
    { what: `${what}, p99 of ${sorted.length}`, value: at(0.99), unit: 'ms', ...held },
    ...(escapes > 0 || bar !== undefined
      ? [
          {
            what: `${what}, went on`,
            value: escapes,
            unit: '',
            ...(bar === undefined ? {} : { bar: '0', met: escapes === 0 }),
          },
        ]
      : []),
  ];
}

/** SYN, payload or datagram: what the kernel still sends for connections that end is none of them. */
const probes = (port: number): string =>
  `dst port ${port} and (udp or tcp[tcpflags] & tcp-syn != 0 or (tcp and ip[2:2] - ((ip[0] & 0xf) << 2) - ((tcp[12] & 0xf0) >> 2) != 0))`;
const quietMs = 400;

/** Epoch ms of every packet that the kernel saw come in and that `filter` takes, while `during` ran. */
export async function stampsOf(filter: string, during: () => Promise<void>): Promise<number[]> {
  const folder = mkdtempSync(join(tmpdir(), 'breakwater-bench-packets-'));
  const file = join(folder, 'probes.pcap');
  const words = ['-i', 'any', '-Q', 'in', '-n', '-s', '96', '--immediate-mode', '-U', '-Z', 'root', '-w', file, filter];
  const capture = spawn('tcpdump', words, { stdio: ['ignore', 'ignore', 'pipe'] });
  await new Promise<void>((resolve) => {
    capture.stderr.on('data', (chunk: Buffer) => {
      if (chunk.includes('listening on')) resolve();
    });
  });
  await during();
  capture.kill('SIGINT');
  await new Promise((resolve) => capture.once('exit', resolve));
  const stamps = stampsIn(readFileSync(file));
  rmSync(folder, { recursive: true });
  return stamps;
}

/**
 * Ms from what `pull` gives (performance.now() of the trigger) to the last probe that the kernel saw at the target's side;
 * null when they went on. 0 when the last came before the trigger.
 */
export async function silentAfter(target: Target, pull: () => Promise<number>): Promise<number | null> {
  let trigger = 0;
  let end = 0;
  const stamps = await stampsOf(probes(target.port), async () => {
    // Probes flow while the packets are being kept.
    await sleep(250);
    await target.more(3);
    trigger = performance.timeOrigin + (await pull());
    await sleep(quietMs);
    end = Date.now();
  });
  const last = stamps.at(-1);
  if (last === undefined) throw new Error('no probe was seen before the trigger');
  return end - last < quietMs / 4 ? null : Math.max(0, last - trigger);
}

/** Epoch ms of the packets of a capture, in order. */
function stampsIn(capture: Buffer): number[] {
  const stamps: number[] = [];
  for (let at = 24; at + 16 <= capture.length; at += 16 + capture.readUInt32LE(at + 8)) {
    stamps.push(capture.readUInt32LE(at) * 1000 + capture.readUInt32LE(at + 4) / 1000);
  }
  return stamps;
}
