/** What every act of relief does: change something, append its proof, and append what the ledger then says, in one commit. */
import { createHmac } from 'node:crypto';
import type { EvidenceEntry } from '@breakwater/rules/evidence/record';
import {
  damageOf,
  damageStep,
  damageTotals,
  defaultReliefPolicy,
  readReliefPolicy,
  type Decision,
  type ReasonCode,
  type ReliefPolicy,
} from '@breakwater/rules/relief';
import { claimDecided, claimOpened, claimPaid, damageLedger, damageStepReached } from '@breakwater/rules/relief/record';
import type { z } from 'zod';
import { append } from '#evidence';
import { planOfRun } from '#plan';
import type { Clock } from '#platform/clock';
import { inTransaction, type Db, type Tx } from '#platform/db';
import { insertEvent, readExtension, readPolicy, type ReliefEvent } from './casework-store.ts';
import { changeLedger, lockLedger, readDamageRows, readLedger, type LedgerRow } from './ledger-store.ts';
import { refuse } from './refusal.ts';
import {
  decideClaims,
  insertClaims,
  listClaims,
  payClaims,
  sumClaims,
  type ClaimFilter,
  type ClaimRow,
  type NewClaim,
} from './store.ts';

export type ReliefOptions = {
  db: Db;
  clock: Clock;
  institution: string;
  /** Keys the hashes of pseudonyms and transactions: a secret of at least 32 bytes, read when first needed. */
  pepper: () => Buffer;
};

export const chunkSize = 500;
const dayMs = 86_400_000;

/** A decision on a claim that is open, with the signature of the second person where it took one. */
export type DecidedClaim = {
  row: ClaimRow;
  state: Decision;
  amount: number;
  by: string;
  reason: string | null;
  code: ReasonCode | null;
  second?: NonNullable<z.infer<typeof claimDecided.payload>['second']>;
};

/** Who acts: a person by pseudonym, or null = the system. */
export type Actor = string | null;

