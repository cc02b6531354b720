/** What an offline verifier says of a dossier. */
import { z } from 'zod';

/** Every kind of check, in the order in which it is made. One of a kind can be made of several subjects. */
export const checkIds = [
  'container',
  'manifest',
  'member',
  'seal',
  'checkpoint',
  'witnesses',
  'records',
  'inclusion',
  'edition',
  'facts',
  'pack',
  'assessment',
  'approval',
  'journal',
  'journal-head',
  'timestamp',
  'pdf',
] as const;
export const checkId = z.enum(checkIds);
export type CheckId = z.infer<typeof checkId>;

export const checkResult = z.enum(['passed', 'failed', 'not-checked']);

/** One check. `subject`: the member, record, person or host it was about; `detail`: what was found, in English. */
export const check = z.strictObject({ id: checkId, subject: z.string(), result: checkResult, detail: z.string() });
export type Check = z.infer<typeof check>;

/** `breakwater.verification/1`. Kinds of proof that are not present and that the policy does not ask for make no check. */
export const verificationSchema = z
  .strictObject({
    schema: z.literal('breakwater.verification/1'),
    result: z.enum(['passed', 'failed', 'incomplete']),
    checks: z.array(check),
  })
  .meta({ id: 'breakwater.verification/1', title: 'Verification of a dossier' });
export type Verification = z.infer<typeof verificationSchema>;

/** Failed if anything failed; otherwise incomplete if anything could not be checked; otherwise passed. */
export function verificationOf(checks: readonly Check[]): Verification {
  const has = (result: Check['result']): boolean => checks.some((one) => one.result === result);
  const result = has('failed') ? 'failed' : has('not-checked') || checks.length === 0 ? 'incomplete' : 'passed';
  return { schema: 'breakwater.verification/1', result, checks: [...checks] };
}
