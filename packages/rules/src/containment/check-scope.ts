/** Is a scope one that a careful person would sign? Faults of a scope by itself, before any plan and any cage. */
import { durationMs, spellDuration } from '../duration.ts';
import { addressNumber, networkRange } from './address.ts';
import { isShown, type Authority } from './authority.ts';
import { clipped, merged, sizeOf, spanOf, spansText, touching, without, type Span } from './network.ts';
import { builtInNever } from './never.ts';
import { builtInSpans, closedBy, openingsOf, portsOf } from './reach.ts';
import type { Scope, ScopeTarget } from './scope.ts';
import { isUnder, readingsOf, beginsLike } from './http-path.ts';
import { wordingOfScope, type ScopeRule } from './check-scope-wording.ts';

export interface ScopeFinding {
  readonly rule: ScopeRule;
  /** A scope with an error starts nothing. A warning is worth a look. */
  readonly severity: 'error' | 'warning';
  /** JSON Pointer into the scope. */
  readonly path: string;
  readonly message: { readonly ko: string; readonly en: string };
}

export interface ScopeChecked {
  /** The present, RFC 3339; null = not known, so that a past window is not seen. */
  readonly now: string | null;
  /** Networks on which Breakwater itself listens: console, guard, database. */
  readonly own?: readonly string[];
}

/**
 * Bounds of our own: no regulation sets them. A day holds every night window and no forgotten one; a cage that loses its
 * owner goes on for at most one lease; `/16` is the widest network that one person can still know.
 */
export const scopeBounds = {
  windowMs: 24 * 3_600_000,
  yearMs: 366 * 24 * 3_600_000,
  leaseMs: 10_000,
  shortLeaseMs: 500,
  prefix: { ipv4: 16, ipv6: 48 },
  /** Far above what one target bears; OWASP APTS v0.1.0 starts from 10 requests a second and target. */
  newConnectionsPerSecond: 1000,
  /** A runtime such as Node.js or Python does not start in less. */
  memoryBytes: 32 * 1_048_576,
} as const;

type Values<R extends ScopeRule> = Parameters<(typeof wordingOfScope)[R]>;
type Find = <R extends ScopeRule>(rule: R, path: string, ...values: Values<R>) => ScopeFinding;

const finder =
  (severity: ScopeFinding['severity']): Find =>
  (rule, path, ...values) => {
    const word = wordingOfScope[rule] as (...given: typeof values) => ScopeFinding['message'];
    return { rule, severity, path, message: word(...values) };
  };
const error = finder('error');
const warning = finder('warning');

/** Every fault of the scope, in the order of its parts. */
export function checkScope(scope: Scope, { now, own = [] }: ScopeChecked): ScopeFinding[] {
  const closed = { never: merged((scope.never ?? []).map(spanOf)), own: merged(own.map(spanOf)) };
  return [
    ...scope.targets.flatMap((target, i) => targetFaults(target, `/targets/${i}`, closed)),
    ...nothingOpen(scope),
    ...doubledTargets(scope),
    ...idleNevers(scope),
    ...capFaults(scope),
    ...windowFaults(scope, now),
    ...leaseFaults(scope),
    ...nameFaults(scope),
    ...httpFaults(scope),
    ...authorityFaults(scope),
  ];
}

interface ClosedSpans {
  readonly never: readonly Span[];
  readonly own: readonly Span[];
}

