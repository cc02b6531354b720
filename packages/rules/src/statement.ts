/**
 * What persons sign with their operator keys beside approvals: enrolling and revoking keys, going on after a hold, taking a
 * waivable finding upon themselves. `schema` separates the kinds, `nonce` makes each statement count once.
 */
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { z } from 'zod';
import { assertion, passkeyPlace } from './assertion.ts';
import { canonicalJson } from './evidence/index.ts';
import { instant, sha256Digest } from './evidence/record.ts';

const pseudonym = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, {
  error: 'must be a pseudonym such as p-17: 1 to 64 letters, digits, dots, dashes or underscores',
});
const word = z.string().regex(/^[a-z][a-z0-9-]{0,63}$/, { error: 'must be one word in small letters, such as ciso' });
/** 16 random bytes or more, in hex. */
const nonce = z.string().regex(/^[0-9a-f]{32,128}$/, { error: 'must be 32 to 128 hex digits' });
const institution = z.string().min(1).max(128);

/** Says that a public key belongs to a person. Signed by a second person, and by the new key itself. */
export const enrolmentStatement = z
  .strictObject({
    schema: z.literal('breakwater.enrolment/1'),
    institution,
    person: pseudonym,
    role: word,
    /** Ed25519 as SPKI PEM; of a passkey also P-256 or RSA. */
    publicKey: z.string().max(2048),
    /** Left out: an ordinary key. Given: the key of a passkey, which answers at this place only. */
    webauthn: passkeyPlace.optional(),
    enrolledBy: pseudonym,
    from: instant,
    to: instant,
    nonce,
  })
  .refine(({ person, enrolledBy }) => person !== enrolledBy, {
    error: 'nobody enrols their own key: a second person signs',
    path: ['enrolledBy'],
  })
  .refine(({ from, to }) => Date.parse(from) < Date.parse(to), {
    error: 'the key must end after it begins',
    path: ['to'],
  });
export type EnrolmentStatement = z.infer<typeof enrolmentStatement>;

/** Ends a key. Signed by any enrolled person: losing time over a lost key is worse than revoking a good one. */
export const revocationStatement = z.strictObject({
  schema: z.literal('breakwater.revocation/1'),
  institution,
  key: sha256Digest,
  by: pseudonym,
  at: instant,
  nonce,
});
export type RevocationStatement = z.infer<typeof revocationStatement>;

/** Lets a held run go on. It takes those of two persons, for the same hold. */
export const resumeStatement = z.strictObject({
  schema: z.literal('breakwater.resume/1'),
  run: z.string().min(1).max(128),
  /** The journal entry that began the hold. */
  hold: z.int().min(0),
  person: pseudonym,
  at: instant,
  nonce,
});
export type ResumeStatement = z.infer<typeof resumeStatement>;

/** Allows starts again after they were forbidden for the whole company. It takes those of two persons, for the same ban. */
export const startsStatement = z.strictObject({
  schema: z.literal('breakwater.starts/1'),
  institution,
  ban: z.string().min(1).max(128),
  person: pseudonym,
  at: instant,
  nonce,
});
export type StartsStatement = z.infer<typeof startsStatement>;

/** Takes a waivable finding of a plan upon a person, with the reason. */
export const waiverStatement = z.strictObject({
  schema: z.literal('breakwater.waiver/1'),
  planHash: sha256Digest,
  rule: z.string().min(1).max(128),
  reason: z.string().min(1).max(2000).regex(/\S/, { error: 'say why' }),
  person: pseudonym,
  at: instant,
  expires: instant,
  nonce,
});
export type WaiverStatement = z.infer<typeof waiverStatement>;

/** Approves a policy pack for use, or returns it. It takes the approval of two persons. */
export const packDecisionStatement = z.strictObject({
  schema: z.literal('breakwater.pack-decision/1'),
  pack: z.string().min(1).max(128),
  digest: sha256Digest,
  decision: z.enum(['approve', 'return']),
  person: pseudonym,
  role: word,
  at: instant,
  nonce,
});
export type PackDecisionStatement = z.infer<typeof packDecisionStatement>;

/** The second person's word on a decided claim: the very decision that the first person made, approved or sent back. */
export const claimDecisionStatement = z.strictObject({
  schema: z.literal('breakwater.claim-decision/1'),
  institution,
  claim: z.string().min(1).max(128),
  decision: z.enum(['accepted', 'refused']),
  /** Won; 0 for a refusal. */
  amount: z.int().min(0),
  verdict: z.enum(['approve', 'return']),
  person: pseudonym,
  role: word,
  at: instant,
  nonce,
});
export type ClaimDecisionStatement = z.infer<typeof claimDecisionStatement>;

/** Approves a notice as it stands, or returns it. `waiver` = why an emergency goes on although not everybody is told in time. */
export const noticeDecisionStatement = z.strictObject({
  schema: z.literal('breakwater.notice-decision/1'),
  notice: z.string().min(1).max(256),
  digest: sha256Digest,
  decision: z.enum(['approve', 'return']),
  waiver: z.string().min(1).max(2000).regex(/\S/, { error: 'say why' }).nullable(),
  person: pseudonym,
  role: word,
  at: instant,
  nonce,
});
export type NoticeDecisionStatement = z.infer<typeof noticeDecisionStatement>;

/** Agrees to an exception as it was asked for, or returns it. It takes the word of two persons besides who asked. */
export const exceptionDecisionStatement = z.strictObject({
  schema: z.literal('breakwater.exception-decision/1'),
  institution,
  exception: z.string().min(1).max(128),
  /** Over what was asked for: exposures, reason, what is done meanwhile, until when. */
  digest: sha256Digest,
  decision: z.enum(['approve', 'return']),
  person: pseudonym,
  role: word,
  at: instant,
  nonce,
});
export type ExceptionDecisionStatement = z.infer<typeof exceptionDecisionStatement>;

/** Reads or acts on findings that only a restricted group may know. */
export const restrictedStatement = z.strictObject({
  schema: z.literal('breakwater.restricted-act/1'),
  institution,
  act: z.enum(['read', 'isolate', 'report-to-fsi', 'request-dissemination', 'emergency-plan']),
  /** The finding that is acted on; null = all, for `read`. */
  fingerprint: z
    .string()
    .regex(/^v1:[0-9a-f]{64}$/)
    .nullable(),
  person: pseudonym,
  at: instant,
  nonce,
});
export type RestrictedStatement = z.infer<typeof restrictedStatement>;

export type Statement =
  | EnrolmentStatement
  | RevocationStatement
  | ResumeStatement
  | StartsStatement
  | WaiverStatement
  | PackDecisionStatement
  | ClaimDecisionStatement
  | NoticeDecisionStatement
  | ExceptionDecisionStatement
  | RestrictedStatement;

/** A signature by a key: 64 bytes of Ed25519, or what a passkey gives, with the assertion that it is over. */
export const signedValue = {
  signature: z.base64().min(88).max(1024),
  webauthn: assertion.optional().describe('Of a passkey only: what the signature is over.'),
};

/** A statement with one signature: `key` is the SHA-256 of the signer's public key in SPKI DER. */
export const signature = z.strictObject({ key: sha256Digest, ...signedValue });
export type Signature = z.infer<typeof signature>;

/** The bytes that are signed: the RFC 8785 form of the statement. */
export function statementBytes(statement: Statement): Uint8Array {
  return utf8ToBytes(canonicalJson(statement));
}
