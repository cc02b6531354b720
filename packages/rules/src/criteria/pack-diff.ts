import type { PolicyPack } from './pack.ts';

/** One place where two packs say different things. `before` or `after` is left out where the place exists in one only. */
export type PackChange = { readonly path: string; readonly before?: unknown; readonly after?: unknown };

/**
 * What changes from one pack to another: leaf by leaf, members of lists matched by their id, so that moving a criterion
 * changes nothing but an operator or a bound shows. Paths are JSON Pointers with ids in place of list positions.
 */
export function diffPacks(before: PolicyPack, after: PolicyPack): PackChange[] {
  const [old, now] = [leavesOf(before), leavesOf(after)];
  return [...new Set([...old.keys(), ...now.keys()])].toSorted().flatMap((path) => {
    const [was, is] = [old.get(path), now.get(path)];
    if (JSON.stringify(was) === JSON.stringify(is)) return [];
    return [{ path, ...(was === undefined ? {} : { before: was }), ...(is === undefined ? {} : { after: is }) }];
  });
}

function leavesOf(pack: PolicyPack): Map<string, unknown> {
  const leaves = new Map<string, unknown>();
  const walk = (path: string, value: unknown): void => {
    if (Array.isArray(value) && value.length > 0 && value.every(hasId)) {
      for (const member of value) walk(`${path}/${member.id}`, member);
    } else if (typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length > 0) {
      for (const [name, inner] of Object.entries(value)) walk(`${path}/${name}`, inner);
    } else {
      leaves.set(path, value);
    }
  };
  walk('', pack);
  return leaves;
}

function hasId(value: unknown): value is { id: string } {
  return typeof value === 'object' && value !== null && 'id' in value && typeof value.id === 'string';
}
