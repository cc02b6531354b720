/** The cage at level `cooperative`: a proxy in ordinary user space. It holds the tools that obey it, and says what it does not hold. */
import { chownSync, mkdirSync, mkdtempSync, chmodSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CageTrip, Containment, DeniedTraffic } from '@breakwater/rules/containment';
import { BreakwaterError } from '@breakwater/rules/error';
import { instantOf, monoNow, wallNow } from '../../clock.ts';
import type { Cage, CageOptions, Program, StartOptions } from '../cage.ts';
import { digestFolder, keepWritten } from '../evidence.ts';
import { proxyEnvironment } from '../proxy/index.ts';
import { firstByte, makeIntercept, type Intercept } from '../proxy/intercept.ts';
import { makeOwnAuthority } from '../proxy/own-authority.ts';
import { openRecorder, type Recorder } from '../proxy/record.ts';
import { Refused } from '../proxy/refusal.ts';
import { CageRefused, refusedReport, refuseOutsideWindow } from '../refused.ts';
import { outcomeAfter } from '../outcome.ts';
import { flyCanary } from './canary.ts';
import { cappedUplink, type CappedUplink } from './capped-uplink.ts';
import { DeniedList } from './denied-list.ts';
import { Hold } from './hold.ts';
import { notHeldBy } from './not-held.ts';
import { openPrograms, type Programs } from './programs.ts';
import { serveSocks, socksReply } from './socks.ts';

const looksEveryMs = 20;
const canaryEveryMs = 5000;
const firstByteWithinMs = 10_000;
const goneWithinMs = 3000;

interface Stand {
  readonly server: Server;
  readonly port: number;
  readonly intercept: Intercept;
  readonly uplink: CappedUplink;
  readonly recorder: Recorder;
  readonly programs: Programs;
  /** Folder that the tool may read; in it `out`, which it may write. */
  readonly place: string;
  readonly env: NodeJS.ProcessEnv;
  readonly startedAt: number;
}

/**
 * Opens a cage. Throws CageRefused when the window is not open or the self-test fails, and BreakwaterError `cage.mount` for a
 * mount at another place than its own: nothing is mounted at this level.
 */
export async function openCooperativeCage(options: CageOptions): Promise<Cage> {
  const { scope, folder, mounts = [], env = {} } = options;
  for (const { from, at } of mounts)
    if (from !== at)
      throw new BreakwaterError('cage.mount', `level cooperative mounts nothing: name ${from} by its own path`, at);
  const startedAt = wallNow();
  refuseOutsideWindow('cooperative', options, startedAt);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const hold = new Hold(scope, startedAt);
  const uplink = cappedUplink(scope.caps, () => hold.reason() === null, monoNow);
  const recorder = openRecorder(folder, 'http.jsonl');
  // Without rules for HTTP nothing is opened: tunnels stay end to end.
  const authority = scope.http === undefined ? null : await makeOwnAuthority('Breakwater cage', startedAt, 86_400_000);
  const denied = new DeniedList((attempt, packets) => cage.attempted(attempt, packets));
  const intercept = makeIntercept({ scope, authority, recorder, uplink, onAttempt: (attempt) => denied.take(attempt) });
  const server = createServer((socket) => void receive(socket, intercept));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: '127.0.0.1', port: 0, backlog: 1024 }, resolve);
  });
  const { port } = server.address() as AddressInfo;
  const programs = openPrograms(scope);
  const place = makePlace(programs, authority?.certificate ?? null);
  const out = join(place, 'out');
  const proxies = proxyEnvironment(`http://127.0.0.1:${port}`, authority === null ? null : join(place, 'proxy-ca.pem'));
  const socks = `socks5h://127.0.0.1:${port}`;
  const environment = {
    PATH: process.env['PATH'],
    HOME: out,
    TMPDIR: out,
    ...env,
    ...proxies,
    ALL_PROXY: socks,
    all_proxy: socks,
  };
  const stand = { server, port, intercept, uplink, recorder, programs, place, env: environment, startedAt };
  writeFileSync(join(folder, 'scope.json'), `${JSON.stringify(scope, null, 2)}\n`, { mode: 0o600 });
  const cage = new CooperativeCage(options, stand, hold, denied);
  if (!(await cage.fly())) {
    await cage.close();
    const trip: CageTrip = {
      reason: 'self-test',
      canary: 'outside',
      detail: 'the proxy passed what the scope forbids',
    };
    throw new CageRefused(refusedReport('cooperative', options, trip), 'the self-test failed');
  }
  return cage;
}

/** A tool speaks SOCKS or HTTP; its first byte tells. */
async function receive(socket: Socket, intercept: Intercept): Promise<void> {
  socket.on('error', () => socket.destroy());
  const first = await firstByte(socket, firstByteWithinMs);
  if (first === null) return void socket.destroy();
  if (first !== 5) return intercept.accept(socket);
  await serveSocks(
    socket,
    (to) => intercept.prepare(to),
    (error) => {
      if (error instanceof Refused) return socksReply.forbidden;
      return error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED'
        ? socksReply.refused
        : socksReply.failed;
    },
  );
}

function makePlace({ user }: Programs, certificate: string | null): string {
  const place = mkdtempSync(join(tmpdir(), 'breakwater-cage-'));
  chmodSync(place, 0o755);
  const out = join(place, 'out');
  mkdirSync(out, { mode: 0o700 });
  if (user !== null) chownSync(out, user, user);
  if (certificate !== null) writeFileSync(join(place, 'proxy-ca.pem'), certificate, { mode: 0o644 });
  return place;
}

