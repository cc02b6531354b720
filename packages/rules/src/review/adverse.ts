/**
 * Facts that speak against the applicant, taken from the records and from nothing else: whoever writes a dossier can
 * neither leave one out nor word it. What is not listed here is not thereby in favour.
 */
import { z } from 'zod';
import type { EvidenceRecord } from '#evidence/record';
import { type GuardAlarm, type JournalEntry, type JournalEvent, guardAlarm, journalRecord } from '#guard/record';
import { noticeDelivered } from '#notice/record';
import { planDecided, planRehearsed, planSubmitted } from '#plan/record';
import { runGated } from '#runner/record';
import { type Cited, cited, rehearsalRuns } from './live.ts';

/** One adverse fact. `index`: the record that shows it; numbers are as recorded, `null` = unknown. */
export type AdverseFact = { readonly index: number; readonly at: string } & (
  | { readonly kind: 'override'; readonly rule: string; readonly by: string; readonly reason: string }
  | {
      readonly kind: 'failed-delivery';
      readonly channel: string;
      readonly intended: number;
      readonly delivered: number | null;
      readonly failed: number | null;
    }
  /** A probe did not know. `until: null`: to the end of the records. */
  | {
      readonly kind: 'probe-gap';
      readonly probe: string;
      readonly service: string;
      readonly from: string;
      readonly until: string | null;
      readonly ms: number | null;
    }
  | { readonly kind: 'unrehearsed-step'; readonly step: string }
  | { readonly kind: 'clock-offset'; readonly host: string; readonly errorMs: number | null; readonly detail: string }
  | {
      readonly kind: 'journal-alarm';
      readonly host: string;
      readonly alarm: GuardAlarm['kind'];
      readonly detail: string;
    }
  | {
      readonly kind: 'failed-recovery';
      readonly measure: string;
      readonly step: string | null;
      readonly outcome: string;
    }
  | { readonly kind: 'failed-step'; readonly step: string; readonly action: string; readonly outcome: string }
  | { readonly kind: 'failed-rehearsal'; readonly host: string }
  | { readonly kind: 'author-approval'; readonly person: string }
  | { readonly kind: 'late-record'; readonly type: string; readonly ms: number }
);
export type AdverseKind = AdverseFact['kind'];

/** In the order in which the kinds are printed. A kind without facts is printed as such. */
export const adverseKinds: readonly AdverseKind[] = [
  'override',
  'failed-delivery',
  'probe-gap',
  'unrehearsed-step',
  'clock-offset',
  'journal-alarm',
  'failed-step',
  'failed-recovery',
  'failed-rehearsal',
  'author-approval',
  'late-record',
];

/** A record that reached the log this long after it happened is named: until then it could still have been changed. Company choice; no document asks for a limit. */
export const LATE_MS = 10 * 60_000;

/** The records, and what several kinds are found in, read once: a long run has thousands of journal entries. */
interface Seen {
  readonly records: readonly EvidenceRecord[];
  readonly rehearsals: ReadonlySet<string>;
  /** Of live runs alone. */
  readonly journal: readonly Cited<JournalEntry>[];
  readonly alarms: readonly Cited<GuardAlarm>[];
}

const finders: Readonly<Record<AdverseKind, (seen: Seen) => AdverseFact[]>> = {
  override: overrides,
  'failed-delivery': failedDeliveries,
  'probe-gap': probeGaps,
  'unrehearsed-step': unrehearsedSteps,
  'clock-offset': clockOffsets,
  'journal-alarm': journalAlarms,
  'failed-step': failedSteps,
  'failed-recovery': failedRecoveries,
  'failed-rehearsal': failedRehearsals,
  'author-approval': authorApprovals,
  'late-record': lateRecords,
};

/** All adverse facts that the records show, by kind and within a kind in log order. */
export function adverseFacts(records: readonly EvidenceRecord[]): AdverseFact[] {
  const journal = cited(records, journalRecord);
  const rehearsals = rehearsalRuns(records, journal);
  const seen: Seen = {
    records,
    rehearsals,
    journal: journal.filter(({ payload }) => !rehearsals.has(payload.run)),
    alarms: cited(records, guardAlarm).filter(({ payload }) => !rehearsals.has(payload.run)),
  };
  return adverseKinds.flatMap((kind) => finders[kind](seen));
}

function overrides({ records, rehearsals }: Seen): AdverseFact[] {
  const gates = cited(records, runGated).filter(({ payload }) => !rehearsals.has(payload.run));
  return gates.flatMap(({ index, leaf, payload }) =>
    payload.overrides.map((override) => ({ kind: 'override', index, at: leaf.at, ...override }) as const),
  );
}

/** Of the newest state of each sending: what failed, or what is not known to have arrived. */
function failedDeliveries({ records }: Seen): AdverseFact[] {
  const newest = new Map(
    cited(records, noticeDelivered).map((row) => [`${row.payload.notice} ${row.payload.channel}`, row]),
  );
  return [...newest.values()].flatMap(({ index, leaf, payload: { channel, intended, delivered, failed } }) =>
    delivered === null || delivered < intended || (failed ?? 0) > 0
      ? [{ kind: 'failed-delivery', index, at: leaf.at, channel, intended, delivered, failed } as const]
      : [],
  );
}

