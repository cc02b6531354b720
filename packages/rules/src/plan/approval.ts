/** Signed decisions of persons about a plan, and which of them count. */
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { z } from 'zod';
import { canonicalJson } from '#evidence';
import { instant, sha256Digest } from '#evidence/record';
import { assertion, signedBytes, type PasskeyPlace } from '../assertion.ts';
import { conform } from '../shape.ts';
import { reference } from './field.ts';

const decision = {
  planHash: sha256Digest,
  decision: z.enum(['approve', 'return']),
  person: reference,
  role: z.string().min(1).max(128),
  at: instant,
  /** From then on the decision does not count. */
  expires: instant,
  /** 16 random bytes or more, in hex, so that no two decisions are the same. */
  nonce: z.string().regex(/^[0-9a-f]{32,128}$/, { error: 'must be 32 to 128 hex digits' }),
};

/** What a person signs. */
export const approvalPayloadSchema = z.strictObject({ domain: z.literal('breakwater.approval/1'), ...decision });
export type ApprovalPayload = z.infer<typeof approvalPayloadSchema>;

/** `breakwater.approval/1`: a decision with its signature; the payload without `domain`, as the `plan.decided` record holds it. */
export const approvalSchema = z.strictObject({
  schema: z.literal('breakwater.approval/1'),
  ...decision,
  /** SHA-256 of the public key in SPKI DER. */
  key: sha256Digest,
  /** Over {@link approvalBytes}, or over what a passkey asserted about them; standard base64. */
  signature: z.base64().max(1024),
  /** Of a passkey only. */
  webauthn: assertion.optional(),
});
export type Approval = z.infer<typeof approvalSchema>;

/** An enrolled key of a named person. */
export interface EnrolledKey {
  readonly key: string;
  readonly person: string;
  readonly role: string;
  /** SPKI PEM. */
  readonly publicKey: string;
  /** Where a passkey was made; null or left out: an ordinary key. */
  readonly webauthn?: PasskeyPlace | null;
  /** The second person; whoever enrols themselves is not enrolled. */
  readonly enrolledBy: string;
  readonly from: string;
  readonly to: string;
  readonly revokedAt?: string | null;
}

/**
 * The bytes that a decision's signature is over: the RFC 8785 form of its payload. Members of an approval or of a
 * `plan.decided` record that are not signed are left out. Throws BreakwaterError `approval.*` when it is no decision.
 */
export function approvalBytes(approval: Omit<ApprovalPayload, 'domain'>): Uint8Array {
  const { planHash, decision: decided, person, role, at, expires, nonce } = approval;
  const payload = { domain: 'breakwater.approval/1', planHash, decision: decided, person, role, at, expires, nonce };
  return utf8ToBytes(canonicalJson(conform(approvalPayloadSchema, payload, { name: 'approval' })));
}

/** Why an approval does not count. */
export type ApprovalFault =
  | 'other-plan'
  | 'author'
  | 'not-yet'
  | 'expired'
  | 'unknown-key'
  | 'other-person'
  | 'other-role'
  | 'self-enrolled'
  | 'key-not-valid'
  | 'revoked'
  | 'bad-signature'
  | 'superseded'
  | 'returned';

/** Who decided what about a plan, each person once. */
export interface ApprovalTally {
  /** Persons whose approval counts, in the order in which they decided. */
  readonly approvedBy: readonly { readonly person: string; readonly role: string }[];
  readonly returnedBy: readonly string[];
  /** By position among the approvals given. */
  readonly faults: readonly { readonly index: number; readonly fault: ApprovalFault }[];
}

interface CountedDecision {
  readonly planHash: string;
  readonly decision?: 'approve' | 'return' | undefined;
  readonly person: string;
  readonly role?: string | undefined;
  readonly at: string;
  readonly expires?: string | undefined;
}

/**
 * The tally of decisions whose signatures and keys were held good elsewhere. A person counts once, by their latest
 * decision; the author never approves, but may return. `now` null = not known, nothing is judged by it.
 */
