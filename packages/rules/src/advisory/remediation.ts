/** Within how long an exposure is to be removed, by its priority; every limit with its source. */
import type { Decision } from './priority.ts';

/** Where a limit comes from. `clause` is null where the text names none or was not read. */
export interface RemediationSource {
  readonly document: string;
  readonly date: string;
  readonly clause: string | null;
}

export interface RemediationLimit {
  /** Calendar days from when the exposure was first matched; null = no document names any. */
  readonly days: number | null;
  readonly source: RemediationSource;
}

const cisa1902 = (clause: string): RemediationSource => ({
  document:
    'CISA Binding Operational Directive 19-02, Vulnerability Remediation Requirements for Internet-Accessible Systems',
  date: '2019-04-29',
  clause,
});
const ssvcGuide: RemediationSource = {
  document: 'CISA Stakeholder-Specific Vulnerability Categorization Guide',
  date: '2022-11',
  clause: null,
};

/**
 * Used where a company's policy sets none. No Korean document that was read names days: these are those of CISA, whose critical and
 * high stand nearest to act and attend. The less urgent are patched with the regular updates, of which the guide says no days.
 */
export const remediationLimits: Readonly<Record<Decision, RemediationLimit>> = {
  act: { days: 15, source: cisa1902('critical: 15 calendar days') },
  attend: { days: 30, source: cisa1902('high: 30 calendar days') },
  'track*': { days: null, source: ssvcGuide },
  track: { days: null, source: ssvcGuide },
};

const catalogue: RemediationSource = {
  document: 'CISA Binding Operational Directive 22-01, Known Exploited Vulnerabilities Catalog, due date of the entry',
  date: '2021-11-03',
  clause: null,
};

/** Days by decision that a company sets itself; null = none. */
export type RemediationPolicy = Readonly<Partial<Record<Decision, number | null>>>;

const companyPolicy: RemediationSource = { document: 'policy of the company', date: '', clause: 'remediation' };

export interface RemediationDue {
  /** null = no limit is set. */
  readonly dueAt: string | null;
  readonly source: RemediationSource;
}

const dayMs = 86_400_000;
const seoulMs = 9 * 3_600_000;

/**
 * When an exposure that was first matched at `since` is to be gone: the earlier of the limit of its priority and the due date of the
 * catalogue of exploited vulnerabilities, which ends with the day in Seoul.
 */
export function remediationDue(
  { decision, since, kevDue }: { decision: Decision; since: string; kevDue: string | null },
  policy: RemediationPolicy = {},
): RemediationDue {
  const own = policy[decision];
  const limit: RemediationLimit =
    own === undefined ? remediationLimits[decision] : { days: own, source: companyPolicy };
  const byLimit = limit.days === null ? null : Date.parse(since) + limit.days * dayMs;
  const byCatalogue = kevDue === null ? null : Date.parse(`${kevDue}T00:00:00Z`) + dayMs - seoulMs;
  if (byCatalogue !== null && (byLimit === null || byCatalogue < byLimit))
    return { dueAt: new Date(byCatalogue).toISOString(), source: catalogue };
  return { dueAt: byLimit === null ? null : new Date(byLimit).toISOString(), source: limit.source };
}

/** Whole days from `since` to `now`. */
export function ageDays(since: string, now: string): number {
  return Math.max(0, Math.floor((Date.parse(now) - Date.parse(since)) / dayMs));
}