function targetFaults(target: ScopeTarget, path: string, { never, own }: ClosedSpans): ScopeFinding[] {
  const { cidr, reason } = target;
  const span = spanOf(cidr);
  const findings: ScopeFinding[] = [];
  const bits = Number(cidr.split('/')[1]);
  const bound = cidr.includes(':') ? scopeBounds.prefix.ipv6 : scopeBounds.prefix.ipv4;
  const addresses = sizeOf([span]);
  const isOutside = without([span], loopback).length > 0;
  if (bits < bound && reason === undefined && isOutside)
    findings.push(error('target.too-wide', `${path}/cidr`, { cidr, bound, addresses }));
  const network = spansText([span]);
  if (addressNumber(cidr.split('/')[0] ?? '').value !== networkRange(cidr).low)
    findings.push(warning('target.host-bits', `${path}/cidr`, { cidr, network, addresses }));
  const denials = [
    { rule: 'target.built-in', closed: builtInSpans, why: reservedFor(span) },
    { rule: 'target.never', closed: never, why: { ko: '', en: '' } },
  ] as const;
  for (const { rule, closed, why } of denials) {
    const lost = clipped(span, closed);
    if (lost.length === 0) continue;
    const whole = sizeOf(lost) === addresses;
    findings.push(warning(rule, `${path}/cidr`, { cidr, lost: spansText(lost), whole, ...why }));
  }
  const listening = clipped(span, own);
  if (listening.length > 0) findings.push(error('target.own', `${path}/cidr`, { cidr, lost: spansText(listening) }));
  const inside = clipped(span, loopback);
  if (inside.length > 0) findings.push(warning('target.loopback', `${path}/cidr`, { cidr }));
  const open = clipped(span, publicSpans);
  if (open.length > 0 && target.authority === undefined) {
    findings.push(error('authority.public', path, { cidr, addresses: spansText(open, 2) }));
  }
  return findings;
}

const loopback = merged(['127.0.0.0/8', '::1/128'].map(spanOf));

/** Not routed on the internet, so that nobody else can be hit. Source: RFC 6890, RFC 1918, RFC 4193, RFC 3849. */
const privateNetworks = [
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '198.18.0.0/15',
  '::1/128',
  'fc00::/7',
  '2001:db8::/32',
  '100::/64',
];
const publicSpans = without(['0.0.0.0/0', '::/0'].map(spanOf), [...builtInSpans, ...privateNetworks.map(spanOf)]);

function reservedFor(span: Span): { ko: string; en: string } {
  const met = builtInNever.filter(({ cidr }) => clipped(span, [spanOf(cidr)]).length > 0).map(({ why }) => why);
  return { ko: met.map(({ ko }) => ko).join(', '), en: met.map(({ en }) => en).join(', ') };
}

/** What is closed is closed by the gate, so a lost target does no harm; a scope that has lost all of them tests nothing. */
function nothingOpen(scope: Scope): ScopeFinding[] {
  const open = openingsOf(scope).some(({ addresses }) => addresses.length > 0);
  return open ? [] : [error('targets.closed', '/targets', { targets: scope.targets.length })];
}

/** Targets that say the same twice, or meet: harmless, but one of them is not what was meant. */
function doubledTargets({ targets }: Scope): ScopeFinding[] {
  const ordered = targets
    .map(({ cidr, ports }, i) => ({ ...spanOf(cidr), cidr, ports: ports.map(portsOf), i }))
    .toSorted((a, b) => (a.low < b.low ? -1 : a.low > b.low ? 1 : a.i - b.i));
  const findings: ScopeFinding[] = [];
  let open: typeof ordered = [];
  for (const target of ordered) {
    open = open.filter(({ high }) => high >= target.low);
    const met = open.find(({ ports }) =>
      ports.some((a) => target.ports.some((b) => a.protocol === b.protocol && a.low <= b.high && b.low <= a.high)),
    );
    open.push(target);
    if (met === undefined) continue;
    const [first, second] = met.i < target.i ? [met, target] : [target, met];
    findings.push(
      warning('target.double', `/targets/${second.i}`, { cidr: second.cidr, other: first.cidr, at: first.i }),
    );
  }
  return findings;
}

function idleNevers({ targets, never = [] }: Scope): ScopeFinding[] {
  const open = merged(targets.map(({ cidr }) => spanOf(cidr)));
  return never.flatMap((cidr, i) => {
    const { low, high } = spanOf(cidr);
    return touching(open, low, high).length === 0 ? [warning('never.idle', `/never/${i}`, { cidr })] : [];
  });
}

