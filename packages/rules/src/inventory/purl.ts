/** Package URLs: the names of components, `pkg:type/namespace/name@version?qualifiers#subpath` (ECMA-427, purl-spec). */
import { BreakwaterError } from '../error.ts';
import { purlTypes } from './purl-type.ts';

/** A package URL taken apart, percent-decoded and in canonical case. Absent parts are null. */
export interface Purl {
  readonly type: string;
  readonly namespace: string | null;
  readonly name: string;
  readonly version: string | null;
  readonly qualifiers: Readonly<Record<string, string>> | null;
  readonly subpath: string | null;
}

/** Longest text that is read as one. */
const mostCharacters = 8192;
const mostQualifiers = 256;

/**
 * Takes a package URL apart. Leading slashes after the scheme, capitals in the type and parts in other than canonical
 * encoding are understood.
 *
 * Throws BreakwaterError `purl.malformed`, with the part that is wrong as its path.
 */
export function parsePurl(text: string): Purl {
  if (typeof text !== 'string') throw wrong('', 'must be a text');
  if (text.length > mostCharacters) throw wrong('', `must not be longer than ${mostCharacters} characters`);
  const [, remainder] = /^pkg:\/*([^]*)$/.exec(text) ?? [];
  if (remainder === undefined) throw wrong('scheme', 'must begin with pkg:');
  const [beforeHash, subpath] = splitLast(remainder, '#');
  const [beforeQuery, query] = splitLast(beforeHash, '?');
  const [, type, path] = /^([^/]*)\/+([^]*?)\/*$/.exec(beforeQuery) ?? [];
  if (type === undefined || path === undefined) throw wrong('type', 'must be followed by / and a name');
  const at = path.lastIndexOf('@');
  // An @ ahead of the last slash belongs to a segment, such as a scope of npm: it begins no version.
  const hasVersion = at > path.lastIndexOf('/');
  if (hasVersion && (at === 0 || path[at - 1] === '/')) throw wrong('name', 'is missing');
  const segments = (hasVersion ? path.slice(0, at) : path).split('/').filter((segment) => segment !== '');
  const cut = purlTypes[type.toLowerCase()]?.pathName === true ? 1 : segments.length - 1;
  const decoded = segments.map((segment) => decode(segment, 'name'));
  return canonical({
    type,
    namespace: joined(decoded.slice(0, cut)),
    name: decoded.slice(cut).join('/'),
    version: hasVersion ? decode(path.slice(at + 1), 'version') : null,
    qualifiers: query === undefined ? null : parseQualifiers(query),
    subpath: subpath === undefined ? null : joined(subpath.split('/').map((segment) => decode(segment, 'subpath'))),
  });
}

/**
 * The canonical text of a package URL. Absent parts may be left out, null or empty.
 *
 * Throws BreakwaterError `purl.malformed`, with the part that is wrong as its path.
 */
export function formatPurl(purl: Partial<Purl>): string {
  if (typeof purl !== 'object' || purl === null) throw wrong('', 'must be an object of parts');
  const { type, namespace, name, version, qualifiers, subpath } = canonical({
    type: textOf(purl.type, 'type') ?? '',
    namespace: textOf(purl.namespace, 'namespace'),
    name: textOf(purl.name, 'name') ?? '',
    version: textOf(purl.version, 'version'),
    qualifiers: qualifiersOf(purl.qualifiers),
    subpath: textOf(purl.subpath, 'subpath'),
  });
  const query = Object.entries(qualifiers ?? {}).map(([key, value]) => `${key}=${encode(value)}`);
  return [
    `pkg:${type}/`,
    namespace === null ? '' : `${encodePath(namespace)}/`,
    purlTypes[type]?.pathName === true ? encodePath(name) : encode(name),
    version === null ? '' : `@${encode(version)}`,
    query.length === 0 ? '' : `?${query.join('&')}`,
    subpath === null ? '' : `#${encodePath(subpath)}`,
  ].join('');
}

/** Checks the parts, drops empty ones, sorts qualifiers and folds what the type folds. */
function canonical(purl: Purl): Purl {
  const type = purl.type.toLowerCase();
  if (!/^[a-z][a-z0-9.-]*$/.test(type)) throw wrong('type', 'must be letters, digits, dots and dashes after a letter');
  const rules = purlTypes[type] ?? {};
  const fold = (part: 'namespace' | 'name' | 'version', text: string): string =>
    rules.lower?.includes(part) === true ? text.toLowerCase() : text;
  const namespace = joined((purl.namespace ?? '').split('/'));
  const whole: Purl = {
    type,
    namespace: namespace === null ? null : fold('namespace', namespace),
    name: fold('name', purl.name.replaceAll(/^\/+|\/+$/g, '')),
    version: purl.version === null || purl.version === '' ? null : fold('version', purl.version),
    qualifiers: sorted(purl.qualifiers ?? {}),
    subpath: joined((purl.subpath ?? '').split('/').filter((segment) => segment !== '.' && segment !== '..')),
  };
  const folded = rules.fold?.(whole) ?? whole;
  if (folded.name === '') throw wrong('name', 'is missing');
  if (rules.namespace === 'none' && namespace !== null) throw wrong('namespace', `must be absent for ${type}`);
  if (rules.namespace === 'needed' && namespace === null) throw wrong('namespace', `is needed for ${type}`);
  const absent = rules.qualifiers?.find((key) => folded.qualifiers?.[key] === undefined);
  if (absent !== undefined) throw wrong(`qualifiers/${absent}`, `is needed for ${type}`);
  for (const part of ['namespace', 'name', 'version'] as const) {
    const form = rules.form?.[part];
    const text = folded[part];
    if (form !== undefined && text !== null && !form.pattern.test(text)) throw wrong(part, `must be ${form.rule}`);
  }
  return folded;
}

function parseQualifiers(query: string): Record<string, string> {
  const qualifiers: Record<string, string> = Object.create(null) as Record<string, string>;
  const pairs = query.split('&').filter((pair) => pair !== '');
  if (pairs.length > mostQualifiers) throw wrong('qualifiers', `must not be more than ${mostQualifiers}`);
  for (const pair of pairs) {
    const at = pair.indexOf('=');
    const key = at < 0 ? pair : pair.slice(0, at);
    const value = at < 0 ? '' : decode(pair.slice(at + 1), `qualifiers/${key}`);
    if (key.toLowerCase() in qualifiers) throw wrong(`qualifiers/${key}`, 'is there twice');
    // The published suite refuses a key that begins with a capital and folds capitals further on.
    if (/^[A-Z]/.test(key)) throw wrong(`qualifiers/${key}`, 'must begin with a lower-case letter');
    qualifiers[key.toLowerCase()] = value;
  }
  return qualifiers;
}

function qualifiersOf(qualifiers: unknown): Record<string, string> | null {
  if (qualifiers === undefined || qualifiers === null) return null;
  if (typeof qualifiers !== 'object' || Array.isArray(qualifiers)) throw wrong('qualifiers', 'must be an object');
  const entries = Object.entries(qualifiers);
  if (entries.length > mostQualifiers) throw wrong('qualifiers', `must not be more than ${mostQualifiers}`);
  return Object.fromEntries(
    entries.map(([key, value]) => [key.toLowerCase(), textOf(value, `qualifiers/${key}`) ?? '']),
  );
}

/** In order of their keys, without empty values; null when none is left. */
function sorted(qualifiers: Readonly<Record<string, string>>): Record<string, string> | null {
  const kept = Object.entries(qualifiers).filter(([, value]) => value !== '');
  const bad = kept.find(([key]) => !/^[a-z][a-z0-9._-]*$/.test(key));
  if (bad !== undefined)
    throw wrong(`qualifiers/${bad[0]}`, 'must be letters, digits, dots, dashes and underscores after a letter');
  if (kept.length === 0) return null;
  return Object.fromEntries(kept.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function textOf(value: unknown, path: string): string | null {
  if (value === undefined || value === null) return null;
  if (typeof value !== 'string' || !value.isWellFormed()) throw wrong(path, 'must be a text');
  if (value.length > mostCharacters) throw wrong(path, `must not be longer than ${mostCharacters} characters`);
  return value;
}

function splitLast(text: string, mark: string): [string, string | undefined] {
  const at = text.lastIndexOf(mark);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

function joined(segments: readonly string[]): string | null {
  const kept = segments.filter((segment) => segment !== '');
  return kept.length === 0 ? null : kept.join('/');
}

function decode(text: string, path: string): string {
  if (/%(?![0-9A-Fa-f]{2})/.test(text)) throw wrong(path, 'has a % that is not followed by two hex digits');
  if (!text.isWellFormed()) throw wrong(path, 'is not well-formed Unicode');
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    throw wrong(path, 'is not UTF-8 once it is percent-decoded');
  }
}

function encode(text: string): string {
  return encodeURIComponent(text)
    .replaceAll('%3A', ':')
    .replaceAll(/[!'()*]/g, (mark) => `%${mark.codePointAt(0)?.toString(16).toUpperCase()}`);
}

function encodePath(path: string): string {
  return path.split('/').map(encode).join('/');
}

function wrong(path: string, rule: string): BreakwaterError {
  const what = path === '' ? 'a package URL' : `the ${path} of a package URL`;
  return new BreakwaterError('purl.malformed', `${what} ${rule}`, path);
}
