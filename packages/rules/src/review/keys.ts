/** Whose signatures a verifier believes: public keys of persons and hosts, obtained outside the dossier. */
import { z } from 'zod';
import { instant } from '#evidence/record';
import { passkeyPlace } from '../assertion.ts';

/**
 * `breakwater.keys/1`. A key belongs to a person (a pseudonym such as `p-17`) in a role, or to an execution host
 * (`role` is `host`, `person` its id). Signatures made outside `[from, to)` or from `revoked` on count for nothing;
 * `null` in `to` or `revoked` = no end.
 */
export const keysSchema = z
  .strictObject({
    schema: z.literal('breakwater.keys/1'),
    keys: z
      .array(
        z.strictObject({
          person: z.string().min(1).max(128),
          role: z.string().min(1).max(64),
          /** Ed25519 as SPKI PEM; of a passkey also P-256 or RSA. */
          publicKey: z.string().max(4096),
          /** Of a passkey only: where it was made. */
          webauthn: passkeyPlace.optional(),
          from: instant,
          to: instant.nullable(),
          revoked: instant.nullable(),
        }),
      )
      .max(10_000),
  })
  .meta({ id: 'breakwater.keys/1', title: 'Public keys of persons and hosts' });
export type Keys = z.infer<typeof keysSchema>;
export type KnownKey = Keys['keys'][number];

/** Could the key sign at this instant (ms since the epoch)? */
export function keyHolds(key: KnownKey, at: number): boolean {
  const { from, to, revoked } = key;
  return (
    Date.parse(from) <= at && (to === null || at < Date.parse(to)) && (revoked === null || at < Date.parse(revoked))
  );
}
