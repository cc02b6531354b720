import type { EvidenceEntry } from '@breakwater/rules/evidence';
import type { RunEventBody } from '@breakwater/rules/runner';
import {
  runAsked,
  runClaimed,
  runEnded,
  runGated,
  runRefused,
  runRequested,
  runStarted,
  runStepBegun,
  runStepEnded,
} from '@breakwater/rules/runner/record';
import * as evidence from '#evidence';
import type { Db, Tx } from '#platform/db';
import { appendEvents, type NewEvent, type RunRow } from './store.ts';

/** Who writes: a worker under the epoch it holds, or somebody whose fact is true under any owner. */
export interface Author {
  readonly actor: EvidenceEntry['actor'];
  /** null: under whatever epoch the run has. */
  readonly epoch: number | null;
}

/** Another worker owns the run: nothing was written, and nothing more may be done for it. */
export class LeaseLost extends Error {
  constructor(run: string) {
    super(`run ${run} is owned by another worker`);
    this.name = 'LeaseLost';
  }
}

/**
 * Appends events to a run's log, each with its evidence, in the caller's transaction.
 * Throws LeaseLost when the author's epoch is not the run's: the transaction then must not commit.
 */
export async function write(
  tx: Tx,
  run: RunRow,
  author: Author,
  bodies: readonly RunEventBody[],
  now: Date,
): Promise<void> {
  const entries = bodies.map((body) => entryOf({ run, author, body, at: now.toISOString() }));
  const seqs = await appendEvents(
    tx,
    entries.map(({ event }) => event),
  );
  if (seqs.includes(null)) throw new LeaseLost(run.id);
  const records = entries.flatMap(({ record }) => (record === null ? [] : [record]));
  if (records.length > 0) await evidence.append(tx, records);
}

/** An event that a worker wants in its run's log. */
export interface Wanted {
  readonly run: RunRow;
  readonly author: Author;
  readonly body: RunEventBody;
  readonly at: string;
}

/** Appends events of any runs, each with its evidence, in one statement; tells of each whether its epoch was current. */
export async function writeAll(db: Db, wanted: readonly Wanted[]): Promise<boolean[]> {
  const order = wanted.map((_, i) => i).toSorted((a, b) => compare(wanted[a]?.run.id, wanted[b]?.run.id) || a - b);
  const entries = order.flatMap((i) => (wanted[i] === undefined ? [] : [entryOf(wanted[i])]));
  const records = entries.map(({ event, record }) => {
    if (record === null) throw new Error(`${event.type} has its evidence from elsewhere`);
    return record;
  });
  const seqs = await appendEvents(
    db,
    entries.map(({ event }) => event),
    (accepted) => evidence.appendAccepted(records, accepted),
  );
  const written = wanted.map(() => false);
  order.forEach((i, k) => (written[i] = seqs[k] !== null));
  return written;
}

function compare(a = '', b = ''): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function entryOf({ run, author, body, at }: Wanted): { event: NewEvent; record: EvidenceEntry | null } {
  const record = recordOf(run.id, body, author.epoch ?? 0);
  return {
    event: { ...body, run: run.id, epoch: author.epoch, at },
    record: record && {
      ...record,
      institution: run.institution,
      subjects: { run: run.id, plan: run.plan },
      actor: author.actor,
      at,
    },
  };
}

type Record = Pick<EvidenceEntry, 'type' | 'payload'>;

/** What an event says in the evidence log; null where its evidence was written by whoever it comes from. */
function recordOf(run: string, { type, data }: RunEventBody, epoch: number): Record | null {
  switch (type) {
    case 'run.requested':
      return { type: runRequested.type, payload: data };
    case 'run.gated':
      return { type: runGated.type, payload: data };
    case 'run.claimed':
      return { type: runClaimed.type, payload: data };
    case 'run.started':
      return { type: runStarted.type, payload: data };
    case 'run.ended':
      return { type: runEnded.type, payload: data };
    case 'step.begin':
      return { type: runStepBegun.type, payload: { run, ...data, epoch } };
    case 'step.end':
      return { type: runStepEnded.type, payload: { run, ...data } };
    case 'guard.refused':
      return { type: runRefused.type, payload: { run, ...data } };
    case 'stop.asked':
      return asked(run, { what: 'stop', lever: data.lever, by: data.by, approval: null });
    case 'rollback.asked':
      return asked(run, { what: 'rollback', lever: null, by: data.by, approval: null });
    case 'resume.asked':
      return asked(run, { what: 'resume', lever: null, by: data.by, approval: data.approval });
    case 'guard.entry':
    case 'guard.alarm':
      return null;
  }
}

function asked(run: string, what: { what: string; lever: string | null; by: string; approval: string | null }): Record {
  return { type: runAsked.type, payload: { run, ...what } };
}
