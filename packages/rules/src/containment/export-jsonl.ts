/** Findings as JSON lines: the whole record with everybody who saw it. */
import type { ExportedFinding } from './export-findings.ts';
import { harmlessJson } from './finding-text.ts';

/** One JSON object a line. Text stands in it as the tool wrote it, with what would be obeyed escaped. */
export function toJsonLines(findings: readonly ExportedFinding[]): string {
  return findings
    .map(({ finding, seenBy, state }) => `${harmlessJson({ ...finding, seenBy, ...(state && { state }) })}\n`)
    .join('');
}
