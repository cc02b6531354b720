/** Findings as CSV. */
import { csvText } from '../csv.ts';
import type { ExportedFinding } from './export-findings.ts';
import { harmless } from './finding-text.ts';

const columns: readonly (readonly [string, (one: ExportedFinding) => string])[] = [
  ['fingerprint', ({ finding }) => finding.fingerprint],
  ['state', ({ state }) => state ?? ''],
  ['severity', ({ finding }) => finding.severity.level ?? 'ungraded'],
  ['severity_given', ({ finding }) => finding.severity.given ?? ''],
  ['asset', ({ finding }) => finding.asset],
  ['protocol', ({ finding }) => finding.protocol],
  ['port', ({ finding }) => (finding.port === null ? '' : String(finding.port))],
  ['path', ({ finding }) => finding.path ?? ''],
  ['cves', ({ finding }) => finding.cves.join(' ')],
  ['rule', ({ finding }) => finding.rule],
  ['title', ({ finding }) => finding.title],
  ['seen_by', ({ seenBy }) => [...new Set(seenBy.map(({ tool }) => tool))].join(' ')],
  ['seen_at', ({ finding }) => finding.seenAt],
  ['evidence', ({ finding }) => finding.evidence ?? ''],
];

/** One line a finding under a line of names. */
export function toCsv(findings: readonly ExportedFinding[]): string {
  return csvText(
    columns.map(([name]) => name),
    findings.map((one) => columns.map(([, value]) => harmless(value(one)))),
  );
}
