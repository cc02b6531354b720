/** What the world says about a plan at one instant: `breakwater.plan-context/1`. Left out = not known. */
import { z } from 'zod';
import { instant, sha256Digest } from '#evidence/record';
import { measureKind } from '#guard/record';
import { noticeChannel, noticeField } from '#notice/record';
import { duration, positiveDuration } from '../duration.ts';
import { protectedDaySchema } from './calendar.ts';
import { count, identifier, prose, reference, won } from './field.ts';

/** Sums and allowances of such times stay exact enough, and finite. */
const millis = z.number().min(0).max(Number.MAX_SAFE_INTEGER, {
  error: 'must be milliseconds up to 9007199254740991',
});
const millisOnce = z.union([millis, z.array(millis).max(10_000)]);

// Rows are taken from records and from other people's lists: what a row holds beyond these members is not looked at.
// What is left out of a row is not known, and decides nothing.

/** One rehearsal; the members of the `plan.rehearsed` record, of which few are needed. */
const rehearsalSchema = z.object({
  run: z.string().optional(),
  plan: z.string().optional(),
  /** Of the plan that was rehearsed; with the hash of this very plan, `stepDigests` may be left out. */
  planHash: sha256Digest.optional(),
  host: z.string().optional(),
  at: instant.optional(),
  passed: z.boolean().optional(),
  stepDigests: z.record(z.string(), sha256Digest).optional(),
  /** Duration of each step's `do`, ms, by step id. */
  stepMs: z.record(z.string(), millis).optional(),
  /** Rollback of everything up to and including a step, ms, by step id; a number, or a list of them, = of all steps. */
  rollbackMs: z
    .union([millisOnce, z.record(z.string(), millisOnce), z.null()], {
      error: 'must be milliseconds, or a list of them, or either by step id, or null',
    })
    .optional(),
  detectMs: millis.optional(),
  stopMs: millis.optional(),
  verifyMs: millis.optional(),
});
export type Rehearsal = z.infer<typeof rehearsalSchema>;

const decision = {
  /** Left out: of which plan is not known. */
  planHash: sha256Digest.optional(),
  decision: z.enum(['approve', 'return']).optional(),
  role: z.string().optional(),
  at: instant.optional(),
  expires: instant.optional(),
  nonce: z.string().optional(),
  key: sha256Digest.optional(),
  signature: z.string().optional(),
  author: z.boolean().optional(),
};

/**
 * One decision whose signature and key were already held good; the members of the `plan.decided` record, or of an
 * approval among the facts of a work, which says `by` instead of `person`. Without either, who it was is not known.
 */
const decisionSchema = z.object({ person: reference.optional(), by: reference.optional(), ...decision });
export type Decision = z.infer<typeof decisionSchema>;

/** One notice of the work on one channel. An instant after `now` is a plan to send it. */
const sentNoticeSchema = z.object({
  notice: z.string().optional(),
  plan: z.string().optional(),
  channel: noticeChannel,
  at: instant,
  fields: z.array(noticeField).optional(),
  announced: z.object({ start: instant, end: instant, services: z.array(z.string()).optional() }).nullish(),
  status: z.enum(['scheduled', 'sent', 'failed', 'cancelled']).optional(),
  intended: count.nullish(),
  delivered: count.nullish(),
});
export type SentNotice = z.infer<typeof sentNoticeSchema>;

/** What the company demands of every plan. Approved like a plan; left out = the default of {@link defaultPolicy}. */
export const planPolicySchema = z.strictObject({
  approvals: z
    .strictObject({ needed: z.int().min(1).max(20).optional(), roles: z.array(z.string().min(1)).optional() })
    .optional(),
  /** From a notice to the start of planned work, and of an emergency. */
  leadTime: duration.optional(),
  emergencyLeadTime: duration.optional(),
  /** Channels that every plan announces on. */
  channels: z.array(noticeChannel).min(1).optional(),
  /** Share of text messages that must have arrived. */
  coverage: z.number().min(0).max(1).optional(),
  limits: z
    .strictObject({
      outage: positiveDuration.optional(),
      damage: won.optional(),
      records: count.optional(),
      personalCredit: count.optional(),
    })
    .optional(),
  rehearsals: z
    .strictObject({ atLeast: z.int().min(1).max(1000).optional(), maxAge: positiveDuration.optional() })
    .optional(),
  /** Measures that every plan must hold. */
  measures: z.array(measureKind).optional(),
  protectedDays: z.array(protectedDaySchema).max(2000).optional(),
  /** Days without business beyond weekends and public holidays, as `YYYY-MM-DD`. */
  holidays: z.array(z.iso.date()).max(2000).optional(),
  pnr: z
    .strictObject({ decide: duration.optional(), reserve: duration.optional(), stop: duration.optional() })
    .optional(),
  /** How long a probe may be without an answer before it counts as down and trips. */
  blindAfter: positiveDuration.optional(),
});
export type PlanPolicy = z.infer<typeof planPolicySchema>;

