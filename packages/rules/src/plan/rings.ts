/** Rings: the members of a group are changed one part after the other, the canary first, and never more at once than may be out. */
import { targetsOf } from './target.ts';

interface GroupOfMembers {
  readonly members: readonly string[];
  readonly keep: number;
  readonly canary?: string | undefined;
}

/**
 * The members in rings: the canary, or the first member, alone; then as many at the same time as `atOnce` and `keep` allow.
 * Every member is in exactly one ring. Throws RangeError when `atOnce` is below one or `keep` leaves nobody to be changed.
 */
export function ringsOf({ members, keep, canary }: GroupOfMembers, atOnce = Infinity): string[][] {
  const most = Math.min(atOnce, members.length - keep);
  if (!(most >= 1)) {
    const limit = Number.isFinite(atOnce) ? ` and ${atOnce} at once` : '';
    throw new RangeError(`with ${keep} of ${members.length} kept${limit} nobody is changed`);
  }
  const first = canary ?? members[0];
  if (first === undefined) return [];
  const rest = members.filter((member) => member !== first);
  const rings = [[first]];
  for (let i = 0; i < rest.length; i += most) rings.push(rest.slice(i, i + most));
  return rings;
}

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type Members = { [key: string]: Json };

/**
 * A draft whose steps name a group in `on`, with a step for each ring instead. Steps of the same group that follow each other
 * are done for one ring before the next begins. Whatever else the draft holds stays as it is; `null` when no step names a group.
 *
 * Throws RangeError as {@link ringsOf} does.
 */
export function expandRings(draft: unknown, atOnce?: number): unknown {
  if (!isMembers(draft)) return null;
  const { groups, steps } = draft;
  if (!Array.isArray(groups) || !Array.isArray(steps)) return null;
  const byId = new Map((groups as unknown[]).filter(isGroup).map((group) => [group.id, group]));
  const groupOf = (step: Json | undefined): Group | undefined =>
    isMembers(step) && typeof step['on'] === 'string' ? byId.get(step['on']) : undefined;
  if (!steps.some((step) => groupOf(step) !== undefined)) return null;
  const expanded: Json[] = [];
  for (let i = 0; i < steps.length;) {
    const group = groupOf(steps[i]);
    if (group === undefined) {
      expanded.push(steps[i] ?? null);
      i++;
      continue;
    }
    let end = i;
    while (end < steps.length && groupOf(steps[end]) === group) end++;
    const block = steps.slice(i, end).filter(isMembers);
    ringsOf(group, atOnce).forEach((ring, at) => {
      for (const step of block) expanded.push(ofRing(step, ring, at + 1));
    });
    i = end;
  }
  return { ...draft, steps: expanded };
}

/** What a draft says there; a thing that is no text is left for `plan check` to refuse. */
const wordsOf = (part: Json | undefined): string => (typeof part === 'string' ? part : JSON.stringify(part ?? null));

function ofRing(step: Members, ring: string[], at: number): Json {
  const title = isMembers(step['title'])
    ? Object.fromEntries(
        Object.entries(step['title']).map(([language, text]) => [language, `${wordsOf(text)} (${ring.join(', ')})`]),
      )
    : (step['title'] ?? null);
  return { ...step, id: `${wordsOf(step['id'])}-${at}`, title, on: ring.length === 1 ? (ring[0] ?? '') : ring };
}

type Group = GroupOfMembers & { readonly id: string };

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isGroup(value: unknown): value is Group {
  return (
    isMembers(value) &&
    typeof value['id'] === 'string' &&
    Array.isArray(value['members']) &&
    value['members'].every((member) => typeof member === 'string') &&
    typeof value['keep'] === 'number'
  );
}

interface ActingStep {
  readonly id: string;
  readonly driver: string;
  readonly do: unknown;
}

/**
 * Members of a group that are out while each step runs: those that it acts on, and those that an earlier step took out of a
 * load balancer, by the name of its server, and none has put back.
 */
export function outDuring(steps: readonly ActingStep[], { members }: Pick<GroupOfMembers, 'members'>): Set<string>[] {
  const drained = new Set<string>();
  return steps.map((step) => {
    for (const { server, state, weight } of serversOf(step)) {
      if (!members.includes(server)) continue;
      if (state === 'drain' || state === 'maint' || weight === 0) drained.add(server);
      else if (state === 'ready') drained.delete(server);
    }
    return new Set([...drained, ...targetsOf(step).filter((target) => members.includes(target))]);
  });
}

function serversOf(step: ActingStep): readonly { server: string; state?: string; weight?: number }[] {
  return step.driver === 'haproxy'
    ? (step.do as { servers: readonly { server: string; state?: string; weight?: number }[] }).servers
    : [];
}
