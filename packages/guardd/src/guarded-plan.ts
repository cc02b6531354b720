/**
 * What the guard of a run carries out and watches: a plan with its defaults filled in and its durations in ms. The daemon
 * makes it once; supervisors, which must start fast, need nothing else of plans.
 */
import type { Scope } from '@breakwater/rules/containment';
import type { MeasureKind } from '@breakwater/rules/guard/record';
import type { TesterSpec } from '@breakwater/rules/plan';

export interface GuardedPlan {
  readonly services: readonly string[];
  /** How long services are watched after the window's end. */
  readonly observeMs: number;
  readonly steps: readonly GuardedStep[];
  readonly probes: readonly GuardedProbe[];
  /** Totals that are read during the run; one that a person attests is left out. */
  readonly meters: Readonly<Partial<Record<MeterName, GuardedMeter>>>;
  /** Those that the guard can carry out by itself. */
  readonly measures: readonly GuardedMeasure[];
  /** The caged test, which is the last of the steps; null in a plan without one. */
  readonly test: GuardedTest | null;
}

export interface GuardedTest {
  readonly tester: TesterSpec;
  /** What the cage lets through; of a rehearsal, the stand-ins. */
  readonly scope: Scope;
}

/** A machine that is reached through SSH; of a rehearsal, what stands in for it. */
export interface GuardedTarget {
  readonly id: string;
  readonly user: string;
  readonly host: string;
  readonly port: number;
  /** `SHA256:…`, one of which its host key must have. */
  readonly hostKeys: readonly string[];
  readonly keyFile: string;
}

/** `check`, `do` and `undo` are in the shape of the step's driver. */
export interface GuardedStep {
  readonly id: string;
  readonly driver: string;
  readonly digest: string;
  readonly timeoutMs: number;
  readonly onStop: 'finish' | 'cut';
  readonly commitPoint: boolean;
  /** Where it acts; empty = on this host. */
  readonly on: readonly GuardedTarget[];
  /** Its driver records what is there before the first change, and undoes to that. `required`: without an undo it does nothing. */
  readonly prepares: 'no' | 'required' | 'optional';
  readonly check?: unknown;
  readonly do: unknown;
  readonly undo?: unknown;
}

export interface GuardedMeasure {
  readonly kind: Extract<MeasureKind, 'module-isolation' | 'failover'>;
  /** null when it is the only one of its kind without a name. */
  readonly id: string | null;
  readonly driver: string;
  readonly services: readonly string[];
  readonly timeoutMs: number;
  readonly on: readonly GuardedTarget[];
  readonly do: unknown;
}

interface ProbeHead {
  readonly id: string;
  readonly service: string;
  readonly everyMs: number;
  readonly downAfter: number;
  readonly upAfter: number;
}

export type GuardedProbe = ProbeHead &
  (
    | { readonly kind: 'http'; readonly calls: readonly GuardedCall[] }
    | { readonly kind: 'tcp'; readonly host: string; readonly port: number; readonly withinMs: number }
    | { readonly kind: 'command'; readonly run: readonly string[]; readonly withinMs: number }
  );

/** One request of a probe's journey. */
export interface GuardedCall extends HttpCall {
  readonly withinMs: number;
}

export interface HttpCall {
  readonly url: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: unknown;
  readonly expect?: HttpExpect | undefined;
}

/** All conditions that are given must hold; without a status, any 2xx does. */
export interface HttpExpect {
  readonly status?: number | readonly number[] | undefined;
  readonly contains?: string | undefined;
  readonly json?: { readonly pointer: string; readonly equals: unknown } | undefined;
}

export type MeterName = 'damage' | 'records';

export type GuardedMeter = { readonly pointer: string; readonly everyMs: number; readonly withinMs: number } & (
  | { readonly kind: 'http-json'; readonly url: string }
  | { readonly kind: 'command'; readonly run: readonly string[] }
);
