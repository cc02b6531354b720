/** Which duties a work has started, until when, and whether they were done: one list for all of them. */
import { type Assessment, type Facts, type PolicyPack, moved, rangeOf } from '#criteria';
import { durationMs } from '../../duration.ts';
import { type FilingDutyId, filingDuties, filingDutyIds } from './duty.ts';

/** A report that was filed, or a telling that was done. */
export interface Filed {
  readonly duty: FilingDutyId;
  readonly filedAt: string;
  readonly reference: string;
  readonly delayReason: string | null;
}

export interface FilingClock {
  readonly duty: FilingDutyId;
  /** `conditional`: owed unless the work is closed before. `unknown`: the facts do not tell. */
  readonly status: 'due' | 'possible' | 'conditional' | 'unknown';
  /** The earliest reading, RFC 3339; null: no time is set, or none can be told. */
  readonly due: string | null;
  readonly filed: readonly Filed[];
  /** `late`: filed after its time. `overdue`: not filed, and its time is over. */
  readonly standing: 'open' | 'filed' | 'late' | 'overdue';
}

/** The interim report: within two months, then every six (as reported of the enforcement rule; its text was not read). */
const interimMonths = { first: 2, next: 6 } as const;
/** Persons from which a leak of credit information is reported: general knowledge of the decree, not read. */
const creditReportPersons = 10_000;
const korea = '+09:00';

/**
 * The clocks of a work at `now` (epoch ms). A duty that the facts do not rule out runs its clock all the same: where it is
 * only possible, the time is that by which it would be owed.
 */
export function filingClocks(
  { facts, assessment, pack }: { facts: Facts; assessment: Assessment; pack: PolicyPack },
  filed: readonly Filed[],
  now: number,
): FilingClock[] {
  const of = (duty: FilingDutyId): Filed[] =>
    filed.filter((one) => one.duty === duty).toSorted((a, b) => Date.parse(a.filedAt) - Date.parse(b.filedAt));
  return filingDutyIds.flatMap((duty) => {
    const owed = owedBy(duty, { facts, assessment, pack }, of);
    if (owed === null && of(duty).length === 0) return [];
    const { status, due } = owed ?? { status: 'possible' as const, due: null };
    return [{ duty, status, due, filed: of(duty), standing: standingOf(duty, due, of(duty), now) }];
  });
}

type Owed = Pick<FilingClock, 'status' | 'due'>;
type Judged = { readonly facts: Facts; readonly assessment: Assessment; readonly pack: PolicyPack };

function owedBy(duty: FilingDutyId, judged: Judged, filed: (of: FilingDutyId) => readonly Filed[]): Owed | null {
  switch (filingDuties[duty].clock) {
    case 'pack':
      return byPack(duty, judged);
    case 'without-delay':
      return byCreditLeak(judged.facts);
    case 'repeated':
      return interim(judged, filed);
    case 'closing':
      return byPack('efars-initial', judged) === null ? null : { status: 'conditional', due: null };
  }
}

function byPack(duty: FilingDutyId, { facts, assessment, pack }: Judged): Owed | null {
  const known = assessment.duties.find(({ id }) => id === duty);
  if (known === undefined) return null;
  const within = pack.duties.find(({ id }) => id === duty)?.within;
  if (known.due !== null || within === undefined) return { status: known.status, due: known.due };
  const from = earliest([
    facts.awareAt,
    duty.includes('leak') || duty === 'pipc-report' ? facts.leaks?.discoveredAt : null,
  ]);
  return { status: known.status, due: from === null ? null : iso(from + durationMs(within)) };
}

function byCreditLeak({ leaks, awareAt }: Facts): Owed | null {
  const sum = [leaks?.personalCredit, leaks?.unclassified].map((count) => {
    const parts = typeof count === 'object' && count !== null && !('low' in count) ? count.persons : count;
    return rangeOf(parts).high;
  });
  const most = sum.includes(null) ? null : sum.reduce<number>((total, high) => total + (high ?? 0), 0);
  if (most !== null && most < creditReportPersons) return null;
  const from = earliest([awareAt, leaks?.discoveredAt]);
  return { status: most === null ? 'unknown' : 'possible', due: from === null ? null : iso(from) };
}

/** Counted from awareness: the earlier of the readings, for a first report is filed after it. Closed by the final one. */
function interim(judged: Judged, filed: (of: FilingDutyId) => readonly Filed[]): Owed | null {
  const first = byPack('efars-initial', judged);
  if (first === null || filed('efars-final').length > 0) return null;
  const from = earliest([judged.facts.awareAt, judged.facts.disruptions?.[0]?.start]);
  const done = filed('efars-interim').length;
  const months = interimMonths.first + done * interimMonths.next;
  return { status: 'conditional', due: from === null ? null : iso(moved(from, { months }, 1, korea)) };
}

function standingOf(
  duty: FilingDutyId,
  due: string | null,
  filed: readonly Filed[],
  now: number,
): FilingClock['standing'] {
  const newest = filed.at(-1);
  const isOver = due !== null && now > Date.parse(due);
  if (newest === undefined || filingDuties[duty].clock === 'repeated') return isOver ? 'overdue' : 'open';
  const end = due ?? newest.filedAt;
  return Date.parse(filed[0]?.filedAt ?? newest.filedAt) > Date.parse(end) ? 'late' : 'filed';
}

function earliest(times: readonly (string | null | undefined)[]): number | null {
  const known = times.flatMap((time) => (time === null || time === undefined ? [] : [Date.parse(time)]));
  return known.length === 0 ? null : Math.min(...known);
}

const iso = (ms: number): string => new Date(ms).toISOString();
