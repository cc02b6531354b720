import { BreakwaterError } from '@breakwater/rules';
import {
  assetRecord,
  diffInventory,
  mergeRecord,
  type AssetRecord,
  type CmdbMapping,
  type ComponentRecord,
  type InventoryDiff,
  type InventoryFormat,
  type InventorySnapshot,
  type InventoryView,
} from '@breakwater/rules/inventory';
import { inventoryImported } from '@breakwater/rules/inventory/record';
import * as evidence from '#evidence';
import { inTransaction, type Db, type Tx } from '#platform/db';
import { identityKey, keepComponentVersions, lockMatching } from './component-store.ts';
import { readInventoryFile } from './read.ts';
import {
  assetsByAddress,
  insertImport,
  keepAssets,
  keepModules,
  keepServices,
  lastImport,
  lockSource,
  markGone,
  readView,
  replaceListeners,
  replaceOccurrences,
  replaceUnmatched,
  type KeptView,
  type Seen,
} from './store.ts';

/** What an import left on an asset. `added`: component versions that nobody had before. */
export interface Arrived {
  readonly asset: string;
  readonly added: readonly number[];
}

/** Matches what is new and follows up what an asset no longer has; how many matches that brought. Others' part of an import, in its commit. */
export type MatchNew = (tx: Tx, arrived: Arrived, at: Date) => Promise<number>;

export interface ImportRequest {
  readonly bytes: Uint8Array;
  /** null = by how the file begins. */
  readonly format: InventoryFormat | null;
  /** By what name the next import replaces this one; null = the format and what the document is about. */
  readonly source: string | null;
  /** The asset that the components are on. */
  readonly asset: string | null;
  readonly distro: string | null;
  readonly mapping: CmdbMapping | null;
  readonly by: string;
  /** False: only say what would change. */
  readonly apply: boolean;
  /** The import that the shown diff was made against; undefined = whatever is there. */
  readonly base?: number | null | undefined;
}

export interface ImportOutcome {
  readonly source: string;
  readonly format: InventoryFormat;
  readonly asset: string | null;
  readonly digest: string;
  /** The import that the diff was made against; null = there was none. */
  readonly base: number | null;
  readonly applied: boolean;
  readonly diff: InventoryDiff;
  readonly notes: readonly string[];
  /** Components that cannot be matched, with why. */
  readonly unmatched: readonly Pick<ComponentRecord, 'name' | 'version' | 'why'>[];
  /** Matches that new components brought; null until it is applied. */
  readonly matches: number | null;
}

/**
 * Reads a file and says what it changes of what its source said before; with `apply` it changes that, with its evidence, in one
 * commit. Throws BreakwaterError for a bad file, `inventory.asset-missing`, or `inventory.changed` when another import came between.
 */
export async function importInventory(
  db: Db,
  institution: string,
  request: ImportRequest,
  at: Date,
  matchNew: MatchNew,
): Promise<ImportOutcome> {
  const known = await assetsByAddress(db, institution);
  const { snapshot, digest } = await readInventoryFile(request.bytes, {
    ...request,
    assetOf: (address) => known.get(address) ?? null,
  });
  const asset = request.asset ?? (snapshot.format === 'collected' ? snapshot.subject : null);
  const source = request.source ?? usualSource(snapshot, asset);
  if (snapshot.components.length > 0 && asset === null) {
    throw new BreakwaterError('inventory.asset-missing', 'say which asset these components are on', 'asset');
  }
  return inTransaction(db, async (tx) => {
    await lockSource(tx, institution, source);
    const base = await lastImport(tx, institution, source);
    if (request.apply && request.base !== undefined && request.base !== base) {
      throw new BreakwaterError(
        'inventory.changed',
        `${source} was imported again since the diff was shown: look at it anew`,
        'base',
      );
    }
    const before = await readView(tx, institution, source);
    const after = viewAfter(before, snapshot, asset);
    const diff = diffInventory(shownBefore(before, after), after);
    const unmatched = snapshot.components.filter(({ why }) => why !== null);
    const outcome = { source, format: snapshot.format, asset, digest, base, diff, notes: snapshot.notes, unmatched };
    if (!request.apply) return { ...outcome, applied: false, matches: null };
    const seen: Seen = { institution, source, at };
    const matches = await applySnapshot(tx, seen, snapshot, { after, diff, asset }, matchNew);
    const counts = countsOf(diff);
    await insertImport(tx, seen, { format: snapshot.format, digest, counts, by: request.by });
    await evidence.append(tx, {
      type: inventoryImported.type,
      institution,
      subjects: asset === null ? { source } : { source, asset },
      actor: { kind: 'person', id: request.by },
      at: at.toISOString(),
      payload: { source, format: snapshot.format, document: digest, asset, ...counts, matches },
    });
    return { ...outcome, applied: true, matches };
  });
}

/** The same application on two machines has two sources. */
function usualSource({ format, subject, components }: InventorySnapshot, asset: string | null): string {
  const where = components.length === 0 || asset === null || asset === subject ? [] : [asset];
  return [format, ...(subject === null ? [] : [subject]), ...where].join(':').slice(0, 200);
}

