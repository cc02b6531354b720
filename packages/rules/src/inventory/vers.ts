/** Version ranges of any ecosystem in one text, `vers:deb/>=1.0|<1.2-3` (vers-spec). */
import { BreakwaterError } from '../error.ts';
import { compareKeys, versionKey } from './version/ecosystem.ts';

type Comparator = '=' | '!=' | '<' | '<=' | '>' | '>=';

/**
 * A range: what of the scheme's versions it holds, constraints in the order of their versions, in the words of the
 * published suite. A single `*` holds every version.
 */
export interface Vers {
  readonly scheme: string;
  readonly version_constraints: readonly (readonly [comparator: Comparator | '*', version: string])[];
}

const mostCharacters = 65_536;
const mostConstraints = 4096;

/** Schemes whose versions are ordered as those of an ecosystem that is known by another name. */
const ordersOf: Readonly<Record<string, string>> = {
  alpine: 'apk',
  cargo: 'npm',
  conan: 'generic',
  go: 'golang',
  hex: 'npm',
  intdot: 'generic',
  semver: 'npm',
};

/** Order of two versions of a scheme. Instants are ordered as text once they are in UTC. */
function keyOf(scheme: string, version: string): Uint8Array {
  if (scheme !== 'datetime') return versionKey(ordersOf[scheme] ?? scheme, version);
  const at = Date.parse(version);
  if (Number.isNaN(at))
    throw wrong('version', `${JSON.stringify(version)} is not an instant such as 2026-01-01T00:00:00Z`);
  return versionKey('generic', String(at + 1e15));
}

/**
 * Takes a range apart. Bounds must be in the order of their versions, because out of order they may be meant otherwise;
 * exact versions are put in order.
 *
 * Throws BreakwaterError `vers.malformed`, `version.ecosystem` or `version.malformed`.
 */
export function parseVers(text: string): Vers {
  if (typeof text !== 'string') throw wrong('', 'must be a text');
  if (text.length > mostCharacters) throw wrong('', `must not be longer than ${mostCharacters} characters`);
  if (/\s/.test(text)) throw wrong('', 'must not have white space in it');
  const [, scheme, list] = /^vers:([a-z][a-z0-9.-]*)\/(.*)$/s.exec(text) ?? [];
  if (scheme === undefined || list === undefined)
    throw wrong('', 'must be vers:SCHEME/CONSTRAINTS, the scheme in lower case');
  if (scheme === 'none') return { scheme, version_constraints: [] };
  if (list === '*' || scheme === 'all') return { scheme, version_constraints: [['*', '']] };
  const parts = list.split('|');
  if (parts.length > mostConstraints) throw wrong('', `must not have more than ${mostConstraints} constraints`);
  if (parts.includes('')) throw wrong('', 'must not begin or end with | or have two in a row');
  const constraints = parts.map((part) => constraintOf(scheme, part));
  return { scheme, version_constraints: constraints.length === 1 ? constraints : inOrder(scheme, constraints) };
}

type Constraint = Vers['version_constraints'][number];

const isExact = ([comparator]: Constraint): boolean => comparator === '=' || comparator === '!=';

function inOrder(scheme: string, constraints: readonly Constraint[]): Constraint[] {
  const keyed = constraints.map((constraint) => ({ constraint, key: keyOf(scheme, constraint[1]) }));
  const bounds = keyed.filter(({ constraint }) => !isExact(constraint));
  const isSorted = bounds.every(({ key }, i) => i === 0 || compareKeys(bounds[i - 1]?.key ?? key, key) <= 0);
  if (!isSorted) throw wrong('', 'must have its bounds in the order of their versions');
  return keyed.toSorted((a, b) => compareKeys(a.key, b.key)).map(({ constraint }) => constraint);
}

/** The canonical text of a range. */
export function formatVers({ scheme, version_constraints }: Vers): string {
  const list = version_constraints.map(([comparator, version]) =>
    comparator === '*' ? '*' : `${comparator === '=' ? '' : comparator}${encode(scheme, version)}`,
  );
  return `vers:${scheme}/${list.length === 0 ? '*' : list.join('|')}`;
}

/**
 * True when the range holds the version. Throws BreakwaterError `version.ecosystem` when the order of the scheme is not
 * known, `version.malformed` when the version is none of it, and `vers.invalid` for what is no range.
 */