export function createWorkflow({ db, clock, institution, pepper }: ReliefOptions) {
  const keyed = (kind: string, text: string): string =>
    createHmac('sha256', pepper()).update(`breakwater.claim-${kind}/1\0${institution}\0${text}`).digest('hex');

  const proof = (
    type: string,
    subjects: Record<string, string>,
    by: Actor,
    at: Date,
    payload: EvidenceEntry['payload'],
  ): EvidenceEntry => ({
    type,
    institution,
    subjects,
    actor: by === null ? { kind: 'system', id: 'relief' } : { kind: 'person', id: by },
    at: at.toISOString(),
    payload,
  });

  /** The subjects of a record about a claim. */
  const about = (claim: string, run: string | null): Record<string, string> =>
    run === null ? { claim } : { run, claim };

  const policy = async (tx: Db | Tx): Promise<ReliefPolicy> => {
    const kept = await readPolicy(tx, institution);
    return kept === null ? defaultReliefPolicy : readReliefPolicy(kept.document);
  };

  const raise = async (tx: Tx, event: Omit<ReliefEvent, 'id' | 'at'> & { key: string; at?: Date }): Promise<boolean> =>
    insertEvent(tx, institution, { at: clock.now(), ...event });

  /** Appends what the ledger of a run says now, and raises what that sets off. The ledger is locked. */
  const settle = async (tx: Tx, run: string, by: Actor, { step: before }: LedgerRow): Promise<void> => {
    const at = clock.now();
    const figures = await sumClaims(tx, institution, run);
    const rows = await readDamageRows(tx, institution, run);
    const isComplete = (await readLedger(tx, institution, run))?.isComplete ?? false;
    const rules = await policy(tx);
    const totals = damageTotals(figures, isComplete, rows, rules);
    const step = damageStep(totals, rules);
    await append(
      tx,
      proof(damageLedger.type, { run }, by, at, {
        run,
        at: at.toISOString(),
        ...damageOf(figures, isComplete, rows),
      }),
    );
    await changeLedger(tx, institution, run, step, at);
    for (const reached of rules.damageSteps.filter((one) => one > before && one <= step)) {
      const payload = {
        run,
        step: reached,
        limit: rules.damageLimit,
        upper: totals.upper,
        accepted: totals.accepted,
        at: at.toISOString(),
      };
      await append(tx, proof(damageStepReached.type, { run }, by, at, payload));
      const key = `damage/${run}/${reached}/${at.getTime()}`;
      await raise(tx, { key, kind: 'damage-step-reached', run, subject: null, detail: payload });
    }
  };

  /** Changes the claims or the ledgers of a run and appends what they then say, all in one commit. */
  const withLedger = async <T>(
    run: string | null,
    by: Actor,
    work: (tx: Tx, ledger: LedgerRow | null) => Promise<T>,
  ): Promise<T> =>
    inTransaction(db, async (tx) => {
      if (run === null) return work(tx, null);
      const ledger = await lockLedger(tx, institution, run);
      const result = await work(tx, ledger);
      await settle(tx, run, by, ledger);
      return result;
    });

  /** Until when late facts of a run are taken, epoch ms; null = its plan is not known here, and they are. */
  const openUntil = async (tx: Db | Tx, run: string): Promise<number | null> => {
    const extended = await readExtension(tx, institution, run);
    if (extended !== null) return extended.getTime();
    const revision = await planOfRun(tx, institution, run);
    const window = (revision?.document as { window?: { end?: string } } | undefined)?.window;
    if (window?.end === undefined) return null;
    return Date.parse(window.end) + (await policy(tx)).lateFactsDays * dayMs;
  };

  /** Throws Refused `late-facts-over` for a run whose time for late facts is over. */
  const requireOpen = async (tx: Db | Tx, run: string): Promise<void> => {
    const until = await openUntil(tx, run);
    if (until !== null && clock.now().getTime() > until)
      throw refuse({ reason: 'late-facts-over', run, until: new Date(until).toISOString() });
  };

  const insert = async (tx: Tx, claims: readonly NewClaim[], by: Actor): Promise<Set<string>> => {
    const added = await insertClaims(tx, institution, claims);
    await append(
      tx,
      claims
        .filter(({ id }) => added.has(id))
        .map(({ id, run, source, amount, openedAt }) =>
          proof(claimOpened.type, about(id, run), by, openedAt, {
            claim: id,
            run,
            source,
            amount,
            at: openedAt.toISOString(),
          }),
        ),
    );
    return added;
  };

  const decideIn = async (tx: Tx, decided: readonly DecidedClaim[]): Promise<void> => {
    const at = clock.now();
    await decideClaims(
      tx,
      institution,
      decided.map(({ row, state, amount, by, reason, code, second }) => ({
        id: row.id,
        state,
        amount,
        by,
        reason,
        code,
        secondBy: second?.person ?? null,
      })),
      at,
    );
    await append(
      tx,
      decided.map(({ row, state, amount, by, code, second }) =>
        proof(claimDecided.type, about(row.id, row.run), by, at, {
          claim: row.id,
          decision: state,
          amount,
          code,
          by,
          at: at.toISOString(),
          ...(second === undefined ? {} : { second }),
        }),
      ),
    );
  };

  const payIn = async (
    tx: Tx,
    payments: readonly { row: ClaimRow; amount: number }[],
    payment: string,
    by: string,
  ): Promise<void> => {
    const at = clock.now();
    const paid = payments.map(({ row, amount }) => {
      const [decidedWon, paidWon] = [row.decidedAmount ?? 0, row.paidAmount ?? 0];
      if (row.state !== 'accepted') throw refuse({ reason: 'claim-not-accepted', claim: row.id, state: row.state });
      const total = paidWon + amount;
      if (total > decidedWon)
        throw refuse({ reason: 'claim-overpaid', claim: row.id, decidedWon, paidWon, offeredWon: amount });
      return { id: row.id, total, isWhole: total === decidedWon, payment };
    });
    await payClaims(tx, institution, paid, at);
    await append(
      tx,
      payments.map(({ row, amount }) =>
        proof(claimPaid.type, about(row.id, row.run), by, at, { claim: row.id, amount, at: at.toISOString() }),
      ),
    );
  };

  /**
   * Works on the claims of a run that the filter finds, a few hundred in a commit. `work` answers how many it acted on and
   * for how much in all.
   */
  const eachChunk = async (
    run: string,
    filter: ClaimFilter,
    by: string,
    work: (tx: Tx, rows: readonly ClaimRow[]) => Promise<{ count: number; amount: number }>,
  ): Promise<{ count: number; amount: number }> => {
    const total = { count: 0, amount: 0 };
    for (let after: string | null = null; ;) {
      const from: string | null = after;
      const rows = await withLedger(run, by, async (tx) => {
        const page = await listClaims(tx, institution, { ...filter, run }, from, chunkSize);
        const done = await work(tx, page);
        total.count += done.count;
        total.amount += done.amount;
        return page;
      });
      after = rows.at(-1)?.id ?? null;
      if (rows.length < chunkSize) return total;
    }
  };

  return {
    db,
    clock,
    institution,
    keyed,
    proof,
    about,
    policy,
    raise,
    settle,
    withLedger,
    openUntil,
    requireOpen,
    insert,
    decideIn,
    payIn,
    eachChunk,
  };
}

export type Workflow = ReturnType<typeof createWorkflow>;
