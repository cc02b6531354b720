/** Facts of one work, as an assessment reads them (`breakwater.facts/1`). */
import { z } from 'zod';
import { BreakwaterError } from '../error.ts';
import { conform } from '../shape.ts';
import { quantity, rangeOf, sum } from './range.ts';
import { at, time } from './time.ts';

const MAX_ROWS = 100_000;

const id = z.string().min(1).max(256);
const list = <T extends z.ZodType>(member: T) => z.array(member).max(MAX_ROWS).nullish();
const flag = z.boolean().nullish();
const when = time.nullish();
const amount = quantity.nullish();

export const workKinds = ['emergency-patch', 'security-test', 'other'] as const;
export const activities = [
  'vulnerability-scan',
  'port-scan',
  'automated-pentest',
  'os-patch',
  'software-patch',
  'equipment-change',
  'other',
] as const;
export const measures = ['rollback', 'kill-switch', 'module-isolation', 'failover', 'manual-processing'] as const;
export const channels = ['website', 'sms', 'push', 'email', 'alimtalk'] as const;
export const noticeFields = ['timing', 'scope', 'details', 'alternative-channels'] as const;

const service = z.strictObject({ id: id.nullish(), critical: flag, subscribers: amount });

const advisory = z.strictObject({
  id: id.nullish(),
  /** FSC, FSS, FSI, or whoever else. */
  disseminatedBy: id.nullish(),
  receivedAt: when,
  proof: z.enum(['proven', 'attested', 'absent']).nullish(),
  covers: z.enum(['all', 'part', 'none']).nullish(),
});

const approval = z.strictObject({
  /** Pseudonym of a person. */
  by: id.nullish(),
  role: id.nullish(),
  at: when,
  /** Whether the approver wrote the plan. */
  author: flag,
});

const work = z.strictObject({
  kind: z.enum(workKinds),
  activity: z.enum(activities),
  usesAi: flag,
  fixes: list(id),
  otherChanges: flag,
  start: time,
  end: when,
  observedUntil: when,
  advisories: list(advisory),
  approvals: list(approval),
});

const disruption = z.strictObject({
  service: id.nullish(),
  start: when,
  /** null or left out: still down. */
  end: when,
  earliestStart: when,
  latestEnd: when,
  cause: z.enum(['work', 'mixed', 'other']).nullish(),
  evidence: list(id),
  announced: flag,
  extent: z.enum(['full', 'partial']).nullish(),
  share: z.number().min(0).max(1).nullish(),
});

/** Damage in won: one amount, or its parts. */
export const damage = z.union([
  quantity,
  z.strictObject({ customer: amount, company: amount, thirdParty: amount, goodwill: amount, recourse: amount }),
]);

/** Leaked data of one class: one count, or records and persons apart. */
export const leakCount = z.union([quantity, z.strictObject({ records: amount, persons: amount })]);

const leaks = z.strictObject({
  personalCredit: leakCount.nullish(),
  other: leakCount.nullish(),
  unclassified: leakCount.nullish(),
  discoveredAt: when,
  accessOnly: flag,
  illegalExternalAccess: flag,
  sensitiveOrUniqueId: flag,
});

const fault = z.strictObject({
  /** The institution, or a person's pseudonym. */
  subject: id.nullish(),
  intent: flag,
  grossNegligence: flag,
  privateInterest: flag,
  proceduralDefect: flag,
});

const notice = z.strictObject({
  channel: z.enum(channels).nullish(),
  at: when,
  fields: list(z.enum(noticeFields)),
  intended: amount,
  delivered: amount,
  announced: z.strictObject({ start: when, end: when, services: list(id) }).nullish(),
});

const relief = z.strictObject({
  preparedAt: when,
  consumerDamage: flag,
  implementedAt: when,
  claims: z
    .strictObject({ open: amount, accepted: amount, refused: amount, paid: amount, openAmount: amount })
    .nullish(),
  claimsUntil: when,
});

const pastWork = z.strictObject({
  start: when,
  end: when,
  disruptions: list(disruption),
  damage: damage.nullish(),
});

