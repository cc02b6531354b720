/** What changed between two documents, by place: members of lists are compared by their ids where they have them. */

export interface Change {
  /** Where, with ids of list members in place of their numbers. */
  readonly path: string;
  readonly is: 'added' | 'removed' | 'changed';
  readonly before: unknown;
  readonly after: unknown;
}

type Members = ReadonlyMap<string, unknown>;

/** The changes in the order of the newer document; what was removed stands where it was missed. */
export function differences(before: unknown, after: unknown, path = ''): Change[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  const [old, now] = [membersOf(before), membersOf(after)];
  if (old === null || now === null || Array.isArray(before) !== Array.isArray(after)) {
    return [{ path, is: 'changed', before, after }];
  }
  return [...new Set([...now.keys(), ...old.keys()])].flatMap((name): Change[] => {
    const at = `${path}/${name}`;
    if (!old.has(name)) return [{ path: at, is: 'added', before: undefined, after: now.get(name) }];
    if (!now.has(name)) return [{ path: at, is: 'removed', before: old.get(name), after: undefined }];
    return differences(old.get(name), now.get(name), at);
  });
}

function membersOf(value: unknown): Members | null {
  if (Array.isArray(value)) {
    const names = value.map((member, at) => nameOf(member) ?? String(at));
    return new Set(names).size === names.length ? new Map(names.map((name, at) => [name, value[at] as unknown])) : null;
  }
  return typeof value === 'object' && value !== null ? new Map(Object.entries(value)) : null;
}

function nameOf(member: unknown): string | null {
  if (typeof member !== 'object' || member === null) return typeof member === 'string' ? member : null;
  const { id, kind } = member as { id?: unknown; kind?: unknown };
  return typeof id === 'string' ? id : typeof kind === 'string' ? kind : null;
}
