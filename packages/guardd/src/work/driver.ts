/** What carries out an action on a target. A driver knows how; when and whether is the supervisor's. */
import type { StepAction } from '@breakwater/rules/guard/record';
import type { GuardedTarget } from '../guarded-plan.ts';
import type { Enclosure } from './enclosure.ts';

/**
 * How an action ended. `yes`: done, or the question was answered yes. `no`: it was not, or no. `unclear`: nobody can tell
 * (it could not be asked). `timeout` and `cut`: it was stopped before it ended.
 */
export type ActionAnswer = 'yes' | 'no' | 'unclear' | 'timeout' | 'cut';

export interface ActionEnd {
  readonly answer: ActionAnswer;
  readonly exitCode: number | null;
  /** SHA-256 of what it said; null when it said nothing that was kept. */
  readonly outputDigest: string | null;
  /** Of `prepare`: what was there before. */
  readonly prepared?: { readonly before: unknown; readonly unavailable: string | null };
}

/** Where and for whom an action runs. */
export interface ActionContext {
  readonly run: string;
  readonly epoch: number;
  readonly step: string;
  readonly action: StepAction;
  /** Machines that it acts on; empty = this host. */
  readonly on: readonly GuardedTarget[];
  /** What the step's `prepare` recorded; null = nothing. */
  readonly before: unknown;
  /** Its undo was begun before: its check asks whether anything of the effect is still there. */
  readonly undoing: boolean;
  /** One for each beginning in the journal: whatever lies between us and the target may send it again, never twice in effect. */
  readonly idempotencyKey: string;
  readonly timeoutMs: number;
  /** Aborted when the action must end now. The enclosure is stopped by who aborts. */
  readonly cut: AbortSignal;
  readonly enclosure: Enclosure;
  readonly place: Place;
  /** Path without suffix of the files that keep what the action says. */
  readonly output: string;
}

/** Where programs of this host run, and what stands in for the plan's addresses here. */
export interface Place {
  readonly workdir: string;
  readonly env: Readonly<Record<string, string>>;
  /** Origins of the plan (`http://10.77.0.2:8081`) and those that stand in for them on this host; for rehearsals. */
  readonly targets: Readonly<Record<string, string>>;
}

/** A driver. `Action` is the shape that the plan gives it. */
export interface Driver<Action> {
  readonly name: string;
  /** Never rejects: what cannot be done is an answer. */
  perform(action: Action, context: ActionContext): Promise<ActionEnd>;
}
