/** A fault found in a plan, and the readiness that the findings add up to. */
import { z } from 'zod';
import { sha256Digest } from '#evidence/record';
import { planRuleIds, planRules, type PlanRuleId } from './rule.ts';
import { wording, type Wording } from './wording.ts';

const bilingual = z.strictObject({ ko: z.string(), en: z.string() });

export const findingSchema = z.strictObject({
  rule: z.enum(planRuleIds as [PlanRuleId, ...PlanRuleId[]]),
  /** The way in which the rule is broken. */
  reason: z.string(),
  /** An error that nobody waived makes a plan not ready. */
  severity: z.enum(['error', 'warning']),
  class: z.enum(['never', 'waivable']),
  /** Criterion of the measure that it weakens. */
  criterion: z.string(),
  /** True when the rule could not be judged for want of facts. */
  unknown: z.boolean(),
  /** JSON Pointer into the plan. */
  path: z.string(),
  message: bilingual,
  source: z.strictObject({ document: z.string(), date: z.string(), clause: z.string().nullable() }),
  /** Who took it upon themselves, and why. */
  waived: z.strictObject({ person: z.string(), reason: z.string() }).optional(),
});
export type PlanFinding = z.infer<typeof findingSchema>;

/** `breakwater.readiness/1`. */
export const readinessSchema = z.strictObject({
  schema: z.literal('breakwater.readiness/1'),
  ready: z.boolean(),
  planHash: sha256Digest,
  findings: z.array(findingSchema),
});
export type Readiness = z.infer<typeof readinessSchema>;

type Reason<R extends PlanRuleId> = keyof Wording[R] & string;
type Arm<R extends PlanRuleId, K extends Reason<R>> = Wording[R][K] extends (...values: infer V) => unknown ? V : never;

const make =
  (severity: 'error' | 'warning', unknown: boolean) =>
  <R extends PlanRuleId, K extends Reason<R>>(rule: R, reason: K, path: string, ...values: Arm<R, K>): PlanFinding => {
    const { class: kind, criterion, source } = planRules[rule];
    const arm = wording[rule][reason] as (...numbers: Arm<R, K>) => { ko: string; en: string };
    return { rule, reason, severity, class: kind, criterion, unknown, path, message: arm(...values), source };
  };

/** The plan breaks the rule. */
export const error = make('error', false);
/** Worth a person's look; does not make the plan unready. */
export const warning = make('warning', false);
/** The rule could not be judged. */
export const unjudged = make('warning', true);
