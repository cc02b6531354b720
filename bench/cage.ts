/** The cage: how fast it is made, how fast it stops, how exactly it holds its caps, and what it costs. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openCage } from '@breakwater/guardd';
import { ended, loopback, rowsOf, scopeOf, silentAfter, stampsOf, Target, under, withCage } from './cage-stand.ts';
import type { BenchResult, BenchRow } from './result.ts';

const most = Number(process.env['BREAKWATER_BENCH_TRIALS'] ?? '50');
const busyLoops = 8;
/** Connects some thousand times a second without end, and in a second session, too; ignores signals. */
const sender = (port: number): string[] => [
  'python3',
  '-c',
  `import os, signal, socket, time
for one in (1, 2, 15): signal.signal(one, signal.SIG_IGN)
if os.fork() == 0: os.setsid()
while True:
  try:
    s = socket.create_connection(('127.0.0.1', ${port}), 1); s.sendall(b'x'); s.close()
  except OSError: pass
  time.sleep(0.001)`,
];

/** Datagrams by a packet socket, past every hook of the sender's own IP layer. */
const rawSender = (port: number): string[] => [
  'python3',
  '-c',
  `import socket, struct, time
socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', ${port}))
time.sleep(0.1)
gate = bytes.fromhex(open('/proc/net/arp').read().split('\\n')[1].split()[3].replace(':', ''))
me = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); me.connect(('127.0.0.1', ${port}))
source = socket.inet_aton(me.getsockname()[0])
def total(data):
  s = sum(struct.unpack('!10H', data)); s = (s >> 16) + (s & 0xffff)
  return ~(s + (s >> 16)) & 0xffff
head = struct.pack('!BBHHHBBH4s4s', 0x45, 0, 32, 1, 0, 64, 17, 0, source, socket.inet_aton('127.0.0.1'))
packet = head[:10] + struct.pack('!H', total(head)) + head[12:] + struct.pack('!HHHH', 4000, ${port}, 12, 0) + b'raw!'
out = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, 0x0800)
while True:
  try: out.sendto(packet, ('eth0', 0x0800, 0, 0, gate))
  except OSError: pass`,
];

async function setUp(target: Target): Promise<BenchRow[]> {
  const up: number[] = [];
  const down: number[] = [];
  for (let i = 0; i < Math.min(30, most); i++) {
    const folder = mkdtempSync(join(tmpdir(), 'breakwater-bench-cage-'));
    const began = performance.now();
    const cage = await openCage({ scope: scopeOf(loopback(target.port)), name: 'bench', folder });
    up.push(performance.now() - began);
    const closing = performance.now();
    await cage.close();
    down.push(performance.now() - closing);
    rmSync(folder, { recursive: true });
  }
  return [...rowsOf('set-up with self-test', up), ...rowsOf('stop, evidence and tear-down', down)];
}

async function stopLatency(
  target: Target,
  loops: number,
  what: string,
  argv: readonly string[],
  bar: number,
): Promise<BenchRow[]> {
  const silent: (number | null)[] = [];
  for (let i = 0; i < most; i++) {
    await withCage(scopeOf(loopback(target.port)), async (cage) => {
      void ended(cage.start(argv));
      await target.more(3);
      const last = await under(loops, () =>
        silentAfter(target, async () => {
          const trigger = performance.now();
          await cage.stop({ reason: 'lever', by: 'bench' });
          return trigger;
        }),
      );
      silent.push(last);
    });
  }
  const state = loops === 0 ? 'idle' : `${loops} busy loops`;
  return rowsOf(`${state}: stop, trigger to last packet at the target (${what})`, silent, bar);
}

/** The peer: SIGKILL of the process group, as most runners stop a job. */
async function groupKill(target: Target, loops: number): Promise<BenchRow[]> {
  const silent: (number | null)[] = [];
  for (let i = 0; i < most; i++) {
    const [command = '', ...words] = sender(target.port);
    const job = spawn(command, words, { detached: true, stdio: 'ignore' });
    await target.more(3);
    const last = await under(loops, () =>
      silentAfter(target, async () => {
        const trigger = performance.now();
        process.kill(-(job.pid ?? 0), 'SIGKILL');
        return trigger;
      }),
    );
    silent.push(last);
    if (last === null) killSession(target.port);
  }
  return rowsOf(
    `${loops === 0 ? 'idle' : `${loops} busy loops`}: SIGKILL of the process group, with a program that left its session`,
    silent,
  );
}

