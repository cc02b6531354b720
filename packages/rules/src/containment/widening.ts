/** What a later scope permits that an earlier one did not. Widening needs the approvals of a new scope; narrowing does not. */
import { durationMs } from '../duration.ts';
import { beginsLike, isUnder } from './http-path.ts';
import { defaultMethods } from './http-rule.ts';
import { spansText, without, type Span } from './network.ts';
import { openingsOf, type Opening } from './reach.ts';
import type { HttpScope, Scope } from './scope.ts';

/** One thing that the later scope permits and the earlier did not. */
export type Widening =
  | { readonly what: 'destinations'; readonly addresses: string; readonly ports: string }
  | { readonly what: 'number'; readonly name: string; readonly before: number | null; readonly after: number | null }
  | { readonly what: 'window'; readonly edge: 'start' | 'end'; readonly before: string; readonly after: string }
  | { readonly what: 'name'; readonly name: string; readonly address: string }
  | { readonly what: 'methods'; readonly methods: readonly string[] }
  | {
      readonly what: 'http';
      readonly part: 'rules' | 'allow' | 'deny' | 'mark' | 'login' | 'bodies';
      readonly detail: string;
    };

/**
 * Everything that `after` permits and `before` did not; empty = it is narrower or the same. Destinations are compared as
 * exact sets of address, protocol and port, after the never-lists; the rest by its own order. What cannot be shown to be
 * narrower counts as wider.
 */
export function widens(before: Scope, after: Scope): Widening[] {
  return [
    ...wider(openingsOf(before), openingsOf(after)),
    ...numbersOf(before, after),
    ...windowOf(before, after),
    ...namesOf(before, after),
    ...httpOf(before.http, after.http),
  ];
}

const protocols = ['tcp', 'udp', 'icmp'] as const;

/** Ports are cut where any range begins or ends, so that within a cut every address is treated alike. */
function wider(before: readonly Opening[], after: readonly Opening[]): Widening[] {
  return protocols.flatMap((protocol) => {
    const ranges = [...before, ...after].flatMap(({ ports }) => ports.filter((one) => one.protocol === protocol));
    const edges = [...new Set(ranges.flatMap(({ low, high }) => [low, high + 1]))].toSorted((a, b) => a - b);
    const open = (openings: readonly Opening[], port: number): Span[] =>
      openings
        .filter(({ ports }) => ports.some((one) => one.protocol === protocol && one.low <= port && port <= one.high))
        .flatMap(({ addresses }) => addresses);
    return edges.slice(0, -1).flatMap((low, i): Widening[] => {
      const more = without(open(after, low), open(before, low));
      if (more.length === 0) return [];
      const high = (edges[i + 1] ?? low + 1) - 1;
      const ports = protocol === 'icmp' ? 'icmp' : `${protocol}/${low === high ? low : `${low}-${high}`}`;
      return [{ what: 'destinations', addresses: spansText(more), ports }];
    });
  });
}

/** Caps and the like: a larger number permits more, and none at all permits the most. */
function numbersOf(before: Scope, after: Scope): Widening[] {
  const numbers = (scope: Scope): Record<string, number | null> => ({
    'caps.newConnectionsPerSecond': scope.caps.newConnectionsPerSecond,
    'caps.newConnectionsPerSecondPerDestination':
      scope.caps.newConnectionsPerSecondPerDestination ?? scope.caps.newConnectionsPerSecond,
    'caps.packetsPerSecond': scope.caps.packetsPerSecond,
    'caps.concurrent': scope.caps.concurrent,
    'caps.bytes': scope.caps.bytes,
    'caps.bytesPerSecond': scope.caps.bytesPerSecond ?? null,
    lease: durationMs(scope.lease),
    memoryBytes: scope.memoryBytes ?? null,
    processes: scope.processes ?? null,
    'attempts.stopAfter': scope.attempts?.stopAfter ?? null,
  });
  const earlier = numbers(before);
  return Object.entries(numbers(after)).flatMap(([name, now]): Widening[] => {
    const was = earlier[name] ?? null;
    const isMore = was !== null && (now === null || now > was);
    return isMore ? [{ what: 'number', name, before: was, after: now }] : [];
  });
}

function windowOf({ window: was }: Scope, { window: now }: Scope): Widening[] {
  const starts = Date.parse(now.start) < Date.parse(was.start);
  const ends = Date.parse(now.end) > Date.parse(was.end);
  return [
    ...(starts ? [{ what: 'window', edge: 'start', before: was.start, after: now.start } as const] : []),
    ...(ends ? [{ what: 'window', edge: 'end', before: was.end, after: now.end } as const] : []),
  ];
}

/** A name that leads elsewhere is another target under the same name. */
function namesOf({ names: was = [] }: Scope, { names: now = [] }: Scope): Widening[] {
  const known = new Set(was.map(({ name, address }) => `${name} ${address}`));
  return now
    .filter(({ name, address }) => !known.has(`${name} ${address}`))
    .map(({ name, address }) => ({ what: 'name', name, address }));
}

function httpOf(was: HttpScope | undefined, now: HttpScope | undefined): Widening[] {
  // Without rules no proxy looks at a request, so everything on an open port is permitted.
  if (was === undefined) return [];
  if (now === undefined) return [{ what: 'http', part: 'rules', detail: '' }];
  const findings: Widening[] = [];
  const allowed = was.methods ?? defaultMethods;
  const methods = (now.methods ?? defaultMethods).filter((method) => !allowed.includes(method));
  if (methods.length > 0) findings.push({ what: 'methods', methods });
  const add = (part: 'allow' | 'deny' | 'mark' | 'login' | 'bodies', detail: string): void => {
    findings.push({ what: 'http', part, detail });
  };
  const before = was.paths?.allow;
  if (before !== undefined) {
    const after = now.paths?.allow;
    if (after === undefined) add('allow', '/');
    for (const path of after ?? []) if (!before.some((prefix) => isUnder(path, prefix))) add('allow', path);
  }
  for (const path of was.paths?.deny ?? []) {
    if (now.paths?.deny?.some((prefix) => beginsLike(path, prefix)) !== true) add('deny', path);
  }
  if (was.mark !== undefined && (was.mark.name !== now.mark?.name || was.mark.value !== now.mark.value)) {
    add('mark', was.mark.name);
  }
  for (const { path, account, attempts } of was.logins ?? []) {
    const kept = now.logins?.find((one) => one.path === path && one.account === account);
    if (kept === undefined || kept.attempts > attempts) add('login', path);
  }
  if ((now.bodies?.bytes ?? 0) > (was.bodies?.bytes ?? 0)) add('bodies', String(now.bodies?.bytes));
  return findings;
}
