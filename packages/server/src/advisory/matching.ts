import { keyIntervals, type AdvisoryDocument } from '@breakwater/rules/advisory';
import { advisoryImported, matchesDrifted, matchesRenewed } from '@breakwater/rules/advisory/record';
import type { Actor } from '@breakwater/rules/evidence';
import * as evidence from '#evidence';
import { lockMatching, renewKeys } from '#inventory';
import { inTransaction, type Db, type Tx } from '#platform/db';
import {
  keepDocument,
  renewIntervalKeys,
  replaceIntervals,
  type DocumentOrigin,
  type KeptDocument,
} from './document-store.ts';
import { insertMatchRun, reconcileMatches, type MatchChange, type MatchRun, type MatchScope } from './match-store.ts';

/** What happened to a document and to the matches with it. */
export interface ImportedDocument extends KeptDocument {
  readonly name: string;
  readonly matches: MatchChange;
}

const unchanged: MatchChange = { matches: 0, added: 0, removed: 0, changed: 0 };

/**
 * Keeps an advisory and matches it against everything that is there, with its evidence, in the caller's transaction. An older
 * revision than the kept one changes nothing.
 */
export async function importDocument(
  tx: Tx,
  institution: string,
  document: AdvisoryDocument,
  origin: DocumentOrigin,
): Promise<ImportedDocument> {
  await lockMatching(tx);
  const kept = await keepDocument(tx, institution, document, origin);
  if (kept.change === 'same' || kept.change === 'older') return { ...kept, name: document.id, matches: unchanged };
  await replaceIntervals(tx, institution, kept.id, document.affected.flatMap(keyIntervals));
  const started = performance.now();
  const matches = await reconcileMatches(
    tx,
    institution,
    { kind: 'document', document: kept.id },
    'advisory',
    origin.at,
  );
  await noteRun(tx, institution, 'advisory', origin.at, started, matches);
  await evidence.append(tx, {
    type: advisoryImported.type,
    institution,
    subjects: { advisory: document.id },
    actor: origin.by,
    at: origin.at.toISOString(),
    payload: {
      advisory: document.id,
      format: document.format,
      publisher: document.publisher,
      revision: document.revision,
      document: origin.digest,
      source: origin.source,
      vulnerabilities: [...document.vulnerabilities],
      withdrawn: document.withdrawn !== null,
      matches: { added: matches.added, removed: matches.removed, total: matches.matches },
    },
  });
  return { ...kept, name: document.id, matches };
}

/** Matches versions that nobody had before. The caller holds `lockMatching` and keeps the evidence of what brought them. */
export async function matchComponents(
  tx: Tx,
  institution: string,
  components: readonly number[],
  at: Date,
): Promise<MatchChange> {
  if (components.length === 0) return unchanged;
  const started = performance.now();
  const matches = await reconcileMatches(tx, institution, { kind: 'components', components }, 'component', at);
  await noteRun(tx, institution, 'component', at, started, matches);
  return matches;
}

/**
 * Matches everything anew and puts right what was wrong. `differences` of a nightly run must be none: the incremental state is
 * then what the rule gives.
 */
export async function matchEverything(
  db: Db,
  institution: string,
  kind: 'nightly' | 'manual',
  actor: Actor,
  at: Date,
): Promise<MatchChange & { differences: number }> {
  return inTransaction(db, async (tx) => {
    await lockMatching(tx);
    const started = performance.now();
    const matches = await reconcileMatches(tx, institution, { kind: 'all' }, kind, at);
    const differences = matches.added + matches.removed + matches.changed;
    await noteRun(tx, institution, kind, at, started, matches, differences);
    const { added, removed, changed, matches: total } = matches;
    await evidence.append(tx, {
      type: differences === 0 ? matchesRenewed.type : matchesDrifted.type,
      institution,
      subjects: { matching: kind },
      actor,
      at: at.toISOString(),
      payload: { kind, total, added, removed, changed },
    });
    return { ...matches, differences };
  });
}

/** After a change of an order of versions: makes the keys of its versions anew and matches their packages again. */
export async function renewOrders(db: Db, institution: string, at: Date): Promise<number> {
  return inTransaction(db, async (tx) => {
    await lockMatching(tx);
    const packages = [...new Set([...(await renewKeys(tx)), ...(await renewIntervalKeys(tx))])];
    if (packages.length === 0) return 0;
    const scope: MatchScope = { kind: 'packages', packages };
    const started = performance.now();
    const matches = await reconcileMatches(tx, institution, scope, 'revision', at);
    await noteRun(tx, institution, 'revision', at, started, matches);
    const { added, removed, changed, matches: total } = matches;
    await evidence.append(tx, {
      type: matchesRenewed.type,
      institution,
      subjects: { matching: 'revision' },
      actor: { kind: 'system', id: 'advisory' },
      at: at.toISOString(),
      payload: { kind: 'revision', total, added, removed, changed },
    });
    return packages.length;
  });
}

async function noteRun(
  tx: Tx,
  institution: string,
  kind: MatchRun['kind'],
  startedAt: Date,
  started: number,
  { matches, added, removed }: MatchChange,
  differences: number | null = null,
): Promise<void> {
  const milliseconds = performance.now() - started;
  await insertMatchRun(tx, institution, { kind, startedAt, milliseconds, matches, added, removed, differences });
}
