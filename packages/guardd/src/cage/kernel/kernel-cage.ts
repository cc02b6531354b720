/** The cage at levels `kernel` and `rootless`: what runs in it has no handle on what holds it. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { BreakwaterError } from '@breakwater/rules/error';
import { durationMs } from '@breakwater/rules';
import {
  compileRuleset,
  foldTraffic,
  networkRange,
  type CageTrip,
  type Containment,
  type DeniedTraffic,
  type GateFacts,
} from '@breakwater/rules/containment';
import { instantOf, monoNow, wallNow } from '../../clock.ts';
import { prioritise } from '../../priority.ts';
import type { AttemptsSeen, Cage, CageOptions, Program, StartOptions } from '../cage.ts';
import { attempt, command } from '../command.ts';
import { digestFolder, keepWritten } from '../evidence.ts';
import { CageRefused, refusedReport, refuseOutsideWindow } from '../refused.ts';
import { outcomeAfter } from '../outcome.ts';
import { unhurried } from '../unhurried.ts';
import { cageAddresses, type CageAddresses } from './addresses.ts';
import { keepGate, type GateKeeper } from './gate-keeper.ts';
import { openGateShell, type GateShell } from './gate-shell.ts';
import { machine, type Ground } from './ground.ts';
import { removeLeftovers } from './leftovers.ts';
import { openGroup, removeGroups, type CageGroup } from './limits.ts';
import { cutLinks, enter, links, makeNamespaces, openGate, removeNamespaces, setUpTool } from './network.ts';
import { recordPackets, type PacketRing } from './packets.ts';
import { outsideOf } from './nowhere.ts';
import { openProxy, proxyPort, type CageProxy } from './proxied.ts';
import { makeSandbox, refuseDoors, userOf, type Sandbox } from './sandbox.ts';
import { alone, readRecord, releaseSlot, takeSlot, writeRecord, type Slot } from './slot.ts';
import { closeUplink, lookAround, openUplink } from './uplink.ts';
import { watchGate, type GateWatch } from './watch-gate.ts';

/** Ports of Breakwater's own API and public site, as they are when nothing else is set. */
const usualPorts = [8480, 8481];
const canaryPort = 7;
/** Bytes that a tool may write. They lie in memory, so that it fills no disk. */
const outBytes = 64 * 1024 * 1024;
/** Time for the kernel to tell targets that connections are over, before the links go down. */
const farewellMs = 50;
const goneWithinMs = 3000;
const openingPaceMs = 100;
const mostTimerMs = 2_000_000_000;

/** What was made for a cage so far; taken away in {@link takeDown}, whatever of it exists. */
interface Built {
  readonly slot: Slot;
  readonly out: string;
  group: CageGroup | null;
  shell: GateShell | null;
  /** For looking at counters only. */
  looks: GateShell | null;
  keeper: GateKeeper | null;
  ring: PacketRing | null;
  proxy: CageProxy | null;
}

/**
 * Opens a cage. Throws CageRefused when the scope's window is not open or the self-test fails, BreakwaterError
 * `cage.mount` or `cage.addresses`, and Error when the machine fails. Nothing is left behind then.
 */
export async function openKernelCage(options: CageOptions, ground = machine): Promise<Cage> {
  refuseDoors(options.mounts ?? []);
  const startedAt = wallNow();
  refuseOutsideWindow(ground.level, options, startedAt);
  // A busy machine must not delay a stop; what runs in the cage is put back to ordinary priority.
  prioritise();
  await removeLeftovers();
  mkdirSync(options.folder, { recursive: true, mode: 0o700 });
  const slot = takeSlot(options.name);
  const built: Built = {
    slot,
    out: join(slot.folder, 'out'),
    group: null,
    shell: null,
    looks: null,
    keeper: null,
    ring: null,
    proxy: null,
  };
  try {
    return await build(options, ground, built, startedAt);
  } catch (error) {
    await takeDown(built);
    throw error;
  }
}

