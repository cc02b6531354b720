/** Cases: each act is judged by the rules, kept as an event, and its digest appended to the log in the same commit. */
import { randomBytes, randomUUID } from 'node:crypto';
import { BreakwaterError } from '@breakwater/rules';
import {
  type Case,
  type CaseAct,
  type CaseActor,
  type CaseBody,
  type CaseEvent,
  type CaseSaying,
  caseDigest,
  caseEventDigest,
  changesBetween,
  foldCase,
  judgeAct,
  judgeSaying,
  sitting,
} from '@breakwater/rules/review';
import { caseEventKept, caseRead } from '@breakwater/rules/review/record';
import { assessmentsOf } from '#criteria';
import * as evidence from '#evidence';
import { findPlan } from '#plan';
import type { Platform } from '#platform';
import { type Tx, inTransaction } from '#platform/db';
import { insertCase, insertCaseEvent, lockCase, readCaseEvents, readCaseIds, readEventsOf } from './case-store.ts';
import { refuseReview } from './refusal.ts';
import { exportDossier } from './workflow.ts';

export interface KnownCase {
  readonly id: string;
  readonly one: Case;
}

/** An act on a case that is there, with what it says. */
export type CaseDeed = { [A in Exclude<CaseAct, 'opened'>]: { readonly act: A; readonly body: CaseBody<A> } }[Exclude<
  CaseAct,
  'opened'
>];

/** `by`: as the event names who acted. */
export interface CaseDoer extends CaseActor {
  readonly by: string;
}

/** Opens a case. Throws BreakwaterError `run.not-found` or `plan.not-found` for what the log does not hold. */
export async function openCase(platform: Platform, body: CaseBody<'opened'>, by: string): Promise<KnownCase> {
  const { db, clock, config } = platform;
  const { institution } = config;
  if (body.plan !== null) await findPlan(db, institution, body.plan);
  if (body.run !== null) await requireRun(platform, body.run);
  const id = randomUUID();
  const now = clock.now();
  const event: CaseEvent = { seq: 1, act: 'opened', body, by, at: now.toISOString() };
  await inTransaction(db, async (tx) => {
    await insertCase(tx, institution, { id, kind: body.kind, run: body.run, plan: body.plan, openedAt: now });
    await keep(tx, institution, id, event);
  });
  return { id, one: foldCase([event]) };
}

/** What was committed a moment ago is brought into the log first. */
async function requireRun(platform: Platform, run: string): Promise<void> {
  const log = evidence.evidenceLog(platform);
  await log.open();
  await log.flush();
  const about = await evidence.recordsAbout(platform.db, { run });
  if (about.some((record) => 'leaf' in record && record.leaf.institution === platform.config.institution)) return;
  throw new BreakwaterError('run.not-found', `the log holds no run ${run}`, '/run');
}

/**
 * Does an act to a case. Throws BreakwaterError `case.not-found`, or Refused with a CaseRefusal; then nothing happened.
 */
export async function actOnCase(platform: Platform, id: string, deed: CaseDeed, doer: CaseDoer): Promise<KnownCase> {
  const { db, clock, config } = platform;
  return inTransaction(db, async (tx) => {
    await lockCase(tx, config.institution, id);
    const events = await eventsOf(tx, config.institution, id);
    const one = foldCase(events);
    const saying = sayingOf(deed, doer);
    const refusal = judgeAct(one, deed.act, doer) ?? (saying === null ? null : judgeSaying(one, saying));
    if (refusal !== null) throw refuseReview(refusal);
    const event = { seq: one.seq + 1, ...deed, by: doer.by, at: clock.now().toISOString() } as CaseEvent;
    await keep(tx, config.institution, id, event);
    return { id, one: foldCase([...events, event]) };
  });
}

/**
 * Seals the dossier of the case's run as its next version, with what changed since the version before.
 *
 * Throws as `actOnCase` and `exportDossier`; BreakwaterError `case.no-run` for a case that is about no run.
 */
