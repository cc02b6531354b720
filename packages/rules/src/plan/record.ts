/** Records of plans, their approvals and rehearsals, and of the persons and keys that approve. */
import { z } from 'zod';
import { assertion, passkeyPlace } from '../assertion.ts';
import { instant, recordKind, sha256Digest } from '#evidence/record';
import { exceptionDecision } from './exception.ts';
import { patchEvent } from './patch.ts';

/** The plan document itself, as submitted; its hash is what everything later refers to. */
export const planSubmitted = recordKind(
  'plan.submitted',
  z.strictObject({
    plan: z.string(),
    revision: z.int().min(1),
    planHash: sha256Digest,
    author: z.string(),
    document: z.json(),
  }),
);

/** A signed decision of one person about one plan hash. The signature is over the approval's canonical bytes. */
export const planDecided = recordKind(
  'plan.decided',
  z.strictObject({
    planHash: sha256Digest,
    decision: z.enum(['approve', 'return']),
    person: z.string(),
    role: z.string(),
    at: instant,
    expires: instant,
    nonce: z.string(),
    /** SHA-256 of the public key in SPKI DER. */
    key: sha256Digest,
    signature: z.base64(),
    /** Of a passkey only: what the signature is over. */
    webauthn: assertion.optional(),
    /** True when the person is the plan's author: recorded, never counted. */
    author: z.boolean(),
  }),
);

/** One rehearsal: the plan run against a stand-in, with the times the point of no return is computed from. */
export const planRehearsed = recordKind(
  'plan.rehearsed',
  z.strictObject({
    run: z.string(),
    planHash: sha256Digest,
    host: z.string(),
    at: instant,
    passed: z.boolean(),
    stepDigests: z.record(z.string(), sha256Digest),
    /** Duration of each step's `do`, ms. */
    stepMs: z.record(z.string(), z.int()),
    /** Rollback of everything up to and including the step, ms, by step id. */
    rollbackMs: z.record(z.string(), z.int()),
    detectMs: z.int(),
    stopMs: z.int(),
    verifyMs: z.int(),
  }),
);

export type RehearsalRecord = z.infer<typeof planRehearsed.payload>;

const patchedExposure = z.strictObject({
  /** `VULNERABILITY in COMPONENT-VERSION`. */
  exposure: z.string(),
  vulnerability: z.string(),
  component: z.string(),
  version: z.string(),
  assets: z.array(z.string()),
});

/** A patch was opened: the exposures that a plan is to remove. */
export const patchOpened = recordKind(
  'plan.patch-opened',
  z.strictObject({
    patch: z.string(),
    plan: z.string(),
    exposures: z.array(patchedExposure),
    dueAt: instant.nullable(),
    advisory: z.string().nullable(),
  }),
);

/** Something happened to a patch that moves it on, or back. */
export const patchMoved = recordKind(
  'plan.patch-moved',
  z.strictObject({ patch: z.string(), plan: z.string(), event: patchEvent, state: z.string() }),
);

/** Somebody asks that exposures be left as they are until a day. */
export const exceptionAsked = recordKind(
  'plan.exception-asked',
  z.strictObject({
    exception: z.string(),
    exposures: z.array(z.string()),
    reason: z.string(),
    meanwhile: z.string(),
    until: instant,
  }),
);

/** One person's signed word on an exception. */
export const exceptionDecided = recordKind(
  'plan.exception-decided',
  z.strictObject({
    exception: z.string(),
    digest: sha256Digest,
    decision: exceptionDecision,
    person: z.string(),
    role: z.string(),
    at: instant,
    nonce: z.string(),
    key: sha256Digest,
    signature: z.base64(),
    webauthn: assertion.optional(),
    /** What stands after it. */
    state: z.string(),
  }),
);

/** An exception was ended before its day. */
export const exceptionEnded = recordKind(
  'plan.exception-ended',
  z.strictObject({ exception: z.string(), reason: z.string() }),
);

/** A person's public key, enrolled by a second person. */
export const keyEnrolled = recordKind(
  'auth.key-enrolled',
  z.strictObject({
    key: sha256Digest,
    person: z.string(),
    role: z.string(),
    /** SPKI PEM. */
    publicKey: z.string(),
    /** Of a passkey only: where it was made. */
    webauthn: passkeyPlace.optional(),
    enrolledBy: z.string(),
    from: instant,
    to: instant,
  }),
);

export const keyRevoked = recordKind(
  'auth.key-revoked',
  z.strictObject({ key: sha256Digest, by: z.string(), at: instant }),
);
