/** Names of the same vulnerability: GHSA, vendors' ids and CVE are one when any document says so. */

/** Groups of names that mean the same. */
export interface AliasClosure {
  /** The name that stands for all of its group: a CVE where there is one. */
  canonical(name: string): string;
  /** Every name of the group, itself too. */
  names(name: string): readonly string[];
}

/** The closure over `groups`: what two of them share joins them. */
export function aliasClosure(groups: readonly (readonly string[])[]): AliasClosure {
  const parents = new Map<string, string>();
  const rootOf = (name: string): string => {
    let root = name;
    for (let next = parents.get(root); next !== undefined && next !== root; next = parents.get(root)) root = next;
    let at = name;
    for (let next = parents.get(at); next !== undefined && next !== root; next = parents.get(at)) {
      parents.set(at, root);
      at = next;
    }
    return root;
  };
  for (const [first, ...others] of groups) {
    if (first === undefined) continue;
    for (const other of others) {
      const [a, b] = [rootOf(first), rootOf(other)];
      if (a !== b) parents.set(b, a);
    }
  }
  const members = new Map<string, string[]>();
  for (const name of new Set(groups.flat())) {
    const root = rootOf(name);
    members.set(root, [...(members.get(root) ?? []), name]);
  }
  const names = (name: string): readonly string[] => members.get(rootOf(name)) ?? [name];
  return { names, canonical: (name) => names(name).toSorted(byCanonicity)[0] ?? name };
}

function byCanonicity(a: string, b: string): number {
  const rank = (name: string): number => (name.startsWith('CVE-') ? 0 : name.startsWith('GHSA-') ? 1 : 2);
  return rank(a) - rank(b) || (a < b ? -1 : 1);
}