function capFaults({ caps, memoryBytes }: Scope): ScopeFinding[] {
  const { newConnectionsPerSecond: total, newConnectionsPerSecondPerDestination: each, packetsPerSecond } = caps;
  const findings: ScopeFinding[] = [];
  if (each !== undefined && each > total) {
    findings.push(error('caps.order', '/caps/newConnectionsPerSecondPerDestination', { each, total }));
  }
  if (packetsPerSecond < total) {
    findings.push(warning('caps.packets', '/caps/packetsPerSecond', { packets: packetsPerSecond, connections: total }));
  }
  const most = scopeBounds.newConnectionsPerSecond;
  if (total > most) findings.push(warning('caps.high', '/caps/newConnectionsPerSecond', { given: total, most }));
  if (memoryBytes !== undefined && memoryBytes < scopeBounds.memoryBytes) {
    findings.push(warning('caps.memory', '/memoryBytes', { given: memoryBytes, least: scopeBounds.memoryBytes }));
  }
  return findings;
}

function windowFaults({ window }: Scope, now: string | null): ScopeFinding[] {
  const end = Date.parse(window.end);
  const length = end - Date.parse(window.start);
  const { windowMs, yearMs } = scopeBounds;
  const findings: ScopeFinding[] = [];
  if (length > windowMs) {
    const values = { length: spellDuration(length), bound: spellDuration(windowMs) };
    findings.push(error(length > yearMs ? 'window.absurd' : 'window.too-long', '/window/end', values));
  }
  if (now !== null && Date.parse(now) >= end)
    findings.push(error('window.past', '/window/end', { end: window.end, now }));
  return findings;
}

function leaseFaults({ lease }: Scope): ScopeFinding[] {
  const ms = durationMs(lease);
  const { leaseMs, shortLeaseMs } = scopeBounds;
  if (ms > leaseMs)
    return [error('lease.too-long', '/lease', { lease: spellDuration(ms), bound: spellDuration(leaseMs) })];
  if (ms < shortLeaseMs)
    return [warning('lease.too-short', '/lease', { lease: spellDuration(ms), bound: spellDuration(shortLeaseMs) })];
  return [];
}

/** A name must lead somewhere that the scope opens, on any port. */
function nameFaults(scope: Scope): ScopeFinding[] {
  return (scope.names ?? []).flatMap(({ name, address }, i) => {
    const closed = closedBy(scope, address, null, 'other');
    return closed === 'port' ? [] : [error('name.outside', `/names/${i}/address`, { name, address })];
  });
}

function httpFaults({ http }: Scope): ScopeFinding[] {
  const { allow, deny = [] } = http?.paths ?? {};
  if (allow === undefined) return [];
  if (allow.length === 0) return [error('http.nothing', '/http/paths/allow')];
  return allow.flatMap((path, i) => {
    const at = `/http/paths/allow/${i}`;
    const readings = readingsOf(path);
    if (readings === null || readings.some((reading) => !isUnder(reading, path) && !isUnder(path, reading)))
      return [error('http.unclear', at, { path })];
    const by = deny.find((prefix) => beginsLike(path, prefix));
    return by === undefined ? [] : [warning('http.denied', at, { path, by })];
  });
}

/** Who allowed it. By hand a scope may have nobody; then its report says so, and no plan takes it. */
function authorityFaults(scope: Scope): ScopeFinding[] {
  const findings: ScopeFinding[] = [];
  const bare = scope.targets.filter(({ authority }) => authority === undefined).length;
  if (scope.authority === undefined && bare > 0)
    findings.push(warning('authority.none', '/authority', { targets: bare }));
  const judge = (authority: Authority, path: string): void => {
    const relation = authority.owner?.relation ?? 'own';
    if (!isShown(authority)) {
      const found = relation === 'own' ? warning : error;
      findings.push(found('authority.placeholder', `${path}/document`, { relation }));
    }
    const { validUntil } = authority;
    if (Date.parse(validUntil) < Date.parse(scope.window.end)) {
      findings.push(error('authority.expired', `${path}/validUntil`, { until: validUntil, end: scope.window.end }));
    }
  };
  if (scope.authority !== undefined) judge(scope.authority, '/authority');
  scope.targets.forEach(({ authority }, i) => {
    if (authority !== undefined) judge(authority, `/targets/${i}/authority`);
  });
  return findings;
}
