/** Notices that are still written: saved with their lint, and never lost to somebody else's save. */
import { randomBytes } from 'node:crypto';
import { BreakwaterError } from '@breakwater/rules';
import { lintNotice, noticeDigest, readNotice, type Lint, type Notice } from '@breakwater/rules/notice';
import { draftEnded, noticeDrafted } from '@breakwater/rules/notice/record';
import { append } from '#evidence';
import type { Clock } from '#platform/clock';
import { inTransaction, type Db, type Tx } from '#platform/db';
import { endDraft, insertDraft, listDrafts, readDraft, saveDraft, type DraftRow } from './draft-store.ts';
import { refuse } from './refusal.ts';

export type Draft = {
  draft: string;
  plan: string;
  run: string | null;
  revision: number;
  origin: DraftRow['origin'];
  by: string;
  draftedAt: string;
  savedAt: string;
  document: Notice;
  lint: Lint;
};

export type DraftOptions = {
  db: Db;
  clock: Clock;
  institution: string;
  /** Sender numbers that are registered with the carriers; left out: each notice's own list is judged by. */
  registeredSenders?: string[];
};

export type Drafts = {
  /** Begins a draft. */
  draft(value: unknown, of: { plan: string; by: string }): Promise<Draft>;
  drafts(plan: string | null): Promise<Draft[]>;
  /** Throws Refused `notice-draft-stale` when somebody saved it in the meantime. */
  save(id: string, revision: number, value: unknown, by: string): Promise<Draft>;
  discard(id: string, by: string): Promise<void>;
};

const listed = 100;

export function createDrafts(options: DraftOptions): Drafts {
  const { db, clock, institution } = options;
  return {
    async draft(value, { plan, by }) {
      const document = readNotice(value);
      const id = `draft-${randomBytes(8).toString('hex')}`;
      const drafted = { id, plan, run: null, document, origin: 'person' as const, by };
      await inTransaction(db, (tx) => beginDraft(tx, options, drafted));
      return shown(options, await known(options, id));
    },

    async drafts(plan) {
      return (await listDrafts(db, institution, plan, listed)).map((row) => shown(options, row));
    },

    async save(id, revision, value, by) {
      const document = readNotice(value);
      const { plan, revision: newest } = await known(options, id);
      const at = clock.now();
      await inTransaction(db, async (tx) => {
        if (!(await saveDraft(tx, institution, { id, revision, document, at })))
          throw refuse({ reason: 'notice-draft-stale', revision, newest });
        await recordDraft(tx, institution, { id, plan, revision: revision + 1, document, by, at });
      });
      return shown(options, await known(options, id));
    },

    async discard(id, by) {
      const { plan } = await known(options, id);
      await inTransaction(db, (tx) => recordEnd(tx, options, { id, plan, notice: null, by }));
    },
  };
}

/** Adds a draft and its evidence. False when there is one of that id. */
export async function beginDraft(
  tx: Tx,
  { clock, institution }: Pick<DraftOptions, 'clock' | 'institution'>,
  draft: { id: string; plan: string; run: string | null; document: Notice; origin: DraftRow['origin']; by: string },
): Promise<boolean> {
  const { by, ...row } = draft;
  const at = clock.now();
  const times = { draftedAt: at, savedAt: at, notice: null, discardedAt: null };
  if (!(await insertDraft(tx, institution, { ...row, revision: 1, draftedBy: by, ...times }))) return false;
  await recordDraft(tx, institution, { ...draft, revision: 1, at });
  return true;
}

/** Ends a draft that became `notice`, or is given up (null), with its evidence. Passes over one that has ended. */
export async function recordEnd(
  tx: Tx,
  { clock, institution }: Pick<DraftOptions, 'clock' | 'institution'>,
  { id, plan, notice, by }: { id: string; plan: string; notice: string | null; by: string },
): Promise<void> {
  const at = clock.now();
  if (!(await endDraft(tx, institution, id, notice, at))) return;
  await append(tx, {
    type: draftEnded.type,
    institution,
    subjects: { plan, ...(notice === null ? {} : { notice }) },
    actor: { kind: 'person', id: by },
    at: at.toISOString(),
    payload: { draft: id, plan, notice, by, at: at.toISOString() },
  });
}

async function recordDraft(
  tx: Tx,
  institution: string,
  given: { id: string; plan: string; revision: number; document: Notice; by: string; at: Date },
): Promise<void> {
  const { id, plan, revision, document, by, at } = given;
  await append(tx, {
    type: noticeDrafted.type,
    institution,
    subjects: { plan },
    actor: by === system ? { kind: 'system', id: by } : { kind: 'person', id: by },
    at: at.toISOString(),
    payload: {
      draft: id,
      plan,
      revision,
      kind: document.kind,
      document: noticeDigest(document),
      by,
      at: at.toISOString(),
    },
  });
}

/** Who prefills drafts when nobody does. */
export const system = 'notice';

/** A draft that is still one. Throws BreakwaterError `notice.no-draft`. */
export async function known({ db, institution }: DraftOptions, id: string): Promise<DraftRow> {
  const row = await readDraft(db, institution, id);
  if (row === null || row.notice !== null || row.discardedAt !== null) {
    const what =
      row === null ? 'there is no such draft' : row.notice === null ? 'it was discarded' : `it is ${row.notice}`;
    throw new BreakwaterError('notice.no-draft', `${id} is no draft: ${what}`, '/id');
  }
  return row;
}

function shown({ clock, registeredSenders }: DraftOptions, row: DraftRow): Draft {
  const { id, plan, run, revision, origin, draftedBy, draftedAt, savedAt, document } = row;
  const judged = registeredSenders === undefined ? document : { ...document, registeredSenders };
  return {
    draft: id,
    plan,
    run,
    revision,
    origin,
    by: draftedBy,
    draftedAt: draftedAt.toISOString(),
    savedAt: savedAt.toISOString(),
    document,
    lint: lintNotice(judged, clock.now().toISOString()),
  };
}
