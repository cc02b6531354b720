/** The notices of a plan as the start gate and the assessment know them: what holds, where it could be read, what arrived. */
import {
  inForce,
  judgeGate,
  noticeFields,
  windowAround,
  windowsOf,
  type Notice,
  type NoticeGate,
} from '@breakwater/rules/notice';
import { leadTimeNeeded, requirePlan, type Plan, type PlanContext } from '@breakwater/rules/plan';
import { BreakwaterError } from '@breakwater/rules';
import { findPlan } from '#plan';
import type { Clock } from '#platform/clock';
import type { Db } from '#platform/db';
import { listVersions } from './chain-store.ts';
import { receiptsOf } from './receipts.ts';
import { listSendings } from './sending-store.ts';

/** A notice on one channel. */
export type NoticeOfPlan = {
  notice: string;
  plan: string;
  channel: 'website' | 'sms';
  at: string;
  fields: ReturnType<typeof noticeFields>;
  announced: { start: string; end: string; services: string[] };
  status: 'sent' | 'cancelled';
  intended?: number;
  /** Null = not known: too few receipts so far to say, or a sending that stands still. */
  delivered?: number | null;
};

export type GateOptions = {
  db: Db;
  clock: Clock;
  institution: string;
  /** Share of text messages that must have arrived, 0 to 1. */
  coverage: number;
};

const listed = 100;

/**
 * The notices that hold: one that was changed, postponed or cancelled announces nothing any more. The time of text messages is
 * that of the receipt with which the needed share had arrived.
 */
export async function noticesForGate(options: GateOptions, plan: string): Promise<NoticeOfPlan[]> {
  const { db, clock, institution, coverage } = options;
  const versions = await listVersions(db, institution, { plan, limit: listed });
  const held = inForce(versions, ({ document }) => document);
  const isOver = (notice: string): boolean =>
    versions.some(({ id }) => id === notice) && !held.some(({ id }) => id === notice);
  const work = await planOf(options, plan);
  const website = held.map(({ id, document, publishedAt }): NoticeOfPlan => ({
    notice: id,
    plan,
    channel: 'website',
    at: publishedAt.toISOString(),
    fields: noticeFields(document),
    announced: announcedFor(document, work),
    status: 'sent',
  }));
  // Mail is sent beside text messages, never in place of them: the start gate asks for these.
  const sendings = (await listSendings(db, institution, { plan })).filter(
    ({ channel, notice }) => channel === 'sms' && !isOver(notice),
  );
  const messages = await Promise.all(
    sendings.map(async (sending): Promise<NoticeOfPlan> => {
      const receipts = await receiptsOf(db, sending, coverage, clock.now());
      const { intended, delivered, unknown, coveredAt, stalled } = receipts;
      const isOpen = delivered < coverage * intended && delivered + unknown >= coverage * intended;
      const at = coveredAt ?? (sending.lastSubmittedAt ?? sending.requestedAt).getTime();
      return {
        notice: sending.notice,
        plan,
        channel: 'sms',
        at: new Date(at).toISOString(),
        fields: noticeFields(sending.document),
        announced: announcedFor(sending.document, work),
        status: sending.state === 'stopped' ? 'cancelled' : 'sent',
        intended,
        delivered: isOpen || stalled ? null : delivered,
      };
    }),
  );
  return [...website, ...messages];
}

/** Whether the work of a plan may start as far as its notices go. */
export async function noticeGate(
  options: GateOptions & { policy: NonNullable<PlanContext['policy']> },
  plan: string,
): Promise<NoticeGate> {
  const { db, clock, institution, coverage, policy } = options;
  const held = inForce(await listVersions(db, institution, { plan, limit: listed }), ({ document }) => document);
  const work = await planOf(options, plan);
  const newest = held.at(-1);
  const announced = newest === undefined ? null : announcedFor(newest.document, work);
  const sending = (await listSendings(db, institution, { plan })).find(
    ({ channel, notice, state }) => channel === 'sms' && state !== 'stopped' && held.some(({ id }) => id === notice),
  );
  return judgeGate({
    windowStart: Date.parse(work?.window.start ?? announced?.start ?? clock.now().toISOString()),
    now: clock.now().getTime(),
    leadMs: work === null ? 0 : leadTimeNeeded(work, { policy }),
    coverage,
    publishedAt: held[0]?.publishedAt.getTime() ?? null,
    sending: sending === undefined ? null : await receiptsOf(db, sending, coverage, clock.now()),
  });
}

/** The newest revision of a plan; null when it was not submitted here. */
export async function planOf(
  { db, institution }: Pick<GateOptions, 'db' | 'institution'>,
  plan: string,
): Promise<Plan | null> {
  try {
    return requirePlan((await findPlan(db, institution, plan)).document);
  } catch (error) {
    if (error instanceof BreakwaterError && error.code === 'plan.not-found') return null;
    throw error;
  }
}

/** What a notice announces for a work: of a series, the window in which the work lies, or else the first. */
function announcedFor(document: Notice, work: Plan | null): NoticeOfPlan['announced'] {
  const around =
    work === null ? null : windowAround(document, Date.parse(work.window.start), Date.parse(work.window.end));
  const { start, end } = around ?? windowsOf(document)[0] ?? document.window;
  return { start, end, services: [...document.services] };
}
