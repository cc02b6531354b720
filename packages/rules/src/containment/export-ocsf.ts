/** Findings as events of OCSF 1.3, class 2002 (vulnerability finding), one JSON object a line. */
import type { ExportedFinding } from './export-findings.ts';
import type { FindingState } from './finding-states.ts';
import { harmless, harmlessJson } from './finding-text.ts';
import type { SeverityLevel } from './severity.ts';

const classUid = 2002;

/** `now`: when the events are made, RFC 3339. */
export function toOcsf(findings: readonly ExportedFinding[], now: string): string {
  return findings.map((one) => `${harmlessJson(eventOf(one, Date.parse(now)))}\n`).join('');
}

function eventOf({ finding, seenBy, state }: ExportedFinding, now: number): object {
  const { fingerprint, rule, cves, asset, protocol, port, path, severity } = finding;
  const title = harmless(finding.title);
  const activity = activities[state ?? 'new'];
  const seen = seenBy.map((one) => Date.parse(one.seenAt));
  const times = { first_seen_time: Math.min(...seen), last_seen_time: Math.max(...seen) };
  const grade = severity.given === null ? {} : { severity: harmless(severity.given) };
  return {
    category_uid: 2,
    class_uid: classUid,
    activity_id: activity,
    type_uid: classUid * 100 + activity,
    time: now,
    severity_id: severity.level === null ? 0 : severityIds[severity.level],
    status_id: state === 'remediated' ? 4 : 1,
    metadata: { version: '1.3.0', product: { name: 'Breakwater', vendor_name: 'Breakwater' } },
    finding_info: {
      uid: fingerprint,
      title,
      ...times,
      data_sources: [...new Set(seenBy.map(({ tool }) => harmless(tool)))],
    },
    // A vulnerability names a CVE, a CWE or an advisory; what has no CVE is known by the rule of its tool.
    vulnerabilities:
      cves.length === 0
        ? [{ title, ...grade, ...times, advisory: { uid: `${harmless(finding.tool)}:${harmless(rule)}` } }]
        : cves.map((uid) => ({ title, ...grade, ...times, cve: { uid } })),
    resources: [{ uid: asset, name: asset, type: 'host', data: { protocol, port, path } }],
  };
}

/** Create, update, close. */
const activities: Readonly<Record<FindingState, number>> = { new: 1, regressed: 1, persistent: 2, remediated: 3 };

const severityIds: Readonly<Record<SeverityLevel, number>> = { info: 1, low: 2, medium: 3, high: 4, critical: 5 };
