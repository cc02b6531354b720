import { BreakwaterError } from '@breakwater/rules';
import { aliasClosure, coverage } from '@breakwater/rules/advisory';
import { advisoryReceived } from '@breakwater/rules/advisory/record';
import type { Actor } from '@breakwater/rules/evidence';
import type { PlanContext } from '@breakwater/rules/plan';
import * as evidence from '#evidence';
import type { Db, Tx } from '#platform/db';
import { readAliasGroups } from './exposure-store.ts';
import { insertAdvisory, readAdvisories, type Advisory } from './store.ts';

/** Adds the receipt of an advisory with its evidence. Throws BreakwaterError `advisory.exists` for an id that is recorded. */
export async function addReceipt(tx: Tx, institution: string, advisory: Advisory, by: Actor, now: Date): Promise<void> {
  const { id, disseminatedBy, receivedAt, proof, vulnerabilities, document } = advisory;
  if (!(await insertAdvisory(tx, institution, advisory, by.id))) {
    throw new BreakwaterError('advisory.exists', `advisory ${id} is recorded already`, '/id');
  }
  await evidence.append(tx, {
    type: advisoryReceived.type,
    institution,
    subjects: { advisory: id },
    actor: by,
    at: now.toISOString(),
    payload: { advisory: id, disseminatedBy, receivedAt, proof, vulnerabilities: [...vulnerabilities], document },
  });
}

/** All advisories, each with how much of `fixes` it covers under any of their names; of a work that names no fixes that is not known. */
export async function advisoriesFor(
  db: Db | Tx,
  institution: string,
  fixes: readonly string[],
): Promise<NonNullable<PlanContext['advisories']>> {
  const closure = aliasClosure(await readAliasGroups(db, institution));
  return (await readAdvisories(db, institution)).map(({ id, disseminatedBy, receivedAt, proof, vulnerabilities }) => ({
    id,
    disseminatedBy,
    receivedAt,
    proof,
    covers: coverage(fixes, vulnerabilities, closure),
  }));
}
