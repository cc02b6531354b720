/** The acts on the ledgers of a run: damage row by row, leaks entry by entry, and what both come to. */
import { randomUUID } from 'node:crypto';
import { BreakwaterError } from '@breakwater/rules';
import {
  classifyLeak,
  damageOf,
  damageTotals,
  dutiesOfLeak,
  draftLeakNotice,
  leakDuties,
  leakEntrySchema,
  leakSummary,
  type Damage,
  type DamageState,
  type DamageTotals,
  type DamageType,
  type EvidenceItem,
  type LeakDuty,
  type LeakEntry,
  type LeakNoticeDraft,
  type Range,
} from '@breakwater/rules/relief';
import { damageRow, leakDutyDone, leakEntered, leakLedger } from '@breakwater/rules/relief/record';
import { conform } from '@breakwater/rules';
import { append } from '#evidence';
import { inTransaction, type Tx } from '#platform/db';
import {
  attestLeaks,
  finishLeakDuty,
  insertDamageRow,
  insertLeak,
  lockLedger,
  readDamageRows,
  readLeak,
  readLeakDuties,
  readLeaks,
  readLedger,
  runsWithLeaks,
  setLeakDuties,
  type AttestedLeaks,
  type LeakDutyRow,
  type StoredDamageRow,
  type StoredLeak,
} from './ledger-store.ts';
import { sumClaims } from './store.ts';
import type { Actor, Workflow } from './workflow.ts';

/** Parts of the damage that persons attest; null = unknown, left out = as it is. */
export type AttestedDamage = Partial<Record<'company' | 'thirdParty' | 'goodwill' | 'recourse', Range | null>>;

export type Leak = StoredLeak & {
  fields: { field: string; class: string }[];
  duties: (LeakDutyRow & { title: { ko: string; en: string } })[];
};

export type LedgerActs = {
  /** Adds a row to the damage ledger, or says what a row is now. Rows are never changed: each revision stays. */
  recordDamage(of: {
    run: string;
    /** Left out: a new row. */
    row?: string;
    type: DamageType;
    state: DamageState;
    amount: Range | null;
    evidence: readonly EvidenceItem[];
    by: string;
  }): Promise<{ row: string; revision: number }>;
  /** Sets parts of the damage that no claim tells, as one row a part; a part left out stays as it is. */
  attestDamage(of: { run: string; parts: AttestedDamage; by: string }): Promise<Damage>;
  damage(run: string): Promise<Damage>;
  damageLedger(run: string): Promise<{ rows: StoredDamageRow[]; totals: DamageTotals; byType: Damage; step: number }>;
  /** Sets the counts of leaked records that no entry tells, as measured or attested by a named person. */
  recordLeaks(of: { run: string; leaks: AttestedLeaks; attestedBy: string | null }): Promise<void>;
  /** Enters a leak, or says what is known of one now. Its class follows from its fields; its clocks start. */
  enterLeak(of: { run: string; leak?: string; entry: unknown; by: string }): Promise<Leak>;
  leaks(run: string): Promise<Leak[]>;
  /** Classifies every leak again under the table of fields as it is now. */
  reclassify(by: string): Promise<void>;
  /** The duty was done. Throws BreakwaterError `leak.no-duty` for one that does not run. */
  finishDuty(of: { leak: string; duty: LeakDuty; doneAt: string; reference: string; by: string }): Promise<void>;
  /** Drafts the notice to the persons whose data leaked. */
  draftLeakNotice(
    leak: string,
    who: { company: { ko: string; en: string } | null; phone: string | null },
  ): Promise<LeakNoticeDraft>;
};

