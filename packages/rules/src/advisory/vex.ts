/** VEX: what an author says of one vulnerability in one product, in OpenVEX and CycloneDX. That of CSAF comes with its document. */
import { z } from 'zod';
import { BreakwaterError } from '../error.ts';
import { readJsonText } from '../json.ts';
import { conform } from '../shape.ts';
import {
  compareKeys,
  cpeProduct,
  keyOrNull,
  orderOfType,
  packageOf,
  parsePurl,
  parseVers,
  versContains,
  versionOf,
  type ComponentIdentity,
} from '#inventory';
import type { VexStatement } from './advisory.ts';

const mostCharacters = 64 * 1024 * 1024;
const text = z.string().max(100_000);
const statuses = {
  not_affected: 'not-affected',
  affected: 'affected',
  fixed: 'fixed',
  under_investigation: 'under-investigation',
} as const;

/** A document with its statements. */
export interface VexDocument {
  readonly format: 'openvex' | 'cyclonedx-vex';
  readonly author: string;
  readonly statements: readonly VexStatement[];
}

const openVexProduct = z.looseObject({
  '@id': text.optional(),
  identifiers: z.looseObject({ purl: text.optional(), cpe23: text.optional(), cpe22: text.optional() }).optional(),
  subcomponents: z
    .array(z.looseObject({ '@id': text.optional(), identifiers: z.looseObject({ purl: text.optional() }).optional() }))
    .optional(),
});
const openVex = z.object({
  '@context': z.string().regex(/^https:\/\/openvex\.dev\/ns/),
  author: text,
  timestamp: text,
  statements: z
    .array(
      z.object({
        vulnerability: z.union([text, z.looseObject({ name: text })]),
        products: z.array(z.union([text, openVexProduct])).max(100_000),
        status: z.enum(['not_affected', 'affected', 'fixed', 'under_investigation']),
        justification: text.optional(),
        impact_statement: text.optional(),
        action_statement: text.optional(),
        timestamp: text.optional(),
      }),
    )
    .max(100_000),
});

/** Reads OpenVEX 0.2. Throws BreakwaterError `vex.*` with the place. */
export function readOpenVex(source: string): VexDocument {
  const document = conform(openVex, readJsonText(source, 'vex', { mostCharacters }), { name: 'vex' });
  const statements = document.statements.flatMap((one, i) => {
    const vulnerability = typeof one.vulnerability === 'string' ? one.vulnerability : one.vulnerability.name;
    return one.products.flatMap((product, k): VexStatement[] => {
      const named = typeof product === 'string' ? { '@id': product } : product;
      // With subcomponents the word is about them inside the product: that holds for no other product.
      const parts = named.subcomponents ?? [];
      const subjects = parts.length === 0 ? [named] : parts;
      return subjects.map((subject) => {
        const { purl, cpe23, cpe22 } = (subject.identifiers ?? {}) as { purl?: string; cpe23?: string; cpe22?: string };
        const id = subject['@id'] ?? null;
        return {
          vulnerability,
          status: statuses[one.status],
          product: {
            purl: purl ?? (id?.startsWith('pkg:') === true ? id : null),
            cpe: cpe23 ?? cpe22 ?? null,
            ref: parts.length === 0 ? id : (named['@id'] ?? null),
          },
          justification: one.justification ?? null,
          statement: one.impact_statement ?? one.action_statement ?? null,
          at: instantOf(one.timestamp ?? document.timestamp),
          path: `/statements/${i}/products/${k}`,
        };
      });
    });
  });
  return { format: 'openvex', author: document.author, statements };
}

/** States of CycloneDX; `exploitable` is affected, and a false positive is not. */
const cycloneDxStates: Readonly<Record<string, VexStatement['status']>> = {
  resolved: 'fixed',
  resolved_with_pedigree: 'fixed',
  exploitable: 'affected',
  in_triage: 'under-investigation',
  false_positive: 'not-affected',
  not_affected: 'not-affected',
};
const cycloneDx = z.object({
  bomFormat: z.literal('CycloneDX'),
  specVersion: z.string().regex(/^1\.[4-7]$/),
  metadata: z
    .looseObject({ timestamp: text.optional(), component: z.looseObject({ name: text.optional() }).optional() })
    .optional(),
  components: z
    .array(z.looseObject({ 'bom-ref': text.optional(), purl: text.optional(), cpe: text.optional() }))
    .optional(),
  vulnerabilities: z
    .array(
      z.looseObject({
        id: text,
        updated: text.optional(),
        analysis: z
          .looseObject({
            state: text.optional(),
            justification: text.optional(),
            detail: text.optional(),
            lastUpdated: text.optional(),
          })
          .optional(),
        affects: z
          .array(
            z.looseObject({
              ref: text,
              versions: z
                .array(z.looseObject({ version: text.optional(), range: text.optional(), status: text.optional() }))
                .optional(),
            }),
          )
          .optional(),
      }),
    )
    .max(100_000),
});

