/** Telling people at once: a page is left in the commit of what it tells, and delivered as soon as that commits. */
import { randomBytes } from 'node:crypto';
import { canonicalJson, digestOf } from '@breakwater/rules/evidence';
import type { Actor } from '@breakwater/rules/evidence/record';
import { needToKnow, pageSent } from '@breakwater/rules/containment/record';
import * as evidence from '#evidence';
import type { Tx } from '#platform/db';
import { leaveWebhook } from '#platform/webhook';
import { insertPage, insertRestrictedAct, type PageKind, type SeenAttempts } from './store.ts';
import type { ContainmentOptions } from './workflow.ts';

/** A webhook and what it is told. */
export interface PagedWebhook {
  readonly name: string;
  readonly pages: 'attempts' | 'restricted';
}

/** Destinations that stand in a page; the rest is counted. */
const mostShown = 100;

const system: Actor = { kind: 'system', id: 'containment' };

/** Leaves a page about attempts outside the scope. */
export async function pageAttempts(
  tx: Tx,
  options: ContainmentOptions,
  { run, seen, at }: { run: string; seen: readonly SeenAttempts[]; at: string },
): Promise<void> {
  const { institution } = options;
  const attempts = seen.flatMap((one) => one.attempts.map((attempt) => ({ ...attempt, at: one.at })));
  const body = {
    run,
    packets: seen.reduce((sum, { packets }) => sum + packets, 0),
    attempts: attempts.slice(0, mostShown),
    soFar: seen.at(-1)?.soFar,
  };
  const told = await leave(tx, options, 'attempt', body, at);
  await evidence.append(tx, {
    type: pageSent.type,
    institution,
    subjects: { run },
    actor: system,
    at,
    payload: { page: told.page, kind: 'attempt', run, webhooks: told.webhooks },
  });
}

/** Leaves a page for the restricted group. It says that something waits, and nothing of what. */
export async function pageRestricted(
  tx: Tx,
  options: ContainmentOptions,
  { run, fingerprints, at }: { run: string; fingerprints: readonly string[]; at: string },
): Promise<void> {
  const told = await leave(tx, options, 'restricted', { count: fingerprints.length }, at);
  if (told.webhooks.length === 0) {
    options.log.warn(
      { page: told.page },
      'a page has nobody to go to: configure a webhook of containment.webhooks for restricted pages',
    );
  }
  await recordAct(tx, options.institution, { act: 'page', run, fingerprints, ...told }, system, at);
}

/** Puts an act that is need-to-know into evidence: the log holds a digest that only the act's own table opens. */
export async function recordAct(
  tx: Tx,
  institution: string,
  details: Record<string, unknown>,
  actor: Actor,
  at: string,
): Promise<void> {
  const salt = randomBytes(32).toString('hex');
  const digest = digestOf(Buffer.from(canonicalJson({ details, salt })));
  await insertRestrictedAct(tx, institution, { digest, salt, details, at });
  await evidence.append(tx, {
    type: needToKnow.type,
    institution,
    subjects: {},
    actor,
    at,
    payload: { digest },
  });
}

async function leave(
  tx: Tx,
  { institution, jobs, webhooks }: ContainmentOptions,
  kind: PageKind,
  body: object,
  at: string,
): Promise<{ page: number; webhooks: string[] }> {
  const page = await insertPage(tx, institution, { kind, body, at });
  const told = webhooks.filter(({ pages }) => pages === (kind === 'attempt' ? 'attempts' : 'restricted'));
  const text = JSON.stringify({ schema: 'breakwater.page/1', page, institution, kind, at, ...body });
  const left = {
    source: 'containment',
    header: 'breakwater-page',
    id: String(page),
    body: text,
    at: new Date(at),
  } as const;
  for (const { name } of told) await leaveWebhook(tx, { jobs, institution }, { ...left, webhook: name });
  return { page, webhooks: told.map(({ name }) => name) };
}