export function versContains(vers: Vers, version: string): boolean {
  const { scheme, version_constraints: constraints } = requireVers(vers);
  if (constraints.some(([comparator]) => comparator === '*')) return true;
  if (constraints.length === 0) return false;
  const key = keyOf(scheme, version);
  const compared = constraints.map(([comparator, bound]) => ({
    comparator,
    order: compareKeys(key, keyOf(scheme, bound)),
  }));
  const same = compared.filter(({ order }) => order === 0).map(({ comparator }) => comparator);
  if (same.includes('!=')) return false;
  if (same.some((comparator) => comparator === '=' || comparator === '<=' || comparator === '>=')) return true;
  const bounds = withoutRedundant(compared.filter(({ comparator }) => comparator !== '=' && comparator !== '!='));
  if (bounds.length === 0) return compared.every(({ comparator }) => comparator === '!=');
  // Between two bounds, the one below must open an interval and the one above close it; either may be absent at an end.
  const above = bounds.findIndex(({ order }) => order <= 0);
  const [lower, upper] = above < 0 ? [bounds.at(-1), undefined] : [bounds[above - 1], bounds[above]];
  if (upper?.order === 0 || lower?.order === 0) return false;
  return (lower === undefined || isLower(lower)) && (upper === undefined || !isLower(upper));
}

/** A script may hand over what it likes; what `parseVers` gave passes. */
function requireVers(value: unknown): Vers {
  try {
    const { scheme, version_constraints: constraints } = value as Vers;
    const isPair = (pair: unknown): boolean =>
      Array.isArray(pair) && pair.length === 2 && pair.every((part) => typeof part === 'string');
    if (typeof scheme === 'string' && Array.isArray(constraints) && constraints.every(isPair)) return value as Vers;
  } catch {
    // A value that cannot even be looked at is none either.
  }
  throw new BreakwaterError('vers.invalid', 'a range is what parseVers gives: {scheme, version_constraints}', '');
}

interface Bound {
  readonly comparator: Comparator | '*';
  /** Of the version in question against the bound. */
  readonly order: -1 | 0 | 1;
}

const isLower = ({ comparator }: Bound): boolean => comparator.startsWith('>');

/** Of lower bounds in a row the first counts, of upper bounds the last. */
function withoutRedundant(bounds: readonly Bound[]): Bound[] {
  return bounds.filter((bound, i) => {
    const neighbour = isLower(bound) ? bounds[i - 1] : bounds[i + 1];
    return neighbour === undefined || isLower(neighbour) !== isLower(bound);
  });
}

function constraintOf(scheme: string, part: string): Constraint {
  const [, sign = '', encoded = ''] = /^(>=|<=|!=|<|>|=)?(.*)$/s.exec(part) ?? [];
  if (encoded === '' || /[<>=!*]/.test(encoded)) throw wrong('', `has ${JSON.stringify(part)}, which is no constraint`);
  if (/%(?![0-9A-Fa-f]{2})/.test(encoded))
    throw wrong('', `has ${JSON.stringify(part)} with a % that is not followed by two hex digits`);
  if (/%(?![0-9A-F]{2})/.test(encoded)) throw wrong('', `has ${JSON.stringify(part)} percent-encoded in lower case`);
  let version: string;
  try {
    version = decodeURIComponent(encoded);
  } catch {
    throw wrong('', `has ${JSON.stringify(part)}, which is not UTF-8 once it is percent-decoded`);
  }
  if (scheme === 'datetime') checkInstant(encoded);
  return [sign === '' ? '=' : (sign as Comparator), version];
}

function checkInstant(text: string): void {
  if (text.includes('%3A')) throw wrong('', 'must have the colons of times as they are');
  if (!/^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?(?:Z|[+-][0-9]{2}:[0-9]{2})$/.test(text))
    throw wrong('', `has ${JSON.stringify(text)}, which is not an instant such as 2026-01-01T00:00:00Z`);
}

function encode(scheme: string, version: string): string {
  const encoded = encodeURIComponent(version).replaceAll(
    /[!'()*]/g,
    (mark) => `%${mark.codePointAt(0)?.toString(16).toUpperCase()}`,
  );
  return scheme === 'datetime' ? encoded.replaceAll('%3A', ':') : encoded.replaceAll('%2B', '+').replaceAll('%3A', ':');
}

function wrong(path: string, rule: string): BreakwaterError {
  return new BreakwaterError('vers.malformed', `a version range ${rule}`, path);
}
