import { BreakwaterError } from '@breakwater/rules';
import {
  approvalBytes,
  approvalsNeeded,
  checkPlan,
  countApprovals,
  isStartable,
  planHash,
  planState,
  rehearsalsNeeded,
  requirePlan,
  runLimitsOf,
  stepDigests,
  type Approval,
  type ApprovalTally,
  type Plan,
  type PlanContext,
  type PlanState,
  type Readiness,
  type SentNotice,
} from '@breakwater/rules/plan';
import type { RunLimits } from '@breakwater/rules/guard';
import { planDecided, planRehearsed, planSubmitted, type RehearsalRecord } from '@breakwater/rules/plan/record';
import * as advisory from '#advisory';
import * as evidence from '#evidence';
import { listKeys, requireSigner, signatureVerifies } from '#platform/auth';
import { inTransaction, type Db, type Tx } from '#platform/db';
import type { CompanyPolicy } from './policy.ts';
import {
  approvedElsewhere,
  decisionsOn,
  endPlanRun,
  insertDecision,
  insertRehearsal,
  insertRevision,
  insertRun,
  lockPlan,
  rehearsalsOf,
  planHashOf,
  revisionByHash,
  revisionsOf,
  runOf,
  type PlanRevision,
} from './store.ts';

/** Takes a document as the next revision of its plan; the same document again is the revision that it was. */
export async function submitPlan(
  db: Db,
  institution: string,
  submitted: { document: unknown; by: string },
  now: Date,
): Promise<PlanRevision> {
  const { document, by } = submitted;
  const plan = requirePlan(document);
  if (plan.institution !== institution) {
    throw new BreakwaterError(
      'plan.institution',
      `this installation is of ${institution}, the plan of ${plan.institution}`,
      '/institution',
    );
  }
  const hash = planHash(document);
  return inTransaction(db, async (tx) => {
    await lockPlan(tx, institution, plan.id);
    const known = await revisionByHash(tx, institution, hash);
    if (known !== null) return known;
    const revision: PlanRevision = {
      plan: plan.id,
      revision: (await revisionsOf(tx, institution, plan.id)).length + 1,
      planHash: hash,
      author: plan.author,
      document,
      submittedBy: by,
      submittedAt: now.toISOString(),
    };
    await insertRevision(tx, institution, revision);
    await evidence.append(tx, {
      type: planSubmitted.type,
      institution,
      subjects: { plan: plan.id, planHash: hash },
      actor: { kind: 'person', id: by },
      at: revision.submittedAt,
      payload: planSubmitted.payload.parse({
        plan: plan.id,
        revision: revision.revision,
        planHash: hash,
        author: plan.author,
        document,
      }),
    });
    return revision;
  });
}

/**
 * The revision of a `sha256:` hash, or the newest of a plan's id.
 * Throws BreakwaterError `plan.not-found`.
 */
export async function findPlan(db: Db | Tx, institution: string, reference: string): Promise<PlanRevision> {
  const found = reference.startsWith('sha256:')
    ? await revisionByHash(db, institution, reference)
    : (await revisionsOf(db, institution, reference)).at(-1);
  if (found === null || found === undefined) {
    throw new BreakwaterError('plan.not-found', `no plan ${reference} was submitted: submit it first`);
  }
  return found;
}

/**
 * Takes a signed decision about a submitted plan. Its key must be enrolled to the person in that role and in force now.
 * The author's approval is kept and never counted. Throws BreakwaterError `plan.*`, `key.*`, `approval.*`.
 */
export async function decidePlan(db: Db, institution: string, approval: Approval, now: Date): Promise<ApprovalTally> {
  return inTransaction(db, async (tx) => {
    const revision = await findPlan(tx, institution, approval.planHash);
    const signer = await requireSigner(tx, institution, approvalBytes(approval), approval, now, approval.person);
    if (signer.role !== approval.role) {
      throw new BreakwaterError(
        'approval.role',
        `the key is enrolled for the role ${signer.role}, not ${approval.role}`,
        '/role',
      );
    }
    if (Date.parse(approval.at) > now.getTime() + clockSlackMs) {
      throw new BreakwaterError(
        'approval.not-yet',
        'the decision is dated in the future: check the clock of the signer',
        '/at',
      );
    }
    if (Date.parse(approval.expires) <= now.getTime()) {
      throw new BreakwaterError('approval.expired', `the decision expired at ${approval.expires}`, '/expires');
    }
    const author = approval.person === revision.author;
    if (await insertDecision(tx, institution, approval, author)) {
      const { schema: _, ...payload } = approval;
      await evidence.append(tx, {
        type: planDecided.type,
        institution,
        subjects: { plan: revision.plan, planHash: revision.planHash },
        actor: { kind: 'person', id: approval.person },
        at: now.toISOString(),
        payload: { ...payload, author },
      });
    }
    return tallyOf(tx, institution, revision, now);
  });
}

/** How far the clock of a person's machine may be ahead. */
const clockSlackMs = 60_000;

/** Which of the decisions about a revision count now: signatures, keys and times are checked again. */
export async function tallyOf(
  db: Db | Tx,
  institution: string,
  revision: PlanRevision,
  now: Date,
): Promise<ApprovalTally> {
  const [approvals, keys] = [await decisionsOn(db, institution, revision.planHash), await listKeys(db, institution)];
  return countApprovals(
    { hash: revision.planHash, author: revision.author },
    approvals,
    keys,
    now.getTime(),
    signatureVerifies,
  );
}

