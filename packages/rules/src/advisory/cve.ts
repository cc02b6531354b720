/** Records of the CVE Program, JSON 5.x, with what CISA adds to them (cveproject.github.io/cve-schema). */
import { z } from 'zod';
import { readJsonText } from '../json.ts';
import { conform } from '../shape.ts';
import { cpeProduct, packageOf, parsePurl, type PackageIdentity } from '#inventory';
import type { AdvisoryDocument, AffectedPackage, Interval, Severity } from './advisory.ts';
import { intervalsOfEvents, type RangeEvent } from './match/interval.ts';

const mostCharacters = 16 * 1024 * 1024;
const text = z.string().max(100_000);
const state = z.enum(['affected', 'unaffected', 'unknown']);
const versionEntry = z.object({
  version: text,
  status: state,
  lessThan: text.optional(),
  lessThanOrEqual: text.optional(),
  changes: z
    .array(z.object({ at: text, status: state }))
    .max(1000)
    .optional(),
});
type VersionEntry = z.infer<typeof versionEntry>;
const affectedProduct = z.object({
  vendor: text.optional(),
  product: text.optional(),
  packageURL: text.optional(),
  cpes: z.array(text).max(10_000).optional(),
  defaultStatus: state.optional(),
  versions: z.array(versionEntry).max(10_000).optional(),
});
type AffectedProduct = z.infer<typeof affectedProduct>;
const vector = z.looseObject({ vectorString: text.optional() }).optional();
const metric = z.looseObject({
  cvssV2_0: vector,
  cvssV3_0: vector,
  cvssV3_1: vector,
  cvssV4_0: vector,
  other: z.looseObject({ type: text.optional(), content: z.unknown() }).optional(),
});
const container = z.object({
  title: text.optional(),
  descriptions: z.array(z.object({ lang: text, value: text })).optional(),
  affected: z.array(affectedProduct).max(10_000).optional(),
  metrics: z.array(metric).max(1000).optional(),
});
const cve = z.object({
  dataType: z.literal('CVE_RECORD'),
  dataVersion: z.string().regex(/^5\.\d+(?:\.\d+)?$/),
  cveMetadata: z.object({
    cveId: z.string().regex(/^CVE-\d{4}-\d{4,19}$/),
    state: z.enum(['PUBLISHED', 'REJECTED']),
    datePublished: text.optional(),
    dateUpdated: text.optional(),
    dateRejected: text.optional(),
  }),
  containers: z.object({ cna: container, adp: z.array(container).max(100).optional() }),
});

/** Reads a record; one that was rejected affects nothing. Throws BreakwaterError `cve.*` with the place. */
export function readCve(source: string): AdvisoryDocument {
  const { cveMetadata: meta, containers } = conform(cve, readJsonText(source, 'cve', { mostCharacters }), {
    name: 'cve',
  });
  const isRejected = meta.state === 'REJECTED';
  const all = [containers.cna, ...(containers.adp ?? [])];
  const notes: string[] = [];
  const affected = all.flatMap((one, i) =>
    (one.affected ?? []).flatMap((product, k) =>
      affectedOf(product, `${i === 0 ? '/containers/cna' : `/containers/adp/${i - 1}`}/affected/${k}`, notes),
    ),
  );
  return {
    format: 'cve',
    id: meta.cveId,
    publisher: 'cve',
    revision: meta.dateUpdated ?? meta.datePublished ?? '0',
    published: instantOf(meta.datePublished),
    modified: instantOf(meta.dateUpdated ?? meta.dateRejected ?? meta.datePublished),
    withdrawn: isRejected ? (instantOf(meta.dateRejected ?? meta.dateUpdated) ?? '1970-01-01T00:00:00.000Z') : null,
    title: (
      containers.cna.title ??
      containers.cna.descriptions?.find(({ lang }) => lang.startsWith('en'))?.value ??
      meta.cveId
    ).slice(0, 500),
    aliases: [],
    vulnerabilities: [meta.cveId],
    severities: severitiesOf(all.flatMap(({ metrics }) => metrics ?? [])),
    marking: { tlp: null, text: null },
    affected: isRejected ? [] : affected,
    vex: [],
    notes,
  };
}

function affectedOf(product: AffectedProduct, path: string, notes: string[]): AffectedPackage[] {
  const packages = packagesOf(product);
  if (packages.length === 0) {
    notes.push(`${[product.vendor, product.product].join(' ').trim()}: no package URL or CPE, so it is not matched`);
  }
  return packages.map((named) => ({ package: named, intervals: intervalsOf(named.type, product, path) }));
}