/** Reads the vulnerabilities of a CycloneDX document as VEX. Throws BreakwaterError `vex.*` with the place. */
export function readCycloneDxVex(source: string): VexDocument {
  const document = conform(cycloneDx, readJsonText(source, 'vex', { mostCharacters }), { name: 'vex' });
  const byRef = new Map((document.components ?? []).map((one) => [one['bom-ref'], one]));
  const statements = document.vulnerabilities.flatMap(({ id, analysis, affects, updated }, i): VexStatement[] => {
    const status = cycloneDxStates[analysis?.state ?? ''];
    if (status === undefined) return [];
    return (affects ?? []).flatMap(({ ref, versions }, k): VexStatement[] => {
      const component = byRef.get(ref);
      const purl = component?.purl ?? (ref.startsWith('pkg:') ? ref : null);
      const about = {
        vulnerability: id,
        justification: analysis?.justification ?? null,
        statement: analysis?.detail ?? null,
        at: instantOf(analysis?.lastUpdated ?? updated ?? document.metadata?.timestamp),
        path: `/vulnerabilities/${i}/affects/${k}`,
      };
      const whole: VexStatement = { ...about, status, product: { purl, cpe: component?.cpe ?? null, ref } };
      if (versions === undefined || versions.length === 0 || purl === null) return [whole];
      return versions.map(({ version, range, status: word }): VexStatement => ({
        ...about,
        status: word === 'unaffected' ? 'not-affected' : word === 'unknown' ? 'under-investigation' : status,
        product: { purl: withExtent(purl, version, range), cpe: null, ref },
      }));
    });
  });
  return { format: 'cyclonedx-vex', author: document.metadata?.component?.name ?? 'unknown', statements };
}

/** A package URL whose version is `version`, or whose qualifier `vers` is the range. */
function withExtent(purl: string, version: string | undefined, range: string | undefined): string {
  const [, base = purl] = /^([^@?#]+(?:@[^/?#]*\/[^@?#]*)?)/.exec(purl) ?? [];
  if (version !== undefined) return `${base}@${encodeURIComponent(version)}`;
  return range === undefined ? purl : `${base}?vers=${encodeURIComponent(range)}`;
}

/** Reads VEX in any format but CSAF. Throws BreakwaterError `vex.*`. */
export function readVex(source: string): VexDocument {
  if (/"@context"\s*:\s*"https:\/\/openvex\.dev/.test(source)) return readOpenVex(source);
  if (/"bomFormat"\s*:\s*"CycloneDX"/.test(source)) return readCycloneDxVex(source);
  throw new BreakwaterError(
    'vex.format',
    'the file is no VEX in OpenVEX or CycloneDX; that of CSAF is imported as an advisory',
    '1:1',
  );
}

/**
 * True when a statement is about this version of a package. A product without a version is about every version; one in another
 * release of the distribution is about none.
 */
export function isAbout({ product }: Pick<VexStatement, 'product'>, component: ComponentIdentity): boolean {
  if (product.purl !== null) {
    try {
      const purl = parsePurl(product.purl);
      const named = packageOf(purl);
      if (named.name !== component.name) return false;
      if (named.distro !== null && named.distro !== component.distro) return false;
      const range = purl.qualifiers?.['vers'];
      if (range !== undefined) return versContains(parseVers(range), component.version);
      return isSameVersion(component, versionOf(purl));
    } catch {
      return false;
    }
  }
  const byCpe = product.cpe === null ? null : cpeProduct(product.cpe);
  return byCpe !== null && byCpe.name === component.name && isSameVersion(component, byCpe.version);
}

function isSameVersion({ type, version }: ComponentIdentity, stated: string | null): boolean {
  if (stated === null || stated === version) return true;
  if (orderOfType(type) === null) return false;
  const [a, b] = [keyOrNull(type, version), keyOrNull(type, stated)];
  return a !== null && b !== null && compareKeys(a, b) === 0;
}

/**
 * The word that stands of a vulnerability in a version: the latest one; of two at the same time the one that says more trouble. Null
 * when nobody says anything.
 */
export function standingStatement(
  statements: readonly VexStatement[],
  component: ComponentIdentity,
  names: readonly string[],
): VexStatement | null {
  const trouble = ['not-affected', 'fixed', 'under-investigation', 'affected'];
  const about = statements.filter((one) => names.includes(one.vulnerability) && isAbout(one, component));
  return (
    about.toSorted(
      (a, b) =>
        Date.parse(b.at ?? '1970-01-01') - Date.parse(a.at ?? '1970-01-01') ||
        trouble.indexOf(b.status) - trouble.indexOf(a.status),
    )[0] ?? null
  );
}

function instantOf(time: string | undefined): string | null {
  const at = time === undefined ? NaN : Date.parse(time);
  return Number.isNaN(at) ? null : new Date(at).toISOString();
}
