/** Exceptions: exposures that are left as they are until a day, because two persons agreed to the reason of a third. */
import { createHash, randomUUID } from 'node:crypto';
import { BreakwaterError, type ExceptionDecisionStatement, type Signature } from '@breakwater/rules';
import { canonicalJson } from '@breakwater/rules/evidence';
import { exceptionCan, exceptionState, longestExceptionDays, type ExceptionState } from '@breakwater/rules/plan';
import { exceptionAsked, exceptionDecided, exceptionEnded } from '@breakwater/rules/plan/record';
import * as evidence from '#evidence';
import { acceptStatement } from '#platform/auth';
import { inTransaction, type Db, type Tx } from '#platform/db';
import {
  endException,
  insertException,
  insertExceptionWord,
  lockPatches,
  readExceptions,
  type ExceptionRow,
} from './patch-store.ts';
import { requireExposures } from './patches.ts';
import { refuse } from './refusal.ts';

export interface Exception extends ExceptionRow {
  readonly state: ExceptionState;
}

/** Exceptions that one answer holds at most. */
const mostExceptions = 1000;
const dayMs = 86_400_000;

export interface ExceptionRequest {
  readonly exposures: readonly string[];
  readonly reason: string;
  readonly meanwhile: string;
  readonly until: string;
  readonly by: string;
}

/**
 * Asks for an exception. It counts once two others agree. Throws BreakwaterError `exception.until` for a day that is over or too far
 * away, `patch.exposure-not-found`.
 */
export async function askException(
  db: Db,
  institution: string,
  { exposures, reason, meanwhile, until, by }: ExceptionRequest,
  now: Date,
): Promise<Exception> {
  const left = Date.parse(until) - now.getTime();
  if (left <= 0 || left > longestExceptionDays * dayMs) {
    throw new BreakwaterError(
      'exception.until',
      `an exception ends in the future, at most ${longestExceptionDays} days from now: correct until`,
      '/until',
    );
  }
  const asked = { id: randomUUID(), exposures: [...new Set(exposures)].toSorted(), reason, meanwhile, until };
  const digest = `sha256:${createHash('sha256').update(canonicalJson(asked)).digest('hex')}`;
  const row = { ...asked, digest, askedBy: by, askedAt: now.toISOString() };
  await inTransaction(db, async (tx) => {
    await requireExposures(tx, institution, asked.exposures, now);
    await insertException(tx, institution, row);
    await evidence.append(tx, {
      type: exceptionAsked.type,
      institution,
      subjects: { exception: asked.id },
      actor: { kind: 'person', id: by },
      at: row.askedAt,
      payload: { exception: asked.id, exposures: asked.exposures, reason, meanwhile, until },
    });
  });
  return findException(db, institution, asked.id, now);
}

/**
 * Takes a person's signed word on an exception. Throws BreakwaterError `exception.not-found`, `approval.role`, `key.*`; Refused
 * `exception-own`, `exception-other`, `exception-not-now`.
 */
export async function decideException(
  db: Db,
  institution: string,
  statement: ExceptionDecisionStatement,
  signature: Signature,
  now: Date,
): Promise<Exception> {
  return inTransaction(db, async (tx) => {
    await lockPatches(tx, institution);
    const { exception: id, person, role, decision } = statement;
    const exception = await findException(tx, institution, id, now);
    const signer = await acceptStatement(tx, institution, statement, signature, now);
    if (signer.role !== role || statement.institution !== institution) {
      throw new BreakwaterError(
        'approval.role',
        `the key is enrolled for the role ${signer.role} at ${institution}, not ${role} at ${statement.institution}`,
        '/role',
      );
    }
    if (statement.digest !== exception.digest)
      throw refuse({ reason: 'exception-other', exception: id, digest: exception.digest });
    if (person === exception.askedBy) throw refuse({ reason: 'exception-own', exception: id, person });
    if (!exceptionCan.decide.states.includes(exception.state))
      throw refuse({ reason: 'exception-not-now', exception: id, act: 'decide', state: exception.state });
    const at = now.toISOString();
    if (!(await insertExceptionWord(tx, institution, id, { person, decision, at }))) return exception;
    const decided = await findException(tx, institution, id, now);
    await evidence.append(tx, {
      type: exceptionDecided.type,
      institution,
      subjects: { exception: id },
      actor: { kind: 'person', id: person },
      at,
      payload: exceptionDecided.payload.parse({
        exception: id,
        digest: statement.digest,
        decision,
        person,
        role,
        at: statement.at,
        nonce: statement.nonce,
        ...signature,
        state: decided.state,
      }),
    });
    return decided;
  });
}

/** Ends an exception before its day. Throws BreakwaterError `exception.not-found`, Refused `exception-not-now`. */
export async function finishException(
  db: Db,
  institution: string,
  { id, reason, by }: { id: string; reason: string; by: string },
  now: Date,
): Promise<Exception> {
  return inTransaction(db, async (tx) => {
    await lockPatches(tx, institution);
    const { state } = await findException(tx, institution, id, now);
    if (!exceptionCan.end.states.includes(state))
      throw refuse({ reason: 'exception-not-now', exception: id, act: 'end', state });
    await endException(tx, institution, id, now);
    await evidence.append(tx, {
      type: exceptionEnded.type,
      institution,
      subjects: { exception: id },
      actor: { kind: 'person', id: by },
      at: now.toISOString(),
      payload: { exception: id, reason },
    });
    return findException(tx, institution, id, now);
  });
}

/** Exceptions as they stand at `now`, the newest first. */
export async function listExceptions(db: Db, institution: string, now: Date): Promise<Exception[]> {
  return (await readExceptions(db, institution, null, mostExceptions)).map((row) => standing(row, now));
}

async function findException(db: Db | Tx, institution: string, id: string, now: Date): Promise<Exception> {
  const [row] = await readExceptions(db, institution, id, 1);
  if (row === undefined)
    throw new BreakwaterError('exception.not-found', `there is no exception ${JSON.stringify(id)}`, '/exception');
  return standing(row, now);
}

function standing(row: ExceptionRow, now: Date): Exception {
  return { ...row, state: exceptionState(row, row.words, now.toISOString()) };
}
