/** What an auditor asks of a period: every change held against the runs, who overrode what, and a sample that can be drawn again. */
import { digestOf } from '#evidence';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import type { EvidenceRecord } from '#evidence/record';
import { inventoryImported } from '#inventory/record';
import { noticeDecided } from '#notice/record';
import { runEnded, runGated, runRequested, runStarted } from '#runner/record';
import { cited } from '../live.ts';
import type { RecordedChange } from './change.ts';

export interface RunSpan {
  readonly run: string;
  readonly plan: string;
  readonly host: string;
  readonly mode: string;
  readonly from: number;
  /** null: not ended. */
  readonly to: number | null;
  readonly record: number;
}

/** Live runs that began, from their records. */
export function runSpans(records: readonly EvidenceRecord[]): RunSpan[] {
  const started = new Map(cited(records, runStarted).map(({ payload }) => [payload.run, Date.parse(payload.at)]));
  const ended = new Map(cited(records, runEnded).map(({ payload }) => [payload.run, Date.parse(payload.at)]));
  return cited(records, runRequested).flatMap(({ index, payload: { run, plan, host, mode } }) => {
    const from = started.get(run);
    return from === undefined || mode === 'rehearsal'
      ? []
      : [{ run, plan, host, mode, from, to: ended.get(run) ?? null, record: index }];
  });
}

/** Imports that changed an inventory, as changes: nobody knows when between two imports it was, so the span is what lies between. */
export function inventoryChanges(records: readonly EvidenceRecord[]): RecordedChange[] {
  const newest = new Map<string, number>();
  return cited(records, inventoryImported).flatMap(({ index, leaf, payload: { source, asset, components } }) => {
    const to = Date.parse(leaf.at);
    const from = newest.get(source);
    newest.set(source, to);
    const { added, changed, gone } = components;
    if (from === undefined || added + changed + gone === 0) return [];
    const what = `${source}: components +${added} ~${changed} -${gone}`;
    return [{ source: 'inventory', reference: `#${index}`, host: asset, from, to, what }];
  });
}

export interface MatchedChange {
  readonly change: RecordedChange;
  /** Runs within whose time it lies, on its host where one is named. */
  readonly runs: readonly string[];
}

export interface Population {
  readonly matched: readonly MatchedChange[];
  /** `other-host`: a run was on then, elsewhere. */
  readonly unmatched: readonly { readonly change: RecordedChange; readonly why: 'no-run' | 'other-host' }[];
  /** Runs that no source knows of. */
  readonly unseen: readonly string[];
}

/** Holds every change against the runs. A change belongs to a run when their times overlap and no other host is named. */
export function matchChanges(changes: readonly RecordedChange[], runs: readonly RunSpan[]): Population {
  const seen = new Set<string>();
  const matched: MatchedChange[] = [];
  const unmatched: { change: RecordedChange; why: 'no-run' | 'other-host' }[] = [];
  for (const change of changes) {
    const during = runs.filter(({ from, to }) => change.from <= (to ?? Infinity) && change.to >= from);
    const own = during.filter(({ host }) => change.host === null || change.host === host);
    for (const { run } of own) seen.add(run);
    if (own.length > 0) matched.push({ change, runs: own.map(({ run }) => run) });
    else unmatched.push({ change, why: during.length > 0 ? 'other-host' : 'no-run' });
  }
  return { matched, unmatched, unseen: runs.flatMap(({ run }) => (seen.has(run) ? [] : [run])) };
}

export interface Override {
  readonly person: string;
  readonly rule: string;
  /** Run or notice. */
  readonly of: string;
  readonly at: string;
  readonly record: number;
}

/** What persons took upon themselves: findings of the start gate, and notices that not everybody received in time. By person, then by time. */
export function overrideRegister(records: readonly EvidenceRecord[]): Override[] {
  const gates = cited(records, runGated).flatMap(({ index, leaf, payload: { run, overrides } }) =>
    overrides.map(({ rule, by }) => ({ person: by, rule, of: run, at: leaf.at, record: index })),
  );
  const waivers = cited(records, noticeDecided).flatMap(({ index, payload: { notice, waiver, person, at } }) =>
    waiver === null ? [] : [{ person, rule: 'notice.waiver', of: notice, at, record: index }],
  );
  return [...gates, ...waivers].toSorted((a, b) =>
    a.person < b.person ? -1 : a.person > b.person ? 1 : a.record - b.record,
  );
}

/**
 * `size` of the items, chosen by the seed alone: whoever has the same items and the same seed draws the same, in whatever
 * order the items come. The order of the answer is that of the draw.
 */
export function drawSample(items: readonly string[], seed: string, size: number): string[] {
  return [...new Set(items)]
    .map((item) => ({ item, rank: digestOf(utf8ToBytes(`breakwater.sample/1\n${seed}\n${item}`)) }))
    .toSorted((a, b) => (a.rank < b.rank ? -1 : a.rank > b.rank ? 1 : a.item < b.item ? -1 : 1))
    .slice(0, Math.max(0, size))
    .map(({ item }) => item);
}

/** Of the items in their order of code points: names the population that a sample was drawn from. */
export function populationDigest(items: readonly string[]): string {
  return digestOf(utf8ToBytes([...new Set(items)].toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0)).join('\n')));
}
