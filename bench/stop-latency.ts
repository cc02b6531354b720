/**
 * How long a host step goes on after it was told to stop: a tree of two programs, one of which has left its session, each
 * sending a datagram with its own CLOCK_MONOTONIC every millisecond. Latency = the latest time that was sent, minus the trigger.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { createSocket, type Socket } from 'node:dgram';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { connectGuardd, type GuarddClient } from '@breakwater/guardd';
import { planHash } from '@breakwater/rules/plan';
import type { BenchResult, BenchRow } from './result.ts';

const guarddMain = fileURLToPath(new URL('../packages/guardd/src/main.ts', import.meta.url));
const busyLoops = 8;
/** After the trigger, this long nothing must be sent any more before a trial counts as stopped, ms. */
const quietMs = 60;
const patienceMs = 1500;

/** A program that sends its clock every ms to `port`. */
const sender = (port: number): string =>
  `const s=require('dgram').createSocket('udp4');const b=Buffer.alloc(8);` +
  `(function t(){b.writeBigUInt64LE(process.hrtime.bigint());s.send(b,${port},'127.0.0.1',()=>setTimeout(t,1))})()`;

/** Receives what the senders send. */
class Receiver {
  readonly #socket: Socket;
  readonly #senders = new Set<number>();
  #latest = 0n;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('message', (message, { port }) => {
      this.#senders.add(port);
      const sent = message.readBigUInt64LE();
      if (sent > this.#latest) this.#latest = sent;
    });
  }

  static async open(): Promise<Receiver> {
    const socket = createSocket('udp4');
    await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
    return new Receiver(socket);
  }

  get port(): number {
    return this.#socket.address().port;
  }

  /** Resolves when `count` programs have been heard since the last time. */
  async heard(count: number): Promise<void> {
    this.#senders.clear();
    const end = performance.now() + 10_000;
    while (this.#senders.size < count) {
      if (performance.now() > end) throw new Error('the work does not begin');
      await sleep(5);
    }
  }

  /** Milliseconds from `trigger` to the latest time sent, once it has been quiet; null when it goes on. */
  async stoppedAfter(trigger: bigint): Promise<number | null> {
    const end = performance.now() + patienceMs;
    for (;;) {
      const before = this.#latest;
      await sleep(quietMs);
      if (this.#latest === before) return Math.max(0, Number(before - trigger) / 1e6);
      if (performance.now() > end) return null;
    }
  }

  close(): void {
    this.#socket.close();
  }
}

/** guardd in a process of its own, and what a trial needs of it. */
class Host {
  readonly dir = mkdtempSync(join(tmpdir(), 'breakwater-bench-'));
  readonly socket = join(this.dir, 'run', 'guardd', 'orchestrator.sock');
  readonly #receiver: Receiver;
  readonly #guardd: ChildProcess;
  #client: GuarddClient | null = null;
  #runs = 0;
  #level = '';

  constructor(receiver: Receiver) {
    this.#receiver = receiver;
    mkdirSync(join(this.dir, 'work'));
    const argv = [
      guarddMain,
      '--run-dir',
      join(this.dir, 'run'),
      '--host',
      'local',
      '--workdir',
      join(this.dir, 'work'),
    ];
    this.#guardd = spawn(process.execPath, argv, { stdio: 'ignore' });
  }

  get level(): string {
    return this.#level;
  }

