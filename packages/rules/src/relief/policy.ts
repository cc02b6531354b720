/** What a company sets for its relief, as data: who decides, how fast, when it is warned, and what fields are. */
import { z } from 'zod';
import { BreakwaterError } from '../error.ts';
import { conform } from '../shape.ts';

/** `other`: personal data that is no credit information by itself. A field in no table is unclassified. */
export const fieldClasses = ['personalCredit', 'other'] as const;

const fieldRule = z.strictObject({
  class: z.enum(fieldClasses),
  /** Sensitive data or data that identifies one person for life, by the Personal Information Protection Act. */
  special: z.boolean(),
});
export type FieldRule = z.infer<typeof fieldRule>;

const fieldName = z.string().regex(/^[a-z][a-z0-9-]{0,63}$/, {
  error: 'must be a field name in small letters, digits and dashes, such as account-number',
});

export const reliefPolicySchema = z.strictObject({
  schema: z.literal('breakwater.relief-policy/1'),
  /** A decision to pay more than this, in won, takes a second person. */
  secondApproverAbove: z.int().min(0),
  /** A refusal of a claim for more than this, in won, or for an amount nobody knows, takes a second person; null = none does. */
  secondRefusalAbove: z.int().min(0).nullable(),
  /** Days, from the first filing, within which the result is told. */
  answerWithinDays: z.int().min(1).max(365),
  /** The same for a claim that the company opened itself, from then on. */
  proactiveWithinDays: z.int().min(1).max(365),
  /** Days before that end at which the company is reminded, the farthest first. */
  remindDaysBefore: z.array(z.int().min(0).max(364)).max(10),
  /** The damage, in won, that a work must stay below. */
  damageLimit: z.int().min(1),
  /** Percent of the limit at which an event is raised, rising. */
  damageSteps: z.array(z.int().min(1).max(1000)).min(1).max(10),
  goodwillCounts: z.boolean(),
  /** Days after the end of a work in which late facts are taken into its ledgers. */
  lateFactsDays: z.int().min(1).max(3660),
  /** How far, in minutes, the time a consumer remembers may lie from a disruption for it to be the one that is meant. */
  matchWithinMinutes: z.int().min(0).max(1440),
  fields: z.record(fieldName, fieldRule),
});
export type ReliefPolicy = z.infer<typeof reliefPolicySchema>;

/** Where a number of the policy comes from. `clause` null = the text itself was not read. */
type Source = { readonly document: string; readonly date: string; readonly clause: string | null };

/** Sources of the defaults that rest on a rule; what is not named here is the company's own choice. */
export const reliefSources: Readonly<Partial<Record<keyof ReliefPolicy, Source>>> = {
  answerWithinDays: {
    document: '전자금융거래법 제27조, 같은 법 시행령 제14조 (standard terms of electronic finance as published)',
    date: '2026-10-02',
    clause: null,
  },
  proactiveWithinDays: { document: '전자금융거래법 제8조', date: '2026-10-02', clause: '8(2)-(3)' },
  damageLimit: {
    document: 'FSC measure on minor disruptions, as the press reports it',
    date: '2026-06-30',
    clause: null,
  },
  fields: {
    document: '신용정보의 이용 및 보호에 관한 법률 제2조, 개인정보 보호법 제23조·제24조',
    date: '2026-09-11',
    clause: null,
  },
};

const credit: FieldRule = { class: 'personalCredit', special: false };
const other: FieldRule = { class: 'other', special: false };
const unique: FieldRule = { class: 'other', special: true };

/** The defaults. A field that stands in no row is unclassified, and counts as personal credit information may. */
export const defaultReliefPolicy: ReliefPolicy = {
  schema: 'breakwater.relief-policy/1',
  secondApproverAbove: 1_000_000,
  secondRefusalAbove: 10_000_000,
  answerWithinDays: 15,
  proactiveWithinDays: 14,
  remindDaysBefore: [5, 2, 0],
  damageLimit: 100_000_000,
  damageSteps: [50, 80, 100],
  goodwillCounts: false,
  lateFactsDays: 365,
  matchWithinMinutes: 30,
  fields: {
    'account-number': credit,
    'account-balance': credit,
    'card-number': credit,
    'credit-score': credit,
    income: credit,
    'loan-balance': credit,
    'overdue-record': credit,
    'transaction-record': credit,
    address: other,
    'birth-date': other,
    email: other,
    'log-in-id': other,
    name: other,
    'telephone-number': other,
    'alien-registration-number': unique,
    'driving-licence-number': unique,
    'passport-number': unique,
    'resident-registration-number': unique,
    'health-data': unique,
    biometric: unique,
  },
};

/**
 * Reads a relief policy. Throws BreakwaterError `relief-policy.*` with the place of what is wrong: a step that does not
 * rise, a reminder after the end, reminders out of order.
 */
export function readReliefPolicy(value: unknown): ReliefPolicy {
  const policy = conform(reliefPolicySchema, value, { name: 'relief-policy' });
  const rises = policy.damageSteps.every((step, i) => i === 0 || step > (policy.damageSteps[i - 1] ?? 0));
  if (!rises) throw new BreakwaterError('relief-policy.order', 'steps rise: write 50, 80, 100', '/damageSteps');
  const days = policy.remindDaysBefore;
  if (!days.every((day, i) => i === 0 || day < (days[i - 1] ?? 0)))
    throw new BreakwaterError(
      'relief-policy.order',
      'the farthest reminder is first: write 5, 2, 0',
      '/remindDaysBefore',
    );
  const shortest = Math.min(policy.answerWithinDays, policy.proactiveWithinDays);
  const late = days.findIndex((day) => day >= shortest);
  if (late !== -1)
    throw new BreakwaterError(
      'relief-policy.order',
      `a reminder comes after the claim is filed: fewer than ${shortest} days before the end`,
      `/remindDaysBefore/${late}`,
    );
  return policy;
}
