/** The headers of a request as this proxy understands them and as the target will read them: in one way, or not at all. */
import { Refused } from './refusal.ts';

export interface RequestHead {
  /** Value of the one Host header. */
  readonly host: string;
  /** What goes on to the target, in order: without hop-by-hop headers and without Host. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Value of Content-Length; null = no body, or one in chunks. */
  readonly length: number | null;
  readonly chunked: boolean;
}

const mostHeaders = 100;
const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,256}$/;
const hopByHop: readonly string[] = [
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authorization',
  'proxy-authenticate',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'expect',
  'http2-settings',
];
/** What Connection cannot take from a request: these say what it is, or who asks. */
const keptAnyway: ReadonlySet<string> = new Set(['content-length', 'content-type', 'authorization', 'cookie']);

/**
 * Reads the raw headers of a request (name, value, name, value ...). A body whose end two programs could see at two places is
 * refused (RFC 9112, sections 6 and 11.2), as is a doubled Host (section 3.2). Throws {@link Refused}.
 */
export function readHead(raw: readonly string[]): RequestHead {
  const pairs = pairsOf(raw);
  const [host, ...moreHosts] = valuesOf(pairs, 'host');
  if (host === undefined || moreHosts.length > 0) throw new Refused('http.header', 'host');
  if (valuesOf(pairs, 'upgrade').length > 0) throw new Refused('http.upgrade');
  return { host, headers: endToEnd(pairs).filter(([name]) => name.toLowerCase() !== 'host'), ...framingOf(pairs) };
}

/** Headers without those that belong to one connection, which are also those that Connection names (section 7.6.1). */
export function endToEnd(pairs: readonly (readonly [string, string])[]): (readonly [string, string])[] {
  const dropped = new Set(hopByHop);
  for (const value of valuesOf(pairs, 'connection'))
    for (const word of value.toLowerCase().split(',')) if (!keptAnyway.has(word.trim())) dropped.add(word.trim());
  return pairs.filter(([name]) => !dropped.has(name.toLowerCase()));
}

/** Raw headers in pairs. Throws {@link Refused} for what no header can be. */
export function pairsOf(raw: readonly string[]): (readonly [name: string, value: string])[] {
  if (raw.length > 2 * mostHeaders) throw new Refused('http.header-size', `more than ${mostHeaders} headers`);
  const pairs: (readonly [string, string])[] = [];
  for (let i = 0; i + 1 < raw.length; i += 2) pairs.push([raw[i] ?? '', raw[i + 1] ?? '']);
  for (const [name, value] of pairs) {
    if (!token.test(name)) throw new Refused('http.header', 'name');
    if (/[\x00-\x08\x0a-\x1f\x7f]/.test(value)) throw new Refused('http.header', 'value');
  }
  return pairs;
}

function valuesOf(pairs: readonly (readonly [string, string])[], wanted: string): string[] {
  return pairs.filter(([name]) => name.toLowerCase() === wanted).map(([, value]) => value);
}

function framingOf(pairs: readonly (readonly [string, string])[]): { length: number | null; chunked: boolean } {
  const lengths = valuesOf(pairs, 'content-length');
  const codings = valuesOf(pairs, 'transfer-encoding');
  const [length] = lengths;
  const [coding] = codings;
  if (lengths.length + codings.length > 1) throw new Refused('http.framing');
  if (coding !== undefined && coding.toLowerCase() !== 'chunked') throw new Refused('http.framing');
  if (length !== undefined && !/^\d{1,15}$/.test(length)) throw new Refused('http.framing');
  return { length: length === undefined ? null : Number(length), chunked: coding !== undefined };
}