  async client(): Promise<GuarddClient> {
    for (let tries = 0; this.#client === null; tries++) {
      this.#client = await connectGuardd(this.socket).catch(() => null);
      if (this.#client === null && tries > 100) throw new Error('guardd does not come up');
      if (this.#client === null) await sleep(50);
    }
    this.#level = this.#client.host.level;
    return this.#client;
  }

  /** A run whose one step is the tree of senders; resolves when both are heard. The owner renews until it is killed. */
  async work(): Promise<{ run: string; owner: ChildProcess }> {
    const client = await this.client();
    const run = `trial-${++this.#runs}`;
    const owner = await startOwner(this.socket, run);
    const program = [process.execPath, '-e', sender(this.#receiver.port)];
    const plan = onePlan(['/bin/sh', '-c', 'setsid "$@" & "$@" & wait', 'sh', ...program]);
    const limits = {
      outageMs: 60_000,
      damageWon: 0,
      records: 0,
      personalCredit: 0,
      takeoverGraceMs: 0,
      windowEndEpochMs: Date.now() + 3_600_000,
      blindAfterMs: 60_000,
      rehearsed: {
        detectMs: 0,
        decideMs: 0,
        stopMs: 0,
        verifyMs: 0,
        reserveMs: 0,
        rollbackMs: { work: [1] },
        stepMs: { work: [1] },
      },
    };
    const request = {
      type: 'prepare',
      run,
      epoch: 1,
      owner: 'bench',
      mode: 'live',
      planHash: planHash(plan),
      limits,
    } as const;
    await client.ask({ ...request, plan: plan as never }, { timeoutMs: 20_000 });
    const ended = client.ask({ type: 'begin', run, epoch: 1, step: 'work' }).then(({ outcome }) => {
      throw new Error(`the work ended by itself: ${outcome}`);
    });
    await Promise.race([this.#receiver.heard(2), ended]);
    ended.catch(() => undefined);
    return { run, owner };
  }

  supervisor(run: string): number {
    return Number(readFileSync(join(this.dir, 'run', 'guardd', 'levers', run, 'pid'), 'utf8'));
  }

  async end(): Promise<void> {
    this.#client?.end();
    this.#guardd.kill('SIGINT');
    await new Promise((resolve) => this.#guardd.once('exit', resolve));
    await sleep(1000);
    rmSync(this.dir, { recursive: true, force: true });
  }
}

/** An orchestrator that can be killed: a process that holds the lease of one run. */
async function startOwner(socketPath: string, run: string): Promise<ChildProcess> {
  const script = `const { startRenewer } = await import(${JSON.stringify(import.meta.resolve('@breakwater/guardd'))});
    const renewer = startRenewer({ address: ${JSON.stringify(socketPath)} });
    renewer.hold({ run: ${JSON.stringify(run)}, epoch: 1, owner: 'bench' });
    await renewer.ready;
    process.stdout.write('ready');`;
  const owner = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise((resolve) => owner.stdout.once('data', resolve));
  return owner;
}

const both = { ko: '측정', en: 'Measured' };
function onePlan(run: readonly string[]): object {
  return {
    schema: 'breakwater.plan/1',
    id: 'stop-latency',
    institution: 'bench',
    kind: 'emergency-patch',
    activity: 'other',
    title: both,
    author: 'p-1',
    window: { start: new Date().toISOString(), end: new Date(Date.now() + 3_600_000).toISOString() },
    services: ['none'],
    host: 'local',
    steps: [
      {
        id: 'work',
        title: both,
        driver: 'command',
        check: { run: ['false'] },
        do: { run },
        undo: { run: ['true'] },
        timeout: 'PT1H',
        onStop: 'cut',
      },
    ],
    limits: { outage: 'PT1M', damage: 0, records: 0, personalCredit: 0 },
  };
}

/** Keeps the machine busy while `during` runs. */
async function under<T>(loops: number, during: () => Promise<T>): Promise<T> {
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

type Trigger = (host: Host, run: string, owner: ChildProcess) => Promise<unknown> | void;

const triggers: Readonly<Record<string, Trigger>> = {
  'orchestrator alive, cut by socket': async (host, run) =>
    (await host.client()).ask({ type: 'stop', run, lever: 'cut', by: 'bench' }),
  'cut by file, guardd not asked': (host, run) =>
    writeFileSync(join(host.dir, 'run', 'guardd', 'levers', run, 'STOP'), ''),
  'orchestrator killed, lease lost': (_host, _run, owner) => void owner.kill('SIGKILL'),
  'supervisor hung, sentinel acts': (host, run) => void process.kill(host.supervisor(run), 'SIGSTOP'),
  'supervisor killed': (host, run) => void process.kill(host.supervisor(run), 'SIGKILL'),
};

async function trial(host: Host, receiver: Receiver, pull: Trigger, loops: number): Promise<number | null> {
  const { run, owner } = await host.work();
  try {
    return await under(loops, async () => {
      const trigger = process.hrtime.bigint();
      const pulled = Promise.resolve(pull(host, run, owner)).catch(() => undefined);
      const stopped = await receiver.stoppedAfter(trigger);
      await pulled;
      return stopped;
    });
  } finally {
    owner.kill('SIGKILL');
    await untilOver(host, run);
  }
}

/** The next trial begins when nothing of this one is left. */
async function untilOver(host: Host, run: string): Promise<void> {
  const client = await host.client();
  for (let tries = 0; tries < 400; tries++) {
    const { runs } = await client.ask({ type: 'status', run });
    if (runs[0]?.phase === 'closed') return;
    await sleep(25);
  }
  throw new Error(`run ${run} does not end`);
}

/** The peer: SIGKILL of the process group, as most runners stop a job. */
async function groupTrial(receiver: Receiver, loops: number, escapee: boolean): Promise<number | null> {
  const program = [process.execPath, '-e', sender(receiver.port)];
  const script = escapee ? 'setsid "$@" & "$@" & wait' : '"$@" & "$@" & wait';
  const child = spawn('/bin/sh', ['-c', script, 'sh', ...program], { detached: true, stdio: 'ignore' });
  await receiver.heard(2);
  const stopped = await under(loops, async () => {
    const trigger = process.hrtime.bigint();
    process.kill(-(child.pid ?? 0), 'SIGKILL');
    return receiver.stoppedAfter(trigger);
  });
  if (escapee) killSenders(receiver.port);
  await sleep(100);
  return stopped;
}

/** What escaped is found by the port it sends to, which no other program has in its words. */
function killSenders(port: number): void {
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)) {
    try {
      if (readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(sender(port))) process.kill(Number(pid), 'SIGKILL');
    } catch {
      // It ended by itself.
    }
  }
}

interface Series {
  readonly times: readonly number[];
  readonly escapes: number;
}

async function series(n: number, one: () => Promise<number | null>): Promise<Series> {
  const times: number[] = [];
  let escapes = 0;
  for (let i = 0; i < n; i++) {
    const stopped = await one();
    if (stopped === null) escapes++;
    else times.push(stopped);
  }
  return { times: times.toSorted((a, b) => a - b), escapes };
}

const quantile = (times: readonly number[], q: number): number =>
  times[Math.min(times.length - 1, Math.floor(q * times.length))] ?? Number.NaN;

function rowsOf(what: string, { times, escapes }: Series, bar?: number): BenchRow[] {
  const worst = quantile(times, 0.99);
  const held = bar === undefined ? {} : { bar: `<= ${bar} ms`, met: escapes === 0 && worst <= bar };
  return [
    { what: `${what}, p50 of ${times.length}`, value: quantile(times, 0.5), unit: 'ms' },
    { what: `${what}, p99 of ${times.length}`, value: worst, unit: 'ms', ...held },
    {
      what: `${what}, trees that went on`,
      value: escapes,
      unit: '',
      ...(bar === undefined ? {} : { bar: '0', met: escapes === 0 }),
    },
  ];
}

/** What is measured: trigger, number of trials, bars (ms) idle and busy. */
const plan: readonly (readonly [trigger: keyof typeof triggers, n: number, idle: number, busy?: number])[] = [
  ['orchestrator alive, cut by socket', 50, 35, 150],
  ['cut by file, guardd not asked', 50, 35, 150],
  ['orchestrator killed, lease lost', 20, 500],
  ['supervisor hung, sentinel acts', 20, 800],
  ['supervisor killed', 20, 50],
];

/** Trials may be fewer by `BREAKWATER_BENCH_TRIALS`. */
export async function run(): Promise<BenchResult> {
  const most = Number(process.env['BREAKWATER_BENCH_TRIALS'] ?? '50');
  const receiver = await Receiver.open();
  const host = new Host(receiver);
  const rows: BenchRow[] = [];
  try {
    await host.client();
    for (const [loops, state] of [
      [0, 'idle'],
      [busyLoops, `${busyLoops} busy loops`],
    ] as const) {
      const note = (what: string): void => void process.stderr.write(`${state}: ${what}\n`);
      note('SIGKILL of the process group');
      rows.push(
        ...rowsOf(
          `${state}: SIGKILL of the process group`,
          await series(Math.min(50, most), () => groupTrial(receiver, loops, false)),
        ),
      );
      for (const [name, n, idle, busy] of plan) {
        note(name);
        const pull = triggers[name];
        if (pull === undefined) continue;
        const measured = await series(Math.min(n, most), () => trial(host, receiver, pull, loops));
        rows.push(...rowsOf(`${state}: ${name}`, measured, loops === 0 ? idle : busy));
      }
    }
    const escaped = await series(Math.min(20, most), () => groupTrial(receiver, 0, true));
    rows.push({
      what: 'SIGKILL of the process group, trees with a program that left its session that went on',
      value: escaped.escapes,
      unit: `of ${Math.min(20, most)}`,
    });
  } finally {
    receiver.close();
    await host.end();
  }
  return {
    name: 'stop-latency',
    method:
      `Host steps, stopped by ${host.level}. From the trigger to the last millisecond clock that a tree of two programs, one in a session of its own, sent; ` +
      'the peer is SIGKILL of the process group on the same tree without the second session. The lease is lost after 450 ms of silence, the sentinel acts after 500 ms.',
    rows,
  };
}
