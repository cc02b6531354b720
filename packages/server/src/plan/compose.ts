import type { Platform } from '#platform';
import { noPolicy, readPolicyFile, type CompanyPolicy } from './policy.ts';

const companies = new WeakMap<Platform, CompanyPolicy>();

/** The company's policy, read once a process. Throws BreakwaterError `policy.*` for a file that is none. */
export function companyOf(platform: Platform): CompanyPolicy {
  const known = companies.get(platform);
  if (known !== undefined) return known;
  const { policyFile } = platform.config.plan;
  const company = policyFile === undefined ? noPolicy : readPolicyFile(policyFile);
  companies.set(platform, company);
  return company;
}