/** What left the session is found by its words. */
function killSession(port: number): void {
  const [, , script = ''] = sender(port);
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      if (readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(script)) process.kill(Number(pid), 'SIGKILL');
    } catch {
      // It ended by itself.
    }
  }
}

const floodS = 10;
/** The first seconds are those of a full cap and of the wait after it. */
const settledS = 2;

async function caps(target: Target): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const cap of [10, 50, 200]) {
    const flood = `import socket, time
end = time.time() + ${floodS}
while time.time() < end:
  s = socket.socket(); s.setblocking(False)
  try: s.connect(('127.0.0.1', ${target.port}))
  except OSError: pass
  time.sleep(0.0015); s.close()`;
    const connected = await stampsOf(`dst port ${target.port} and tcp[tcpflags] & (tcp-syn | tcp-ack) == tcp-syn`, () =>
      withCage(scopeOf(loopback(target.port), { newConnectionsPerSecond: cap }), (cage) =>
        ended(cage.start(['python3', '-c', flood])),
      ),
    );
    const worst = Math.max(...connected.map((from) => connected.filter((at) => at >= from && at < from + 1000).length));
    const from = (connected[0] ?? 0) + settledS * 1000;
    const mean = connected.filter((at) => at >= from).length / (floodS - settledS);
    rows.push(
      {
        what: `cap of ${cap} new connections/s under a flood: most in any second`,
        value: worst,
        unit: '',
        bar: `<= ${cap}`,
        met: worst <= cap,
      },
      {
        what: `cap of ${cap} new connections/s under a flood: mean once it has settled`,
        value: mean,
        unit: '/s',
        bar: `>= ${cap * 0.9} /s`,
        met: mean >= cap * 0.9,
      },
    );
  }
  return rows;
}

async function overruns(target: Target): Promise<BenchRow[]> {
  const window: (number | null)[] = [];
  const lease: (number | null)[] = [];
  for (let i = 0; i < Math.min(5, most); i++) {
    const endsAt = Date.now() + 3000;
    const parts = { window: { start: new Date(endsAt - 60_000).toISOString(), end: new Date(endsAt).toISOString() } };
    await withCage(scopeOf(loopback(target.port), {}, parts), async (cage) => {
      void ended(cage.start(sender(target.port)));
      await target.more(1);
      window.push(
        await silentAfter(target, async () => {
          const trigger = performance.now() + (endsAt - Date.now());
          await sleep(endsAt - Date.now() + 50);
          return trigger;
        }),
      );
    });
    const folder = mkdtempSync(join(tmpdir(), 'breakwater-bench-cage-'));
    const cage = await openCage({
      scope: scopeOf(loopback(target.port), {}, { lease: 'PT1S' }),
      name: 'bench',
      folder,
    });
    void ended(cage.start(sender(target.port)));
    await target.more(1);
    lease.push(
      await silentAfter(target, async () => {
        cage.renew();
        const lapses = performance.now() + 1000;
        await sleep(1050);
        return lapses;
      }),
    );
    await cage.close();
    rmSync(folder, { recursive: true });
  }
  return [...rowsOf('window end overrun', window, 20), ...rowsOf('lease of 1 s overrun', lease, 20)];
}

const rounds = 5;

