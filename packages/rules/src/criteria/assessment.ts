/** The answer of an assessment (`breakwater.assessment/1`): a table of findings, never a verdict of relief. */
import { z } from 'zod';
import { statuses } from './finding.ts';
import { carveOuts } from './leak.ts';
import { clause, parameterValue } from './pack.ts';
import { operators } from './range.ts';
import { time } from './time.ts';
import { units } from './wording.ts';

const words = z.strictObject({ ko: z.string(), en: z.string() });
const digest = z.string().regex(/^sha256:[0-9a-f]{64}$/);
const unit = z.enum(units);
const measured = z.strictObject({ low: z.number().min(0), high: z.number().min(0).nullable(), unit });
const reading = z.union([
  z.number().min(0),
  z.strictObject({ low: z.number().min(0), high: z.number().min(0).nullable() }),
]);

const finding = z.strictObject({
  criterion: z.string(),
  status: z.enum(statuses),
  /** What was measured; null where the criterion is not about an amount. Of a notice: lead time and coverage. */
  value: z.union([measured, z.strictObject({ leadTime: measured.nullable(), coverage: measured })]).nullable(),
  bound: z.strictObject({ operator: z.enum(operators), value: z.int().min(0), unit }).nullable(),
  /** How far inside the bound; negative is beyond it; null: no limit known. */
  margin: z.strictObject({ low: z.int().nullable(), high: z.int().nullable() }).nullable(),
  readings: z.record(z.string(), reading),
  clause,
  reason: words,
  /** Rules that held or may hold; the first status among not-applicable, not-met, for-committee, undetermined is the finding's, met with none. */
  grounds: z.array(z.strictObject({ rule: z.string(), status: z.enum(statuses).exclude(['met']) })),
  evidence: z.array(z.string()),
});
export type Finding = z.infer<typeof finding>;

const duty = z.strictObject({
  id: z.string(),
  /** `unknown`: the facts do not tell. */
  status: z.enum(['due', 'possible', 'unknown']),
  why: words,
  due: time.nullable(),
});
export type DutyNotice = z.infer<typeof duty>;

export const assessmentSchema = z
  .strictObject({
    schema: z.literal('breakwater.assessment/1'),
    pack: z.strictObject({ id: z.string(), version: z.string(), digest, basis: z.string() }),
    /** Digest of the facts as given. */
    facts: digest,
    asOf: time,
    parameters: z.record(z.string(), parameterValue),
    findings: z.array(finding),
    carveOut: z.strictObject({ personalCredit: z.enum(carveOuts) }),
    /** Criteria that the facts contradict. */
    contradicted: z.array(z.string()),
    /** Criteria that are undetermined, for the committee, or whose readings disagree. */
    open: z.array(z.string()),
    questions: z.array(z.strictObject({ id: z.string(), ...words.shape })),
    duties: z.array(duty),
  })
  .meta({ id: 'breakwater.assessment/1', title: 'Assessment of facts against a policy pack' });

export type Assessment = z.infer<typeof assessmentSchema>;