/** The acts on ledgers. */
export function ledgerActs(workflow: Workflow): LedgerActs {
  const { db, clock, institution, policy, proof, raise, requireOpen, withLedger } = workflow;

  const addRow = async (
    tx: Tx,
    run: string,
    row: Omit<StoredDamageRow, 'revision' | 'at'>,
    before: readonly StoredDamageRow[],
  ): Promise<number> => {
    const at = clock.now();
    const revision = (before.find(({ id }) => id === row.id)?.revision ?? 0) + 1;
    await insertDamageRow(tx, institution, run, { ...row, revision, at });
    const { id, type, state, amount, evidence, by } = row;
    await append(
      tx,
      proof(damageRow.type, { run }, by, at, {
        row: id,
        run,
        type,
        state,
        amount,
        evidence: evidence.map((item) => ({ ...item })),
        revision,
        by,
        at: at.toISOString(),
      }),
    );
    return revision;
  };

  const damage = async (run: string): Promise<Damage> =>
    damageOf(
      await sumClaims(db, institution, run),
      (await readLedger(db, institution, run))?.isComplete ?? false,
      await readDamageRows(db, institution, run),
    );

  /** Appends what the leak ledger says now. */
  const settleLeaks = async (tx: Tx, run: string, attestedBy: string | null, by: Actor): Promise<void> => {
    const at = clock.now();
    const { fields } = await policy(tx);
    const attested = (await readLedger(tx, institution, run))?.leaks ?? null;
    const entries = (await readLeaks(tx, institution, run)).map(({ entry }) => ({
      entry,
      classified: classifyLeak(entry.fields, fields),
    }));
    const payload = { run, at: at.toISOString(), ...leakSummary(attested, entries), attestedBy };
    await append(tx, proof(leakLedger.type, { run }, by, at, leakLedger.payload.parse(payload)));
  };

  const leakOf = async (stored: StoredLeak): Promise<Leak> => {
    const classified = classifyLeak(stored.entry.fields, (await policy(db)).fields);
    const duties = await readLeakDuties(db, institution, stored.id);
    return {
      ...stored,
      class: classified.class,
      special: classified.special,
      fields: classified.fields.map((one) => ({ ...one })),
      duties: duties.map((duty) => ({ ...duty, title: leakDuties[duty.duty].title })),
    };
  };

  const known = async (id: string): Promise<StoredLeak> => {
    const leak = await readLeak(db, institution, id);
    if (leak === null) throw new BreakwaterError('leak.not-found', `there is no leak ${JSON.stringify(id)}`, '/leak');
    return leak;
  };

  return {
    async recordDamage({ run, row, type, state, amount, evidence, by }) {
      return withLedger(run, by, async (tx) => {
        await requireOpen(tx, run);
        const before = await readDamageRows(tx, institution, run);
        const standing = before.find(({ id }) => id === row);
        if (row !== undefined && standing === undefined)
          throw new BreakwaterError('damage.not-found', `run ${run} has no row ${JSON.stringify(row)}`, '/row');
        if (standing !== undefined && standing.type !== type)
          throw new BreakwaterError('damage.type', `row ${row} is of ${standing.type}: add another row`, '/type');
        const id = row ?? `d-${randomUUID()}`;
        return {
          row: id,
          revision: await addRow(tx, run, { id, type, state, amount, evidence: [...evidence], by }, before),
        };
      });
    },

    async attestDamage({ run, parts, by }) {
      await withLedger(run, by, async (tx) => {
        await requireOpen(tx, run);
        const before = await readDamageRows(tx, institution, run);
        for (const [type, amount] of Object.entries(parts) as [keyof AttestedDamage, Range | null][])
          await addRow(
            tx,
            run,
            { id: `attested-${type.toLowerCase()}`, type, state: 'estimated', amount, evidence: [], by },
            before,
          );
      });
      return damage(run);
    },

    damage,

    async damageLedger(run) {
      const ledger = await readLedger(db, institution, run);
      const rows = await readDamageRows(db, institution, run);
      const claims = await sumClaims(db, institution, run);
      const isComplete = ledger?.isComplete ?? false;
      return {
        rows,
        totals: damageTotals(claims, isComplete, rows, await policy(db)),
        byType: damageOf(claims, isComplete, rows),
        step: ledger?.step ?? 0,
      };
    },

    async recordLeaks({ run, leaks, attestedBy }) {
      await withLedger(run, attestedBy, async (tx) => {
        await requireOpen(tx, run);
        await attestLeaks(tx, institution, run, leaks);
        await settleLeaks(tx, run, attestedBy, attestedBy);
      });
    },

    async enterLeak({ run, leak, entry: given, by }) {
      const entry: LeakEntry = conform(leakEntrySchema, given, { name: 'leak' });
      if (Date.parse(entry.discoveredAt) > clock.now().getTime() + 60_000)
        throw new BreakwaterError('leak.future', 'a leak was discovered in the past', '/discoveredAt');
      const before = leak === undefined ? null : await known(leak);
      if (before !== null && before.run !== run)
        throw new BreakwaterError('leak.other-run', `leak ${leak} is of run ${before.run}`, '/run');
      const id = leak ?? `l-${randomUUID()}`;
      await withLedger(run, by, async (tx) => {
        await requireOpen(tx, run);
        const at = clock.now();
        const classified = classifyLeak(entry.fields, (await policy(tx)).fields);
        const revision = ((await readLeak(tx, institution, id))?.revision ?? 0) + 1;
        await insertLeak(tx, institution, {
          id,
          run,
          revision,
          entry,
          class: classified.class,
          special: classified.special,
          by,
          at,
        });
        await append(
          tx,
          proof(leakEntered.type, { run, leak: id }, by, at, {
            leak: id,
            run,
            revision,
            entry,
            class: classified.class,
            by,
            at: at.toISOString(),
          }),
        );
        await setLeakDuties(tx, institution, id, dutiesOfLeak(entry, classified));
        await settleLeaks(tx, run, null, by);
        await raise(tx, {
          key: `leak/${id}/${revision}`,
          kind: 'leak-entered',
          run,
          subject: id,
          detail: { class: classified.class, revision },
        });
      });
      return leakOf(await known(id));
    },

    leaks: async (run) => Promise.all((await readLeaks(db, institution, run)).map(leakOf)),

    async reclassify(by) {
      for (const run of await runsWithLeaks(db, institution))
        await withLedger(run, by, async (tx) => {
          const { fields } = await policy(tx);
          for (const { id, entry } of await readLeaks(tx, institution, run))
            await setLeakDuties(tx, institution, id, dutiesOfLeak(entry, classifyLeak(entry.fields, fields)));
          await settleLeaks(tx, run, null, by);
        });
    },

    async finishDuty({ leak, duty, doneAt, reference, by }) {
      const { run } = await known(leak);
      await inTransaction(db, async (tx) => {
        await lockLedger(tx, institution, run);
        if (!(await finishLeakDuty(tx, institution, { leak, duty, doneAt: new Date(doneAt), reference, by })))
          throw new BreakwaterError('leak.no-duty', `${duty} is no duty of leak ${leak}, or was done before`, '/duty');
        const at = clock.now();
        const payload = { leak, run, duty, doneAt, reference, by, at: at.toISOString() };
        await append(tx, proof(leakDutyDone.type, { run, leak }, by, at, payload));
      });
    },

    draftLeakNotice: async (leak, who) => draftLeakNotice((await known(leak)).entry, who),
  };
}
