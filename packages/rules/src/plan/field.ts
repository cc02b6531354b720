/** Fields that many parts of a plan share. Reading never changes a value, so a plan that was read hashes as it was written. */
import { z } from 'zod';

/** An identifier that may become part of a file name or a label: a plan, step, service, host, probe. */
export const identifier = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/, {
  error: 'must be 1 to 128 letters, digits, dots, dashes or underscores, beginning with a letter or digit',
});

/** A name given elsewhere: an advisory, a vulnerability, a person's pseudonym. */
export const reference = z.string().regex(/^[\p{L}\p{N}][\p{L}\p{N}._:@/-]{0,127}$/u, {
  error: 'must be 1 to 128 letters, digits or . _ : @ / - , without spaces',
});

/** One line or a paragraph for people; never blank, no control characters but line feeds and tabs. */
export const prose = z
  .string()
  .max(4000)
  .regex(/\S/, { error: 'must not be blank' })
  .regex(/^[^\p{Cc}]*(?:[\n\t][^\p{Cc}]*)*$/u, { error: 'must not hold control characters' });

/** A text in Korean and English. */
export const bilingual = z.strictObject({ ko: prose, en: prose });

/** Whole won. */
export const won = z.int().min(0, { error: 'money must not be negative' });

/** A count of records, persons or the like. */
export const count = z.int().min(0, { error: 'a count must not be negative' });

const noNul = /^[^\0]*$/;

/** A command as a list of arguments; no shell reads it. */
export const argv = z
  .array(z.string().max(8192).regex(noNul, { error: 'an argument must not hold NUL' }))
  .min(1, { error: 'name the program to run' })
  .max(256)
  .refine(([program]) => program !== undefined && /\S/.test(program), { error: 'name the program to run', path: [0] });

/** An absolute http or https address without user and password: what a plan holds is kept for ever. */
export const httpUrl = z
  .string()
  .max(2048)
  .regex(/^https?:\/\/[^\s/?#@]+(?:[/?#]\S*)?$/i, {
    error: 'must be an absolute http or https address without user and password',
    abort: true,
  })
  .refine((text) => z.url().safeParse(text).success, { error: 'must be a valid http or https address' })
  .meta({ format: 'uri' });

/** An RFC 6901 JSON Pointer. */
export const jsonPointer = z
  .string()
  .max(1024)
  .regex(/^(?:\/(?:[^~/]|~[01])*)*$/, { error: 'must be a JSON Pointer such as /krw' });

/** Refuses two entries that share a key; the second is the one named. */
export function uniqueBy<T>(
  keyOf: (item: T) => string,
  pathTo: readonly string[] = [],
): (context: z.core.ParsePayload<T[]>) => void {
  return (context) => {
    const seen = new Map<string, number>();
    context.value.forEach((item, i) => {
      const key = keyOf(item);
      const first = seen.get(key);
      if (first === undefined) {
        seen.set(key, i);
        return;
      }
      context.issues.push({
        code: 'custom',
        input: item,
        path: [i, ...pathTo],
        message: `${JSON.stringify(key)} is already given at position ${first}: keep one, or give each its own id`,
      });
    });
  };
}
