import { randomUUID } from 'node:crypto';
import { BreakwaterError } from '@breakwater/rules';
import { breakGlassSealed, breakGlassUsed } from '@breakwater/rules/authority/record';
import type { Platform } from '#platform';
import { inTransaction, type Db } from '#platform/db';
import { leaveWebhook } from '#platform/webhook';
import { register, tell, type Change } from './persons.ts';
import { newSecret, secretHash } from './secret-token.ts';
import { beginSession, type Begun } from './sessions.ts';
import { insertSeal, useSeal } from './store-break-glass.ts';
import { lockPersons } from './store-persons.ts';

/** Pseudonym of the account that is opened when nobody who may can sign in. */
const account = 'break-glass';
const hour = 3_600_000;

/**
 * Makes the code of the break-glass account, to be sealed in an envelope; earlier codes count no more. The account can run,
 * stop and administer, and can approve nothing: deciding takes the keys of persons.
 */
export async function sealBreakGlass(db: Db, change: Change): Promise<{ code: string }> {
  const { institution, by, at } = change;
  return inTransaction(db, async (tx) => {
    await lockPersons(tx, institution);
    await register(tx, change, { person: account, name: null, roles: ['administrator', 'operator'] });
    const [id, code] = [randomUUID(), newSecret()];
    await insertSeal(tx, institution, { id, codeHash: secretHash(code), by: by.id, at });
    await tell(tx, change, account, breakGlassSealed, { seal: id, by: by.id });
    return { code };
  });
}

/**
 * Opens the break-glass account for one hour, once a code, and raises the alarm: evidence and `auth.alarms` in the same commit,
 * the log, and `breakwater_break_glass_total`. Throws BreakwaterError `break-glass.not-signed-in`.
 */
export async function openBreakGlass(
  { db, config, log, jobs }: Pick<Platform, 'db' | 'config' | 'log' | 'jobs'>,
  given: { code: string; reason: string; agent: string; at: Date },
): Promise<Begun> {
  const { institution } = config;
  const { code, reason, agent, at } = given;
  const begun = await inTransaction(db, async (tx) => {
    const seal = await useSeal(tx, institution, secretHash(code), at);
    if (seal === null) {
      throw new BreakwaterError('break-glass.not-signed-in', 'this code was used, or a later one was sealed');
    }
    const change = { institution, by: { kind: 'person', id: account }, at } as const;
    await tell(tx, change, account, breakGlassUsed, { seal, reason });
    const body = JSON.stringify({
      schema: 'breakwater.alarm/1',
      institution,
      alarm: 'break-glass',
      at: at.toISOString(),
    });
    const alarm = { source: 'auth', header: 'breakwater-alarm', id: seal, body, at } as const;
    for (const { name } of config.auth.alarms)
      await leaveWebhook(tx, { jobs, institution }, { ...alarm, webhook: name });
    return beginSession(tx, config, {
      person: account,
      method: 'break-glass',
      agent,
      at,
      replaces: null,
      lastsMs: hour,
    });
  });
  log.error({ session: begun.id }, 'the break-glass account was opened');
  return begun;
}
