/** A cage: a place where a test tool runs and from which nothing leaves but what its scope allows. */
import type { ChildProcessByStdio } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import type { CageLevel, CageTrip, Containment, DeniedTraffic, Scope } from '@breakwater/rules/containment';

/** A program in a cage. It ends when it likes, or by the cage's stop; its exit code is null when it was killed. */
export type Program = ChildProcessByStdio<Writable | null, Readable, Readable>;

/** A file or folder of the host that is seen inside. What is writable inside must be a folder made for it. */
export interface CageMount {
  readonly from: string;
  readonly at: string;
  readonly writable: boolean;
}

/** What was tried outside the scope, as far as it is counted. */
export interface AttemptsSeen {
  /** So far, to all destinations. */
  readonly packets: number;
  /** So far, as the gate's list was read last: a long one takes its time. */
  readonly destinations: number;
  /** Of those that were tried again some, new ones first, with their packets so far. */
  readonly changed: readonly DeniedTraffic[];
}

export interface CageOptions {
  readonly scope: Scope;
  /** Short and unique among the cages of this machine, for people who look at it: `run-17`. */
  readonly name: string;
  /** Folder of the artefacts (made when absent): rule set, counters, sets, packets, and `out/`, what the tool wrote. */
  readonly folder: string;
  /** Left out = the strongest enforced level of this machine. `cooperative` is only taken when it is asked for. */
  readonly level?: CageLevel;
  readonly mounts?: readonly CageMount[];
  /** All that a program finds in its environment besides PATH, HOME and TMPDIR. */
  readonly env?: Readonly<Record<string, string>>;
  /** Attempts outside the scope, within a second. */
  onAttempts?(seen: AttemptsSeen): void;
  /** The cage stops by itself, or was stopped: why. */
  onTrip?(trip: CageTrip): void;
}

export interface StartOptions {
  /** A folder seen inside; default `/out`, the one writable folder. */
  readonly cwd?: string;
  /** Default `ignore`. */
  readonly stdin?: 'pipe' | 'ignore';
}

export interface Cage {
  readonly level: CageLevel;
  /** What the canary found so far; left out where none flies. */
  readonly selfTest?: NonNullable<Containment['selfTest']>;
  /** Addresses from which the gate itself answers a tool: never an answer of a target. Left out = not known. */
  readonly gate?: readonly string[];
  /** Starts a program inside; its descendants belong to the cage too, however they detach. Throws when the cage is stopped. */
  start(argv: readonly string[], options?: StartOptions): Program;
  /** Says that the owner is alive; traffic ends by itself when this was not said for the scope's lease. */
  renew(): void;
  /**
   * Stops all traffic and every program; `latencyMs` is from the call to the moment when nothing could leave any more.
   * Needs no person, database or network. `trip` is null when there is no reason but the owner's wish.
   */
  stop(trip: CageTrip | null): Promise<{ readonly latencyMs: number }>;
  /** Stops what still runs, keeps the evidence, takes everything away, and tells what happened. */
  close(): Promise<Containment>;
}