class CooperativeCage implements Cage {
  readonly level = 'cooperative';
  readonly #options: CageOptions;
  readonly #stand: Stand;
  readonly #hold: Hold;
  readonly #denied: DeniedList;
  readonly #programs = new Set<Program>();
  readonly #timers: readonly NodeJS.Timeout[];
  readonly #selfTest = { outsideBlocked: null as boolean | null, insideAnswered: null, rounds: 0 };
  #exitCode: number | null = null;
  #trip: CageTrip | null = null;
  #stopped: Promise<{ readonly latencyMs: number }> | null = null;
  #latencyMs: number | null = null;
  #wasBusy = false;
  #closed: Promise<Containment> | null = null;

  constructor(options: CageOptions, stand: Stand, hold: Hold, denied: DeniedList) {
    this.#options = options;
    this.#stand = stand;
    this.#hold = hold;
    this.#denied = denied;
    this.#timers = [
      setInterval(() => this.#look(), looksEveryMs),
      setInterval(() => void this.#repeat(), canaryEveryMs),
    ];
  }

  start(argv: readonly string[], options: StartOptions = {}): Program {
    if (this.#stopped !== null) throw new Error('the cage is stopped: nothing is started in it any more');
    const { programs, place, env } = this.#stand;
    const program = programs.start(argv, options, { cwd: options.cwd ?? join(place, 'out'), env });
    this.#programs.add(program);
    const left = (code: number | null): void => {
      this.#programs.delete(program);
      if (this.#stopped === null) this.#exitCode = code;
    };
    program.once('exit', left);
    program.once('error', () => left(127));
    return program;
  }

  renew(): void {
    this.#hold.renew();
  }

  stop(trip: CageTrip | null): Promise<{ readonly latencyMs: number }> {
    this.#stopped ??= this.#cut(trip);
    return this.#stopped;
  }

  close(): Promise<Containment> {
    this.#closed ??= this.#end();
    return this.#closed;
  }

  attempted(attempt: DeniedTraffic, packets: number): void {
    this.#options.onAttempts?.({ packets, destinations: this.#denied.list.length, changed: [attempt] });
    const { attempts } = this.#options.scope;
    if (attempts !== undefined && packets > attempts.stopAfter)
      void this.stop({ reason: 'attempts', limit: attempts.stopAfter, observed: packets });
  }

  /** One round of the self-test: a canary outside the scope must be refused and counted. None is sent to a target. */
  async fly(): Promise<boolean> {
    const before = this.#denied.canariesSeen;
    this.#denied.canariesSent++;
    const blocked = await flyCanary(this.#stand.port);
    this.#selfTest.rounds++;
    this.#selfTest.outsideBlocked = blocked && this.#denied.canariesSeen > before;
    return this.#selfTest.outsideBlocked;
  }

  async #repeat(): Promise<void> {
    if (this.#stopped !== null || (await this.fly()) || this.#stopped !== null) return;
    await this.stop({
      reason: 'self-test',
      canary: 'outside',
      detail: 'the proxy does not answer, or passed what the scope forbids',
    });
  }

  #look(): void {
    const reason = this.#hold.reason();
    if (reason !== null) void this.stop(reason);
  }

  /** The proxy falls silent first, then the programs die. */
  async #cut(trip: CageTrip | null): Promise<{ readonly latencyMs: number }> {
    const since = monoNow();
    this.#wasBusy = this.#programs.size > 0;
    for (const timer of this.#timers) clearInterval(timer);
    if (this.#closed === null) this.#trip = trip;
    const { uplink, intercept, server, programs } = this.#stand;
    uplink.close();
    intercept.close();
    server.close();
    await programs.stop();
    const until = monoNow() + goneWithinMs;
    while (this.#programs.size > 0 && monoNow() < until) await sleep(1);
    const latencyMs = Math.round((monoNow() - since) * 100) / 100;
    this.#latencyMs = latencyMs;
    if (trip !== null) this.#options.onTrip?.(trip);
    return { latencyMs };
  }

  async #end(): Promise<Containment> {
    const byItself = this.#stopped === null && this.#programs.size === 0;
    await this.stop(null);
    const { uplink, recorder, place, programs, startedAt } = this.#stand;
    const { folder, scope } = this.#options;
    recorder.end();
    programs.remove();
    await keepWritten(join(place, 'out'), join(folder, 'out'));
    rmSync(place, { recursive: true, force: true });
    const allowed = [...uplink.allowed];
    const report: Containment = {
      schema: 'breakwater.containment/1',
      level: 'cooperative',
      signed: scope.authority !== undefined,
      outcome: outcomeAfter(this.#trip, byItself || !this.#wasBusy),
      exitCode: this.#exitCode,
      trip: this.#trip,
      allowed,
      denied: this.#denied.list,
      lostToCap: { packets: uplink.lost },
      bytes: uplink.bytes,
      stoppedAfterMs: byItself ? null : this.#latencyMs,
      selfTest: { ...this.#selfTest },
      notHeld: notHeldBy(scope, programs),
      startedAt: instantOf(startedAt),
      endedAt: instantOf(wallNow()),
    };
    writeFileSync(join(folder, 'counts.json'), `${JSON.stringify(report, null, 2)}\n`, { mode: 0o600 });
    return { ...report, evidence: await digestFolder(folder) };
  }
}
