/** What a plan and its steps are known by. Hashes are over the document as it was written, with nothing filled in. */
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { canonicalJson, digestOf } from '#evidence';
import { testerStep, type Plan } from './schema.ts';

/**
 * `sha256:` and the hex SHA-256 of the plan's RFC 8785 form. Any change makes another plan: approvals of the old one
 * do not count for it. Throws BreakwaterError when the document has no canonical form.
 */
export function planHash(plan: unknown): string {
  return digestOf(utf8ToBytes(canonicalJson(plan)));
}

/** The digest of one step as written; a rehearsal counts for a step only under the digest that it rehearsed. */
export function stepDigest(step: unknown): string {
  return digestOf(utf8ToBytes(canonicalJson(step)));
}

/** Digests of all steps by id, in order of execution; a security test's tool comes last, as `tester`. */
export function stepDigests(plan: Plan): Record<string, string> {
  const steps = (plan.steps ?? []).map((step): [string, string] => [step.id, stepDigest(step)]);
  if (plan.kind === 'security-test') steps.push([testerStep, stepDigest(plan.tester)]);
  return Object.fromEntries(steps);
}