/** Work in the cage beside the same work outside it, by turns. The target is a process of its own, as targets are. */
async function cost(): Promise<BenchRow[]> {
  const serve = `const s = require('node:http').createServer((_, answer) => answer.end('ok'));
    s.listen(0, '127.0.0.1', () => console.log(s.address().port));`;
  const server = spawn(process.execPath, ['-e', serve], { stdio: ['ignore', 'pipe', 'inherit'] });
  const port = await new Promise<number>((resolve) =>
    server.stdout.once('data', (chunk: Buffer) => resolve(Number(chunk.toString()))),
  );
  const get = `for (let i = 0; i < 2000; i++) await (await fetch('http://127.0.0.1:${port}/')).text();`;
  const ports = 'tcp/20000-20999';
  const hosts = ['127.0.0.1', '127.0.0.2', '127.0.0.3', '127.0.0.4'];
  const works = [
    { what: 'a program that does nothing (node)', argv: ['node', '-e', '0'] },
    {
      what: 'nmap of 1,000 ports on 4 hosts',
      argv: ['nmap', '-n', '-Pn', '-sS', '-T4', '-p', '20000-20999', ...hosts],
    },
    { what: '2,000 HTTP GET one after the other', argv: ['node', '--input-type=module', '-e', get] },
  ];
  const targets = [...hosts.map((host) => ({ cidr: `${host}/32`, ports: [ports] })), ...loopback(port)];
  const rows: BenchRow[] = [];
  for (const { what, argv } of works) {
    const [command = '', ...words] = argv;
    const pairs: { outside: number; inside: number }[] = [];
    for (let i = 0; i < Math.min(rounds, most); i++) {
      const outside = await timed(() => ended(spawn(command, words, { stdio: 'ignore' })));
      const inside = await withCage(scopeOf(targets), (cage) => timed(() => ended(cage.start(argv))));
      pairs.push({ outside, inside });
    }
    const of = (value: (pair: (typeof pairs)[number]) => number): number => {
      const sorted = pairs.map(value).toSorted((a, b) => a - b);
      return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
    };
    rows.push(
      { what: `${what}, without a cage, median of ${pairs.length}`, value: of(({ outside }) => outside), unit: 'ms' },
      { what: `${what}, in a cage`, value: of(({ inside }) => inside), unit: 'ms' },
      { what: `${what}, in a cage over without`, value: of(({ inside, outside }) => inside / outside), unit: 'x' },
    );
  }
  server.kill('SIGKILL');
  return rows;
}

async function timed(work: () => Promise<void>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

async function many(target: Target): Promise<BenchRow[]> {
  const before = free();
  const began = performance.now();
  const folders = Array.from({ length: 10 }, () => mkdtempSync(join(tmpdir(), 'breakwater-bench-cage-')));
  const cages = await Promise.all(
    folders.map((folder) =>
      openCage({ scope: scopeOf(loopback(target.port), {}, { lease: 'PT10S' }), name: 'bench', folder }),
    ),
  );
  const up = performance.now() - began;
  const renewal = setInterval(() => cages.forEach((cage) => cage.renew()), 200);
  await sleep(500);
  const each = (before - free()) / cages.length / 1024;
  const closing = performance.now();
  await Promise.all(cages.map((cage) => cage.close()));
  clearInterval(renewal);
  for (const folder of folders) rmSync(folder, { recursive: true });
  return [
    { what: '10 cages at once: set-up', value: up, unit: 'ms' },
    { what: '10 cages at once: tear-down', value: performance.now() - closing, unit: 'ms' },
    { what: 'memory of the machine for each of them, without a tool', value: each, unit: 'MiB' },
  ];
}

/** KiB that the machine could still give. */
function free(): number {
  return Number(/^MemAvailable:\s+(\d+)/m.exec(readFileSync('/proc/meminfo', 'utf8'))?.[1] ?? Number.NaN);
}

/** Trials may be fewer by `BREAKWATER_BENCH_TRIALS`, and one part alone be measured by `BREAKWATER_BENCH_PART`. */
export async function run(): Promise<BenchResult> {
  const part = process.env['BREAKWATER_BENCH_PART'];
  const target = await Target.open();
  const rows: BenchRow[] = [];
  const parts: readonly (readonly [what: string, measure: () => Promise<BenchRow[]>])[] = [
    ['set-up and tear-down', () => setUp(target)],
    ['stop, idle', () => stopLatency(target, 0, 'connections', sender(target.port), 35)],
    ['stop of raw packets, idle', () => stopLatency(target, 0, 'packet socket', rawSender(target.port), 35)],
    ['stop, busy', () => stopLatency(target, busyLoops, 'connections', sender(target.port), 150)],
    ['process group, idle', () => groupKill(target, 0)],
    ['process group, busy', () => groupKill(target, busyLoops)],
    ['caps', () => caps(target)],
    ['window and lease', () => overruns(target)],
    ['cost', cost],
    ['many', () => many(target)],
  ];
  try {
    for (const [what, measure] of parts.filter(([what]) => part === undefined || what === part)) {
      process.stderr.write(`${what}\n`);
      rows.push(...(await measure()));
    }
  } finally {
    target.close();
  }
  return {
    name: 'cage',
    method:
      'Level kernel on loopback targets. Latency is from the trigger to the kernel time stamp of the last SYN, payload or datagram at the target; the tool ' +
      'ignores signals and has a second session. New connections are counted by the kernel time stamps of their SYNs. The peer is SIGKILL of the process group on the same tool outside a cage. Cost is the same work outside and inside by turns, from the start of the program to its end. Takes about twelve minutes on an idle machine.',
    rows,
  };
}