async function applySnapshot(
  tx: Tx,
  seen: Seen,
  snapshot: InventorySnapshot,
  { after, diff, asset }: { after: InventoryView; diff: InventoryDiff; asset: string | null },
  matchNew: MatchNew,
): Promise<number> {
  const touched = <T extends { id: string }>(records: readonly T[], stated: ReadonlySet<string>): T[] =>
    records.filter(({ id }) => stated.has(id));
  await keepServices(tx, seen, touched(after.services, idsOf(snapshot.services)));
  await keepModules(tx, seen, touched(after.modules, idsOf(snapshot.modules)));
  const ownAssets = idsOf(snapshot.assets);
  if (asset !== null) ownAssets.add(asset);
  await keepAssets(tx, seen, touched(after.assets, ownAssets));
  await markGone(tx, seen, 'inventory_service', diff.services.gone);
  await markGone(tx, seen, 'inventory_module', diff.modules.gone);
  await markGone(tx, seen, 'inventory_asset', diff.assets.gone);
  await replaceListeners(tx, seen, after.listeners);
  if (asset === null) return 0;
  await lockMatching(tx);
  const identities = snapshot.components.flatMap((component) => component.identities.map(({ identity }) => identity));
  const { ids, added } = await keepComponentVersions(tx, identities);
  const occurrences = snapshot.components.flatMap(({ ref, identities: own }) =>
    own.flatMap(({ role, identity }) => {
      const componentVersion = ids.get(identityKey(identity));
      return componentVersion === undefined ? [] : [{ ref: ref.slice(0, 1000), role, componentVersion }];
    }),
  );
  await replaceOccurrences(tx, seen, asset, occurrences);
  await replaceUnmatched(
    tx,
    seen,
    asset,
    snapshot.components.filter(({ why }) => why !== null),
  );
  return matchNew(tx, { asset, added }, seen.at);
}

const idsOf = (records: readonly { readonly id: string }[]): Set<string> => new Set(records.map(({ id }) => id));

/** What will be kept: the records as the import leaves them. What another source brought stays. */
function viewAfter(before: KeptView, snapshot: InventorySnapshot, asset: string | null): InventoryView {
  const merged = <T extends { id: string }>(was: readonly T[], own: ReadonlySet<string>, stated: readonly T[]): T[] => {
    const old = new Map(was.map((one) => [one.id, one]));
    const now = stated.map((one) => mergeRecord(old.get(one.id), one));
    const named = idsOf(stated);
    return [...was.filter(({ id }) => !named.has(id) && !own.has(id)), ...now];
  };
  const assets = merged(before.assets, before.own.assets, snapshot.assets);
  const isNew = asset !== null && !assets.some(({ id }) => id === asset);
  const kept = isNew ? before.assets.find(({ id }) => id === asset) : undefined;
  return {
    components: snapshot.components.map(comparedOf),
    services: merged(before.services, before.own.services, snapshot.services),
    modules: merged(before.modules, before.own.modules, snapshot.modules),
    assets: isNew ? [...assets, kept ?? bareAsset(asset)] : assets,
    listeners: snapshot.listeners.map((one) => ({ ...one, asset: one.asset ?? asset })),
  };
}

/** Nothing of other sources is shown as gone. */
function shownBefore(before: KeptView, after: InventoryView): InventoryView {
  const shown = <T extends { id: string }>(was: readonly T[], own: ReadonlySet<string>, now: readonly T[]): T[] => {
    const named = idsOf(now);
    return was.filter(({ id }) => own.has(id) || named.has(id));
  };
  return {
    ...before,
    services: shown(before.services, before.own.services, after.services),
    modules: shown(before.modules, before.own.modules, after.modules),
    assets: shown(before.assets, before.own.assets, after.assets),
  };
}

function comparedOf({ identities, name, version }: ComponentRecord): { name: string; version: string | null } {
  const own = identities.find(({ role }) => role !== 'source')?.identity;
  return own === undefined ? { name, version } : { name: own.name, version: own.version };
}

function bareAsset(id: string): AssetRecord {
  const parsed = assetRecord.safeParse({ id });
  if (parsed.success) return parsed.data;
  throw new BreakwaterError(
    'inventory.asset',
    `${JSON.stringify(id.slice(0, 60))} cannot be an id of an asset: letters, digits and . _ : @ / -`,
    'asset',
  );
}

function countsOf({ components, services, modules, assets, listeners }: InventoryDiff): Record<string, Counts> {
  const count = (part: {
    added: readonly unknown[];
    changed?: readonly unknown[];
    gone: readonly unknown[];
  }): Counts => ({
    added: part.added.length,
    changed: part.changed?.length ?? 0,
    gone: part.gone.length,
  });
  return {
    components: count(components),
    services: count(services),
    modules: count(modules),
    assets: count(assets),
    listeners: count(listeners),
  };
}

type Counts = { added: number; changed: number; gone: number };
