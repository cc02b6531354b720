/** Starts that are forbidden for the whole company, and how they are allowed again: by two persons' signatures. */
import { randomUUID } from 'node:crypto';
import { BreakwaterError, statementBytes, type Signature, type StartsStatement } from '@breakwater/rules';
import { digestOf, type Actor } from '@breakwater/rules/evidence';
import type { StartsReason } from '@breakwater/rules/runner';
import { startsAllowed, startsForbidden, startsReleaseSigned } from '@breakwater/rules/runner/record';
import * as evidence from '#evidence';
import type { Guard } from '#guard';
import { acceptStatement } from '#platform/auth';
import { inTransaction, type Db, type Tx } from '#platform/db';
import { endBan, insertBan, insertRelease, lockStarts, readBan, updateReason, type StartBan } from './starts-store.ts';

export interface StartsDeps {
  readonly db: Db;
  readonly institution: string;
  readonly guard: Pick<Guard, 'allowStarts'>;
  now(): Date;
}

/** Why starts are forbidden, as far as it was said. */
export interface Why {
  readonly reason: StartsReason | null;
  readonly note: string | null;
}

/** How many persons' signatures allow starts again. */
export const releasesNeeded = 2;

/** Forbids starts from now on. Where they are forbidden already, only a reason that is given is added. */
export async function forbidStarts({ db, institution, now }: StartsDeps, by: Actor, why: Why): Promise<StartBan> {
  return inTransaction(db, async (tx) => {
    await lockStarts(tx, institution);
    const at = now().toISOString();
    const begun: StartBan = { id: randomUUID(), by: by.id, at, ...why, releasedBy: [] };
    const isNew = await insertBan(tx, institution, begun);
    const ban = isNew ? begun : await requireBan(tx, institution);
    if (!isNew && why.reason !== null) await updateReason(tx, ban.id, why.reason, why.note);
    if (isNew || why.reason !== null) await tellForbidden(tx, institution, by, at, { ban: ban.id, ...why });
    return { ...ban, ...(why.reason === null ? {} : why) };
  });
}

/** Says afterwards why starts are forbidden. Throws BreakwaterError `starts.allowed.conflict` when they are not. */
export async function giveReason(
  { db, institution, now }: StartsDeps,
  by: Actor,
  why: { reason: StartsReason; note: string | null },
): Promise<StartBan> {
  return inTransaction(db, async (tx) => {
    await lockStarts(tx, institution);
    const ban = await requireBan(tx, institution);
    await updateReason(tx, ban.id, why.reason, why.note);
    await tellForbidden(tx, institution, by, now().toISOString(), { ban: ban.id, ...why });
    return { ...ban, ...why };
  });
}

/** What came of a signature: who has signed, and with enough of them, where starts stay forbidden all the same. */
export interface Released {
  readonly allowed: boolean;
  readonly releasedBy: readonly string[];
  /** Hosts on which a lever stays that was put there by hand. */
  readonly held: readonly string[];
  /** Hosts that did not answer: their lever stays until it is taken away there, or starts are forbidden and allowed anew. */
  readonly unreachable: readonly string[];
}

/**
 * Takes one person's signature that starts are allowed again; the second one's ends the ban and takes the levers of the
 * hosts back. Throws BreakwaterError `starts.allowed.conflict`, `starts.other-ban.conflict`, `key.*`, `statement.used`.
 */
export async function allowStarts(
  deps: StartsDeps,
  statement: StartsStatement,
  signature: Signature,
): Promise<Released> {
  const { db, institution, guard } = deps;
  const ban = await inTransaction(db, async (tx) => {
    await lockStarts(tx, institution);
    const standing = await requireBan(tx, institution);
    if (statement.ban !== standing.id || statement.institution !== institution) {
      throw new BreakwaterError(
        'starts.other-ban.conflict',
        `the signature is for another ban: sign for ${standing.id}`,
        '/statement/ban',
      );
    }
    const { person } = await acceptStatement(tx, institution, statement, signature, deps.now());
    const at = deps.now().toISOString();
    if (await insertRelease(tx, institution, { ban: standing.id, person, at })) {
      const approval = digestOf(statementBytes(statement));
      const payload = startsReleaseSigned.payload.parse({ ban: standing.id, person, approval });
      await tell(tx, institution, startsReleaseSigned.type, { kind: 'person', id: person }, at, payload);
    }
    const now = await requireBan(tx, institution);
    if (now.releasedBy.length >= releasesNeeded) {
      await endBan(tx, now.id, at);
      const payload = startsAllowed.payload.parse({ ban: now.id, by: now.releasedBy });
      await tell(tx, institution, startsAllowed.type, { kind: 'person', id: person }, at, payload);
    }
    return now;
  });
  const { releasedBy } = ban;
  if (releasedBy.length < releasesNeeded) return { allowed: false, releasedBy, held: [], unreachable: [] };
  return { allowed: true, releasedBy, ...(await guard.allowStarts(releasedBy)) };
}

async function requireBan(tx: Tx, institution: string): Promise<StartBan> {
  const ban = await readBan(tx, institution);
  if (ban === null) throw new BreakwaterError('starts.allowed.conflict', 'starts are not forbidden');
  return ban;
}

async function tellForbidden(
  tx: Tx,
  institution: string,
  by: Actor,
  at: string,
  told: { ban: string } & Why,
): Promise<void> {
  await tell(tx, institution, startsForbidden.type, by, at, startsForbidden.payload.parse({ ...told, by: by.id }));
}

async function tell(
  tx: Tx,
  institution: string,
  type: string,
  actor: Actor,
  at: string,
  payload: { readonly ban: string },
): Promise<void> {
  await evidence.append(tx, {
    type,
    institution,
    subjects: { ban: payload.ban },
    actor,
    at,
    payload,
  });
}
