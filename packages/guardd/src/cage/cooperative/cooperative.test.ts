import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { containmentSchema, type CageTrip, type DeniedTraffic, type Scope } from '@breakwater/rules/containment';
import type { Cage, CageOptions } from '../cage.ts';
import { readExchange } from '../proxy/exchange.ts';
import { scopeOf, startTarget, type TestTarget } from '../proxy/proxy.testing.ts';
import { CageRefused } from '../refused.ts';
import { openCooperativeCage } from './index.ts';

let folder: string;
const open: (() => unknown)[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'breakwater-cooperative-'));
});
afterEach(async () => {
  for (const close of open.splice(0).toReversed()) await close();
  rmSync(folder, { recursive: true });
});

async function cageOf(scope: Scope, more: Partial<CageOptions> = {}): Promise<Cage> {
  const cage = await openCooperativeCage({ scope, name: 'test', folder: join(folder, 'cage'), ...more });
  open.push(() => cage.close());
  return cage;
}

async function target(options: Parameters<typeof startTarget>[0] = {}): Promise<TestTarget> {
  const made = await startTarget(options);
  open.push(made.close);
  return made;
}

async function run(cage: Cage, script: string): Promise<{ code: number | null; said: string }> {
  const program = cage.start(['sh', '-c', script]);
  program.stderr.resume();
  const ended = new Promise<number | null>((resolve) => program.once('exit', resolve));
  const said = await text(program.stdout);
  return { code: await ended, said };
}

/** Processes of a group that still run; the dead whose parent has not looked at them are no longer any. */
function aliveIn(group: number): string[] {
  return readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    try {
      const [state, , pgrp] = readFileSync(`/proc/${pid}/stat`, 'utf8')
        .replace(/^.*\) /s, '')
        .split(' ');
      return state !== 'Z' && Number(pgrp) === group;
    } catch {
      return false;
    }
  });
}

const curl = 'curl -s -o /dev/null -w "%{http_code} %{http_connect}\\n" --max-time 20';
const names = [{ name: 'bank.example', address: '127.0.0.1' }];