function probeGaps({ journal }: Seen): AdverseFact[] {
  const changes = eventsOf(journal, 'probe.changed');
  return changes.flatMap(({ index, at, run, data: { probe, service, state, since } }, i) => {
    if (state !== 'unknown') return [];
    const next = changes.slice(i + 1).find((later) => later.run === run && later.data.probe === probe);
    const until = next?.data.since ?? null;
    const ms = until === null ? null : Date.parse(until) - Date.parse(since);
    return [{ kind: 'probe-gap', index, at, probe, service, from: since, until, ms } as const];
  });
}

/** Steps of the plan, and steps that ran, whose very form (digest) no passed rehearsal had. */
function unrehearsedSteps({ records, journal }: Seen): AdverseFact[] {
  const passed = cited(records, planRehearsed).filter(({ payload }) => payload.passed);
  const rehearsed = new Set(
    passed.flatMap(({ payload }) => Object.entries(payload.stepDigests).map(([step, digest]) => `${step} ${digest}`)),
  );
  const known = new Set(passed.flatMap(({ payload }) => Object.keys(payload.stepDigests)));
  const ran = eventsOf(journal, 'step.begin').filter(({ data }) => data.action === 'do');
  const begun = ran.filter(({ data }) => !rehearsed.has(`${data.step} ${data.digest}`));
  const started = new Set(ran.map(({ data }) => data.step));
  const plan = cited(records, planSubmitted).at(-1);
  const planned = plan === undefined ? [] : stepIds(plan.payload.document);
  return [
    ...(plan === undefined ? [] : planned.filter((step) => !known.has(step) && !started.has(step))).map(
      (step) => ({ kind: 'unrehearsed-step', index: plan?.index ?? 0, at: plan?.leaf.at ?? '', step }) as const,
    ),
    ...begun.map(({ index, at, data: { step } }) => ({ kind: 'unrehearsed-step', index, at, step }) as const),
  ];
}

const planSteps = z.object({ steps: z.array(z.object({ id: z.string() })) });

function stepIds(document: unknown): string[] {
  const plan = planSteps.safeParse(document);
  return plan.success ? plan.data.steps.map(({ id }) => id) : [];
}

/** The clock error that each live run was started with, and every alarm about a host's clock. */
function clockOffsets({ journal, alarms }: Seen): AdverseFact[] {
  const stated = journal.flatMap(({ index, payload: { at, host, event } }) =>
    event.type === 'run.prepared' && event.data.clockErrorMs > 0
      ? [{ kind: 'clock-offset', index, at, host, errorMs: event.data.clockErrorMs, detail: '' } as const]
      : [],
  );
  const told = alarms
    .filter(({ payload }) => payload.kind === 'clock-offset')
    .map(
      ({ index, payload: { at, host, detail } }) =>
        ({ kind: 'clock-offset', index, at, host, errorMs: null, detail }) as const,
    );
  return [...stated, ...told].toSorted((a, b) => a.index - b.index);
}

function journalAlarms({ alarms }: Seen): AdverseFact[] {
  return alarms
    .filter(({ payload }) => payload.kind !== 'clock-offset')
    .map(({ index, payload: { at, host, kind, detail } }) => ({
      kind: 'journal-alarm',
      index,
      at,
      host,
      alarm: kind,
      detail,
    }));
}

const ENDED_WELL: ReadonlySet<string> = new Set(['done', 'already-done', 'not-done']);

function failedSteps({ journal }: Seen): AdverseFact[] {
  return eventsOf(journal, 'step.end').flatMap(({ index, at, data: { step, action, outcome } }) =>
    ENDED_WELL.has(outcome) ? [] : [{ kind: 'failed-step', index, at, step, action, outcome } as const],
  );
}

function failedRecoveries({ journal }: Seen): AdverseFact[] {
  return eventsOf(journal, 'recovery.end').flatMap(({ index, at, data: { measure, step, outcome } }) =>
    outcome === 'done' || outcome === 'already-done'
      ? []
      : [{ kind: 'failed-recovery', index, at, measure, step, outcome } as const],
  );
}

function failedRehearsals({ records }: Seen): AdverseFact[] {
  return cited(records, planRehearsed).flatMap(({ index, payload: { at, host, passed } }) =>
    passed ? [] : [{ kind: 'failed-rehearsal', index, at, host } as const],
  );
}

function authorApprovals({ records }: Seen): AdverseFact[] {
  return cited(records, planDecided).flatMap(({ index, payload: { at, person, author, decision } }) =>
    author && decision === 'approve' ? [{ kind: 'author-approval', index, at, person } as const] : [],
  );
}

function lateRecords({ records }: Seen): AdverseFact[] {
  return records.flatMap((record) => {
    if (!('leaf' in record)) return [];
    const { type, at, receivedAt } = record.leaf;
    const ms = Date.parse(receivedAt) - Date.parse(at);
    return ms > LATE_MS ? [{ kind: 'late-record', index: record.index, at, type, ms } as const] : [];
  });
}

type EventData<T extends JournalEvent['type']> = Extract<JournalEvent, { type: T }>['data'];

interface Happened<T extends JournalEvent['type']> {
  readonly index: number;
  readonly at: string;
  readonly run: string;
  readonly data: EventData<T>;
}

/** The journal's events of one type, each with the record that holds it. */
function eventsOf<T extends JournalEvent['type']>(journal: readonly Cited<JournalEntry>[], type: T): Happened<T>[] {
  return journal.flatMap(({ index, payload: { at, run, event } }) =>
    event.type === type ? [{ index, at, run, data: event.data as EventData<T> }] : [],
  );
}
