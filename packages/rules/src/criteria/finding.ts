/** What is found about one criterion, and the one rule by which grounds become a status. */
import type { Margin, Operator, Range } from './range.ts';
import type { Truth } from './truth.ts';
import { type Unit, type Words, joined } from './wording.ts';

export const statuses = ['met', 'not-met', 'undetermined', 'for-committee', 'not-applicable'] as const;
export type Status = (typeof statuses)[number];

/** Statuses that a ground can lead to; `met` is what is left when no ground stands. */
export type GroundStatus = Exclude<Status, 'met'>;

/** A rule of a criterion that holds, or may hold, and the status it leads to. */
export type Ground = { readonly rule: string; readonly status: GroundStatus; readonly words: Words };

/** Where several rules apply, the first of these that any leads to decides; with none, the criterion is met. */
const precedence: readonly GroundStatus[] = ['not-applicable', 'not-met', 'for-committee', 'undetermined'];

export function decide(statusesOfGrounds: readonly GroundStatus[]): Status {
  return precedence.find((status) => statusesOfGrounds.includes(status)) ?? 'met';
}

/** The ground of a rule: it leads to `status` where it holds, to `undetermined` where that is not known, to nothing where it does not hold. */
export function ground(
  rule: string,
  truth: Truth,
  status: GroundStatus,
  words: { readonly holds: Words; readonly unknown: Words },
): Ground[] {
  if (truth === false) return [];
  return [truth ? { rule, status, words: words.holds } : { rule, status: 'undetermined', words: words.unknown }];
}

export type Measured = Range & { readonly unit: Unit };
export type Bound = { readonly operator: Operator; readonly value: number; readonly unit: Unit };
/** A notice has no single value: how long before the start all channels had told, and how many of the texts arrived. */
export type NoticeValue = { readonly leadTime: Measured | null; readonly coverage: Measured };

/** What the judge of a measure returns. `met` are the words for the case that no ground stands. */
export type Ruling = {
  readonly grounds: readonly Ground[];
  readonly met: Words;
  readonly value?: Measured | NoticeValue;
  readonly margin?: Margin;
  readonly readings?: Readonly<Record<string, Range>>;
  /** Names of grounds and readings that bear on an open question although they decide nothing. */
  readonly raised?: readonly string[];
  readonly evidence?: readonly string[];
};

export function statusOf(ruling: Ruling): Status {
  return decide(ruling.grounds.map(({ status }) => status));
}

/** The words of the grounds that decided. */
export function reasonOf(ruling: Ruling): Words {
  const status = statusOf(ruling);
  if (status === 'met') return ruling.met;
  return joined(ruling.grounds.filter((each) => each.status === status).map(({ words }) => words));
}