const backward = { error: 'the window must end after it starts', path: ['end'] };

function isForward({ start, end }: { start?: string | undefined; end?: string | undefined }): boolean {
  return start === undefined || end === undefined || Date.parse(start) < Date.parse(end);
}

export const planContextSchema = z.strictObject({
  schema: z.literal('breakwater.plan-context/1').optional(),
  now: instant.optional(),
  rehearsals: z.array(rehearsalSchema).max(10_000).optional(),
  approvals: z.array(decisionSchema).max(1000).optional(),
  notices: z.array(sentNoticeSchema).max(1000).optional(),
  policy: planPolicySchema.optional(),
  /** Other works of the company. */
  otherWindows: z
    .array(
      z
        .object({
          /** Which work it is, by its plan or by any name. */
          plan: z.string().optional(),
          id: z.string().optional(),
          start: instant.optional(),
          end: instant.optional(),
          /** Start and end as a plan has them. */
          window: z.object({ start: instant, end: instant }).refine(isForward, backward).optional(),
          /** Left out = all services. */
          services: z.array(z.string()).optional(),
        })
        .refine(isForward, backward),
    )
    .max(10_000)
    .optional(),
  advisories: z
    .array(
      z.object({
        id: reference,
        disseminatedBy: z.string().min(1).optional(),
        receivedAt: instant.optional(),
        proof: z.enum(['proven', 'attested', 'absent']).optional(),
        /** How much of the work's fixes it covers. */
        covers: z.enum(['all', 'part', 'none']).nullish(),
      }),
    )
    .max(10_000)
    .optional(),
  /** Suppliers that the services depend on. */
  vendors: z
    .array(z.object({ name: prose, services: z.array(identifier).optional() }))
    .max(1000)
    .optional(),
  playbooks: z
    .array(
      z.strictObject({
        id: identifier,
        hash: sha256Digest,
        stepDigests: z.record(z.string(), sha256Digest),
        validUntil: instant.optional(),
      }),
    )
    .max(1000)
    .optional(),
  /** Execution hosts and how they stop work, as guardd says. */
  hosts: z
    .array(z.object({ host: z.string(), level: z.string() }))
    .max(10_000)
    .optional(),
  /** Waivable findings that a named person takes upon themselves. */
  waivers: z
    .array(
      z.strictObject({
        planHash: sha256Digest,
        rule: z.string(),
        /** Left out = every finding of the rule. */
        path: z.string().optional(),
        person: reference,
        reason: prose,
        at: instant.optional(),
        expires: instant.optional(),
      }),
    )
    .max(1000)
    .optional(),
});
export type PlanContext = z.infer<typeof planContextSchema>;

const { vendors, playbooks } = planContextSchema.shape;

/** `breakwater.policy/1`: what a company's own file may ask of its plans, and its suppliers and playbooks (left out: none). */
export const companyPolicySchema = planPolicySchema.extend({
  schema: z.literal('breakwater.policy/1'),
  vendors,
  playbooks,
  /** Calendar days within which an exposure is to be gone, by its priority; null = no limit. Left out: those of the rules. */
  remediation: z
    .strictObject({
      act: z.int().min(0).max(3650).nullable().optional(),
      attend: z.int().min(0).max(3650).nullable().optional(),
      'track*': z.int().min(0).max(3650).nullable().optional(),
      track: z.int().min(0).max(3650).nullable().optional(),
    })
    .optional(),
  /** Roles whose persons may take a waivable finding upon themselves. */
  accountableRoles: z.array(z.string().min(1).max(64)).max(50).optional(),
});
