/** The acts on claims: opened by the company or filed, decided by one person or two, paid, erased. */
import { randomUUID } from 'node:crypto';
import { BreakwaterError, type ClaimDecisionStatement, type Signature } from '@breakwater/rules';
import {
  failedDuring,
  isReasonFor,
  needsSecondPerson,
  proactiveAmount,
  type Decision,
  type Disruption,
  type EvidenceItem,
  type FailedTransaction,
  type Range,
  type ReasonCode,
} from '@breakwater/rules/relief';
import { claimAmended, claimProposed, claimReturned, payeeRead, subjectsErased } from '@breakwater/rules/relief/record';
import { append } from '#evidence';
import { acceptStatement } from '#platform/auth';
import { inTransaction, type Tx } from '#platform/db';
import { insertArrival } from './casework-store.ts';
import { completeLedger } from './ledger-store.ts';
import { refuse } from './refusal.ts';
import {
  eraseSubjects,
  findClaim,
  findSameClaim,
  insertForm,
  listClaims,
  raiseClaim,
  readClaim,
  readSubject,
  setProposal,
  sumClaims,
  type ClaimFigures,
  type ClaimFilter,
  type ClaimRow,
  type ClaimState,
  type FormRow,
  type NewClaim,
  type Proposal,
} from './store.ts';
import { chunkSize, type DecidedClaim, type Workflow } from './workflow.ts';

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
  /** A decision that waits for the signature of a second person. */
  proposal: Proposal | null;
  decided: {
    amount: number;
    by: string;
    second: string | null;
    at: string;
    code: ReasonCode | null;
    reason: string | null;
  } | null;
  paidAmount: number;
  paidAt: string | null;
  toldAt: string | null;
  appeals: number;
};

export type Opened = { opened: number; repeated: number; outside: number };

/** What whoever claims says besides: what kind of loss it is, whether another way worked, how it is shown. */
export type Statement = Pick<FormRow, 'basis' | 'alternative'> & { evidence: readonly EvidenceItem[] };

/** The form by which a claim came, in the same commit. `lookupKey` hashes the code that shows how the claim stands. */
export type CameBy = Statement & {
  name: string;
  contact: (claim: string) => Buffer | null;
  lookupKey: (claim: string) => string;
};

export type ClaimActs = {
  /** The keyed hash by which claims of one customer are found. */
  subjectKey(subject: string): string;
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
  /**
   * Takes a claim that a consumer filed. A transaction that has a claim already gives that one back, and so does what the
   * same customer filed of the same minute; asked for more, that claim is raised. Without a run it is found by the time
   * and service, a moment later.
   */
  file(claim: {
    run: string | null;
    subject: string;
    service: string;
    occurredAt: string;
    reference: string | null;
    amount: Range | null;
    by: string;
    /** Names this filing: the same name again gives the same claim. */
    once?: string;
    /** What an interface says besides; a form says it itself. */
    said?: Statement;
    form?: CameBy;
  }): Promise<{ claim: string; merged: boolean }>;
  /**
   * Decides an open claim. A decision that the policy gives to two persons waits for the second one's signature.
   * Throws Refused `claim-decided-already`, `claim-proposed-already`, `claim-below-paid`.
   */
  decide(decision: {
    claim: string;
    decision: Decision;
    amount: number;
    by: string;
    code: ReasonCode | null;
    reason: string | null;
  }): Promise<{ state: 'decided' | 'waiting' }>;
  /** Takes the second person's signed word. Throws Refused `claim-*`, or BreakwaterError `key.*`, `approval.role`. */
  second(statement: ClaimDecisionStatement, signature: Signature): Promise<void>;
  /** Accepts every open proactive claim of a run for what it comes to at least: its fee. One without a fee, or above what one person decides, is left. */
  acceptProactive(of: { run: string; by: string }): Promise<{ accepted: number; amount: number }>;
  /** Records a payment, or a part of one. Throws Refused `claim-not-accepted` or `claim-overpaid`. */
  pay(payment: { claim: string; amount: number; payment: string; by: string }): Promise<void>;
  /** Records that every accepted claim of a run was paid in full. */
  payAccepted(of: { run: string; payment: string; by: string }): Promise<{ paid: number; amount: number }>;
  figures(run: string): Promise<ClaimFigures>;
  /** A page of claims in the order they were opened; `next` = the id to go on after, null at the end. */
  claims(
    filter: ClaimFilter,
    page?: { after?: string | null; limit?: number },
  ): Promise<{ claims: Claim[]; next: string | null }>;
  claim(id: string): Promise<Claim>;
  /** Whom to pay: pseudonym and transaction, null when they were erased. Who reads it, and why, is evidence. */
  payee(
    claim: string,
    of: { by: string; reason: string },
  ): Promise<{ subject: string | null; reference: string | null } | null>;
  /** Erases pseudonyms, transactions and telephone numbers of a run's claims. Returns how many claims there were. */
  erase(run: string, by: string): Promise<number>;
};

