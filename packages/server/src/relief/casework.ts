/** The acts around a decision: appeals, complaints elsewhere, telling the result, exports, the policy, late facts, events. */
import { createHash } from 'node:crypto';
import { BreakwaterError } from '@breakwater/rules';
import { canonicalJson } from '@breakwater/rules/evidence';
import {
  answerDue,
  readReliefPolicy,
  reliefSources,
  type EvidenceItem,
  type Range,
  type ReliefPolicy,
} from '@breakwater/rules/relief';
import {
  assessmentReopened,
  channelAttested,
  claimEscalated,
  claimReopened,
  claimsExported,
  claimTold,
  lateFactsExtended,
  policySet,
} from '@breakwater/rules/relief/record';
import { append } from '#evidence';
import { inTransaction } from '#platform/db';
import {
  insertChannelWatch,
  insertEscalation,
  insertExtension,
  insertPolicy,
  markTold,
  readEscalations,
  readEvents,
  readLink,
  readPolicy,
  untoldClaims,
  type Escalation,
  type Link,
  type ReliefEvent,
} from './casework-store.ts';
import { lockLedger, markAssessed } from './ledger-store.ts';
import { paymentLines } from './payments.ts';
import { refuse } from './refusal.ts';
import { readClaim, readStatements, reopenClaim, type StatementRow } from './store.ts';
import type { Workflow } from './workflow.ts';

export type Casework = {
  /** Until when the result must be told; null once it was. */
  dueBy: string | null;
  link: (Link & { linkedAt: string }) | null;
  escalations: Escalation[];
  statements: StatementRow[];
};

export type CaseActs = {
  casework(claim: string): Promise<Casework>;
  /** Whoever claimed does not accept the decision: the claim is open again. Throws Refused `claim-still-open`. */
  appeal(of: { claim: string; amount: Range | null; by: string }): Promise<void>;
  /** Records a stage of a complaint at the Financial Supervisory Service or a court; the same again changes nothing. */
  escalate(of: { claim: string } & Omit<Escalation, 'at'>): Promise<void>;
  /** Records that results were told by the company's own means. Returns how many were not known to be. */
  told(of: { claims: readonly string[]; channel: string; reference: string; by: string }): Promise<number>;
  /** Claims whose time to answer ends before `before`, the soonest first. */
  due(before: string, limit: number): Promise<{ claim: string; run: string | null; state: string; dueBy: string }[]>;
  /** The accepted and unpaid claims as a file for the payment system, part by part; that it was made is evidence. */
  exportPayments(of: { run: string | null; by: string; masked: boolean }): AsyncGenerator<string>;
  policy(): Promise<{ version: number; policy: ReliefPolicy; sources: typeof reliefSources }>;
  /** Sets the policy. Throws BreakwaterError `relief-policy.*` with its place. */
  setPolicy(value: unknown, by: string): Promise<number>;
  lateFactsUntil(run: string): Promise<string | null>;
  /** Takes late facts of a run for longer. */
  extendLateFacts(of: { run: string; until: string; reason: string; by: string }): Promise<void>;
  /** Attests when an alternative channel was down; a time that ends as it begins says that it never was. */
  attestChannel(of: {
    run: string;
    service: string;
    start: string;
    end: string;
    evidence: readonly EvidenceItem[];
    by: string;
  }): Promise<void>;
  events(of: { run?: string | undefined; after?: number; limit?: number }): Promise<ReliefEvent[]>;
  /** A late fact changed what a run is assessed from: keeps that it was assessed again, and whether that changed anything. */
  reassessed(
    of:
      | { run: string; changedAt: Date; changed: readonly string[]; assessment: string }
      | { run: string; changedAt: Date },
  ): Promise<void>;
};

const mostEvents = 1000;

