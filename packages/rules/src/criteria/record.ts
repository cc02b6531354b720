/** Records of assessments and of decisions about policy packs. */
import { z } from 'zod';
import { assertion } from '../assertion.ts';
import { instant, recordKind, sha256Digest } from '#evidence/record';

/** An assessment was made from sealed facts under one version of a pack (both by hash). */
export const assessed = recordKind(
  'criteria.assessed',
  z.strictObject({
    run: z.string(),
    facts: sha256Digest,
    pack: z.strictObject({ id: z.string(), version: z.string(), digest: sha256Digest }),
    asOf: instant,
    assessment: sha256Digest,
  }),
);

/** A company loaded a pack; it is used once it was approved. */
export const packImported = recordKind(
  'criteria.pack-imported',
  z.strictObject({ pack: z.string(), version: z.string(), digest: sha256Digest, by: z.string(), at: instant }),
);

export const packDecided = recordKind(
  'criteria.pack-decided',
  z.strictObject({
    pack: z.string(),
    digest: sha256Digest,
    decision: z.enum(['approve', 'return']),
    person: z.string(),
    role: z.string(),
    at: instant,
    nonce: z.string(),
    /** SHA-256 of the public key in SPKI DER. */
    key: sha256Digest,
    /** Over the RFC 8785 form of the `breakwater.pack-decision/1` statement with these fields. */
    signature: z.base64(),
    /** Of a passkey only: what the signature is over. */
    webauthn: assertion.optional(),
  }),
);
