import { randomUUID } from 'node:crypto';
import { BreakwaterError } from '@breakwater/rules';
import { actionNames, actions, type Action } from '@breakwater/rules/authority';
import { tokenIssued, tokenRevoked } from '@breakwater/rules/authority/record';
import * as evidence from '#evidence';
import { inTransaction, type Db } from '#platform/db';
import type { Change } from './persons.ts';
import { isSecret, newSecret, secretHash } from './secret-token.ts';
import { endToken, findToken, insertToken, readTokens, type ApiToken } from './store-tokens.ts';

/** So that a secret that was left somewhere is known for what it is, by people and by scanners. */
const prefix = 'bwt_';

/** Issues a token. `secret` is shown once. Throws BreakwaterError `token.scope` for an action that no token may do. */
export async function issueToken(
  db: Db,
  change: Change,
  wanted: { label: string; scope: readonly Action[]; days: number },
): Promise<{ token: ApiToken; secret: string }> {
  const refused = wanted.scope.find((action) => !actions[action].machines.includes('token'));
  if (refused !== undefined) {
    throw new BreakwaterError('token.scope', `${refused} is never for a token`, '/scope');
  }
  const { institution, by, at } = change;
  const secret = newSecret();
  const token: ApiToken = {
    id: randomUUID(),
    label: wanted.label,
    scope: [...new Set(wanted.scope)],
    issuedBy: by.id,
    issuedAt: at,
    expiresAt: new Date(at.getTime() + wanted.days * 86_400_000),
    revokedAt: null,
  };
  await inTransaction(db, async (tx) => {
    await insertToken(tx, institution, secretHash(secret), token);
    await evidence.append(tx, {
      type: tokenIssued.type,
      institution,
      subjects: { token: token.id },
      actor: by,
      at: at.toISOString(),
      payload: { token: token.id, scope: [...token.scope], expires: token.expiresAt.toISOString(), by: by.id },
    });
  });
  return { token, secret: `${prefix}${secret}` };
}

/** Ends a token at once. Throws BreakwaterError `token.not-found`. */
export async function revokeToken(db: Db, { institution, by, at }: Change, token: string): Promise<void> {
  await inTransaction(db, async (tx) => {
    if (!(await endToken(tx, institution, token, by.id, at))) {
      throw new BreakwaterError('token.not-found', 'no token of this id is in force: see token list', '/token');
    }
    await evidence.append(tx, {
      type: tokenRevoked.type,
      institution,
      subjects: { token },
      actor: by,
      at: at.toISOString(),
      payload: { token, by: by.id },
    });
  });
}

export async function listTokens(db: Db, institution: string): Promise<ApiToken[]> {
  return readTokens(db, institution);
}

/** The token that a caller showed, with the actions of its scope that this version knows; null when it counts for nothing. */
export async function tokenOf(
  db: Db,
  institution: string,
  offered: string,
  now: Date,
): Promise<{ id: string; scope: readonly Action[] } | null> {
  if (!offered.startsWith(prefix) || !isSecret(offered.slice(prefix.length))) return null;
  const token = await findToken(db, institution, secretHash(offered.slice(prefix.length)), now);
  return token === null ? null : { id: token.id, scope: actionNames.filter((name) => token.scope.includes(name)) };
}