/** The acts of casework. */
export function caseActs(workflow: Workflow, reclassify: (by: string) => Promise<void>): CaseActs {
  const { db, clock, institution, proof, about, policy, raise, withLedger, openUntil } = workflow;

  const known = async (id: string) => {
    const row = await readClaim(db, institution, id);
    if (row === null) throw new BreakwaterError('claim.not-found', `there is no claim ${JSON.stringify(id)}`, '/claim');
    return row;
  };

  return {
    async casework(claim) {
      const { source, openedAt, toldAt } = await known(claim);
      const link = await readLink(db, institution, claim);
      const due = answerDue({ source, openedAt: openedAt.getTime() }, await policy(db));
      return {
        dueBy: toldAt === null ? new Date(due).toISOString() : null,
        link: link === null ? null : { ...link, linkedAt: link.linkedAt.toISOString() },
        escalations: await readEscalations(db, institution, claim),
        statements: await readStatements(db, institution, claim),
      };
    },

    async appeal({ claim, amount, by }) {
      const { run } = await known(claim);
      await withLedger(run, by, async (tx) => {
        const row = await readClaim(tx, institution, claim, true);
        if (row === null || row.state === 'open') throw refuse({ reason: 'claim-still-open', claim });
        const at = clock.now();
        await reopenClaim(tx, institution, claim, amount);
        const now = await readClaim(tx, institution, claim);
        const asked = now === null || now.amountLow === null ? null : { low: now.amountLow, high: now.amountHigh };
        const payload = { claim, run: row.run, amount: asked, by, at: at.toISOString() };
        await append(tx, proof(claimReopened.type, about(claim, row.run), by, at, payload));
        const key = `appeal/${claim}/${row.appeals + 1}`;
        await raise(tx, {
          key,
          kind: 'claim-appealed',
          run: row.run,
          subject: claim,
          detail: { appeals: row.appeals + 1 },
        });
      });
    },

    async escalate({ claim, authority, case: number, stage, by }) {
      const { run } = await known(claim);
      await inTransaction(db, async (tx) => {
        const at = clock.now();
        if (!(await insertEscalation(tx, institution, claim, { authority, case: number, stage, by, at }))) return;
        const payload = { claim, to: authority, case: number, stage: stage as never, by, at: at.toISOString() };
        await append(tx, proof(claimEscalated.type, about(claim, run), by, at, payload));
        const key = `escalation/${claim}/${authority}/${number}/${stage}`;
        await raise(tx, { key, kind: 'claim-escalated', run, subject: claim, detail: { authority, stage } });
      });
    },

    async told({ claims, channel, reference, by }) {
      return inTransaction(db, async (tx) => {
        const at = clock.now();
        const told = await markTold(tx, institution, claims, at);
        await append(
          tx,
          told.map(({ id, run }) =>
            proof(claimTold.type, about(id, run), by, at, { claim: id, channel, reference, by, at: at.toISOString() }),
          ),
        );
        return told.length;
      });
    },

    async due(before, limit) {
      const rules = await policy(db);
      const shortest = Math.min(rules.answerWithinDays, rules.proactiveWithinDays) * 86_400_000;
      const opened = new Date(Date.parse(before) - shortest);
      const rows = await untoldClaims(db, institution, opened, null, limit);
      return rows
        .map(({ id, run, state, source, openedAt }) => ({
          claim: id,
          run,
          state,
          dueBy: new Date(answerDue({ source, openedAt: openedAt.getTime() }, rules)).toISOString(),
        }))
        .filter(({ dueBy }) => dueBy <= new Date(before).toISOString())
        .toSorted((a, b) => (a.dueBy < b.dueBy ? -1 : 1));
    },

    async *exportPayments({ run, by, masked }) {
      const hash = createHash('sha256');
      const total = { count: 0, amount: 0 };
      for await (const part of paymentLines(workflow, { run, masked })) {
        hash.update(part.text);
        total.count += part.count;
        total.amount += part.amount;
        yield part.text;
      }
      const at = clock.now();
      const payload = {
        run,
        file: 'payments',
        ...total,
        digest: `sha256:${hash.digest('hex')}`,
        by,
        at: at.toISOString(),
      };
      await inTransaction(db, async (tx) =>
        append(tx, proof(claimsExported.type, run === null ? {} : { run }, by, at, payload)),
      );
    },

    async policy() {
      return {
        version: (await readPolicy(db, institution))?.version ?? 0,
        policy: await policy(db),
        sources: reliefSources,
      };
    },

    async setPolicy(value, by) {
      const document = readReliefPolicy(value);
      const version = await inTransaction(db, async (tx) => {
        const at = clock.now();
        const next = ((await readPolicy(tx, institution))?.version ?? 0) + 1;
        await insertPolicy(tx, institution, { version: next, document, by, at });
        const digest = `sha256:${createHash('sha256').update(canonicalJson(document)).digest('hex')}`;
        await append(tx, proof(policySet.type, { policy: digest }, by, at, { digest, by, at: at.toISOString() }));
        return next;
      });
      await reclassify(by);
      return version;
    },

    async lateFactsUntil(run) {
      const until = await openUntil(db, run);
      return until === null ? null : new Date(until).toISOString();
    },

    async extendLateFacts({ run, until, reason, by }) {
      const at = clock.now();
      if (Date.parse(until) <= at.getTime())
        throw new BreakwaterError('relief.until', 'late facts are taken until a time in the future', '/until');
      await inTransaction(db, async (tx) => {
        await insertExtension(tx, institution, { run, until: new Date(until), reason, by, at });
        const payload = { run, until, reason, by, at: at.toISOString() };
        await append(tx, proof(lateFactsExtended.type, { run }, by, at, payload));
      });
    },

    async attestChannel({ run, service, start, end, evidence, by }) {
      if (Date.parse(end) < Date.parse(start))
        throw new BreakwaterError('relief.channel', 'it ends after it begins', '/end');
      await inTransaction(db, async (tx) => {
        const at = clock.now();
        await insertChannelWatch(tx, institution, {
          run,
          service,
          start: new Date(start),
          end: new Date(end),
          evidence,
          by,
          at,
        });
        const kept = evidence.map((item) => ({ ...item }));
        const payload = { run, service, start, end, evidence: kept, by, at: at.toISOString() };
        await append(tx, proof(channelAttested.type, { run }, by, at, payload));
      });
    },

    events: ({ run, after = 0, limit = 100 }) =>
      readEvents(db, institution, { run: run ?? null, after, limit: Math.min(limit, mostEvents) }),

    async reassessed(of) {
      const { run, changedAt } = of;
      await inTransaction(db, async (tx) => {
        await lockLedger(tx, institution, run);
        await markAssessed(tx, institution, run, changedAt);
        if (!('changed' in of) || of.changed.length === 0) return;
        const at = clock.now();
        const payload = { run, because: of.changed.join(' '), subject: of.assessment, at: at.toISOString() };
        await append(tx, proof(assessmentReopened.type, { run }, null, at, payload));
        await raise(tx, {
          key: `assessment/${run}/${of.assessment}`,
          kind: 'assessment-reopened',
          run,
          subject: of.assessment,
          detail: { changed: [...of.changed] },
        });
      });
    },
  };
}
