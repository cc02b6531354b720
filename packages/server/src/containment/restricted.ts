/** What only the restricted group may know: every access takes a signature and leaves evidence. */
import { BreakwaterError, type RestrictedStatement, type Signature } from '@breakwater/rules';
import { draftOf, type FindingDraft } from '@breakwater/rules/containment';
import type { Actor } from '@breakwater/rules/evidence/record';
import { findPlan } from '#plan';
import { acceptStatement } from '#platform/auth';
import { inTransaction, type Tx } from '#platform/db';
import { listFindings, type ListedFinding } from './listing.ts';
import { recordAct } from './pages.ts';
import type { ContainmentOptions } from './workflow.ts';

/** A statement counts this long before and after the instant that it names. */
const slackMs = 5 * 60_000;

export interface SignedAct {
  readonly statement: RestrictedStatement;
  readonly signature: Signature;
}

/**
 * Critical findings, for a person of the restricted group who signed for reading them.
 * Throws BreakwaterError `key.*`, `statement.*`, `finding.forbidden`.
 */
export async function readRestricted(
  options: ContainmentOptions,
  signed: SignedAct,
  page: { after: string; limit: number },
): Promise<{ findings: ListedFinding[]; next: string | null }> {
  if (signed.statement.act !== 'read') throw otherAct('read');
  return admitted(options, signed, (tx) =>
    listFindings(
      tx,
      options.institution,
      { restricted: true, run: null, fingerprint: signed.statement.fingerprint },
      page,
    ),
  );
}

/**
 * Drafts an act about one critical finding. `plan`: a submitted plan of the same services, for drafts of plans.
 * Throws as `readRestricted`, and `finding.not-found`, `plan.not-found`.
 */
export async function draftAct(
  options: ContainmentOptions,
  signed: SignedAct,
  plan: string | null,
): Promise<FindingDraft> {
  const { act, fingerprint, person } = signed.statement;
  if (act === 'read' || fingerprint === null)
    throw otherAct('isolate, report-to-fsi, request-dissemination or emergency-plan, of one finding');
  const { db, institution, clock } = options;
  const base = plan === null ? null : (await findPlan(db, institution, plan)).document;
  const filter = { restricted: true, run: null, fingerprint };
  const drafted = await admitted(options, signed, async (tx) => {
    const [listed] = (await listFindings(tx, institution, filter, { after: '', limit: 1 })).findings;
    const now = clock.now().toISOString();
    return listed === undefined ? null : draftOf(act, listed.finding, { institution, now, person, base });
  });
  if (drafted === null) {
    throw new BreakwaterError('finding.not-found', 'there is no critical finding of this fingerprint', '/fingerprint');
  }
  return drafted;
}

/** Does `work` for a person of the group. Being let in and being refused are both evidence; a bad signature is neither. */
async function admitted<T>(
  options: ContainmentOptions,
  { statement, signature }: SignedAct,
  work: (tx: Tx) => Promise<T>,
): Promise<T> {
  const { db, institution, clock, restrictedRoles } = options;
  const now = clock.now();
  if (statement.institution !== institution) {
    throw new BreakwaterError('statement.institution', `the statement is of another institution`, '/institution');
  }
  if (Math.abs(Date.parse(statement.at) - now.getTime()) > slackMs) {
    throw new BreakwaterError('statement.stale', 'the statement was not made now: make and sign a new one', '/at');
  }
  const result = await inTransaction(db, async (tx) => {
    const { role } = await acceptStatement(tx, institution, statement, signature, now);
    const { act, fingerprint, person } = statement;
    const actor: Actor = { kind: 'person', id: person };
    const isOfGroup = restrictedRoles.includes(role);
    const details = { act, fingerprint, person, role, admitted: isOfGroup };
    await recordAct(tx, institution, details, actor, now.toISOString());
    return isOfGroup ? { done: await work(tx) } : null;
  });
  if (result === null) {
    throw new BreakwaterError('finding.forbidden', 'this is for the restricted group only', '/person');
  }
  return result.done;
}

function otherAct(expected: string): BreakwaterError {
  return new BreakwaterError('statement.act', `the statement is for something else: sign for ${expected}`, '/act');
}