/** Keeps the result of a rehearsal and its evidence, in the transaction that ends the rehearsing run. Once a run. */
export async function recordRehearsal(
  tx: Tx,
  institution: string,
  plan: string,
  rehearsal: RehearsalRecord,
): Promise<void> {
  if (!(await insertRehearsal(tx, institution, plan, rehearsal))) return;
  await evidence.append(tx, {
    type: planRehearsed.type,
    institution,
    subjects: { plan, run: rehearsal.run, planHash: rehearsal.planHash },
    actor: { kind: 'host', id: rehearsal.host },
    at: rehearsal.at,
    payload: planRehearsed.payload.parse(rehearsal),
  });
}

/** The revision that a live run executes; null when the run is none of a plan, or a rehearsal. */
export async function planOfRun(db: Db | Tx, institution: string, run: string): Promise<PlanRevision | null> {
  const hash = await planHashOf(db, institution, run);
  return hash === null ? null : revisionByHash(db, institution, hash);
}

/** Keeps that a live run of a revision began, in the transaction that requests it. */
export async function planRunBegan(tx: Tx, institution: string, planHash: string, run: string): Promise<void> {
  await insertRun(tx, institution, planHash, run);
}

/** Keeps that a run is over, in the transaction that ends it. One that the start gate refused never was. */
export async function planRunEnded(tx: Tx, run: string, outcome: string): Promise<void> {
  await endPlanRun(tx, run, outcome === 'refused');
}

/** What other domains know of a plan's surroundings: plan imports none of them. */
export interface Surroundings {
  readonly notices: readonly SentNotice[];
  /** Execution hosts and how they stop work. */
  readonly hosts: readonly { host: string; level: string }[];
  /** Waivers whose signatures were held good. */
  readonly waivers: NonNullable<PlanContext['waivers']>;
}

/** A plan held against everything that is known now. */
export interface Judged {
  readonly revision: PlanRevision;
  readonly plan: Plan;
  readonly context: PlanContext;
  readonly readiness: Readiness;
  /** Ready, and nothing was left unjudged. */
  readonly startable: boolean;
}

/** The state of a revision, folded from what happened to it. Whether its notices went out is for others to know. */
export async function stateOf(
  db: Db,
  institution: string,
  company: CompanyPolicy,
  revision: PlanRevision,
  now: Date,
): Promise<PlanState> {
  const plan = requirePlan(revision.document);
  const context: PlanContext = { now: now.toISOString(), policy: company.policy };
  const tally = await tallyOf(db, institution, revision, now);
  const digests = Object.entries(stepDigests(plan));
  const all = await rehearsalsOf(db, institution, revision.plan);
  const rehearsals = all.filter(
    ({ passed, stepDigests: done }) => passed && digests.every(([id, digest]) => done[id] === digest),
  );
  return planState({
    withdrawn: false,
    submitted: true,
    returned: tally.returnedBy.length > 0,
    announced: false,
    approvals: tally.approvedBy.length,
    approvalsNeeded: approvalsNeeded(plan, context),
    rehearsals: rehearsals.length,
    rehearsalsNeeded: rehearsalsNeeded(plan, context),
    run: await runOf(db, institution, revision.planHash),
  });
}

/** Whether a revision is ready at `now`, judged with full context. */
export async function judgePlan(
  db: Db,
  institution: string,
  company: CompanyPolicy,
  revision: PlanRevision,
  surroundings: Surroundings,
  now: Date,
): Promise<Judged> {
  const plan = requirePlan(revision.document);
  const context = await contextOf(db, institution, company, { revision, plan, surroundings, now });
  const readiness = checkPlan(revision.document, context);
  return { revision, plan, context, readiness, startable: isStartable(readiness) };
}

/** What a host is told to guard a run of a revision by, as rehearsed up to `now`. */
export async function limitsFor(
  db: Db,
  institution: string,
  company: CompanyPolicy,
  revision: PlanRevision,
  now: Date,
): Promise<RunLimits> {
  const rehearsals = await rehearsalsOf(db, institution, revision.plan);
  return runLimitsOf(requirePlan(revision.document), { now: now.toISOString(), policy: company.policy, rehearsals });
}

async function contextOf(
  db: Db,
  institution: string,
  company: CompanyPolicy,
  given: { revision: PlanRevision; plan: Plan; surroundings: Surroundings; now: Date },
): Promise<PlanContext> {
  const { revision, plan, surroundings, now } = given;
  const at = now.toISOString();
  const tally = await tallyOf(db, institution, revision, now);
  const decisions = await decisionsOn(db, institution, revision.planHash);
  const faulty = new Set(
    tally.faults.filter(({ fault }) => fault !== 'returned' && fault !== 'author').map(({ index }) => index),
  );
  return {
    schema: 'breakwater.plan-context/1',
    now: at,
    approvals: decisions.filter((_, index) => !faulty.has(index)),
    rehearsals: await rehearsalsOf(db, institution, revision.plan),
    notices: [...surroundings.notices],
    policy: company.policy,
    otherWindows: (await approvedElsewhere(db, institution, revision.plan, at)).map((other) => {
      const { window, services } = requirePlan(other.document);
      return { plan: other.plan, start: window.start, end: window.end, services };
    }),
    advisories: await advisory.advisoriesFor(db, institution, 'fixes' in plan ? (plan.fixes ?? []) : []),
    vendors: company.vendors,
    playbooks: company.playbooks,
    hosts: [...surroundings.hosts],
    waivers: surroundings.waivers,
  };
}