const pageSize = 1000;

/** The acts on claims. */
export function claimActs(workflow: Workflow): ClaimActs {
  const {
    db,
    clock,
    institution,
    keyed,
    proof,
    about,
    policy,
    requireOpen,
    withLedger,
    insert,
    decideIn,
    payIn,
    eachChunk,
  } = workflow;

  const known = async (id: string): Promise<ClaimRow> => {
    const row = await readClaim(db, institution, id);
    if (row === null) throw new BreakwaterError('claim.not-found', `there is no claim ${JSON.stringify(id)}`, '/claim');
    return row;
  };

  /** Adds what a form or an interface said beside the claim. */
  const addForm = async (tx: Tx, claim: string, form: CameBy, filedAt: Date): Promise<void> =>
    insertForm(tx, institution, {
      claim,
      form: form.name,
      basis: form.basis,
      alternative: form.alternative,
      evidence: [...form.evidence],
      contact: form.contact(claim),
      lookupKey: form.lookupKey(claim),
      filedAt,
    });

  return {
    subjectKey: (subject) => keyed('subject', subject),

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
        const opened = await withLedger(run, by, async (tx) => {
          await requireOpen(tx, run);
          return (await insert(tx, claims, by)).size;
        });
        total.opened += opened;
        total.repeated += claims.length - opened;
        total.outside += chunk.length - inside.length;
      }
      if (complete) await withLedger(run, by, async (tx) => completeLedger(tx, institution, run));
      return total;
    },

    async file({ run, subject, service, occurredAt, reference, amount, by, once, said, form }) {
      const referenceKey = reference === null ? null : keyed('reference', reference);
      const name = once === undefined ? null : keyed('once', once);
      const id =
        referenceKey !== null
          ? `c-${referenceKey.slice(0, 16)}`
          : name !== null
            ? `c-${name.slice(0, 16)}`
            : `c-${randomUUID()}`;
      const openedAt = clock.now();
      const claim: NewClaim = {
        id,
        run,
        source: 'filed',
        service,
        occurredAt: new Date(occurredAt),
        subject,
        subjectKey: keyed('subject', subject),
        reference,
        referenceKey,
        amount,
        openedAt,
      };
      // A form waits to be linked and counted; a thousand of them at once must not wait for one ledger.
      const waits = run === null || form !== undefined;
      return withLedger(waits ? null : run, by, async (tx) => {
        if (run !== null) await requireOpen(tx, run);
        const same = referenceKey === null ? await findSameClaim(tx, institution, claim) : null;
        const added = same === null && (await insert(tx, [claim], by)).size > 0;
        const standing =
          same ?? (referenceKey === null ? id : ((await findClaim(tx, institution, referenceKey)) ?? id));
        if (!added && amount?.high !== null && amount?.high !== undefined) {
          const raised = await raiseClaim(tx, institution, standing, amount.high);
          const row = raised === null ? null : await readClaim(tx, institution, standing);
          if (row !== null && raised !== null) {
            const payload = { claim: standing, run: row.run, amount: { ...raised }, at: openedAt.toISOString() };
            await append(tx, proof(claimAmended.type, about(standing, row.run), by, openedAt, payload));
          }
        }
        if (form !== undefined) await addForm(tx, standing, form, openedAt);
        if (said !== undefined) await addForm(tx, standing, { ...said, ...untold(once ?? randomUUID()) }, openedAt);
        await insertArrival(tx, institution, standing, openedAt);
        return { claim: standing, merged: !added };
      });
    },

    async decide({ claim, decision, amount, by, code, reason }) {
      if (!Number.isSafeInteger(amount) || (decision === 'accepted' ? amount < 1 : amount !== 0)) {
        throw new BreakwaterError(
          'claim.amount',
          'an accepted claim has an amount of at least one won, a refused one has none',
          '/amount',
        );
      }
      if (code !== null && !isReasonFor(code, decision))
        throw new BreakwaterError('claim.code', `${code} is no reason for this decision`, '/code');
      const { run } = await known(claim);
      return withLedger(run, by, async (tx) => {
        const row = await readClaim(tx, institution, claim, true);
        if (row?.state !== 'open')
          throw refuse({ reason: 'claim-decided-already', claim, state: row?.state ?? 'gone' });
        if (row.proposal !== null) throw refuse({ reason: 'claim-proposed-already', claim, by: row.proposal.by });
        const paidWon = row.paidAmount ?? 0;
        if (amount < paidWon) throw refuse({ reason: 'claim-below-paid', claim, paidWon, offeredWon: amount });
        const asked = row.amountLow === null ? null : { low: row.amountLow, high: row.amountHigh };
        if (!needsSecondPerson({ decision, amount, asked }, await policy(tx))) {
          await decideIn(tx, [{ row, state: decision, amount, by, reason, code }]);
          return { state: 'decided' };
        }
        const at = clock.now().toISOString();
        await setProposal(tx, institution, claim, { decision, amount, code, reason, by, at });
        const payload = { claim, decision, amount, code, by, at };
        await append(tx, proof(claimProposed.type, about(claim, row.run), by, clock.now(), payload));
        return { state: 'waiting' };
      });
    },

    async second(statement, signature) {
      const { claim } = statement;
      if (statement.institution !== institution)
        throw new BreakwaterError('claim.institution', `this installation is of ${institution}`, '/institution');
      const { run } = await known(claim);
      await withLedger(run, statement.person, async (tx) => {
        const row = await readClaim(tx, institution, claim, true);
        const proposal = row?.proposal ?? null;
        if (row === null || row.state !== 'open' || proposal === null)
          throw refuse({ reason: 'claim-not-proposed', claim });
        if (proposal.by === statement.person)
          throw refuse({ reason: 'claim-second-person', claim, person: statement.person });
        if (proposal.decision !== statement.decision || proposal.amount !== statement.amount)
          throw refuse({
            reason: 'claim-other-decision',
            claim,
            decision: proposal.decision,
            amountWon: proposal.amount,
          });
        const signer = await acceptStatement(tx, institution, statement, signature, clock.now());
        if (signer.role !== statement.role)
          throw new BreakwaterError('approval.role', `the key is enrolled for the role ${signer.role}`, '/role');
        const { person, role, at, nonce } = statement;
        if (statement.verdict === 'return') {
          await setProposal(tx, institution, claim, null);
          const payload = { claim, by: person, at, ...signature };
          await append(tx, proof(claimReturned.type, about(claim, row.run), person, clock.now(), payload));
          return;
        }
        const { decision, amount, code, reason, by } = proposal;
        const second = { person, role, at, nonce, ...signature };
        await decideIn(tx, [{ row, state: decision, amount, code, reason, by, second }]);
      });
    },

    async acceptProactive({ run, by }) {
      const rules = await policy(db);
      const { count, amount } = await eachChunk(run, { state: 'open', source: 'proactive' }, by, async (tx, rows) => {
        const decided = rows.flatMap((row): DecidedClaim[] => {
          const fee = row.amountLow ?? 0;
          const decision = { decision: 'accepted', amount: fee, asked: null } as const;
          const isLeft = fee === 0 || row.proposal !== null || needsSecondPerson(decision, rules);
          return isLeft ? [] : [{ row, state: 'accepted', amount: fee, by, reason: null, code: 'fee-refund' }];
        });
        await decideIn(tx, decided);
        return { count: decided.length, amount: decided.reduce((sum, one) => sum + one.amount, 0) };
      });
      return { accepted: count, amount };
    },

    async pay({ claim, amount, payment, by }) {
      if (!Number.isSafeInteger(amount) || amount < 1)
        throw new BreakwaterError('claim.amount', 'a payment is at least one won', '/amount');
      const { run } = await known(claim);
      await withLedger(run, by, async (tx) => {
        const row = await readClaim(tx, institution, claim, true);
        if (row !== null) await payIn(tx, [{ row, amount }], payment, by);
      });
    },

    async payAccepted({ run, payment, by }) {
      const { count, amount } = await eachChunk(run, { state: 'accepted' }, by, async (tx, rows) => {
        const owed = rows.map((row) => ({ row, amount: (row.decidedAmount ?? 0) - (row.paidAmount ?? 0) }));
        await payIn(tx, owed, payment, by);
        return { count: owed.length, amount: owed.reduce((sum, one) => sum + one.amount, 0) };
      });
      return { paid: count, amount };
    },

    figures: (run) => sumClaims(db, institution, run),

    async claims(filter, { after = null, limit = 100 } = {}) {
      const rows = await listClaims(db, institution, filter, after, Math.min(limit, pageSize));
      return {
        claims: rows.map(asClaim),
        next: rows.length === Math.min(limit, pageSize) ? (rows.at(-1)?.id ?? null) : null,
      };
    },

    claim: async (id) => asClaim(await known(id)),

    async payee(claim, { by, reason }) {
      const { id, run } = await known(claim);
      return inTransaction(db, async (tx) => {
        const at = clock.now();
        const payload = { claim: id, by, reason, at: at.toISOString() };
        await append(tx, proof(payeeRead.type, about(id, run), by, at, payload));
        return readSubject(tx, institution, id);
      });
    },

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

/** A statement that came by an interface: nobody looks it up by a code. */
function untold(name: string): Omit<CameBy, keyof Statement> {
  return { name, contact: () => null, lookupKey: () => '' };
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
    proposal: row.proposal,
    decided:
      decidedAmount === null || decidedBy === null || decidedAt === null
        ? null
        : {
            amount: decidedAmount,
            by: decidedBy,
            second: row.secondBy,
            at: decidedAt.toISOString(),
            code: row.code,
            reason: row.reason,
          },
    paidAmount: row.paidAmount ?? 0,
    paidAt: row.paidAt?.toISOString() ?? null,
    toldAt: row.toldAt?.toISOString() ?? null,
    appeals: row.appeals,
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
