/** What sending a notice would take: how many, which price, and whether it can be in time. Shown before anybody approves. */
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import {
  messageBytes,
  messageType,
  quietWithin,
  scheduleSending,
  windowsOf,
  type MessageType,
  type SendingSchedule,
} from '@breakwater/rules/notice';
import { leadTimeNeeded } from '@breakwater/rules/plan';
import { BreakwaterError } from '@breakwater/rules';
import type { CompanyPolicy } from '#plan';
import type { Clock } from '#platform/clock';
import type { Db } from '#platform/db';
import { listVersions } from './chain-store.ts';
import { planOf } from './gate.ts';
import type { NoticeRow } from './store.ts';

export type EstimateOptions = {
  db: Db;
  clock: Clock;
  institution: string;
  policy: CompanyPolicy['policy'];
  /** Lists of the customers of a service: one mobile number a line, first column. */
  customers: readonly { service: string; file: string }[];
  /** Messages a second by the contract with the gateway; null = not known. */
  perSecond: number | null;
  /** Won a message; null = not known. */
  price: Readonly<Record<MessageType, number | null>>;
  /** How many a sending was for; null = there was none. */
  intendedBy(notice: string): Promise<number | null>;
};

export type Estimate = {
  notice: string;
  /** `planned` when the plan is not known: the stricter of the two. */
  urgency: 'planned' | 'emergency';
  recipients: {
    /** `customers`: of the affected services; `before`: those who were told of this work before. */
    from: 'customers' | 'before' | 'none';
    /** A customer of several services is told once, so this is the most there can be. Null = not known. */
    atMost: number | null;
    /** Affected services without a list of customers. */
    unlisted: string[];
  };
  message: { type: MessageType; bytes: number };
  /** Won, at most. Null = not known. */
  price: number | null;
  leadMs: number;
  /** Null = the rate or the number of recipients is not known, and time is left. */
  schedule: SendingSchedule | null;
  /** Parts of the sending that would lie in the quiet hours if it began now. */
  quiet: { start: string; end: string }[];
};

/** A notice, or a draft of one, whose sending is weighed. */
type Weighed = Pick<NoticeRow, 'id' | 'plan' | 'document'>;

/** What sending a notice now would take. */
export async function estimateSending(options: EstimateOptions, row: Weighed): Promise<Estimate> {
  const { clock, perSecond, price } = options;
  const now = clock.now().getTime();
  const text = row.document.texts.sms ?? '';
  const type = messageType(text);
  const recipients = await recipientsOf(options, row);
  const { urgency, leadMs } = await needsOf(options, row.plan);
  const windowStart = Date.parse(windowsOf(row.document)[0]?.start ?? row.document.window.start);
  const asked = { windowStart, leadMs, now };
  // Without a rate at least the lead time can be held against the clock: nobody at all is the best case.
  const best = scheduleSending({ ...asked, recipients: 0, perSecond: 1 });
  const { atMost } = recipients;
  const schedule =
    perSecond !== null && atMost !== null
      ? scheduleSending({ ...asked, recipients: atMost, perSecond })
      : best.inTime
        ? null
        : best;
  const each = price[type];
  return {
    notice: row.id,
    urgency,
    recipients,
    message: { type, bytes: messageBytes(text) },
    price: each === null || recipients.atMost === null ? null : each * recipients.atMost,
    leadMs,
    schedule,
    quiet: quietWithin(now, now + Math.max(1, Math.min(schedule?.sendingMs ?? 1, dayMs))).map(({ start, end }) => ({
      start: new Date(start).toISOString(),
      end: new Date(end).toISOString(),
    })),
  };
}

const dayMs = 86_400_000;

async function recipientsOf(options: EstimateOptions, row: Weighed): Promise<Estimate['recipients']> {
  const { db, institution, customers, intendedBy } = options;
  for (const { id } of (await listVersions(db, institution, { plan: row.plan, limit: 100 })).toReversed()) {
    const intended = await intendedBy(id);
    if (intended !== null) return { from: 'before', atMost: intended, unlisted: [] };
  }
  const { services } = row.document;
  const lists = customers.filter(({ service }) => services.includes(service));
  const unlisted = services.filter((service) => !lists.some((list) => list.service === service));
  if (lists.length === 0) return { from: 'none', atMost: null, unlisted };
  let atMost = 0;
  for (const { file } of lists) for await (const _ of customerNumbers(file)) atMost += 1;
  return { from: 'customers', atMost, unlisted };
}

/** The numbers of a list of customers: the first column of each line that has one. Throws BreakwaterError `notice.customers`. */
export async function* customerNumbers(file: string): AsyncGenerator<string> {
  try {
    for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
      const column =
        line
          .slice(0, 64)
          .split(',')[0]
          ?.replace(/^\uFEFF|["\s]/g, '') ?? '';
      if (/\d/.test(column)) yield column;
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new BreakwaterError('notice.customers', `a list of customers cannot be read (${code ?? 'failed'})`, file);
  }
}

async function needsOf(options: EstimateOptions, plan: string): Promise<Pick<Estimate, 'urgency' | 'leadMs'>> {
  const work = await planOf(options, plan);
  if (work === null) return { urgency: 'planned', leadMs: 0 };
  return {
    urgency: work.urgency === 'emergency' ? 'emergency' : 'planned',
    leadMs: leadTimeNeeded(work, { policy: options.policy }),
  };
}
