/** Where a finding is, so that the same place has one name: addresses, host names, endpoints and paths in normal form. */
import { BreakwaterError } from '../error.ts';

/**
 * The id of an asset: an IPv4 address in four decimal parts, an IPv6 address as RFC 5952 writes it, or a host name in lower
 * case without the dot of the root. A zone is dropped, since it names an interface of the tester; an IPv4 address mapped
 * into IPv6 is that IPv4 address.
 *
 * Throws BreakwaterError `finding.asset` when the text is none of these.
 */
export function assetId(text: string): string {
  const bare = text.trim().replace(/^\[(.*)\]$/s, '$1');
  if (isIpv4(bare)) return bare;
  const v6 = bare.includes(':') ? parseIpv6(bare.replace(/%.*$/s, '')) : null;
  if (v6 !== null) return formatIpv6(v6);
  const name = bare.normalize('NFKC').toLowerCase().normalize('NFKC').replace(/\.$/, '');
  if (isHostName(name)) return name;
  throw new BreakwaterError(
    'finding.asset',
    `${JSON.stringify(text.slice(0, 60))} is neither an address nor a host name: correct the asset`,
  );
}

function isIpv4(text: string): boolean {
  return /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/.test(text);
}

/** A last label of digits alone is a misspelt address, never a name (WHATWG URL, "ends in a number"). */
function isHostName(text: string): boolean {
  const labels = text.split('.');
  return (
    text.length <= 253 &&
    labels.every((label) => /^[\p{L}\p{N}](?:[\p{L}\p{N}\p{M}_-]{0,61}[\p{L}\p{N}\p{M}])?$/u.test(label)) &&
    !/^\d+$/.test(labels.at(-1) ?? '')
  );
}

/** The eight groups of an IPv6 address; null when it is none. */
function parseIpv6(text: string): number[] | null {
  const dotted = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/s.exec(text);
  if (dotted !== null) {
    const [, head = '', tail = ''] = dotted;
    if (!isIpv4(tail)) return null;
    const [a = 0, b = 0, c = 0, d = 0] = tail.split('.').map(Number);
    return parseIpv6(`${head}${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`);
  }
  const halves = text.split('::');
  if (halves.length > 2) return null;
  const [head = [], tail = []] = halves.map((half) => (half === '' ? [] : half.split(':')));
  if (![...head, ...tail].every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return null;
  const missing = 8 - head.length - tail.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return null;
  return [...head, ...Array<string>(missing).fill('0'), ...tail].map((group) => Number.parseInt(group, 16));
}

function formatIpv6(groups: readonly number[]): string {
  const [g6 = 0, g7 = 0] = groups.slice(6);
  if (groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff) {
    return [g6 >> 8, g6 & 255, g7 >> 8, g7 & 255].join('.');
  }
  const zeros = longestZeros(groups);
  const words = (part: readonly number[]): string => part.map((group) => group.toString(16)).join(':');
  return zeros === null
    ? words(groups)
    : `${words(groups.slice(0, zeros.start))}::${words(groups.slice(zeros.start + zeros.length))}`;
}

/** The first longest run of two or more zero groups (RFC 5952, section 4.2). */
function longestZeros(groups: readonly number[]): { start: number; length: number } | null {
  let best: { start: number; length: number } | null = null;
  for (let start = 0; start < groups.length; start += 1) {
    let length = 0;
    while (start + length < groups.length && groups[start + length] === 0) length += 1;
    if (length >= 2 && length > (best?.length ?? 1)) best = { start, length };
  }
  return best;
}

/** A place in a network as a tool writes it. */
export interface Endpoint {
  readonly asset: string;
  /** null when neither the port nor a scheme that implies one is given. */
  readonly port: number | null;
  readonly path: string | null;
}

const schemePorts: Readonly<Record<string, number>> = { http: 80, https: 443, ws: 80, wss: 443, ftp: 21, ssh: 22 };

/**
 * Reads `scheme://host:port/path`, and the same without a scheme: `host:port/path`, `host`, `[v6]:port`, a bare address.
 * User and password are dropped.
 *
 * Throws BreakwaterError `finding.asset`.
 */
export function endpointOf(text: string): Endpoint {
  const trimmed = text.trim();
  const [, scheme, rest = ''] = /^(?:([a-z][a-z0-9+.-]*):\/\/)?(.*)$/is.exec(trimmed) ?? [];
  const [, authority = '', path] = /^([^/?#\\]*)(.*)$/s.exec(rest) ?? [];
  const host = authority.slice(authority.lastIndexOf('@') + 1);
  const bareV6 = (host.match(/:/g)?.length ?? 0) > 1 && !host.startsWith('[');
  const [, name = host, port] = bareV6 ? [] : (/^(\[.*\]|[^:]*)(?::(\d{0,5}))?$/s.exec(host) ?? []);
  const given = port === undefined || port === '' ? (schemePorts[scheme?.toLowerCase() ?? ''] ?? null) : Number(port);
  if (given !== null && given > 65_535) {
    throw new BreakwaterError('finding.asset', `${JSON.stringify(text.slice(0, 60))} has a port above 65535`);
  }
  return {
    asset: assetId(decodedName(name)),
    port: given,
    path: path === undefined || path === '' ? null : pathTemplate(path),
  };
}

/** A host name in a URL may be percent-encoded; the zone of an IPv6 address keeps its own. */
function decodedName(name: string): string {
  if (!name.includes('%') || name.includes(':')) return name;
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

const placeholders: readonly (readonly [RegExp, string])[] = [
  [/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i, '{uuid}'],
  [/^\d+$/, '{n}'],
  [/^(?=.*\d)[0-9a-f]{8,}$/i, '{hex}'],
];

/**
 * A path without what varies from one request to the next: query and fragment are dropped, numbers, UUIDs and long hex
 * words become placeholders, `.` and `..` are resolved, doubled and trailing slashes merged, percent-encoding is made the
 * same (RFC 3986, section 6.2.2). Applied twice it changes nothing more.
 */
export function pathTemplate(text: string): string {
  const path = text.toWellFormed().replace(/[?#].*$/s, '');
  const kept: string[] = [];
  for (const part of path.split(/[/\\]+/)) {
    const segment = normalEncoding(part);
    if (segment === '..') kept.pop();
    else if (segment !== '.' && segment !== '') kept.push(placeholderOf(segment));
  }
  let template = '';
  for (const segment of kept) {
    if (template.length + segment.length >= longestPath) break;
    template += `/${segment}`;
  }
  return template === '' ? '/' : template;
}

const longestPath = 2048;
const longestSegment = 256;

function placeholderOf(segment: string): string {
  if (segment.length > longestSegment) return '{long}';
  return placeholders.find(([pattern]) => pattern.test(segment))?.[1] ?? segment;
}

/** Unreserved characters and the braces of placeholders stand for themselves; all others that are no printable ASCII, and a bare percent sign, are encoded. */
function normalEncoding(segment: string): string {
  return segment.replace(/%([0-9a-fA-F]{2})|%|[^\x21-\x7e]|\|/gu, (character, hex: string | undefined) => {
    if (hex === undefined) return encodeURIComponent(character);
    const decoded = String.fromCharCode(Number.parseInt(hex, 16));
    return /[A-Za-z0-9._~{}-]/.test(decoded) ? decoded : `%${hex.toUpperCase()}`;
  });
}
