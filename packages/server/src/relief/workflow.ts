/** What every act of relief does: change a claim, append its proof, and append what the ledger then says, in one commit. */
import { createHmac } from 'node:crypto';
import type { EvidenceEntry } from '@breakwater/rules/evidence/record';
import { customerDamage, type Range } from '@breakwater/rules/relief';
import { claimDecided, claimOpened, claimPaid, damageLedger } from '@breakwater/rules/relief/record';
import { append } from '#evidence';
import type { Clock } from '#platform/clock';
import { inTransaction, type Db, type Tx } from '#platform/db';
import { refuse } from './refusal.ts';
import {
  decideClaim,
  insertClaims,
  listClaims,
  lockLedger,
  payClaim,
  readLedger,
  sumClaims,
  type ClaimFigures,
  type ClaimFilter,
  type ClaimRow,
  type LedgerRow,
  type NewClaim,
} from './store.ts';

export type ReliefOptions = {
  db: Db;
  clock: Clock;
  institution: string;
  /** Keys the hashes of pseudonyms and transactions: a secret of at least 32 bytes, read when first needed. */
  pepper: () => Buffer;
};

/** Damage as facts know it; null = unknown. */
export type Damage = Record<'customer' | 'company' | 'thirdParty' | 'goodwill' | 'recourse', Range | null>;

export const chunkSize = 500;

export function createWorkflow({ db, clock, institution, pepper }: ReliefOptions) {
  const keyed = (kind: string, text: string): string =>
    createHmac('sha256', pepper()).update(`breakwater.claim-${kind}/1\0${institution}\0${text}`).digest('hex');

  const proof = (
    type: string,
    subjects: Record<string, string>,
    by: string,
    at: Date,
    payload: EvidenceEntry['payload'],
  ): EvidenceEntry => ({
    type,
    institution,
    subjects,
    actor: { kind: 'person', id: by },
    at: at.toISOString(),
    payload,
  });

  const damageFrom = (figures: ClaimFigures, ledger: LedgerRow | null): Damage => ({
    customer: customerDamage(figures, ledger?.isComplete ?? false),
    company: ledger?.attested.company ?? null,
    thirdParty: ledger?.attested.thirdParty ?? null,
    goodwill: ledger?.attested.goodwill ?? null,
    recourse: ledger?.attested.recourse ?? null,
  });

  /** Changes the claims or the ledger of a run and appends what the ledger then says, all in one commit. */
  const withLedger = async <T>(
    run: string | null,
    by: string,
    work: (tx: Tx, ledger: LedgerRow | null) => Promise<T>,
  ): Promise<T> =>
    inTransaction(db, async (tx) => {
      if (run === null) return work(tx, null);
      const ledger = await lockLedger(tx, institution, run);
      const result = await work(tx, ledger);
      const at = clock.now();
      const damage = damageFrom(await sumClaims(tx, institution, run), await readLedger(tx, institution, run));
      await append(tx, proof(damageLedger.type, { run }, by, at, { run, at: at.toISOString(), ...damage }));
      return result;
    });

  const insert = async (tx: Tx, claims: readonly NewClaim[], by: string): Promise<number> => {
    const added = await insertClaims(tx, institution, claims);
    await append(
      tx,
      claims
        .filter(({ id }) => added.has(id))
        .map(({ id, run, source, amount, openedAt }) =>
          proof(claimOpened.type, { ...(run === null ? {} : { run }), claim: id }, by, openedAt, {
            claim: id,
            run,
            source,
            amount,
            at: openedAt.toISOString(),
          }),
        ),
    );
    return added.size;
  };

  const decideIn = async (
    tx: Tx,
    row: ClaimRow,
    decision: { state: 'accepted' | 'refused'; amount: number; by: string; reason: string | null },
  ): Promise<void> => {
    const at = clock.now();
    await decideClaim(tx, institution, row.id, { ...decision, at });
    const { state, amount, by } = decision;
    const payload = { claim: row.id, decision: state, amount, by, at: at.toISOString() };
    await append(
      tx,
      proof(claimDecided.type, { ...(row.run === null ? {} : { run: row.run }), claim: row.id }, by, at, payload),
    );
  };

  const payIn = async (tx: Tx, row: ClaimRow, amount: number, payment: string, by: string): Promise<void> => {
    const at = clock.now();
    const decided = row.decidedAmount ?? 0;
    const before = row.paidAmount ?? 0;
    if (row.state !== 'accepted') throw refuse({ reason: 'claim-not-accepted', claim: row.id, state: row.state });
    if (before + amount > decided) {
      throw refuse({
        reason: 'claim-overpaid',
        claim: row.id,
        decidedWon: decided,
        paidWon: before,
        offeredWon: amount,
      });
    }
    await payClaim(tx, institution, row.id, before + amount, before + amount === decided, at, payment);
    const payload = { claim: row.id, amount, at: at.toISOString() };
    await append(
      tx,
      proof(claimPaid.type, { ...(row.run === null ? {} : { run: row.run }), claim: row.id }, by, at, payload),
    );
  };

  /**
   * Works on the claims of a run that the filter finds, in commits of a few hundred. `work` answers the amount it acted on,
   * or null when it left the claim as it was.
   */
  const eachClaim = async (
    run: string,
    filter: ClaimFilter,
    by: string,
    work: (tx: Tx, row: ClaimRow) => Promise<number | null>,
  ): Promise<{ count: number; amount: number }> => {
    const done: number[] = [];
    for (let after: string | null = null; ;) {
      const from: string | null = after;
      const rows = await withLedger(run, by, async (tx) => {
        const page = await listClaims(tx, institution, { ...filter, run }, from, chunkSize);
        for (const row of page) {
          const amount = await work(tx, row);
          if (amount !== null) done.push(amount);
        }
        return page;
      });
      after = rows.at(-1)?.id ?? null;
      if (rows.length < chunkSize) return { count: done.length, amount: done.reduce((sum, one) => sum + one, 0) };
    }
  };

  return { keyed, proof, damageFrom, withLedger, insert, decideIn, payIn, eachClaim };
}
