import { readFileSync, statSync } from 'node:fs';
import { BreakwaterError, readDocument } from '@breakwater/rules';
import { decisions, type RemediationPolicy } from '@breakwater/rules/advisory';
import { companyPolicySchema, type PlanContext, type PlanPolicy } from '@breakwater/rules/plan';
import type { z } from 'zod';

/** What the company demands of plans and says of its surroundings, from a file that it owns. */
export interface CompanyPolicy {
  readonly policy: PlanPolicy;
  readonly vendors: NonNullable<PlanContext['vendors']>;
  readonly playbooks: NonNullable<PlanContext['playbooks']>;
  /** Roles whose persons may take a waivable finding upon themselves. */
  readonly accountableRoles: readonly string[];
  /** Days within which an exposure is to be gone, where the company sets its own. */
  readonly remediation: RemediationPolicy;
}

const defaultAccountableRoles = ['ceo', 'cio', 'ciso'];
const maxPolicyBytes = 256 * 1024;

/** Used without a policy file: the defaults of the rules, no suppliers, no playbooks. */
export const noPolicy: CompanyPolicy = {
  policy: {},
  vendors: [],
  playbooks: [],
  accountableRoles: defaultAccountableRoles,
  remediation: {},
};

/**
 * Reads a policy file in YAML or JSON.
 * Throws BreakwaterError `policy.*` with the file and the place in it.
 */
export function readPolicyFile(file: string): CompanyPolicy {
  let text: string;
  try {
    if (statSync(file).size > maxPolicyBytes) {
      throw new BreakwaterError('policy.too-large', `${file} is larger than ${maxPolicyBytes} bytes`, file);
    }
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof BreakwaterError) throw error;
    throw new BreakwaterError('policy.unreadable', `${file} cannot be read: correct the setting plan.policyFile`, file);
  }
  const { value, place } = readDocument(text, { maxBytes: maxPolicyBytes });
  const read = companyPolicySchema.safeParse(value);
  if (!read.success) {
    const issue = read.error.issues[0];
    const pointer = (issue?.path ?? []).map((part) => `/${String(part)}`).join('');
    throw new BreakwaterError(
      'policy.invalid',
      `${file}:${place(pointer)} ${pointer}: ${issue?.message ?? 'is not a policy'}`,
      `${file}:${place(pointer)}`,
    );
  }
  const {
    schema: _,
    vendors: suppliers = [],
    playbooks: approved = [],
    accountableRoles = defaultAccountableRoles,
    remediation = {},
    ...policy
  } = read.data;
  return { policy, vendors: suppliers, playbooks: approved, accountableRoles, remediation: ownLimits(remediation) };
}

/** The limits that are set; one that is left out is that of the rules. */
function ownLimits(stated: z.infer<typeof companyPolicySchema>['remediation']): RemediationPolicy {
  return Object.fromEntries(
    decisions.flatMap((decision) => {
      const days = stated?.[decision];
      return days === undefined ? [] : [[decision, days]];
    }),
  );
}
