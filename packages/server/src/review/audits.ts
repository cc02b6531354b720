/** What an auditor asks of the whole log: changes against runs, overrides by person, samples. Asking is itself a record. */
import { hash } from 'node:crypto';
import { BreakwaterError } from '@breakwater/rules';
import type { EvidenceRecord } from '@breakwater/rules/evidence';
import type { Actor } from '@breakwater/rules/evidence/record';
import { inventoryImported } from '@breakwater/rules/inventory/record';
import { noticeDecided } from '@breakwater/rules/notice/record';
import {
  type Override,
  type Population,
  type RecordedChange,
  type RunSpan,
  drawSample,
  inventoryChanges,
  matchChanges,
  overrideRegister,
  populationDigest,
  readDpkgLog,
  readRpmList,
  readTickets,
  runSpans,
} from '@breakwater/rules/review';
import { auditReported } from '@breakwater/rules/review/record';
import { runEnded, runGated, runRequested, runStarted } from '@breakwater/rules/runner/record';
import { parse } from 'csv-parse/sync';
import * as evidence from '#evidence';
import type { Platform } from '#platform';
import { inTransaction } from '#platform/db';

const wanted: ReadonlySet<string> = new Set(
  [runRequested, runStarted, runEnded, runGated, noticeDecided, inventoryImported].map(({ type }) => type),
);
/** Records that are read at once. */
const CHUNK = 10_000;

export interface Period {
  readonly from: number;
  readonly to: number;
}

export interface Sources {
  readonly dpkg: readonly { readonly host: string; readonly offset: string; readonly text: string }[];
  readonly rpm: readonly { readonly host: string; readonly text: string }[];
  /** A CSV export; null: none. */
  readonly itsm: string | null;
}

/** Changes of the period held against its runs. Throws BreakwaterError `change.*` with the place in the source. */
export async function populationOf(
  platform: Platform,
  period: Period,
  sources: Sources,
  actor: Actor,
): Promise<Population & { readonly runs: readonly RunSpan[] }> {
  const records = await auditedRecords(platform);
  const runs = runSpans(records).filter(({ from, to }) => from <= period.to && (to ?? Infinity) >= period.from);
  const changes = [...changesOf(sources), ...inventoryChanges(records)].filter(
    ({ from, to }) => from <= period.to && to >= period.from,
  );
  const found = matchChanges(changes, runs);
  const inputs = [...sources.dpkg, ...sources.rpm].map(({ text }) => text).concat(sources.itsm ?? []);
  const counts = { matched: found.matched.length, unmatched: found.unmatched.length, runs: runs.length };
  await keepReport(platform, actor, 'population', { ...counts, inputs: inputs.map(digest) });
  return { ...found, runs };
}

/** What persons took upon themselves in the period. */
export async function overridesOf(platform: Platform, { from, to }: Period): Promise<Override[]> {
  return overrideRegister(await auditedRecords(platform)).filter(
    ({ at }) => Date.parse(at) >= from && Date.parse(at) <= to,
  );
}

export interface Sample {
  readonly seed: string;
  readonly population: string;
  readonly of: number;
  readonly drawn: readonly string[];
}

/** A sample of the live runs of the period; with the same log and seed anybody draws the same. */
export async function sampleOf(
  platform: Platform,
  { from, to }: Period,
  { seed, size }: { seed: string; size: number },
  actor: Actor,
): Promise<Sample> {
  const runs = runSpans(await auditedRecords(platform))
    .filter((span) => span.from >= from && span.from <= to)
    .map(({ run }) => run);
  const drawn = drawSample(runs, seed, size);
  const population = populationDigest(runs);
  await keepReport(platform, actor, 'sample', { runs: runs.length, inputs: [digest(seed), population] });
  return { seed, population, of: runs.length, drawn };
}

function changesOf({ dpkg, rpm, itsm }: Sources): RecordedChange[] {
  return [
    ...dpkg.flatMap(({ text, host, offset }) => readDpkgLog(text, host, offset)),
    ...rpm.flatMap(({ text, host }) => readRpmList(text, host)),
    ...(itsm === null ? [] : readTickets(rowsOf(itsm))),
  ];
}

function rowsOf(csv: string): string[][] {
  try {
    return parse(csv, { bom: true, relax_column_count: true, skip_empty_lines: true });
  } catch (error) {
    const message = error instanceof Error ? error.message : 'it is not CSV';
    throw new BreakwaterError('change.not-csv', `the export of tickets cannot be read: ${message}`, '/itsm');
  }
}

/** The records of this institution that an audit reads, of the whole log. */
async function auditedRecords(platform: Platform): Promise<EvidenceRecord[]> {
  const log = evidence.evidenceLog(platform);
  await log.open();
  await log.flush();
  const { db, config } = platform;
  const size = await evidence.size(db);
  const found: EvidenceRecord[] = [];
  for (let first = 0; first < size; first += CHUNK) {
    for (const record of await evidence.records(db, first, Math.min(size, first + CHUNK))) {
      if ('leaf' in record && record.leaf.institution === config.institution && wanted.has(record.leaf.type))
        found.push(record);
    }
  }
  return found;
}

async function keepReport(
  { db, clock, config }: Platform,
  actor: Actor,
  kind: 'population' | 'sample',
  said: { matched?: number; unmatched?: number; runs: number; inputs: readonly string[] },
): Promise<void> {
  const at = clock.now().toISOString();
  const { matched = null, unmatched = null, runs, inputs } = said;
  await inTransaction(db, async (tx) =>
    evidence.append(tx, {
      type: auditReported.type,
      institution: config.institution,
      subjects: { audit: kind },
      actor,
      at,
      payload: auditReported.payload.parse({ kind, matched, unmatched, runs, inputs: [...inputs], at }),
    }),
  );
}

const digest = (text: string): string => `sha256:${hash('sha256', text, 'hex')}`;
