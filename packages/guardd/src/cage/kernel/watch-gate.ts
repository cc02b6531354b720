/** Looks at the gate's counters again and again: attempts are told within a second, and the canary flies. */
import { setTimeout as sleep } from 'node:timers/promises';
import {
  destinationKey,
  readGate,
  triedSet,
  type Attempt,
  type GateCounts,
  type Steps,
} from '@breakwater/rules/containment';
import type { DeniedTraffic } from '@breakwater/rules/containment';
import type { AttemptsSeen } from '../cage.ts';
import { command } from '../command.ts';
import { unhurried } from '../unhurried.ts';
import { sendCanary, type CanaryDuty } from './canary.ts';
import type { GateShell } from './gate-shell.ts';
import { enter } from './network.ts';

/** What the self-test found; null = not tried yet. */
export interface SelfTest {
  outsideBlocked: boolean | null;
  insideAnswered: boolean | null;
  rounds: number;
}

export interface GateWatch {
  readonly selfTest: Readonly<SelfTest>;
  /** The canary's packets outside, to be taken from the count. */
  readonly own: Attempt;
  /** One round of the self-test: null when it passed, otherwise which half failed and why. */
  fly(): Promise<{ readonly canary: 'inside' | 'outside'; readonly detail: string } | null>;
  begin(): void;
  /** The cage is being stopped: what the canary finds from now on says nothing. */
  halt(): void;
  /** The last look, and what the gate counted to its end; call it after {@link halt}. */
  end(): Promise<GateCounts>;
}

export interface GateWatchOptions {
  readonly tool: string;
  readonly gate: string;
  /** Apart from the one that stops the cage: a stop waits for no listing. */
  readonly shell: Pick<GateShell, 'run'>;
  readonly duty: CanaryDuty;
  /**
   * What was denied so far and was the tool's. A long list is read while the count goes on, so that it is told within a
   * second whatever its length.
   */
  onDenied(seen: AttemptsSeen): void;
  onFailed(failure: { readonly canary: 'inside' | 'outside'; readonly detail: string }): void;
}

const lookEveryMs = 100;
/** The list is waited for so long before the count is told without it. */
const listSoonMs = 100;
/** Destinations that are told of one listing. */
const mostChanged = 500;
const flyEveryMs = 5000;
/** Lists may be full: hundreds of thousands of destinations. */
const listWithinMs = 120_000;

async function listGate(gate: string, givenUp?: AbortSignal): Promise<GateCounts> {
  return unhurried(
    readGate(await command([...enter(gate), 'nft', '-j', 'list', 'ruleset'], '', listWithinMs, givenUp)),
  );
}

/** Packets denied in both tables of the gate, however long its lists are. */
async function deniedPackets(shell: Pick<GateShell, 'run'>): Promise<number> {
  const listed = await Promise.all(
    ['inet gate', 'netdev edge'].map((table) => shell.run(`list set ${table} ${triedSet}`)),
  );
  return [...listed.join().matchAll(/counter packets (\d+)/g)].reduce((sum, [, packets]) => sum + Number(packets), 0);
}

function sumOf({ denied, late }: GateCounts['attempts'], which: (attempt: Attempt) => boolean): number {
  return [...denied, ...late].filter(which).reduce((sum, { packets }) => sum + packets, 0);
}

function* inSteps<T>(items: readonly T[], each: (item: T) => void): Steps<void> {
  for (const [i, item] of items.entries()) {
    each(item);
    if (i % 1000 === 0) yield;
  }
}

