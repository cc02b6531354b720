import type { FindingRecord } from '@breakwater/rules/containment';
import type { JournalEntry } from '@breakwater/rules/guard/record';
import type { Platform } from '#platform';
import type { Tx } from '#platform/db';
import { draftAct, readRestricted } from './restricted.ts';
import { takeJournal } from './journal.ts';
import { listFindings } from './listing.ts';
import type { CageReport } from './store.ts';
import {
  recordAttempts,
  recordFindings,
  recordReport,
  type ContainmentOptions,
  type KeptFindings,
} from './workflow.ts';

/** The domain for its callers. What it records is in their transaction, with its evidence and its pages. */
export interface ContainmentDoor {
  /** Keeps what the journal of a run tells of its tests; other entries are passed over. */
  takeJournal(tx: Tx, run: string, entries: readonly JournalEntry[]): Promise<void>;
  /** Keeps what a host tells of a run's findings; when `hold` is true the caller holds the run after its commit. */
  takeFindings(tx: Tx, run: string, host: string, findings: readonly FindingRecord[]): Promise<KeptFindings>;
  /** One page a call. */
  recordAttempts(tx: Tx, seen: Parameters<typeof recordAttempts>[2]): Promise<void>;
  recordReport(tx: Tx, cage: CageReport): Promise<void>;
  /** When `hold` is true the caller holds the run after its commit. */
  recordFindings(tx: Tx, found: Parameters<typeof recordFindings>[2]): Promise<KeptFindings>;
  /** Findings that everybody may read: critical ones are not among them. */
  findings(filter: { run: string | null }, page: { after: string; limit: number }): ReturnType<typeof listFindings>;
  readRestricted(
    signed: Parameters<typeof readRestricted>[1],
    page: { after: string; limit: number },
  ): ReturnType<typeof readRestricted>;
  draftAct(signed: Parameters<typeof draftAct>[1], plan: string | null): ReturnType<typeof draftAct>;
}

/** Opens the domain. */
export function createContainment(options: ContainmentOptions): ContainmentDoor {
  const { db, institution } = options;
  return {
    takeJournal: (tx, run, entries) => takeJournal(tx, options, run, entries),
    takeFindings: (tx, run, host, findings) =>
      recordFindings(tx, options, { run, findings, source: null, by: { kind: 'host', id: host } }),
    recordAttempts: (tx, seen) => recordAttempts(tx, options, seen),
    recordReport: (tx, cage) => recordReport(tx, options, cage),
    recordFindings: (tx, found) => recordFindings(tx, options, found),
    findings: ({ run }, page) => listFindings(db, institution, { restricted: false, run, fingerprint: null }, page),
    readRestricted: (signed, page) => readRestricted(options, signed, page),
    draftAct: (signed, plan) => draftAct(options, signed, plan),
  };
}

/** The domain as a server is configured. It holds no state of its own: several may be opened. */
export function containmentOf(platform: Platform): ContainmentDoor {
  return createContainment(optionsOf(platform));
}

function optionsOf({ config, db, jobs, clock, log }: Platform): ContainmentOptions {
  const { webhooks, restrictedRoles, holdOnCritical } = config.containment;
  return {
    db,
    jobs,
    clock,
    log,
    institution: config.institution,
    webhooks,
    restrictedRoles,
    holdOnCritical: holdOnCritical === 'yes',
  };
}
