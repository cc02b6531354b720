/** Advisories in the Common Security Advisory Framework 2.0 and 2.1 (OASIS). Their schema is checked by the caller. */
import { z } from 'zod';
import { readJsonText } from '../json.ts';
import { conform } from '../shape.ts';
import type { AdvisoryDocument, AffectedPackage, Interval, Severity, VexStatement } from './advisory.ts';
import { productTree, resolveProducts, type ResolvedProduct } from './csaf-products.ts';
import { versIntervals } from './match/vers-intervals.ts';

/** Largest document that is read, characters. */
export const mostCsafCharacters = 64 * 1024 * 1024;

const text = z.string().max(100_000);
const ids = z.array(text).max(1_000_000).optional();
const status = z.object({
  first_affected: ids,
  first_fixed: ids,
  fixed: ids,
  known_affected: ids,
  known_not_affected: ids,
  last_affected: ids,
  recommended: ids,
  under_investigation: ids,
  unknown: ids,
});
const cvss = z.looseObject({ vectorString: text.optional() }).optional();
const scored = { cvss_v2: cvss, cvss_v3: cvss, cvss_v4: cvss };
const vulnerability = z.object({
  cve: text.optional(),
  ids: z.array(z.object({ system_name: text, text })).optional(),
  title: text.optional(),
  product_status: status.optional(),
  scores: z.array(z.looseObject(scored)).optional(),
  metrics: z.array(z.looseObject({ content: z.looseObject(scored) })).optional(),
  flags: z.array(z.object({ label: text, product_ids: ids, group_ids: ids })).optional(),
  threats: z.array(z.object({ category: text, details: text, product_ids: ids, group_ids: ids })).optional(),
});
type Vulnerability = z.infer<typeof vulnerability>;
const csaf = z.object({
  document: z.object({
    category: text,
    csaf_version: z.enum(['2.0', '2.1']),
    title: text,
    publisher: z.object({ namespace: text }),
    tracking: z.object({
      id: text,
      version: text,
      aliases: ids,
      initial_release_date: text,
      current_release_date: text,
      status: text,
    }),
    distribution: z.object({ tlp: z.object({ label: text }).optional(), text: text.optional() }).optional(),
    aggregate_severity: z.object({ text }).optional(),
  }),
  product_tree: productTree.optional(),
  vulnerabilities: z.array(vulnerability).max(10_000).optional(),
});

/** What a status says of a product. `fixed` stands apart: what is older than it may be affected. */
const meanings = {
  known_affected: 'affected',
  first_affected: 'affected',
  last_affected: 'affected',
  under_investigation: 'under-investigation',
  unknown: 'under-investigation',
  known_not_affected: 'not-affected',
  fixed: 'fixed',
  first_fixed: 'fixed',
} as const satisfies Partial<Record<keyof z.infer<typeof status>, VexStatement['status']>>;

interface Collected {
  readonly packages: Map<string, AffectedPackage & { intervals: Interval[] }>;
  readonly vex: VexStatement[];
  readonly notes: Set<string>;
}

/**
 * Reads a document. Products are matched by package URL, or by CPE where they have none; a vendor that names only what is fixed is
 * understood for packages of distributions. Throws BreakwaterError `csaf.*` with the place.
 */
export function readCsaf(source: string): AdvisoryDocument {
  const value = readJsonText(source, 'csaf', { mostCharacters: mostCsafCharacters });
  const { document, product_tree: tree, vulnerabilities = [] } = conform(csaf, value, { name: 'csaf' });
  const { tracking, publisher, distribution } = document;
  const products = resolveProducts(tree);
  const groups = new Map((tree?.product_groups ?? []).map((group) => [group.group_id, group.product_ids]));
  const collected: Collected = { packages: new Map(), vex: [], notes: new Set() };
  const names: string[] = [];
  for (const [i, one] of vulnerabilities.entries()) {
    const name = one.cve ?? one.ids?.[0]?.text ?? `${tracking.id}#${i + 1}`;
    names.push(name);
    collect(
      one,
      name,
      `/vulnerabilities/${i}`,
      { products, groups, at: instantOf(tracking.current_release_date) },
      collected,
    );
  }
  const isDraft = tracking.status === 'draft';
  return {
    format: 'csaf',
    id: tracking.id,
    publisher: publisher.namespace,
    revision: tracking.version,
    published: instantOf(tracking.initial_release_date),
    modified: instantOf(tracking.current_release_date),
    withdrawn: /^csaf_(?:withdrawn|superseded)$/.test(document.category)
      ? instantOf(tracking.current_release_date)
      : null,
    title: document.title.slice(0, 500),
    aliases: tracking.aliases ?? [],
    vulnerabilities: [...new Set(names)],
    severities: severitiesOf(vulnerabilities, document.aggregate_severity?.text),
    marking: { tlp: labelOf(distribution?.tlp?.label), text: distribution?.text ?? null },
    affected: [...collected.packages.values()],
    vex: collected.vex,
    notes: [...(isDraft ? ['the document is a draft'] : []), ...collected.notes].slice(0, 1000),
  };
}

