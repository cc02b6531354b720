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
import type { Actor } from '@breakwater/rules/evidence';
import type { RunLimits } from '@breakwater/rules/guard';
import { planDecided, planRehearsed, planSubmitted, type RehearsalRecord } from '@breakwater/rules/plan/record';
import * as advisory from '#advisory';
import * as evidence from '#evidence';
import { listKeys, requireSigner, signatureVerifies } from '#platform/auth';
import { inTransaction, type Db, type Tx } from '#platform/db';
import { moveByPlan } from './patches.ts';
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
    const before = await revisionsOf(tx, institution, plan.id);
    const revision: PlanRevision = {
      plan: plan.id,
      revision: before.length + 1,
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
    const last = before.at(-1);
    if (last !== undefined && !hasSameSteps(plan, requirePlan(last.document))) {
      const event = { type: 'revised', at: revision.submittedAt, planHash: hash } as const;
      await moveByPlan(tx, institution, plan.id, event, { kind: 'person', id: by });
    }
    return revision;
  });
}

/** True when rehearsals of one count for the other. */
function hasSameSteps(plan: Plan, other: Plan): boolean {
  const digests = stepDigests(other);
  const own = Object.entries(stepDigests(plan));
  return own.length === Object.keys(digests).length && own.every(([id, digest]) => digests[id] === digest);
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
  { policy }: CompanyPolicy,
  plan: string,
  rehearsal: RehearsalRecord,
): Promise<void> {
  if (!(await insertRehearsal(tx, institution, plan, rehearsal))) return;
  const actor = { kind: 'host', id: rehearsal.host } as const;
  await evidence.append(tx, {
    type: planRehearsed.type,
    institution,
    subjects: { plan, run: rehearsal.run, planHash: rehearsal.planHash },
    actor,
    at: rehearsal.at,
    payload: planRehearsed.payload.parse(rehearsal),
  });
  const revision = await findPlan(tx, institution, plan);
  const document = requirePlan(revision.document);
  const rehearsals = (await passingRehearsals(tx, institution, revision.plan, document)).length;
  if (rehearsals < rehearsalsNeeded(document, { policy })) return;
  const event = { type: 'rehearsed', at: rehearsal.at, planHash: revision.planHash, rehearsals } as const;
  await moveByPlan(tx, institution, plan, event, actor);
}

/** Rehearsals of a plan that passed and whose steps are those of `document`. */
async function passingRehearsals(
  db: Db | Tx,
  institution: string,
  plan: string,
  document: Plan,
): Promise<RehearsalRecord[]> {
  const digests = Object.entries(stepDigests(document));
  return (await rehearsalsOf(db, institution, plan)).filter(
    ({ passed, stepDigests: done }) => passed && digests.every(([id, digest]) => done[id] === digest),
  );
}

/** Keeps that a notice of a plan was published, in the transaction that publishes it. */
export async function planAnnounced(
  tx: Tx,
  institution: string,
  plan: string,
  published: { notice: string; at: string; by: Actor },
): Promise<void> {
  const { notice, at, by } = published;
  await moveByPlan(tx, institution, plan, { type: 'announced', at, notice }, by);
}

/** The revision that a live run executes; null when the run is none of a plan, or a rehearsal. */
export async function planOfRun(db: Db | Tx, institution: string, run: string): Promise<PlanRevision | null> {
  const hash = await planHashOf(db, institution, run);
  return hash === null ? null : revisionByHash(db, institution, hash);
}

/** Keeps that a live run of a revision began, in the transaction that requests it. */
export async function planRunBegan(
  tx: Tx,
  institution: string,
  revision: Pick<PlanRevision, 'plan' | 'planHash'>,
  run: { id: string; at: string; by: Actor },
): Promise<void> {
  await insertRun(tx, institution, revision.planHash, run.id);
  await moveByPlan(tx, institution, revision.plan, { type: 'started', at: run.at, run: run.id }, run.by);
}

/** Keeps that a run is over, in the transaction that ends it. One that the start gate refused never was. */
export async function planRunEnded(
  tx: Tx,
  institution: string,
  run: { id: string; plan: string; mode: 'live' | 'rehearsal'; outcome: string; at: string; workEndedAt: string },
): Promise<void> {
  const { id, plan, mode, outcome, at, workEndedAt } = run;
  await endPlanRun(tx, id, outcome === 'refused');
  if (mode === 'rehearsal' || outcome === 'refused') return;
  const event =
    outcome === 'completed'
      ? ({ type: 'executed', at, run: id, workEndedAt } as const)
      : ({ type: 'not-executed', at, run: id, outcome } as const);
  await moveByPlan(tx, institution, plan, event, { kind: 'system', id: 'runner' });
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
  const rehearsals = await passingRehearsals(db, institution, revision.plan, plan);
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
