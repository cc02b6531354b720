/** Finding, among the records of a log, the work that facts are about, and what its execution host saw of it. */
import { z } from 'zod';
import { BreakwaterError } from '../error.ts';
import { type EvidenceRecord, type Leaf, type RecordKind, recordsOf } from '#evidence/record';
import { type JournalEntry, type JournalEvent, guardAlarm, journalRecord } from '#guard/record';
import { planSubmitted } from '#plan/record';
import { causeClassified } from '#review/record';
import { runEnded, runRequested, runStarted } from '#runner/record';
import { type Disruption, activities } from './facts.ts';
import { at, instantOf, stampOf } from './time.ts';

/** What facts need of a plan document; the rest of it is the plan domain's. */
const planAsRead = z.looseObject({
  kind: z.enum(['emergency-patch', 'security-test']),
  activity: z.enum(activities),
  services: z.array(z.string()),
  advisories: z.array(z.string()).optional(),
  fixes: z.array(z.string()).optional(),
  otherChanges: z.boolean().nullish(),
  measures: z
    .array(
      z.looseObject({ kind: z.enum(['rollback', 'kill-switch', 'module-isolation', 'failover', 'manual-processing']) }),
    )
    .optional(),
  steps: z.array(z.looseObject({ id: z.string() })).optional(),
  tester: z.looseObject({ usesAi: z.boolean().nullish() }).optional(),
  window: z.looseObject({ start: z.string(), end: z.string() }),
});

export type SealedRun = {
  readonly run: string;
  readonly planId: string;
  readonly planHash: string;
  readonly leaf: Leaf;
  readonly plan: z.infer<typeof planAsRead>;
  readonly start: string;
  readonly end: string | null;
  readonly observedUntil: string | null;
};

/** Every live run of the records in the order they started; a rehearsal happened to a stand-in and is none. */
export function liveRuns(records: readonly EvidenceRecord[]): SealedRun[] {
  const requested = recordsOf(records, runRequested).filter(({ payload }) => payload.mode === 'live');
  const started = new Map(recordsOf(records, runStarted).map(({ payload }) => [payload.run, payload.at]));
  const ended = new Map(recordsOf(records, runEnded).map(({ payload }) => [payload.run, payload]));
  const plans = new Map(recordsOf(records, planSubmitted).map(({ payload }) => [payload.planHash, payload.document]));
  return requested
    .flatMap(({ leaf, payload: { run, plan: planId, planHash } }) => {
      const start = started.get(run);
      const plan = planAsRead.safeParse(plans.get(planHash));
      if (start === undefined || !plan.success) return [];
      const end = ended.get(run);
      return [
        {
          run,
          planId,
          planHash,
          leaf,
          plan: plan.data,
          start,
          end: end?.at ?? null,
          observedUntil: end?.observedUntil ?? null,
        },
      ];
    })
    .toSorted((a, b) => (at(a.start) ?? 0) - (at(b.start) ?? 0));
}

/** The newest live run. Throws BreakwaterError `facts.no-work` where the records hold none with its plan. */
export function newestRun(runs: readonly SealedRun[]): SealedRun {
  const newest = runs.at(-1);
  if (newest === undefined) {
    throw new BreakwaterError('facts.no-work', 'the records hold no live run that started and whose plan they hold');
  }
  return newest;
}

/** The newest payload of a kind about a run. */
export function newestOf<T extends { readonly run: string }>(
  records: readonly EvidenceRecord[],
  kind: RecordKind<T>,
  run: string,
): T | null {
  return recordsOf(records, kind).findLast(({ payload }) => payload.run === run)?.payload ?? null;
}

/** The journal of each run of which anything was ingested. */
export type Journals = ReadonlyMap<string, readonly JournalEntry[]>;

export function journalsOf(records: readonly EvidenceRecord[]): Journals {
  return Map.groupBy(
    recordsOf(records, journalRecord).map(({ payload }) => payload),
    ({ run }) => run,
  );
}

type EventOf<T extends JournalEvent['type']> = Extract<JournalEvent, { type: T }>['data'];

/** The data of all events of a type, with the instant of their entries. */
export function eventsOf<T extends JournalEvent['type']>(
  journal: readonly JournalEntry[],
  type: T,
): { at: string; data: EventOf<T> }[] {
  return journal.flatMap((entry) =>
    entry.event.type === type ? [{ at: entry.at, data: entry.event.data as EventOf<T> }] : [],
  );
}

/**
 * The disruptions of a run: null where its host told nothing. A journal without its end, or one that an alarm doubts,
 * gets a row of which nothing is known, so that what is known still counts and nothing is taken to be all.
 */
export function disruptionsOf(
  records: readonly EvidenceRecord[],
  journals: Journals,
  run: string,
): Disruption[] | null {
  const journal = journals.get(run);
  if (journal === undefined) return null;
  const causes = new Map(
    recordsOf(records, causeClassified).flatMap(({ payload }) =>
      payload.run === run ? [[payload.disruption, payload]] : [],
    ),
  );
  const closed = new Map(eventsOf(journal, 'disruption.closed').map(({ data }) => [data.disruption, data]));
  const rows = eventsOf(journal, 'disruption.opened').map(({ data }): Disruption => {
    const end = closed.get(data.disruption);
    const cause = causes.get(data.disruption);
    return {
      service: data.service,
      start: data.start,
      ...(end === undefined ? { end: null, latestEnd: null } : endOf(data.start, end)),
      earliestStart: data.earliestStart,
      cause: cause?.cause ?? null,
      evidence: cause?.evidence ?? null,
      extent: data.extent,
    };
  });
  const doubted = recordsOf(records, guardAlarm).some(
    ({ payload }) => payload.run === run && payload.kind.startsWith('journal-'),
  );
  const complete = eventsOf(journal, 'run.closed').length > 0 && !doubted;
  return complete ? rows : [...rows, { start: null, end: null, cause: null }];
}

/** The end by the host's steady clock; where its wall clock says later, the end is unsure until then. */
function endOf(
  start: string,
  { end, durationMs }: EventOf<'disruption.closed'>,
): { end: string; latestEnd: string | null } {
  const steady = (instantOf(start) ?? 0) + durationMs;
  const wall = instantOf(end) ?? steady;
  if (wall === steady) return { end, latestEnd: null };
  const offset = /(?:[zZ]|[+-]\d{2}:\d{2})$/.exec(start)?.[0].toUpperCase() ?? 'Z';
  return { end: stampOf(steady, offset), latestEnd: wall > steady ? end : null };
}
