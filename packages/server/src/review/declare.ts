/** What persons state about a run: fault, consumer loss, and the causes of disruptions. Statements are evidence, not truth. */
import { causeClassified, faultDeclared } from '@breakwater/rules/review/record';
import * as evidence from '#evidence';
import { type Db, inTransaction } from '#platform/db';
import { type Cause, type Declared, insertCause, insertDeclaration } from './store.ts';

/** Keeps the applicant's own statements; a later one of the same subject speaks in its place, and both stay in the log. */
export async function declareFault(
  db: Db,
  institution: string,
  { run, subject, declared, by }: { run: string; subject: string; declared: Declared; by: string },
  now: Date,
): Promise<void> {
  await inTransaction(db, async (tx) => {
    await insertDeclaration(tx, institution, { run, subject, declared, by, at: now });
    await evidence.append(tx, {
      type: faultDeclared.type,
      institution,
      subjects: { run },
      actor: { kind: 'person', id: by },
      at: now.toISOString(),
      payload: faultDeclared.payload.parse({ run, subject, ...declared, by, at: now.toISOString() }),
    });
  });
}

/** Keeps a person's classification of a disruption's cause, with the evidence it rests on. */
export async function classifyCause(
  db: Db,
  institution: string,
  given: { run: string; disruption: string; cause: Cause; evidence: readonly string[]; by: string },
  now: Date,
): Promise<void> {
  await inTransaction(db, async (tx) => {
    await insertCause(tx, institution, { ...given, at: now });
    await evidence.append(tx, {
      type: causeClassified.type,
      institution,
      subjects: { run: given.run },
      actor: { kind: 'person', id: given.by },
      at: now.toISOString(),
      payload: causeClassified.payload.parse({ ...given, evidence: [...given.evidence], at: now.toISOString() }),
    });
  });
}