async function build(options: CageOptions, ground: Ground, built: Built, startedAt: number): Promise<Cage> {
  const { scope, folder, mounts = [], env = {} } = options;
  const { slot, out } = built;
  const around = await lookAround();
  const targets = scope.targets.map(({ cidr }) => networkRange(cidr));
  const everything = targets.filter(({ low, high }) => high - low < 1n << 60n);
  const taken = [
    ...everything,
    ...around.routes.filter(({ dev, range }) => !dev.startsWith('bwc') && range.low !== 0n).map(({ range }) => range),
  ];
  const addresses = cageAddresses(slot.number, taken);
  if (addresses === null)
    throw new BreakwaterError('cage.addresses', 'no range of addresses is free for the links of a cage');
  const facts: GateFacts = {
    ...links,
    tool: addresses.tool,
    gate: addresses.gate,
    canary: { address: addresses.canary, port: canaryPort },
    proxyPort: scope.http === undefined ? null : proxyPort,
    own: {
      addresses: [...around.addresses, ...ground.addresses, addresses.host[4], addresses.host[6]],
      ports: usualPorts,
    },
    never: [...around.broadcast, ...ground.broadcast, addresses.up[4], addresses.up[6]],
  };
  const rules = compileRuleset(scope, facts);
  writeFileSync(join(folder, 'ruleset.nft'), rules, { mode: 0o600 });
  writeFileSync(join(folder, 'scope.json'), `${JSON.stringify(scope, null, 2)}\n`, { mode: 0o600 });

  await makeNamespaces(slot);
  await Promise.all([
    setUpTool(slot, addresses),
    openGate(slot, addresses, rules, scope),
    alone(() => openUplink(slot, addresses, scope, around)),
    mountOut(ground.user ?? userOf(slot), out),
  ]);
  built.group = openGroup(slot, scope);
  const record = readRecord(slot);
  if (built.group !== null && record !== null) writeRecord(slot, { ...record, cgroups: [...built.group.folders] });
  built.proxy = scope.http === undefined ? null : await openProxy(options, slot, addresses.gate[4]);
  const sandbox = makeSandbox({
    slot,
    user: ground.user,
    scope,
    mounts: [...mounts, ...(built.proxy?.mounts ?? [])],
    env: { ...built.proxy?.env, ...env },
    groups: built.group?.entries ?? [],
    out,
  });
  const cage = new KernelCage(options, ground, built, addresses, sandbox, startedAt);
  await cage.hold();
  return cage;
}

async function mountOut(user: number, out: string): Promise<void> {
  mkdirSync(out, { mode: 0o700 });
  const options = `size=${outBytes},nr_inodes=20000,mode=0711,uid=${user},gid=${user},nosuid,nodev`;
  await command(['mount', '-t', 'tmpfs', '-o', options, 'breakwater', out]);
}

class KernelCage implements Cage {
  readonly level: Ground['level'];
  readonly gate: readonly string[];
  readonly #options: CageOptions;
  readonly #ground: Ground;
  readonly #built: Built;
  readonly #sandbox: Sandbox;
  readonly #startedAt: number;
  readonly #watch: GateWatch;
  readonly #duty: Parameters<typeof keepGate>[1];
  readonly #programs = new Set<Program>();
  readonly #windowTimer: NodeJS.Timeout;
  #exitCode: number | null = null;
  #trip: CageTrip | null = null;
  #stopped: Promise<{ readonly latencyMs: number }> | null = null;
  #linksDown: Promise<void> = Promise.resolve();
  #wasBusy = false;
  #deniedByGate: Omit<AttemptsSeen, 'changed'> = { packets: 0, destinations: 0 };
  #latencyMs: number | null = null;
  #closed: Promise<Containment> | null = null;

