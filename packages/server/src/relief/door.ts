/** The door of relief: its acts, each a change and its evidence in one commit. */
import { randomUUID } from 'node:crypto';
import { BreakwaterError } from '@breakwater/rules';
import {
  failedDuring,
  proactiveAmount,
  type Disruption,
  type FailedTransaction,
  type Range,
} from '@breakwater/rules/relief';
import { leakLedger, reliefPrepared, subjectsErased } from '@breakwater/rules/relief/record';
import { append } from '#evidence';
import { inTransaction } from '#platform/db';
import { refuse } from './refusal.ts';
import {
  eraseSubjects,
  findClaim,
  insertPreparation,
  listClaims,
  lockLedger,
  readClaim,
  readLedger,
  readPreparation,
  readSubject,
  sumClaims,
  updateLeaks,
  updateLedger,
  type AttestedDamage,
  type ClaimFigures,
  type ClaimFilter,
  type ClaimRow,
  type ClaimState,
  type NewClaim,
} from './store.ts';

import { chunkSize, createWorkflow, type Damage, type ReliefOptions } from './workflow.ts';

export type Preparation = { plan: string; preparedAt: string; claimsUntil: string; contact: string };

/** A claim without its subject, which only `payee` tells. */
export type Claim = {
  id: string;
  run: string | null;
  source: 'proactive' | 'filed';
  service: string;
  occurredAt: string;
  amount: Range | null;
  openedAt: string;
  state: ClaimState;
  decided: { amount: number; by: string; at: string; reason: string | null } | null;
  paidAmount: number;
  paidAt: string | null;
};

export type LeakCount = { low: number; high: number | null } | null;
export type Leaks = { personalCredit: LeakCount; other: LeakCount; unclassified: LeakCount };

export type Opened = { opened: number; repeated: number; outside: number };

export type ReliefDoor = {
  /** Says, before the work, until when and where claims are taken. The first preparation of a plan stands. */
  prepare(preparation: { plan: string; claimsUntil: string; contact: string; by: string }): Promise<Preparation>;
  preparation(plan: string): Promise<Preparation | null>;
  /**
   * Opens one claim for each failed transaction of a run; a transaction that has a claim is passed over. With `during`,
   * those that failed outside the disruptions of their service are counted and left. `complete`: these are all failed
   * transactions of the run, so that customers' damage is known even when there is none.
   */
  openProactive(of: {
    run: string;
    transactions: Iterable<FailedTransaction> | AsyncIterable<FailedTransaction>;
    during?: readonly Disruption[];
    complete: boolean;
    by: string;
  }): Promise<Opened>;
  /** Takes a claim that a consumer filed. A transaction that has a claim already gives that one back. */
  file(claim: {
    run: string | null;
    subject: string;
    service: string;
    occurredAt: string;
    reference: string | null;
    amount: Range | null;
    by: string;
  }): Promise<{ claim: string; merged: boolean }>;
  /** Decides an open claim. Throws Refused `claim-decided-already`. */
  decide(decision: {
    claim: string;
    decision: 'accepted' | 'refused';
    amount: number;
    by: string;
    reason: string | null;
  }): Promise<void>;
  /** Accepts every open proactive claim of a run for what it comes to at least: its fee. One without a fee is left to a person. */
  acceptProactive(of: { run: string; by: string }): Promise<{ accepted: number; amount: number }>;
  /** Records a payment, or a part of one. Throws Refused `claim-not-accepted` or `claim-overpaid`. */
  pay(payment: { claim: string; amount: number; payment: string; by: string }): Promise<void>;
  /** Records that every accepted claim of a run was paid in full. */
  payAccepted(of: { run: string; payment: string; by: string }): Promise<{ paid: number; amount: number }>;
  /** Sets parts of the damage that no claim tells; a part left out stays as it is. */
  attestDamage(of: { run: string; parts: AttestedDamage; by: string }): Promise<Damage>;
  /** Sets the counts of leaked records, as measured or attested by a named person. */
  recordLeaks(of: { run: string; leaks: Leaks; attestedBy: string | null }): Promise<void>;
  damage(run: string): Promise<Damage>;
  figures(run: string): Promise<ClaimFigures>;
  /** A page of claims in the order they were opened; `next` = the id to go on after, null at the end. */
  claims(
    filter: ClaimFilter,
    page?: { after?: string | null; limit?: number },
  ): Promise<{ claims: Claim[]; next: string | null }>;
  /** The pseudonym of whom to pay; null when it was erased. */
  payee(claim: string): Promise<string | null>;
  /** Erases the pseudonyms and transactions of a run's claims. Returns how many there were. */
  erase(run: string, by: string): Promise<number>;
};

