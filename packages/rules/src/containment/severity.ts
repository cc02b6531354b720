/** How bad a finding is, in the words of whoever found it. */
import { z } from 'zod';

/** Worst first. `info` says that it is no weakness; that nobody graded it is null. */
export const severityLevel = z.enum(['critical', 'high', 'medium', 'low', 'info']);
export type SeverityLevel = z.infer<typeof severityLevel>;

/** `level` is null when the source gave no grade that can be read: unknown, not low. `given` is what it wrote. */
export const severitySchema = z.strictObject({ level: severityLevel.nullable(), given: z.string().max(64).nullable() });
export type Severity = z.infer<typeof severitySchema>;

export const ungraded: Severity = { level: null, given: null };

/** Grades that tools write as words. Every word stands for itself: nothing is regraded. */
const words: Readonly<Record<string, SeverityLevel>> = {
  critical: 'critical',
  high: 'high',
  medium: 'medium',
  moderate: 'medium',
  low: 'low',
  info: 'info',
  informational: 'info',
  log: 'info',
  none: 'info',
};

/**
 * A grade in words, or a CVSS base score from 0.0 to 10.0 read by the qualitative scale of CVSS v3.1, section 5, table 14
 * (FIRST, 2019-06): low from 0.1, medium from 4.0, high from 7.0, critical from 9.0.
 */
export function gradeOf(given: string): Severity {
  const text = given.trim();
  const word = text.toLowerCase();
  if (Object.hasOwn(words, word)) return { level: words[word] ?? null, given: text };
  const score = /^(?:10(?:\.0+)?|\d(?:\.\d+)?)$/.test(text) ? Number(text) : null;
  return { level: score === null ? null : levelOfScore(score), given: text === '' ? null : text };
}

function levelOfScore(score: number): SeverityLevel {
  if (score >= 9) return 'critical';
  if (score >= 7) return 'high';
  if (score >= 4) return 'medium';
  return score > 0 ? 'low' : 'info';
}
