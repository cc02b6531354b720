/** Approving a notice: fit by its lint, possible by its schedule, and by as many persons as the company's policy asks for. */
import { BreakwaterError, type NoticeDecisionStatement, type Signature } from '@breakwater/rules';
import { noticeDigest, type Notice } from '@breakwater/rules/notice';
import { noticeDecided } from '@breakwater/rules/notice/record';
import { append } from '#evidence';
import { acceptStatement, judgeApprovals, type ApprovalVerdict } from '#platform/auth';
import type { Clock } from '#platform/clock';
import { inTransaction, type Db } from '#platform/db';
import { decisionsOn, insertDecision } from './draft-store.ts';
import type { Estimate } from './estimate.ts';
import { refuse } from './refusal.ts';
import { readNotice, type NoticeRow } from './store.ts';

export type ApprovalOptions = {
  db: Db;
  clock: Clock;
  institution: string;
  /** Persons that must approve a notice before it is published or sent, besides who wrote it; 0 = none has to. */
  approvals: { needed: number; roles: readonly string[] };
};

/** How far the approval of a notice is. */
export type Approval = { notice: string; document: string; needed: number; verdict: ApprovalVerdict };

/**
 * Takes a person's signed decision about a notice. An approval needs a fit notice and a sending that can be in time: for
 * planned work that is refused with its arithmetic, for an emergency the person takes it upon themselves (`waiver`).
 *
 * Throws BreakwaterError `notice.*`, `key.*`, `approval.role`, `statement.used`; Refused `notice-lint`, `notice-too-late`,
 * `notice-waiver-needed`.
 */
export async function decideNotice(
  options: ApprovalOptions,
  { statement, signature }: { statement: NoticeDecisionStatement; signature: Signature },
  judge: { requireFit(document: Notice): void; estimate(row: NoticeRow): Promise<Estimate> },
): Promise<Approval> {
  const { db, clock, institution } = options;
  const row = await readNotice(db, institution, statement.notice);
  if (row === null) {
    throw new BreakwaterError('notice.not-found', `there is no notice ${JSON.stringify(statement.notice)}`, '/notice');
  }
  const digest = noticeDigest(row.document);
  if (digest !== statement.digest) {
    throw new BreakwaterError(
      'notice.changed',
      `the notice of this id is ${digest}, not ${statement.digest}`,
      '/digest',
    );
  }
  if (statement.decision === 'approve') {
    judge.requireFit(row.document);
    requireTime(await judge.estimate(row), statement.waiver);
  }
  const now = clock.now();
  await inTransaction(db, async (tx) => {
    const { role } = await acceptStatement(tx, institution, statement, signature, now);
    if (role !== statement.role) {
      throw new BreakwaterError(
        'approval.role',
        `the key is enrolled for the role ${role}, not ${statement.role}`,
        '/role',
      );
    }
    const { schema: _, digest: document, ...decided } = statement;
    await insertDecision(tx, institution, { ...decided, document, at: new Date(statement.at), key: signature.key });
    await append(tx, {
      type: noticeDecided.type,
      institution,
      subjects: { plan: row.plan, notice: row.id },
      actor: { kind: 'person', id: statement.person },
      at: now.toISOString(),
      payload: { ...decided, document, plan: row.plan, ...signature },
    });
  });
  return approvalOf(options, row);
}

/** How far a notice is approved now. Decisions about another document of the same id do not count. */
export async function approvalOf(
  { db, clock, institution, approvals }: ApprovalOptions,
  row: NoticeRow,
): Promise<Approval> {
  const document = noticeDigest(row.document);
  const decisions = (await decisionsOn(db, institution, row.id))
    .filter((one) => one.document === document)
    .map(({ person, role, decision, at }) => ({ person, role, decision, at: at.toISOString(), expires: null }));
  const rule = { needed: approvals.needed, excluded: [row.submittedBy], roles: approvals.roles };
  const verdict = judgeApprovals(decisions, rule, clock.now());
  return { notice: row.id, document, needed: approvals.needed, verdict };
}

/** Throws Refused `notice-unapproved` when the policy asks for approvals that are not there. */
export async function requireApproval(options: ApprovalOptions, row: NoticeRow): Promise<void> {
  if (options.approvals.needed === 0) return;
  const { needed, verdict } = await approvalOf(options, row);
  if (verdict.approved) return;
  const persons = verdict.reason === 'too-few' ? verdict.persons : [];
  throw refuse({ reason: 'notice-unapproved', notice: row.id, why: verdict.reason, needed, persons });
}

function requireTime({ urgency, schedule }: Estimate, waiver: string | null): void {
  if (schedule === null || schedule.inTime) return;
  const { words, reachedBeforeStart } = schedule;
  if (urgency === 'planned') throw refuse({ reason: 'notice-too-late', words });
  if (waiver === null) throw refuse({ reason: 'notice-waiver-needed', words, reachedBeforeStart });
}
