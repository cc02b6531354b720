/** The scope of a security test: what the cage lets through, and nothing else. Signed as part of a plan. */
import { z } from 'zod';
import { instant, sha256Digest } from '#evidence/record';
import { positiveDuration } from '../duration.ts';

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
});
export type Authority = z.infer<typeof authoritySchema>;

/** True when the authority names a document, not the place for one. */
export function isShown({ document }: Authority): boolean {
  return !placeholderDigest.test(document);
}

const network = z.union([z.cidrv4(), z.cidrv6()], {
  error: 'must be an IPv4 or IPv6 network with its prefix length, such as 10.66.0.10/32',
});

const ports = /^(?:tcp|udp)\/([1-9][0-9]{0,4})(?:-([1-9][0-9]{0,4}))?$/;

/** `tcp/8080` or `tcp/8443-8445`. */
const portRange = z
  .string()
  .regex(ports, { error: 'write ports as tcp/8080 or udp/5000-5010', abort: true })
  .refine(
    (text) => {
      const [, low, high = low] = ports.exec(text) ?? [];
      return Number(low) <= Number(high) && Number(high) <= 65_535;
    },
    { error: 'the ports must be in order and at most 65535' },
  );

const cap = z.int().min(1);

/** `breakwater.scope/1`. */
export const scopeSchema = z
  .strictObject({
    schema: z.literal('breakwater.scope/1'),
    targets: z
      .array(z.strictObject({ cidr: network, ports: z.array(portRange).min(1).max(256) }))
      .min(1)
      .max(4096),
    /** Denied ahead of `targets`. */
    never: z.array(network).max(4096).optional(),
    caps: z.strictObject({ newConnectionsPerSecond: cap, packetsPerSecond: cap, concurrent: cap, bytes: cap }),
    window: z.strictObject({ start: instant, end: instant }),
    /** Traffic stops by itself this long after the last renewal. */
    lease: positiveDuration,
    memoryBytes: cap.optional(),
    processes: cap.optional(),
    authority: authoritySchema.optional(),
  })
  .refine(({ window }) => Date.parse(window.start) < Date.parse(window.end), {
    error: 'the window must end after it starts',
    path: ['window', 'end'],
  });
export type Scope = z.infer<typeof scopeSchema>;