const pageSize = 1000;

/** Opens the domain. */
export function createRelief({ db, clock, institution, pepper }: ReliefOptions): ReliefDoor {
  const { keyed, damageFrom, withLedger, insert, decideIn, payIn, eachClaim, proof } = createWorkflow({
    db,
    clock,
    institution,
    pepper,
  });

  const known = async (id: string): Promise<ClaimRow> => {
    const row = await readClaim(db, institution, id);
    if (row === null) throw new BreakwaterError('claim.not-found', `there is no claim ${JSON.stringify(id)}`, '/claim');
    return row;
  };

  return {
    async prepare({ plan, claimsUntil, contact, by }) {
      const preparedAt = clock.now();
      const until = new Date(claimsUntil);
      if (!(until > preparedAt)) {
        throw new BreakwaterError('relief.claims-until', 'claims are taken until a time in the future', '/claimsUntil');
      }
      await inTransaction(db, async (tx) => {
        if (
          !(await insertPreparation(tx, institution, { plan, preparedAt, claimsUntil: until, contact, preparedBy: by }))
        )
          return;
        const payload = { plan, at: preparedAt.toISOString(), claimsUntil: until.toISOString(), contact };
        await append(tx, proof(reliefPrepared.type, { plan }, by, preparedAt, payload));
      });
      const stands = await readPreparation(db, institution, plan);
      if (stands === null) throw new Error('a preparation that was made is there');
      return {
        plan,
        preparedAt: stands.preparedAt.toISOString(),
        claimsUntil: stands.claimsUntil.toISOString(),
        contact: stands.contact,
      };
    },

    async preparation(plan) {
      const row = await readPreparation(db, institution, plan);
      return row === null
        ? null
        : {
            plan,
            preparedAt: row.preparedAt.toISOString(),
            claimsUntil: row.claimsUntil.toISOString(),
            contact: row.contact,
          };
    },

    async openProactive({ run, transactions, during, complete, by }) {
      const total: Opened = { opened: 0, repeated: 0, outside: 0 };
      for await (const chunk of chunksOf(transactions, chunkSize)) {
        const inside = during === undefined ? chunk : chunk.filter((transaction) => failedDuring(transaction, during));
        const openedAt = clock.now();
        const claims = inside.map((transaction): NewClaim => {
          const referenceKey = keyed('reference', transaction.id);
          return {
            id: `c-${referenceKey.slice(0, 16)}`,
            run,
            source: 'proactive',
            service: transaction.service,
            occurredAt: new Date(transaction.at),
            subject: transaction.subject,
            subjectKey: keyed('subject', transaction.subject),
            reference: transaction.id,
            referenceKey,
            amount: proactiveAmount(transaction),
            openedAt,
          };
        });
        const opened = await withLedger(run, by, (tx) => insert(tx, claims, by));
        total.opened += opened;
        total.repeated += claims.length - opened;
        total.outside += chunk.length - inside.length;
      }
      if (complete)
        await withLedger(run, by, async (tx, ledger) =>
          updateLedger(tx, institution, run, { attested: {}, ...ledger, isComplete: true }),
        );
      return total;
    },

    async file({ run, subject, service, occurredAt, reference, amount, by }) {
      const referenceKey = reference === null ? null : keyed('reference', reference);
      const claim: NewClaim = {
        id: referenceKey === null ? `c-${randomUUID()}` : `c-${referenceKey.slice(0, 16)}`,
        run,
        source: 'filed',
        service,
        occurredAt: new Date(occurredAt),
        subject,
        subjectKey: keyed('subject', subject),
        reference,
        referenceKey,
        amount,
        openedAt: clock.now(),
      };
      const added = await withLedger(run, by, (tx) => insert(tx, [claim], by));
      const standing =
        referenceKey === null ? claim.id : ((await findClaim(db, institution, referenceKey)) ?? claim.id);
      return { claim: standing, merged: added === 0 };
    },

    async decide({ claim, decision, amount, by, reason }) {
      if (!Number.isSafeInteger(amount) || (decision === 'accepted' ? amount < 1 : amount !== 0)) {
        throw new BreakwaterError(
          'claim.amount',
          'an accepted claim has an amount of at least one won, a refused one has none',
          '/amount',
        );
      }
      const { run } = await known(claim);
      await withLedger(run, by, async (tx) => {
        const row = await readClaim(tx, institution, claim, true);
        if (row?.state !== 'open')
          throw refuse({ reason: 'claim-decided-already', claim, state: row?.state ?? 'gone' });
        await decideIn(tx, row, { state: decision, amount, by, reason });
      });
    },

    async acceptProactive({ run, by }) {
      const { count, amount } = await eachClaim(run, { state: 'open', source: 'proactive' }, by, async (tx, row) => {
        const fee = row.amountLow ?? 0;
        if (fee === 0) return null;
        await decideIn(tx, row, { state: 'accepted', amount: fee, by, reason: null });
        return fee;
      });
      return { accepted: count, amount };
    },

    async pay({ claim, amount, payment, by }) {
      if (!Number.isSafeInteger(amount) || amount < 1)
        throw new BreakwaterError('claim.amount', 'a payment is at least one won', '/amount');
      const { run } = await known(claim);
      await withLedger(run, by, async (tx) => {
        const row = await readClaim(tx, institution, claim, true);
        if (row !== null) await payIn(tx, row, amount, payment, by);
      });
    },

    async payAccepted({ run, payment, by }) {
      const { count, amount } = await eachClaim(run, { state: 'accepted' }, by, async (tx, row) => {
        const rest = (row.decidedAmount ?? 0) - (row.paidAmount ?? 0);
        await payIn(tx, row, rest, payment, by);
        return rest;
      });
      return { paid: count, amount };
    },

    async attestDamage({ run, parts, by }) {
      await withLedger(run, by, async (tx, ledger) =>
        updateLedger(tx, institution, run, {
          isComplete: ledger?.isComplete ?? false,
          attested: { ...ledger?.attested, ...parts },
        }),
      );
      return damageFrom(await sumClaims(db, institution, run), await readLedger(db, institution, run));
    },

    async recordLeaks({ run, leaks, attestedBy }) {
      await inTransaction(db, async (tx) => {
        await lockLedger(tx, institution, run);
        await updateLeaks(tx, institution, run, leaks);
        const at = clock.now();
        const payload = { run, at: at.toISOString(), ...leaks, attestedBy };
        const recorded = proof(leakLedger.type, { run }, attestedBy ?? 'relief', at, payload);
        await append(tx, attestedBy === null ? { ...recorded, actor: { kind: 'system', id: 'relief' } } : recorded);
      });
    },

    damage: async (run) => damageFrom(await sumClaims(db, institution, run), await readLedger(db, institution, run)),

    figures: (run) => sumClaims(db, institution, run),

    async claims(filter, { after = null, limit = 100 } = {}) {
      const rows = await listClaims(db, institution, filter, after, Math.min(limit, pageSize));
      return {
        claims: rows.map(asClaim),
        next: rows.length === Math.min(limit, pageSize) ? (rows.at(-1)?.id ?? null) : null,
      };
    },

    payee: async (claim) => readSubject(db, institution, (await known(claim)).id),

    async erase(run, by) {
      return inTransaction(db, async (tx) => {
        const count = await eraseSubjects(tx, institution, run);
        const at = clock.now();
        if (count > 0)
          await append(tx, proof(subjectsErased.type, { run }, by, at, { run, count, by, at: at.toISOString() }));
        return count;
      });
    },
  };
}

function asClaim(row: ClaimRow): Claim {
  const { decidedAmount, decidedBy, decidedAt } = row;
  return {
    id: row.id,
    run: row.run,
    source: row.source,
    service: row.service,
    occurredAt: row.occurredAt.toISOString(),
    amount: row.amountLow === null ? null : { low: row.amountLow, high: row.amountHigh },
    openedAt: row.openedAt.toISOString(),
    state: row.state,
    decided:
      decidedAmount === null || decidedBy === null || decidedAt === null
        ? null
        : { amount: decidedAmount, by: decidedBy, at: decidedAt.toISOString(), reason: row.reason },
    paidAmount: row.paidAmount ?? 0,
    paidAt: row.paidAt?.toISOString() ?? null,
  };
}

async function* chunksOf<T>(items: Iterable<T> | AsyncIterable<T>, size: number): AsyncGenerator<T[]> {
  let chunk: T[] = [];
  for await (const item of items) {
    chunk.push(item);
    if (chunk.length === size) {
      yield chunk;
      chunk = [];
    }
  }
  if (chunk.length > 0) yield chunk;
}
