import { BreakwaterError } from '@breakwater/rules';
import { advisoryReceived } from '@breakwater/rules/advisory/record';
import type { PlanContext } from '@breakwater/rules/plan';
import * as evidence from '#evidence';
import { inTransaction, type Db, type Tx } from '#platform/db';
import { insertAdvisory, readAdvisories, type Advisory } from './store.ts';

/**
 * Records an advisory and the proof that an authority disseminated it. A time of receipt in the future, or `proven`
 * without a document, is refused. Throws BreakwaterError `advisory.*`; `advisory.exists` for an id that is recorded.
 */
export async function recordAdvisory(
  db: Db,
  institution: string,
  advisory: Advisory,
  by: string,
  now: Date,
): Promise<void> {
  if (Date.parse(advisory.receivedAt) > now.getTime()) {
    throw new BreakwaterError(
      'advisory.future',
      'the advisory was not received yet: correct receivedAt',
      '/receivedAt',
    );
  }
  if (advisory.proof === 'proven' && advisory.document === null) {
    throw new BreakwaterError(
      'advisory.no-document',
      'proven needs the digest of the document that proves it',
      '/document',
    );
  }
  await inTransaction(db, async (tx) => {
    if (!(await insertAdvisory(tx, institution, advisory, by))) {
      throw new BreakwaterError('advisory.exists', `advisory ${advisory.id} is recorded already`, '/id');
    }
    const { id, disseminatedBy, receivedAt, proof, vulnerabilities, document } = advisory;
    await evidence.append(tx, {
      type: advisoryReceived.type,
      institution,
      subjects: { advisory: id },
      actor: { kind: 'person', id: by },
      at: now.toISOString(),
      payload: { advisory: id, disseminatedBy, receivedAt, proof, vulnerabilities: [...vulnerabilities], document },
    });
  });
}

/** All advisories, each with how much of `fixes` it covers; of a work that names no fixes that is not known. */
export async function advisoriesFor(
  db: Db | Tx,
  institution: string,
  fixes: readonly string[],
): Promise<NonNullable<PlanContext['advisories']>> {
  return (await readAdvisories(db, institution)).map(({ id, disseminatedBy, receivedAt, proof, vulnerabilities }) => {
    const covered = fixes.filter((fix) => vulnerabilities.includes(fix)).length;
    const covers = fixes.length === 0 ? null : covered === fixes.length ? 'all' : covered > 0 ? 'part' : 'none';
    return { id, disseminatedBy, receivedAt, proof, covers };
  });
}
