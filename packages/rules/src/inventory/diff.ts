/** What an import would change, before it does: added, changed, gone. */
import type { AssetRecord, ListenerRecord, ModuleRecord, ServiceRecord } from './snapshot.ts';

/** A component as it is compared: a package in a version, whatever its source calls it. */
export interface ComparedComponent {
  readonly name: string;
  readonly version: string | null;
}

/** One source's view: what it said last time, or what it says now. */
export interface InventoryView {
  readonly components: readonly ComparedComponent[];
  readonly services: readonly ServiceRecord[];
  readonly modules: readonly ModuleRecord[];
  readonly assets: readonly AssetRecord[];
  readonly listeners: readonly ListenerRecord[];
}

export interface RecordDiff {
  readonly added: readonly string[];
  readonly changed: readonly { readonly id: string; readonly fields: readonly string[] }[];
  readonly gone: readonly string[];
}

export interface InventoryDiff {
  readonly components: {
    readonly added: readonly ComparedComponent[];
    /** Of one package: versions that went and versions that came. */
    readonly changed: readonly {
      readonly name: string;
      readonly before: readonly string[];
      readonly after: readonly string[];
    }[];
    readonly gone: readonly ComparedComponent[];
    readonly same: number;
  };
  readonly services: RecordDiff;
  readonly modules: RecordDiff;
  readonly assets: RecordDiff;
  readonly listeners: { readonly added: readonly string[]; readonly gone: readonly string[] };
}

/** What is different in `after`. */
export function diffInventory(before: InventoryView, after: InventoryView): InventoryDiff {
  return {
    components: diffComponents(before.components, after.components),
    services: diffRecords(before.services, after.services),
    modules: diffRecords(before.modules, after.modules),
    assets: diffRecords(before.assets, after.assets),
    listeners: diffTexts(before.listeners.map(listenerText), after.listeners.map(listenerText)),
  };
}

/** True when nothing would change. */
export function isUnchanged({ components, services, modules, assets, listeners }: InventoryDiff): boolean {
  return [components, services, modules, assets, { ...listeners, changed: [] }].every(
    ({ added, changed, gone }) => added.length + changed.length + gone.length === 0,
  );
}

/** A record as it is after an import: what the source states stands, of what it does not state the former stays. */
export function mergeRecord<T extends object>(before: T | undefined, stated: T): T {
  if (before === undefined) return stated;
  const said = Object.entries(stated).filter(
    ([, value]) => value !== null && !(Array.isArray(value) && value.length === 0),
  );
  return { ...before, ...Object.fromEntries(said) };
}

export function listenerText({ asset, protocol, address, port }: ListenerRecord): string {
  return `${asset ?? ''} ${protocol} ${address}:${port}`.trim();
}

function diffComponents(
  before: readonly ComparedComponent[],
  after: readonly ComparedComponent[],
): InventoryDiff['components'] {
  const [was, is] = [versionsByName(before), versionsByName(after)];
  const added: ComparedComponent[] = [];
  const gone: ComparedComponent[] = [];
  const changed: { name: string; before: string[]; after: string[] }[] = [];
  let same = 0;
  for (const name of [...new Set([...was.keys(), ...is.keys()])].toSorted()) {
    const [old, fresh] = [was.get(name) ?? new Set<string>(), is.get(name) ?? new Set<string>()];
    const went = [...old].filter((version) => !fresh.has(version)).toSorted();
    const came = [...fresh].filter((version) => !old.has(version)).toSorted();
    same += fresh.size - came.length;
    if (went.length > 0 && came.length > 0) changed.push({ name, before: went, after: came });
    else {
      for (const version of went) gone.push({ name, version: version === '' ? null : version });
      for (const version of came) added.push({ name, version: version === '' ? null : version });
    }
  }
  return { added, changed, gone, same };
}

function versionsByName(components: readonly ComparedComponent[]): Map<string, Set<string>> {
  const byName = new Map<string, Set<string>>();
  for (const { name, version } of components) {
    const versions = byName.get(name) ?? new Set();
    byName.set(name, versions.add(version ?? ''));
  }
  return byName;
}

function diffRecords<T extends { readonly id: string }>(before: readonly T[], after: readonly T[]): RecordDiff {
  const was = new Map(before.map((one) => [one.id, one]));
  const is = new Map(after.map((one) => [one.id, one]));
  const changed = after.flatMap((record) => {
    const old = was.get(record.id);
    if (old === undefined) return [];
    const fields = Object.keys(record).filter(
      (field) => text(Reflect.get(old, field)) !== text(Reflect.get(record, field)),
    );
    return fields.length === 0 ? [] : [{ id: record.id, fields }];
  });
  return {
    added: [...is.keys()].filter((id) => !was.has(id)).toSorted(),
    changed,
    gone: [...was.keys()].filter((id) => !is.has(id)).toSorted(),
  };
}

/** Absent and null are the same: not stated. */
const text = (value: unknown): string => JSON.stringify(value ?? null);

function diffTexts(before: readonly string[], after: readonly string[]): { added: string[]; gone: string[] } {
  const [was, is] = [new Set(before), new Set(after)];
  return {
    added: [...is].filter((one) => !was.has(one)).toSorted(),
    gone: [...was].filter((one) => !is.has(one)).toSorted(),
  };
}
