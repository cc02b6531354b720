/** What the domain does, each in the commit of its caller: keep what a test tried, reported and found, and tell of it. */
import type { FindingRecord } from '@breakwater/rules/containment';
import { attemptsSeen, cageReported, findingsKept } from '@breakwater/rules/containment/record';
import { canonicalJson, digestOf } from '@breakwater/rules/evidence';
import type { Actor } from '@breakwater/rules/evidence/record';
import * as evidence from '#evidence';
import type { Clock } from '#platform/clock';
import type { Db, Tx } from '#platform/db';
import type { Jobs } from '#platform/jobs';
import type { Log } from '#platform/telemetry';
import { pageAttempts, pageRestricted, type PagedWebhook } from './pages.ts';
import {
  insertAttempts,
  insertFindings,
  insertReport,
  noteRun,
  restrict,
  type CageReport,
  type SeenAttempts,
} from './store.ts';

export interface ContainmentOptions {
  readonly db: Db;
  readonly jobs: Jobs;
  readonly clock: Clock;
  readonly log: Log;
  readonly institution: string;
  readonly webhooks: readonly PagedWebhook[];
  /** Roles whose persons may know of critical findings. */
  readonly restrictedRoles: readonly string[];
  readonly holdOnCritical: boolean;
}

/** What of a run was kept. */
export interface KeptFindings {
  /** Fingerprints that this run had not been seen with. */
  readonly added: number;
  /** True when the company's policy holds the test now: the caller pulls the lever. */
  readonly hold: boolean;
}

/** Rows of one statement, and fingerprints of one record. */
const chunkSize = 1000;

const system: Actor = { kind: 'system', id: 'containment' };

/**
 * Keeps attempts of a test to leave its scope, and pages them when the transaction commits. Each call is one page: hand over
 * together what was seen together.
 */
export async function recordAttempts(
  tx: Tx,
  options: ContainmentOptions,
  { run, seen }: { run: string; seen: readonly SeenAttempts[] },
): Promise<void> {
  const [first] = seen;
  if (first === undefined) return;
  const { institution, clock } = options;
  const at = clock.now().toISOString();
  await noteRun(tx, institution, run, first.at);
  for (const { at: when, packets, attempts, soFar } of seen) {
    await insertAttempts(tx, institution, run, when, attempts);
    await evidence.append(tx, {
      type: attemptsSeen.type,
      institution,
      subjects: { run },
      actor: system,
      at,
      payload: { run, at: when, packets, attempts: [...attempts], soFar },
    });
  }
  await pageAttempts(tx, options, { run, seen, at });
}

/** Keeps the report of a cage. The first report of a step stands. */
export async function recordReport(
  tx: Tx,
  { institution, clock }: ContainmentOptions,
  cage: CageReport,
): Promise<void> {
  const { run, step, tools, report } = cage;
  const at = clock.now().toISOString();
  await noteRun(tx, institution, run, report.startedAt ?? at);
  if (!(await insertReport(tx, institution, cage))) return;
  await evidence.append(tx, {
    type: cageReported.type,
    institution,
    subjects: { run },
    actor: system,
    at,
    payload: {
      run,
      step,
      tools: [...tools],
      level: report.level,
      report: digestOf(Buffer.from(canonicalJson(report))),
    },
  });
}

/**
 * Keeps findings of a run; what the run was seen with before is passed over. A critical one is restricted from this commit
 * on, pages the restricted group, and holds the test when the policy says so.
 */
export async function recordFindings(
  tx: Tx,
  options: ContainmentOptions,
  { run, findings, source, by }: { run: string; findings: readonly FindingRecord[]; source: string | null; by: Actor },
): Promise<KeptFindings> {
  const { institution, clock } = options;
  const at = clock.now().toISOString();
  await noteRun(tx, institution, run, earliest(findings) ?? at);
  const added = new Set<string>();
  for (const chunk of chunksOf(findings)) {
    const fingerprints = await insertFindings(tx, institution, run, chunk);
    if (fingerprints.length === 0) continue;
    for (const one of fingerprints) added.add(one);
    await evidence.append(tx, {
      type: findingsKept.type,
      institution,
      subjects: { run },
      actor: by,
      at,
      payload: { run, source, fingerprints },
    });
  }
  const critical = [
    ...new Set(
      findings.flatMap(({ fingerprint, severity }) =>
        severity.level === 'critical' && added.has(fingerprint) ? [fingerprint] : [],
      ),
    ),
  ];
  if (critical.length > 0) {
    for (const chunk of chunksOf(critical)) await restrict(tx, institution, run, chunk, at);
    await pageRestricted(tx, options, { run, fingerprints: critical, at });
  }
  return { added: added.size, hold: critical.length > 0 && options.holdOnCritical };
}

function earliest(findings: readonly FindingRecord[]): string | null {
  const first = findings.reduce((least, { seenAt }) => Math.min(least, Date.parse(seenAt)), Number.POSITIVE_INFINITY);
  return Number.isFinite(first) ? new Date(first).toISOString() : null;
}

function* chunksOf<T>(items: readonly T[]): Generator<readonly T[]> {
  for (let from = 0; from < items.length; from += chunkSize) yield items.slice(from, from + chunkSize);
}