export async function sealVersion(
  platform: Platform,
  id: string,
  doer: CaseDoer,
  asked: { pack: string | null },
): Promise<KnownCase> {
  const { db, config } = platform;
  const events = await eventsOf(db, config.institution, id);
  const one = foldCase(events);
  const refusal = judgeAct(one, 'version-sealed', doer);
  if (refusal !== null) throw refuseReview(refusal);
  if (one.run === null)
    throw new BreakwaterError('case.no-run', 'the case is about no run: there is no dossier to seal');
  const { row, digest } = await exportDossier(platform, { run: one.run, pack: asked.pack, asOf: null });
  const made = await assessmentsOf(db, config.institution, one.run);
  const before = made.find((known) => known.digest === one.versions.at(-1)?.assessment);
  const after = made.find((known) => known.digest === digest);
  const differs = before === undefined || after === undefined ? null : changesBetween(before, after);
  const changed =
    differs === null ? null : [...differs.changes.map(({ kind, id: what }) => `${kind}:${what}`), ...differs.facts];
  const body: CaseBody<'version-sealed'> = {
    manifest: row.manifest,
    assessment: digest,
    first: row.firstIndex,
    end: row.endIndex,
    caseDigest: caseDigest(id, events),
    changed,
  };
  return actOnCase(platform, id, { act: 'version-sealed', body }, doer);
}

/** A nonce for a ballot: without it the digest in the log would tell which of four opinions it is. */
export function ballotNonce(): string {
  return randomBytes(32).toString('hex');
}

/** The case. Throws BreakwaterError `case.not-found`. */
export async function findCase({ db, config }: Platform, id: string): Promise<KnownCase> {
  return { id, one: foldCase(await eventsOf(db, config.institution, id)) };
}

/** Cases that `person` may see (null: all), the newest first. */
export async function listCases(
  { db, config }: Platform,
  asked: { person: string | null; before: string | null; limit: number },
): Promise<{ cases: KnownCase[]; next: string | null }> {
  const found: KnownCase[] = [];
  let before = asked.before;
  while (found.length < asked.limit) {
    const ids = await readCaseIds(db, config.institution, { before, limit: asked.limit });
    const events = await readEventsOf(db, config.institution, ids);
    for (const id of ids) {
      const one = foldCase(events.get(id) ?? []);
      before = id;
      if (asked.person === null || takesPart(one).includes(asked.person)) found.push({ id, one });
      if (found.length === asked.limit) return { cases: found, next: before };
    }
    if (ids.length < asked.limit) return { cases: found, next: null };
  }
  return { cases: found, next: before };
}

/** Who sees the case although they see no others: those who sit on it, and an individual who applies. */
export function takesPart(one: Case): string[] {
  const { person } = one.applicant;
  return [...sitting(one).map((member) => member.person), ...(person === null ? [] : [person])];
}

/** Keeps that a member opened a part of a case. */
export async function keepReading(platform: Platform, id: string, part: string, by: string): Promise<void> {
  const { db, clock, config } = platform;
  const at = clock.now().toISOString();
  await inTransaction(db, async (tx) =>
    evidence.append(tx, {
      type: caseRead.type,
      institution: config.institution,
      subjects: { case: id },
      actor: { kind: 'person', id: by },
      at,
      payload: caseRead.payload.parse({ case: id, part, by, at }),
    }),
  );
}

async function eventsOf(
  db: Parameters<typeof readCaseEvents>[0],
  institution: string,
  id: string,
): Promise<CaseEvent[]> {
  const events = await readCaseEvents(db, institution, id);
  if (events.length === 0) throw new BreakwaterError('case.not-found', `there is no case ${id}`, '/case');
  return events;
}

async function keep(tx: Tx, institution: string, id: string, event: CaseEvent): Promise<void> {
  const { seq, act, by, at } = event;
  await insertCaseEvent(tx, institution, id, event);
  await evidence.append(tx, {
    type: caseEventKept.type,
    institution,
    subjects: { case: id },
    actor: { kind: 'person', id: by },
    at,
    payload: caseEventKept.payload.parse({ case: id, seq, act, digest: caseEventDigest(id, event), by, at }),
  });
}

function sayingOf(deed: CaseDeed, { person }: CaseDoer): CaseSaying | null {
  switch (deed.act) {
    case 'filed':
      return { act: 'filed' };
    case 'member-seated':
      return { act: deed.act, ...deed.body };
    case 'recused':
      return { act: deed.act, person: deed.body.person, by: person };
    case 'question-answered':
      return { act: deed.act, question: deed.body.question, records: deed.body.records };
    case 'ballots-opened':
      return { act: deed.act, absent: deed.body.absent };
    default:
      return null;
  }
}