export function watchGate({ tool, gate, shell, duty, onDenied, onFailed }: GateWatchOptions): GateWatch {
  const selfTest: SelfTest = { outsideBlocked: null, insideAnswered: null, rounds: 0 };
  const outside = { ...duty.outside, protocol: 'udp' } as const;
  const told = new Map<string, number>();
  let denied = 0;
  let deniedTold = 0;
  let deniedListed = 0;
  const halting = new AbortController();
  let listing: Promise<unknown> | null = null;
  let restsUntil = 0;
  let ownPackets = 0;
  let halted = false;
  let flying: Promise<unknown> = Promise.resolve();
  let looking: Promise<unknown> = Promise.resolve();
  let timers: NodeJS.Timeout[] = [];

  const isOwn = (attempt: Attempt): boolean => destinationKey(attempt) === destinationKey({ ...outside });
  const countOutside = async (): Promise<number> => sumOf((await listGate(gate, halting.signal)).attempts, isOwn);

  async function look(): Promise<void> {
    denied = await deniedPackets(shell);
    if (denied !== deniedListed && listing === null && performance.now() >= restsUntil) {
      listing = list(halting.signal)
        .catch(() => undefined)
        .finally(() => (listing = null));
    }
    if (listing !== null) await Promise.race([listing, sleep(listSoonMs)]);
    tell([]);
  }

  async function list(givenUp?: AbortSignal): Promise<GateCounts> {
    const since = performance.now();
    const counted = denied;
    const counts = await listGate(gate, givenUp);
    const { attempts } = counts;
    const fresh: DeniedTraffic[] = [];
    const again: DeniedTraffic[] = [];
    await unhurried(
      inSteps(attempts.denied, (attempt) => {
        const packets = attempt.packets - (isOwn(attempt) ? ownPackets : 0);
        const key = destinationKey(attempt);
        const before = told.get(key);
        if (packets <= (before ?? 0)) return;
        told.set(key, packets);
        const named = before === undefined ? fresh : again;
        if (named.length < mostChanged) named.push({ ...attempt, packets });
      }),
    );
    deniedListed = counted;
    tell([...fresh, ...again].slice(0, mostChanged));
    // A long list takes its time: reading it must not be all that this process does.
    const now = performance.now();
    if (now - since > listSoonMs) restsUntil = now + 2 * (now - since);
    return counts;
  }

  function tell(changed: readonly DeniedTraffic[]): void {
    const packets = Math.max(deniedTold, denied - ownPackets);
    if (changed.length === 0 && packets === deniedTold) return;
    deniedTold = packets;
    onDenied({ packets, destinations: told.size, changed });
  }

  async function fly(): Promise<Awaited<ReturnType<GateWatch['fly']>>> {
    const before = await countOutside();
    // Its one packet may reach the gate late, also from a canary that was killed in the air: whenever it is counted, it is ours.
    ownPackets += 1;
    const seen = await sendCanary(tool, duty);
    const after = await countOutside();
    if (halted) return null;
    if (seen === null) return { canary: 'inside', detail: 'the canary could not be sent' };
    const blocked = seen.outsideSilent && after > before;
    selfTest.rounds += 1;
    selfTest.outsideBlocked = (selfTest.outsideBlocked ?? true) && blocked;
    selfTest.insideAnswered = (selfTest.insideAnswered ?? true) && seen.insideAnswered;
    if (!blocked) {
      const detail = seen.outsideSilent
        ? 'a packet outside the scope was not counted'
        : 'something outside the scope answered';
      return { canary: 'outside', detail };
    }
    return seen.insideAnswered ? null : { canary: 'inside', detail: 'the gate did not answer its own canary' };
  }

  /** Runs again and again with pauses, never twice at once. */
  function again(everyMs: number, work: () => Promise<void>, keep: (running: Promise<unknown>) => void): void {
    const next = (tookMs: number): void => {
      if (halted) return;
      const pause = Math.max(everyMs, 2 * tookMs);
      const timer = setTimeout(() => {
        const since = performance.now();
        const running = work().catch(() => undefined);
        keep(running);
        void running.then(() => next(performance.now() - since));
      }, pause);
      timers = [...timers.slice(-8), timer];
    };
    next(0);
  }

  return {
    selfTest,
    get own() {
      return { ...outside, packets: ownPackets };
    },
    fly,
    begin() {
      again(lookEveryMs, look, (running) => {
        looking = running;
      });
      again(
        flyEveryMs,
        async () => {
          const failure = await fly();
          // A busy machine may lose one answer; two in a row are a gate that does not hold.
          const second = failure === null || halted ? null : await fly();
          if (second !== null && !halted) onFailed(second);
        },
        (running) => {
          flying = running;
        },
      );
    },
    halt() {
      halted = true;
      // A long listing is not waited for: the last one has it all.
      halting.abort();
      for (const timer of timers) clearTimeout(timer);
    },
    async end() {
      await flying;
      await looking;
      await listing;
      denied = await deniedPackets(shell).catch(() => denied);
      return list();
    },
  };
}