/** Everything but `schema` and `work.{kind,activity,start}` may be left out or null, which means: not known. */
export const factsSchema = z
  .strictObject({
    schema: z.literal('breakwater.facts/1'),
    institution: id.nullish(),
    awareAt: when,
    transactionErrorKnownAt: when,
    services: list(service),
    work,
    fault: z.union([fault, z.array(fault).max(MAX_ROWS)]).nullish(),
    disruptions: list(disruption),
    damage: damage.nullish(),
    leaks: leaks.nullish(),
    plan: z
      .strictObject({
        preTest: z.strictObject({ at: when, passed: flag }).nullish(),
        measures: list(z.enum(measures)),
      })
      .nullish(),
    recovery: list(z.strictObject({ measure: z.enum(measures).nullish(), at: when, succeeded: flag })),
    notices: list(notice),
    relief: relief.nullish(),
    consumerLoss: z.strictObject({ serious: flag }).nullish(),
    history: list(pastWork),
  })
  .meta({ id: 'breakwater.facts/1', title: 'Facts of one work' });

export type Facts = z.infer<typeof factsSchema>;
export type Disruption = z.infer<typeof disruption>;
export type Damage = z.infer<typeof damage>;
export type LeakCount = z.infer<typeof leakCount>;
export type Fault = z.infer<typeof fault>;
export type Notice = z.infer<typeof notice>;

/**
 * Reads facts. Unknown fields, times without offset, negative or unsafe numbers, ranges upside down, ends before
 * starts, more messages delivered than intended, and service ids given twice are refused.
 *
 * Throws BreakwaterError `facts.*` with the JSON Pointer of the first place that is wrong; with `place` (`line:column`
 * of a pointer), its message begins with that.
 */
export function parseFacts(input: unknown, place?: (pointer: string) => string): Facts {
  const facts = conform(factsSchema, input, place === undefined ? { name: 'facts' } : { name: 'facts', place });
  refuseDoubleServices(facts);
  inOrder('/work/end', facts.work.start, facts.work.end);
  inOrder('/work/observedUntil', facts.work.start, facts.work.observedUntil);
  facts.disruptions?.forEach((row, i) => refuseDisorder(`/disruptions/${i}`, row));
  facts.notices?.forEach((row, i) => refuseImpossibleNotice(`/notices/${i}`, row));
  refuseUnsafeDamage('/damage', facts.damage);
  facts.history?.forEach((past, i) => {
    inOrder(`/history/${i}/end`, past.start, past.end);
    past.disruptions?.forEach((row, j) => refuseDisorder(`/history/${i}/disruptions/${j}`, row));
    refuseUnsafeDamage(`/history/${i}/damage`, past.damage);
  });
  return facts;
}

function refuseDoubleServices(facts: Facts): void {
  const seen = new Set<string>();
  facts.services?.forEach((row, i) => {
    if (row.id === null || row.id === undefined) return;
    if (seen.has(row.id)) {
      throw new BreakwaterError('facts.duplicate-id', `service ${row.id} stands twice: keep one`, `/services/${i}/id`);
    }
    seen.add(row.id);
  });
}

function refuseDisorder(path: string, row: Disruption): void {
  inOrder(`${path}/end`, row.start, row.end);
  inOrder(`${path}/earliestStart`, row.earliestStart, row.start);
  inOrder(`${path}/latestEnd`, row.end ?? row.start ?? row.earliestStart, row.latestEnd);
  inOrder(`${path}/end`, row.earliestStart, row.end);
}

function refuseImpossibleNotice(path: string, row: Notice): void {
  inOrder(`${path}/announced/end`, row.announced?.start, row.announced?.end);
  const { high } = rangeOf(row.intended);
  if (high !== null && rangeOf(row.delivered).low > high) {
    throw new BreakwaterError(
      'facts.delivered-beyond-intended',
      'more messages delivered than intended: count each recipient once',
      `${path}/delivered`,
    );
  }
}

/** A gross amount is a safe integer of won too, so that no addition can round a verdict. */
function refuseUnsafeDamage(path: string, value: Damage | null | undefined): void {
  if (value === null || value === undefined || typeof value === 'number' || 'low' in value) return;
  const total = sum(Object.values(value).map(rangeOf));
  if (Math.max(total.low, total.high ?? 0) > Number.MAX_SAFE_INTEGER) {
    throw new BreakwaterError('facts.invalid', 'the parts of the damage add up to more than can be counted', path);
  }
}

function inOrder(path: string, first: string | null | undefined, second: string | null | undefined): void {
  const [start, end] = [at(first), at(second)];
  if (start !== null && end !== null && end < start) {
    throw new BreakwaterError(
      'facts.times-out-of-order',
      `${second} is before ${first}: exchange or correct them`,
      path,
    );
  }
}
