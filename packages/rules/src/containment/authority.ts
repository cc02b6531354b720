/** Who allowed a work on whose systems: Electronic Financial Transactions Act Art. 21-4 forbids access without authority. */
import { z } from 'zod';
import { instant, sha256Digest } from '#evidence/record';

/** What stands where a digest belongs and visibly is none yet: `sha256:...`, `sha256:<...>`. */
const placeholderDigest = /^sha256:(?:\.{3}|…|<[^<>]*>)$/;

/**
 * The written authority of a work: a document by its digest, who signed it, and until when it holds. A placeholder in
 * place of the digest can be read, and is no authority: see {@link isShown}.
 */
export const authoritySchema = z.strictObject({
  document: z.union([sha256Digest, z.string().regex(placeholderDigest)], {
    error: 'must be sha256: and 64 lower-case hex digits',
  }),
  signer: z
    .string()
    .regex(/^[\p{L}\p{N}][\p{L}\p{N}._:@/-]{0,127}$/u, { error: 'name the signer by a pseudonym such as p-17' }),
  validUntil: instant,
  /** Whose system it is; left out = the institution's own. */
  owner: z
    .strictObject({
      name: z.string().min(1).max(200),
      relation: z.enum(['own', 'group-company', 'cloud-provider', 'supplier']),
    })
    .optional(),
});
export type Authority = z.infer<typeof authoritySchema>;

/** True when the authority names a document, not the place for one. */
export function isShown({ document }: Authority): boolean {
  return !placeholderDigest.test(document);
}