function packagesOf({ packageURL, cpes }: AffectedProduct): PackageIdentity[] {
  if (packageURL !== undefined) {
    try {
      return [packageOf(parsePurl(packageURL))];
    } catch {
      return [];
    }
  }
  const names = new Set((cpes ?? []).flatMap((one) => cpeProduct(one)?.name ?? []));
  return [...names].map((name) => ({ type: 'cpe', name, distro: null }));
}

/** Versions whose status is `affected`, by entries and, where no entry speaks, by the default (CVE schema, "versions"). */
function intervalsOf(
  type: string,
  { versions = [], defaultStatus = 'unknown' }: AffectedProduct,
  path: string,
): Interval[] {
  if (versions.length === 0) {
    if (defaultStatus === 'unaffected') return [];
    return [{ rule: defaultStatus === 'affected' ? 'every-version' : 'unstated', introduced: null, end: null, path }];
  }
  if (defaultStatus === 'affected') return complementOf(type, versions, path);
  return versions.flatMap((entry, k) =>
    entry.status === 'affected' ? entryIntervals(type, entry, `${path}/versions/${k}`) : [],
  );
}

function entryIntervals(type: string, entry: VersionEntry, path: string): Interval[] {
  const { version, lessThan, lessThanOrEqual } = entry;
  if (lessThan === undefined && lessThanOrEqual === undefined) {
    if (version === '*') return [{ rule: 'every-version', introduced: null, end: null, path }];
    if (entry.changes === undefined) return [{ rule: 'version', introduced: version, end: null, path }];
  }
  return intervalsOfEvents(type, eventsOf(entry), path);
}

function eventsOf({ version, lessThan, lessThanOrEqual, changes }: VersionEntry): RangeEvent[] {
  const changed = (changes ?? []).map((change): RangeEvent =>
    change.status === 'affected' ? { introduced: change.at } : { fixed: change.at },
  );
  const end: RangeEvent[] =
    lessThan !== undefined && lessThan !== '*'
      ? [{ fixed: lessThan }]
      : lessThanOrEqual !== undefined && lessThanOrEqual !== '*'
        ? [{ last_affected: lessThanOrEqual }]
        : [];
  return [{ introduced: version === '*' || version === 'unspecified' ? '0' : version }, ...changed, ...end];
}

/** Everything is affected but what the entries take out. An end that is itself unaffected leaves no version to begin again at. */
function complementOf(type: string, versions: readonly VersionEntry[], path: string): Interval[] {
  const events: RangeEvent[] = [{ introduced: '0' }];
  for (const { version, status, lessThan, lessThanOrEqual } of versions) {
    if (status === 'affected') continue;
    events.push({ fixed: version });
    if (lessThan !== undefined && lessThan !== '*') events.push({ introduced: lessThan });
    const hasUnclearEnd =
      (lessThan === undefined && lessThanOrEqual === undefined) ||
      (lessThanOrEqual !== undefined && lessThanOrEqual !== '*');
    if (hasUnclearEnd) return [{ rule: 'unreadable', introduced: null, end: null, path }];
  }
  return intervalsOfEvents(type, events, path);
}

function severitiesOf(metrics: readonly z.infer<typeof metric>[]): Severity[] {
  return metrics
    .flatMap((one): Severity[] => {
      const vectors = [one.cvssV4_0, one.cvssV3_1, one.cvssV3_0, one.cvssV2_0].flatMap(
        (each) => each?.vectorString ?? [],
      );
      const ssvc = one.other?.type === 'ssvc' ? ssvcOf(one.other.content) : null;
      return [
        ...vectors.map((value) => ({ kind: /^CVSS:\d\.\d/.exec(value)?.[0] ?? 'CVSS:2.0', value })),
        ...(ssvc === null ? [] : [{ kind: 'SSVC', value: ssvc }]),
      ];
    })
    .slice(0, 50);
}

const ssvcContent = z.looseObject({ options: z.array(z.record(z.string(), z.string())).max(20) });

/** Decision points as CISA states them: `exploitation=active;automatable=yes;technical-impact=total`. */
function ssvcOf(content: unknown): string | null {
  const parsed = ssvcContent.safeParse(content);
  if (!parsed.success) return null;
  return parsed.data.options
    .flatMap((option) => Object.entries(option))
    .map(([point, value]) => `${point.toLowerCase().replaceAll(' ', '-')}=${value.toLowerCase()}`)
    .join(';');
}

/** Times of CVE may lack an offset: they are UTC. */
function instantOf(time: string | undefined): string | null {
  if (time === undefined) return null;
  const at = Date.parse(/(?:Z|[+-]\d{2}:\d{2})$/.test(time) ? time : `${time}Z`);
  return Number.isNaN(at) ? null : new Date(at).toISOString();
}
