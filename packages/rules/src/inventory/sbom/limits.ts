import type { NamedComponent } from '../snapshot.ts';

/** Largest bill of materials that is read, characters. */
export const mostSbomCharacters = 128 * 1024 * 1024;
/** Most components of one. */
export const mostComponents = 200_000;

/** Refs that stand once: a document that names two components alike is told apart by their places. */
export function withUniqueRefs(components: readonly NamedComponent[]): NamedComponent[] {
  const seen = new Map<string, number>();
  return components.map((one) => {
    const times = (seen.get(one.ref) ?? 0) + 1;
    seen.set(one.ref, times);
    return times === 1 ? one : { ...one, ref: `${one.ref} (${times})` };
  });
}