export function tallyDecisions(
  decisions: readonly CountedDecision[],
  plan: { hash: string; author: string },
  now: number | null,
): ApprovalTally {
  const faults: { index: number; fault: ApprovalFault }[] = [];
  const latest = new Map<string, { index: number; decision: CountedDecision }>();
  const inOrder = decisions
    .map((one, index) => ({ decision: one, index }))
    .toSorted((a, b) => Date.parse(a.decision.at) - Date.parse(b.decision.at) || a.index - b.index);
  for (const { decision: one, index } of inOrder) {
    const fault = faultOf(one, plan, now);
    if (fault !== null) {
      faults.push({ index, fault });
      continue;
    }
    const before = latest.get(one.person);
    if (before !== undefined) faults.push({ index: before.index, fault: 'superseded' });
    latest.delete(one.person);
    latest.set(one.person, { index, decision: one });
  }
  const standing = [...latest.values()];
  const returned = standing.filter(({ decision: one }) => one.decision === 'return');
  return {
    approvedBy: standing
      .filter(({ decision: one }) => one.decision !== 'return')
      .map(({ decision: one }) => ({ person: one.person, role: one.role ?? '' })),
    returnedBy: returned.map(({ decision: one }) => one.person),
    faults: [...faults, ...returned.map(({ index }) => ({ index, fault: 'returned' as const }))].toSorted(
      (a, b) => a.index - b.index,
    ),
  };
}

function faultOf(
  one: CountedDecision,
  plan: { hash: string; author: string },
  now: number | null,
): ApprovalFault | null {
  if (one.planHash !== plan.hash) return 'other-plan';
  if (one.person === plan.author && one.decision !== 'return') return 'author';
  if (now !== null && Date.parse(one.at) > now) return 'not-yet';
  if (now !== null && one.expires !== undefined && Date.parse(one.expires) <= now) return 'expired';
  return null;
}

/** Checks one signature: SPKI PEM, message, standard base64. Must not throw. */
export type VerifySignature = (publicKey: string, message: Uint8Array, signature: string) => boolean;

/**
 * Which signed approvals of a plan count at `now` (epoch ms): on this very plan hash, by a person other than the
 * author, under a key that was enrolled for them in that role by somebody else, valid when they signed and not revoked
 * since. Two keys of one person count once.
 */
export function countApprovals(
  plan: { readonly hash: string; readonly author: string },
  approvals: readonly Approval[],
  keys: readonly EnrolledKey[],
  now: number,
  verify: VerifySignature,
): ApprovalTally {
  const enrolled = new Map(keys.map((key) => [key.key, key]));
  const judged = approvals.map((approval) => ({
    approval,
    fault: keyFault(approval, enrolled.get(approval.key), now, verify),
  }));
  const good = judged.flatMap(({ approval, fault }, index) => (fault === null ? [{ approval, index }] : []));
  const tally = tallyDecisions(
    good.map(({ approval }) => approval),
    plan,
    now,
  );
  const faults = [
    ...judged.flatMap(({ fault }, index) => (fault === null ? [] : [{ index, fault }])),
    ...tally.faults.flatMap(({ index, fault }) => {
      const at = good[index]?.index;
      return at === undefined ? [] : [{ index: at, fault }];
    }),
  ].toSorted((a, b) => a.index - b.index);
  return { ...tally, faults };
}

function keyFault(
  approval: Approval,
  key: EnrolledKey | undefined,
  now: number,
  verify: VerifySignature,
): ApprovalFault | null {
  if (key === undefined) return 'unknown-key';
  if (key.person !== approval.person) return 'other-person';
  if (key.role !== approval.role) return 'other-role';
  if (key.enrolledBy === key.person) return 'self-enrolled';
  const at = Date.parse(approval.at);
  if (at < Date.parse(key.from) || at >= Date.parse(key.to)) return 'key-not-valid';
  if (typeof key.revokedAt === 'string' && Date.parse(key.revokedAt) <= now) return 'revoked';
  const signed = signedBytes(key, approvalBytes(approval), approval);
  return signed !== null && verify(key.publicKey, signed, approval.signature) ? null : 'bad-signature';
}