describe('a tool that obeys its proxy', () => {
  test('reaches what the scope opens, in every way a proxy is spoken to, and nothing else', async () => {
    const [plain, tls] = [await target(), await target({ tls: true })];
    const attempts: DeniedTraffic[] = [];
    const scope = scopeOf([plain.port, tls.port], { names });
    const cage = await cageOf(scope, { onAttempts: ({ changed }) => attempts.push(...changed) });
    const { said } = await run(
      cage,
      [
        `${curl} http://bank.example:${plain.port}/`,
        `${curl} -k https://bank.example:${tls.port}/`,
        `${curl} -X DELETE --proxy "$ALL_PROXY" http://bank.example:${plain.port}/`,
        `${curl} http://169.254.169.254/latest/`,
        `${curl} --proxy "$ALL_PROXY" http://evil.example/`,
        `echo done`,
      ].join('\n'),
    );
    expect(said).toBe('200 000\n200 200\n200 000\n451 000\n000 000\ndone\n');
    const report = await cage.close();
    expect(containmentSchema.parse(report)).toEqual(report);
    expect(report).toMatchObject({
      level: 'cooperative',
      signed: false,
      outcome: 'exited',
      exitCode: 0,
      trip: null,
      stoppedAfterMs: null,
      selfTest: { outsideBlocked: true, insideAnswered: null, rounds: 1 },
      lostToCap: { packets: 0 },
    });
    expect(report.allowed.toSorted((a, b) => b.connections - a.connections)).toEqual([
      { address: '127.0.0.1', port: plain.port, protocol: 'tcp', connections: 2 },
      { address: '127.0.0.1', port: tls.port, protocol: 'tcp', connections: 1 },
    ]);
    expect(report.denied).toEqual([
      { address: '169.254.169.254', port: 80, protocol: 'tcp', packets: 1 },
      { address: 'evil.example', port: 80, protocol: 'tcp', packets: 1 },
    ]);
    expect(attempts).toEqual(report.denied);
    expect(report.bytes.out).toBeGreaterThan(0);
    expect(report.bytes.in).toBeGreaterThan(0);
    expect(report.evidence?.map(({ name }) => name)).toEqual(['counts.json', 'http.jsonl', 'scope.json']);
    const lines = readFileSync(join(folder, 'cage', 'http.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map(readExchange);
    expect(lines.map(({ status }) => status)).toEqual([451, 200, 200, 200, 451]);
  });

  test('is held to verbs inside TLS where the scope has rules for HTTP', async () => {
    const bank = await target({ tls: true });
    const cage = await cageOf(scopeOf([bank.port], { names, http: {} }));
    const url = `https://bank.example:${bank.port}/`;
    const { said } = await run(
      cage,
      `${curl} ${url}; ${curl} -X DELETE ${url}; ${curl} -X DELETE --proxy "$ALL_PROXY" ${url}`,
    );
    expect(said).toBe('200 200\n451 200\n451 000\n');
    expect(bank.seen.map(({ method }) => method)).toEqual(['GET']);
  });

  test('keeps what it writes beside the evidence', async () => {
    const cage = await cageOf(scopeOf([80]));
    expect(await run(cage, 'echo found >report.txt; echo "$HOME"; pwd')).toMatchObject({ code: 0 });
    const { evidence } = await cage.close();
    expect(evidence?.map(({ name }) => name)).toContain('out/report.txt');
    expect(readFileSync(join(folder, 'cage', 'out', 'report.txt'), 'utf8')).toBe('found\n');
  });
});

describe('caps', () => {
  test('refuse what is too much, and say how much was lost', async () => {
    const bank = await target();
    const scope = scopeOf([bank.port], { caps: { ...scopeOf([1]).caps, newConnectionsPerSecond: 3 } });
    const cage = await cageOf(scope);
    const { said } = await run(cage, `for i in 1 2 3 4 5 6; do ${curl} http://127.0.0.1:${bank.port}/ & done; wait`);
    const { allowed, lostToCap } = await cage.close();
    const lost = said.match(/429/g)?.length ?? 0;
    expect(lost).toBeGreaterThan(0);
    expect(lostToCap.packets).toBe(lost);
    expect(allowed[0]?.connections).toBe(6 - lost);
  });

  test('on bytes break off what goes on and on', async () => {
    const bank = await target({ handler: (_, response) => response.end(Buffer.alloc(5_000_000)) });
    const cage = await cageOf(scopeOf([bank.port], { caps: { ...scopeOf([1]).caps, bytes: 200_000 } }));
    const { said } = await run(
      cage,
      `curl -s http://127.0.0.1:${bank.port}/ | wc -c; ${curl} http://127.0.0.1:${bank.port}/`,
    );
    const [received = '', second = ''] = said.trim().split('\n');
    expect(Number(received)).toBeLessThanOrEqual(200_000);
    expect(second).toMatch(/^429/);
    const { bytes } = await cage.close();
    expect(bytes.in + bytes.out).toBeLessThanOrEqual(200_000);
  });

  test('on bandwidth slow down, and lose nothing', async () => {
    const bank = await target({ handler: (_, response) => response.end(Buffer.alloc(300_000)) });
    const cage = await cageOf(scopeOf([bank.port], { caps: { ...scopeOf([1]).caps, bytesPerSecond: 200_000 } }));
    const began = performance.now();
    const { said } = await run(cage, `curl -s http://127.0.0.1:${bank.port}/ | wc -c`);
    expect(Number(said)).toBe(300_000);
    expect(performance.now() - began).toBeGreaterThan(400);
  });
});

describe('a stop', () => {
  const forever = 'trap "" TERM INT; (trap "" TERM; while :; do sleep 1; done) & while :; do sleep 1; done';

  test('by a lever ends the proxy and the whole process group', async () => {
    const trips: CageTrip[] = [];
    const cage = await cageOf(scopeOf([80]), { onTrip: (trip) => trips.push(trip) });
    const program = cage.start(['sh', '-c', forever]);
    const ended = new Promise((resolve) => program.once('exit', resolve));
    program.stdout.resume();
    program.stderr.resume();
    const { latencyMs } = await cage.stop({ reason: 'lever', by: 'p-17' });
    await ended;
    expect(latencyMs).toBeGreaterThan(0);
    await expect.poll(() => aliveIn(program.pid ?? 0)).toEqual([]);
    expect(() => cage.start(['true'])).toThrow(/stopped/);
    expect(trips).toEqual([{ reason: 'lever', by: 'p-17' }]);
    expect(await cage.close()).toMatchObject({ outcome: 'stopped', exitCode: null, stoppedAfterMs: latencyMs });
  });

  test('comes by itself when the lease is not renewed', async () => {
    const cage = await cageOf(scopeOf([80], { lease: 'PT0.3S' }));
    const { code } = await run(cage, forever);
    expect(code).toBeNull();
    expect(await cage.close()).toMatchObject({ outcome: 'lease-lost', trip: { reason: 'lease-lost' } });
  });

  test('comes by itself at the end of the window', async () => {
    const end = new Date(Date.now() + 700).toISOString();
    const cage = await cageOf(scopeOf([80], { window: { start: '2020-01-01T00:00:00Z', end } }));
    expect((await run(cage, forever)).code).toBeNull();
    expect(await cage.close()).toMatchObject({
      outcome: 'window-closed',
      trip: { reason: 'window-end', endedAt: end },
    });
  });

  test('comes at the attempts that the scope bears no longer', async () => {
    const cage = await cageOf(scopeOf([80], { attempts: { stopAfter: 2 } }));
    expect((await run(cage, `while :; do ${curl} http://10.0.0.1/; done`)).code).toBeNull();
    expect(await cage.close()).toMatchObject({
      outcome: 'stopped',
      trip: { reason: 'attempts', limit: 2, observed: 3 },
    });
  });
});

test.runIf(process.getuid?.() === 0)(
  'a stop reaches also what left its session, at once and however early',
  async () => {
    const mark = `escapee-${process.pid}`;
    const escape = `setsid sh -c 'while :; do sleep 0.01; done' ${mark} & while :; do sleep 0.01; done`;
    const running = (): string[] =>
      execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' })
        .split('\n')
        .filter((line) => line.endsWith(mark));
    const cage = await cageOf(scopeOf([80]));
    const program = cage.start(['sh', '-c', escape]);
    program.stdout.resume();
    program.stderr.resume();
    await expect.poll(() => running().length, { timeout: 10_000 }).toBeGreaterThan(0);
    cage.start(['sh', '-c', escape]).stdout.resume();
    await cage.stop({ reason: 'lever', by: 'p-17' });
    expect(running()).toEqual([]);
    expect(await cage.close()).toMatchObject({ outcome: 'stopped' });
  },
);

describe('a start is refused', () => {
  test.each([
    ['2099-01-01T00:00:00Z', '2099-01-02T00:00:00Z', 'window-start'],
    ['2020-01-01T00:00:00Z', '2020-01-02T00:00:00Z', 'window-end'],
  ])('in the window %s to %s', async (start, end, reason) => {
    const refused = await cageOf(scopeOf([80], { window: { start, end } })).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(CageRefused);
    if (!(refused instanceof CageRefused)) return;
    expect(refused.containment).toMatchObject({ level: 'cooperative', outcome: 'refused' });
    expect(refused.containment.trip?.reason).toBe(reason);
  });

  test('with a mount at another place, which this level cannot make', async () => {
    const mounts = [{ from: folder, at: '/given', writable: false }];
    await expect(cageOf(scopeOf([80]), { mounts })).rejects.toMatchObject({ code: 'cage.mount' });
  });
});

test('the report says in Korean and English what is not held', async () => {
  const cage = await cageOf(scopeOf([80], { memoryBytes: 1_000_000, processes: 10 }));
  const { notHeld = [] } = await cage.close();
  for (const [ko, en] of [
    ['프록시 설정', 'ignore their proxy'],
    ['원시 소켓', 'Raw sockets'],
    ['DNS', 'DNS'],
    ['ICMP', 'ICMP'],
  ])
    expect(notHeld.some((words) => words.ko.includes(ko ?? '') && words.en.includes(en ?? ''))).toBe(true);
});

test.runIf(process.getuid?.() === 0)('a tool of root’s runs without its privileges, and leaves no folder', async () => {
  // Others make folders of that name, too, at the same time.
  const place = mkdtempSync(join(tmpdir(), 'breakwater-tmp-'));
  chmodSync(place, 0o755);
  vi.stubEnv('TMPDIR', place);
  const cage = await cageOf(scopeOf([80], { processes: 20 }));
  const { said } = await run(
    cage,
    'id -u; grep -c "^CapEff:.0000000000000000" /proc/self/status; grep NoNewPrivs /proc/self/status; for i in $(seq 40); do sleep 1 & done 2>/dev/null; echo',
  );
  expect(said.split('\n').slice(0, 3)).toEqual(['65532', '1', 'NoNewPrivs:\t1']);
  await cage.close();
  const left = readdirSync(place).filter((name) => name.startsWith('breakwater-cage-'));
  vi.unstubAllEnvs();
  rmSync(place, { recursive: true, force: true });
  expect(left).toEqual([]);
});
