/** Events as testers make them: stamped, cut to what an event holds, and without anything that acts on a reader. */
import type { FindingRecord, ProbeResult, TesterEvent, TesterOutcome } from '@breakwater/rules/containment';
import type { Transport } from '@breakwater/rules/containment';
import { instantOf, wallNow } from '../clock.ts';
import { plainText } from './plain.ts';

/** Now, as events tell it. */
export function stamp(): string {
  return instantOf(wallNow());
}

export function probeEvent(probe: {
  readonly probe: string;
  readonly asset: string;
  readonly protocol: Transport;
  readonly port: number | null;
  readonly result: ProbeResult;
  readonly detail?: string;
}): TesterEvent {
  const { detail, ...rest } = probe;
  return {
    kind: 'probe',
    at: stamp(),
    ...rest,
    ...(detail === undefined || detail === '' ? {} : { detail: plainText(detail, 1000) }),
  };
}

export function findingEvent(finding: FindingRecord): TesterEvent {
  return { kind: 'finding', at: stamp(), finding: plainFinding(finding) };
}

/** Its words without anything that acts on a reader; what it is and where stays as it is. */
export function plainFinding(finding: FindingRecord): FindingRecord {
  const { title, severity } = finding;
  const given = severity.given === null ? null : plainText(severity.given, 64) || null;
  return { ...finding, title: plainText(title, 500) || '-', severity: { ...severity, given } };
}

export function progressEvent(done: number | null, detail: string): TesterEvent {
  const share = done === null || !Number.isFinite(done) ? null : Math.min(1, Math.max(0, done));
  return { kind: 'progress', at: stamp(), done: share, detail: plainText(detail, 1000) };
}

export function logEvent(level: 'debug' | 'info' | 'warn' | 'error', text: string): TesterEvent {
  return { kind: 'log', at: stamp(), level, text: plainText(text, 4096) };
}

export function outcomeEvent(outcome: TesterOutcome, exitCode: number | null, detail: string): TesterEvent {
  return { kind: 'outcome', at: stamp(), outcome, exitCode, detail: plainText(detail, 1000) };
}