interface Context {
  readonly products: ReadonlyMap<string, ResolvedProduct>;
  readonly groups: ReadonlyMap<string, readonly string[]>;
  readonly at: string | null;
}

function collect(
  one: Vulnerability,
  name: string,
  path: string,
  context: Context,
  { packages, vex, notes }: Collected,
): void {
  const affectedPackages = new Set<string>();
  const fixedLater: { product: ResolvedProduct; path: string }[] = [];
  for (const [word, meaning] of Object.entries(meanings)) {
    const listed = one.product_status?.[word as keyof typeof meanings] ?? [];
    for (const [k, id] of listed.entries()) {
      const at = `${path}/product_status/${word}/${k}`;
      const product = context.products.get(id);
      if (product === undefined) {
        notes.add(`${at} names a product that the document does not have`);
        continue;
      }
      if (product.packages.length === 0) notes.add(`${product.name}: no package URL or CPE, so it is not matched`);
      if (meaning !== 'affected') vex.push(statementOf(name, meaning, id, product, one, at, context));
      if (meaning === 'fixed') fixedLater.push({ product, path: at });
      if (meaning !== 'affected' && meaning !== 'under-investigation') continue;
      for (const each of product.packages) {
        affectedPackages.add(each.package.name);
        add(packages, each.package, extentOf(product, each, meaning, at), name);
      }
    }
  }
  for (const { product, path: at } of fixedLater) {
    for (const { package: named, version } of product.packages) {
      const isDistributed = named.type === 'rpm' || named.type === 'deb' || named.type === 'apk';
      if (version === null || !isDistributed || affectedPackages.has(named.name)) continue;
      add(
        packages,
        named,
        [{ rule: 'before-fixed', introduced: null, end: { kind: 'fixed', version }, path: at }],
        name,
      );
    }
  }
}

function add(
  packages: Collected['packages'],
  named: AffectedPackage['package'],
  intervals: readonly Interval[],
  vulnerability: string,
): void {
  const key = `${named.name}\0${named.distro ?? ''}`;
  const entry = packages.get(key) ?? { package: named, intervals: [] };
  entry.intervals.push(...intervals.map((interval) => ({ ...interval, vulnerability })));
  packages.set(key, entry);
}

/** Which versions a product stands for. */
function extentOf(
  { range, version: branchVersion }: ResolvedProduct,
  { package: named, version: own }: ResolvedProduct['packages'][number],
  meaning: 'affected' | 'under-investigation',
  path: string,
): Interval[] {
  const version = own ?? (range === null ? branchVersion : null);
  const intervals: Interval[] =
    version !== null
      ? [{ rule: 'version', introduced: version, end: null, path }]
      : range === null
        ? [{ rule: 'every-version', introduced: null, end: null, path }]
        : versIntervals(named.type, range, path);
  if (meaning === 'affected') return intervals;
  return intervals.map((interval) => ({
    ...interval,
    rule: 'under-investigation' as const,
    end: interval.rule === 'version' && version !== null ? { kind: 'last-affected' as const, version } : interval.end,
  }));
}

function statementOf(
  vulnerability: string,
  status: VexStatement['status'],
  id: string,
  { purl, cpe }: ResolvedProduct,
  one: Vulnerability,
  path: string,
  { groups, at }: Context,
): VexStatement {
  const isAbout = (part: { product_ids?: string[] | undefined; group_ids?: string[] | undefined }): boolean =>
    part.product_ids?.includes(id) === true ||
    part.group_ids?.some((group) => groups.get(group)?.includes(id)) === true;
  return {
    vulnerability,
    status,
    product: { purl, cpe, ref: null },
    justification: one.flags?.find(isAbout)?.label ?? null,
    statement:
      one.threats?.find((threat) => threat.category === 'impact' && isAbout(threat))?.details.slice(0, 2000) ?? null,
    at,
    path,
  };
}

function severitiesOf(vulnerabilities: readonly Vulnerability[], word: string | undefined): Severity[] {
  const contents = vulnerabilities.flatMap(({ scores = [], metrics = [] }) => [
    ...scores,
    ...metrics.map(({ content }) => content),
  ]);
  const vectors = contents.flatMap(({ cvss_v2, cvss_v3, cvss_v4 }) => [cvss_v4, cvss_v3, cvss_v2]);
  const severities = vectors.flatMap((one): Severity[] => {
    const vector = one?.vectorString;
    return vector === undefined ? [] : [{ kind: /^CVSS:\d\.\d/.exec(vector)?.[0] ?? 'CVSS:2.0', value: vector }];
  });
  const distinct = new Map(severities.map((severity) => [severity.value, severity]));
  return [
    ...distinct.values(),
    ...(word === undefined ? [] : [{ kind: 'word', value: word.toLowerCase().slice(0, 64) }]),
  ].slice(0, 50);
}

/** Labels of TLP 1 and 2 in the words of TLP 2. */
function labelOf(label: string | undefined): string | null {
  if (label === undefined) return null;
  return label === 'WHITE' ? 'CLEAR' : label;
}

function instantOf(time: string): string | null {
  const at = Date.parse(time);
  return Number.isNaN(at) ? null : new Date(at).toISOString();
}
