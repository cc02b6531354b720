/** Advisories in the Open Source Vulnerability format 1.x, also as GitHub publishes them (OSV schema, ossf.github.io/osv-schema). */
import { z } from 'zod';
import { readJsonText } from '../json.ts';
import { conform } from '../shape.ts';
import { packageOf, packageOfOsv, parsePurl, type PackageIdentity } from '#inventory';
import type { AdvisoryDocument, AffectedPackage, Interval } from './advisory.ts';
import { intervalsOfEvents, type RangeEvent } from './match/interval.ts';

/** Largest record that is read, characters. */
const mostCharacters = 32 * 1024 * 1024;
/** Most versions that one package of a record lists. */
const mostVersions = 100_000;

const event = z.union([
  z.object({ introduced: z.string() }),
  z.object({ fixed: z.string() }),
  z.object({ last_affected: z.string() }),
  z.object({ limit: z.string() }),
]);
const text = z.string().max(100_000);
const identifier = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._:/+-]{0,127}$/);
const osv = z.object({
  id: identifier,
  modified: text,
  published: text.optional(),
  withdrawn: text.nullish(),
  aliases: z.array(identifier).max(10_000).nullish(),
  upstream: z.array(identifier).max(10_000).nullish(),
  summary: text.nullish(),
  details: z.string().nullish(),
  severity: z.array(z.object({ type: text, score: text })).nullish(),
  affected: z
    .array(
      z.object({
        package: z.object({ ecosystem: text, name: text, purl: text.nullish() }).nullish(),
        severity: z.array(z.object({ type: text, score: text })).nullish(),
        ranges: z
          .array(z.object({ type: z.enum(['SEMVER', 'ECOSYSTEM', 'GIT']), events: z.array(event).max(10_000) }))
          .nullish(),
        versions: z.array(text).max(mostVersions).nullish(),
      }),
    )
    .nullish(),
  database_specific: z.looseObject({ severity: z.unknown() }).partial().nullish(),
});
type Osv = z.infer<typeof osv>;
type Affected = NonNullable<Osv['affected']>[number];

/**
 * Reads one record. A version is affected when it is listed **or** lies in a range; a record that was withdrawn affects nothing.
 *
 * Throws BreakwaterError `osv.*` with the place.
 */
export function readOsv(source: string): AdvisoryDocument {
  const record = conform(osv, readJsonText(source, 'osv', { mostCharacters }), { name: 'osv' });
  const { id, aliases, upstream } = record;
  const notes: string[] = [];
  const affected = (record.affected ?? []).flatMap((entry, i) => affectedOf(entry, `/affected/${i}`, notes) ?? []);
  const named = [id, ...(aliases ?? [])];
  const cves = named.filter((name) => name.startsWith('CVE-'));
  return {
    format: 'osv',
    id,
    publisher: publisherOf(id),
    revision: record.modified,
    published: instantOf(record.published),
    modified: instantOf(record.modified),
    withdrawn: instantOf(record.withdrawn ?? undefined),
    title: (record.summary ?? record.details ?? id).slice(0, 500),
    aliases: aliases ?? [],
    vulnerabilities: [...new Set([...(cves.length > 0 ? cves : [id]), ...(upstream ?? [])])],
    severities: severitiesOf(record),
    marking: { tlp: null, text: null },
    affected: instantOf(record.withdrawn ?? undefined) === null ? affected : [],
    vex: [],
    notes,
  };
}

function affectedOf(entry: Affected, path: string, notes: string[]): AffectedPackage | null {
  if (entry.package === null || entry.package === undefined) {
    notes.push(`${path} names no package: only commits of a repository, which are not matched`);
    return null;
  }
  const { ecosystem, name, purl } = entry.package;
  const named = packageOfOsv(ecosystem, name) ?? fromPurl(purl ?? null);
  if (named === null) {
    notes.push(`${path}/package cannot be named by a package URL`);
    return null;
  }
  const ranges = entry.ranges ?? [];
  const intervals: Interval[] = ranges.flatMap(({ type, events }, k) =>
    type === 'GIT' ? [] : intervalsOfEvents(named.type, events as RangeEvent[], `${path}/ranges/${k}`),
  );
  for (const [k, version] of (entry.versions ?? []).entries()) {
    intervals.push({ rule: 'version', introduced: version, end: null, path: `${path}/versions/${k}` });
  }
  if (intervals.length === 0 && ranges.every(({ type }) => type === 'GIT')) {
    notes.push(`${path} states no versions that can be matched`);
    intervals.push({ rule: 'unstated', introduced: null, end: null, path });
  }
  return { package: named, intervals };
}

function fromPurl(purl: string | null): PackageIdentity | null {
  try {
    return purl === null ? null : packageOf(parsePurl(purl));
  } catch {
    return null;
  }
}

function severitiesOf({ severity, affected, database_specific: more }: Osv): AdvisoryDocument['severities'] {
  const scored = [...(severity ?? []), ...(affected ?? []).flatMap((entry) => entry.severity ?? [])];
  const word = typeof more?.severity === 'string' ? [{ kind: 'word', value: more.severity.toLowerCase() }] : [];
  const vectors = scored.map(({ type, score }) => ({ kind: vectorKind(type, score), value: score }));
  const distinct = new Map([...vectors, ...word].map((one) => [`${one.kind} ${one.value}`, one]));
  return [...distinct.values()].slice(0, 20);
}

function vectorKind(type: string, score: string): string {
  return /^CVSS:\d\.\d/.exec(score)?.[0] ?? (type === 'CVSS_V2' ? 'CVSS:2.0' : type);
}

/** `GO-2024-1`, `GHSA-…`: the database by the first word of its ids. */
function publisherOf(id: string): string {
  return /^[A-Za-z]+/.exec(id)?.[0]?.toLowerCase() ?? 'osv';
}

/** A time that PostgreSQL holds; null for none, and for the year 1 by which Go's database says that it does not know. */
function instantOf(time: string | undefined): string | null {
  if (time === undefined || time.startsWith('0001-')) return null;
  const at = Date.parse(time);
  return Number.isNaN(at) ? null : new Date(at).toISOString();
}
