/** What a supervisor needs to guard a run with nobody else alive; written and fsynced before it is started. */
import { createHash } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import type { CageLevel } from '@breakwater/rules/containment';
import type { RunLimits } from '@breakwater/rules/guard';
import type { GuardedPlan } from '../guarded-plan.ts';
import type { WorkCaps } from '../work/cgroup.ts';
import type { Place } from '../work/driver.ts';

/** What an execution host has for caged tests. */
export interface CageSettings {
  /** How tests are held; left out = the strongest level that this machine enforces. */
  readonly level?: CageLevel;
  /** Endpoints of models by the name that plans know them by. Address and key never reach the cage. */
  readonly models?: Readonly<Record<string, ModelEndpoint>>;
}

export interface ModelEndpoint {
  /** `https://api.example.com/v1` */
  readonly url: string;
  /** File that holds the key, readable by guardd alone; null = the endpoint takes none. */
  readonly keyFile: string | null;
}

export interface RunFile {
  readonly schema: 'breakwater.guardd-run/1';
  readonly run: string;
  readonly host: string;
  /** Names the daemon's folder in cgroups and locks. */
  readonly tag: string;
  readonly epoch: number;
  readonly owner: string;
  readonly mode: 'live' | 'rehearsal';
  readonly planHash: string;
  readonly plan: GuardedPlan;
  readonly limits: RunLimits;
  readonly place: Place;
  readonly caps: WorkCaps;
  readonly cages: CageSettings;
  readonly hostKey: string;
  /** Folders whose files are levers: of this run, and of all runs of the host. */
  readonly levers: { readonly own: string; readonly all: string };
}

/** The name of a run's cage: short, because links and groups are named by it, and the same for every supervisor of the run. */
export function cageName({ tag, run }: Pick<RunFile, 'tag' | 'run'>): string {
  return `r${createHash('sha256').update(`${tag}/${run}`).digest('hex').slice(0, 8)}`;
}

/** Writes it whole or not at all. Throws what writing throws. */
export function writeRunFile(path: string, file: RunFile): void {
  const fresh = `${path}.new`;
  const descriptor = openSync(fresh, 'w', 0o600);
  try {
    writeSync(descriptor, JSON.stringify(file));
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  renameSync(fresh, path);
}

/** Reads what {@link writeRunFile} wrote. Throws what reading throws, or SyntaxError. */
export function readRunFile(path: string): RunFile {
  return JSON.parse(readFileSync(path, 'utf8')) as RunFile;
}