  constructor(
    options: CageOptions,
    ground: Ground,
    built: Built,
    addresses: CageAddresses,
    sandbox: Sandbox,
    startedAt: number,
  ) {
    const { scope } = options;
    const { slot } = built;
    this.gate = Object.values(addresses.gate);
    this.level = ground.level;
    this.#options = options;
    this.#ground = ground;
    this.#built = built;
    this.#sandbox = sandbox;
    this.#startedAt = startedAt;
    const windowEndMs = Date.parse(scope.window.end);
    const inside = { address: addresses.gate[4], port: canaryPort };
    this.#duty = { owner: process.pid, leaseMs: durationMs(scope.lease), windowEndMs, ...inside };
    this.#watch = watchGate({
      tool: slot.tool,
      gate: slot.gate,
      shell: { run: (order) => built.looks?.run(order) ?? Promise.reject(new Error('no gate')) },
      duty: { from: addresses.canary, inside, outside: outsideOf(scope) },
      onDenied: (seen) => {
        this.#deniedByGate = seen;
        this.#attempted(seen.changed);
      },
      onFailed: (failure) => void this.stop({ reason: 'self-test', ...failure }),
    });
    built.proxy?.watch({
      onDenied: (attempt) => this.#attempted([attempt]),
      onGone: () => void this.stop({ reason: 'proxy-gone' }),
    });
    const untilEnd = Math.min(mostTimerMs, windowEndMs - wallNow());
    this.#windowTimer = setTimeout(() => void this.stop({ reason: 'window-end', endedAt: scope.window.end }), untilEnd);
  }

  /** Takes the lease, then lets the canary fly: without both nothing is started. */
  async hold(): Promise<void> {
    const { slot } = this.#built;
    // Until the owner has its cage nobody but us can say that it is alive.
    const alive = setInterval(() => this.renew(), openingPaceMs);
    try {
      this.#built.shell = openGateShell(slot.gate);
      this.#built.looks = openGateShell(slot.gate);
      this.#built.keeper = await keepGate(slot.gate, this.#duty, (silentMs) => this.#lost(silentMs));
      const { packets } = this.#options.scope;
      if (packets !== undefined) this.#built.ring = await recordPackets(slot.gate, this.#options.folder, packets.bytes);
      const failure = (await this.#watch.fly()) === null ? null : await this.#watch.fly();
      if (failure !== null) {
        const trip: CageTrip = { reason: 'self-test', ...failure };
        const report = refusedReport(this.level, this.#options, trip);
        throw new CageRefused(
          { ...report, selfTest: { ...this.#watch.selfTest } },
          `the self-test failed: ${failure.detail}`,
        );
      }
      this.#watch.begin();
    } catch (error) {
      clearTimeout(this.#windowTimer);
      this.#watch.halt();
      throw error;
    } finally {
      clearInterval(alive);
      this.renew();
    }
  }

  get selfTest(): NonNullable<Containment['selfTest']> {
    return { ...this.#watch.selfTest };
  }

  start(argv: readonly string[], options: StartOptions = {}): Program {
    if (this.#stopped !== null || this.#closed !== null)
      throw new Error('the cage is stopped: nothing is started in it any more');
    const program = this.#sandbox.start(argv, options);
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
    if (this.#stopped === null) this.#built.keeper?.say('alive');
  }

  stop(trip: CageTrip | null): Promise<{ readonly latencyMs: number }> {
    this.#stopped ??= this.#cut(trip);
    return this.#stopped;
  }

  /** Attempts at the gate and at its proxy are told and judged together. */
  #attempted(changed: readonly DeniedTraffic[]): void {
    const { attempts } = this.#options.scope;
    const byProxy = this.#built.proxy?.denied() ?? [];
    const observed = byProxy.reduce((sum, { packets }) => sum + packets, this.#deniedByGate.packets);
    const destinations = this.#deniedByGate.destinations + byProxy.length;
    this.#options.onAttempts?.({ packets: observed, destinations, changed });
    if (attempts === undefined || observed <= attempts.stopAfter) return;
    void this.stop({ reason: 'attempts', limit: attempts.stopAfter, observed });
  }

  #lost(silentMs: number): void {
    const { end } = this.#options.scope.window;
    const atEnd = wallNow() >= Date.parse(end) - 5;
    void this.stop(atEnd ? { reason: 'window-end', endedAt: end } : { reason: 'lease-lost', silentMs });
  }

  /** Nothing new leaves; everything dies; targets hear FIN or RST; the links go down. */
  async #cut(trip: CageTrip | null): Promise<{ readonly latencyMs: number }> {
    const since = monoNow();
    const { slot, shell, keeper, group } = this.#built;
    this.#watch.halt();
    this.#wasBusy = this.#programs.size > 0;
    const closed =
      shell?.run(`add element inet gate closed { "${links.inner}", "${links.outer}" }`) ??
      Promise.reject(new Error('no gate'));
    group?.kill();
    if (group === null) for (const program of this.#programs) program.kill('SIGKILL');
    keeper?.say('lapse');
    clearTimeout(this.#windowTimer);
    if (trip !== null && this.#closed === null) this.#trip = trip;
    await closed.catch(() => cutLinks(slot));
    const latencyMs = Math.round((monoNow() - since) * 100) / 100;
    this.#latencyMs = latencyMs;
    this.#linksDown = sleep(farewellMs).then(() => cutLinks(slot));
    if (trip !== null) this.#options.onTrip?.(trip);
    const until = monoNow() + goneWithinMs;
    while (group?.populated() === true && monoNow() < until) await sleep(2);
    return { latencyMs };
  }

  close(): Promise<Containment> {
    this.#closed ??= this.#end();
    return this.#closed;
  }

  async #end(): Promise<Containment> {
    const byItself = this.#stopped === null && this.#programs.size === 0;
    await this.stop(null);
    const { slot, ring, out } = this.#built;
    const { folder, scope } = this.#options;
    try {
      await this.#linksDown;
      const counts = await this.#watch.end();
      const text = await attempt([...enter(slot.gate), 'nft', 'list', 'ruleset']);
      if (text !== null) await writeFile(join(folder, 'gate.nft'), text, { mode: 0o600 });
      const tracked = await attempt([...enter(slot.gate), 'cat', '/proc/net/nf_conntrack']);
      if (tracked !== null) writeFileSync(join(folder, 'conntrack.txt'), tracked, { mode: 0o600 });
      await ring?.end();
      this.#built.ring = null;
      await this.#built.proxy?.close();
      await keepWritten(out, join(folder, 'out'));
      const traffic = await unhurried(foldTraffic(counts, [this.#watch.own], this.#built.proxy?.denied()));
      const report: Containment = {
        schema: 'breakwater.containment/1',
        level: this.level,
        signed: scope.authority !== undefined,
        outcome: outcomeAfter(this.#trip, byItself || !this.#wasBusy),
        exitCode: this.#exitCode,
        trip: this.#trip,
        ...traffic,
        stoppedAfterMs: byItself ? null : this.#latencyMs,
        selfTest: { ...this.#watch.selfTest },
        notHeld: this.#ground.notHeld(this.#built.group?.bounds ?? { memory: false, processes: false }),
        evidence: [],
        startedAt: instantOf(this.#startedAt),
        endedAt: instantOf(wallNow()),
      };
      await writeFile(join(folder, 'counts.json'), `${JSON.stringify({ ...report, evidence: undefined }, null, 2)}\n`, {
        mode: 0o600,
      });
      return { ...report, evidence: await digestFolder(folder) };
    } finally {
      await takeDown(this.#built);
    }
  }
}

/** Ends what belongs to the cage and takes everything away. Never throws: what is left is found at the next start. */
async function takeDown({ slot, out, group, shell, looks, keeper, ring, proxy }: Built): Promise<void> {
  const folders = group?.folders ?? [];
  group?.kill();
  shell?.end();
  looks?.end();
  await ring?.end().catch(() => undefined);
  await proxy?.close();
  await keeper?.end();
  await removeGroups(folders);
  await attempt(['umount', out]).then((done) => done ?? attempt(['umount', '-l', out]));
  await alone(async () => {
    await closeUplink(slot);
    await removeNamespaces(slot);
    releaseSlot(slot);
  }).catch(() => undefined);
}
