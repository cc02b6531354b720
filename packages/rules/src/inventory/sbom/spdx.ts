/** SPDX 2.2 and 2.3, JSON and tag-value (ISO/IEC 5962). */
import { z } from 'zod';
import { BreakwaterError } from '../../error.ts';
import { readJsonText } from '../../json.ts';
import { conform } from '../../shape.ts';
import { distroOf } from '../distro.ts';
import {
  componentRecord,
  emptySnapshot,
  type InventoryFormat,
  type InventorySnapshot,
  type NamedComponent,
} from '../snapshot.ts';
import { mostComponents, mostSbomCharacters, withUniqueRefs } from './limits.ts';

const text = z.string().max(8192);
const spdxPackage = z.object({
  SPDXID: text.min(1),
  name: text.min(1),
  versionInfo: text.optional(),
  primaryPackagePurpose: text.optional(),
  externalRefs: z
    .array(z.object({ referenceType: text, referenceLocator: text }))
    .max(1000)
    .optional(),
});
type SpdxPackage = z.infer<typeof spdxPackage>;
const spdx = z.object({
  spdxVersion: z.enum(['SPDX-2.2', 'SPDX-2.3']),
  name: text.optional(),
  packages: z.array(spdxPackage).max(mostComponents).optional(),
});

/** Reads an SPDX 2 document in JSON. Throws BreakwaterError `sbom.*` with the place. */
export function readSpdxJson(source: string): InventorySnapshot {
  const { name, packages } = conform(spdx, readJsonText(source, 'sbom', { mostCharacters: mostSbomCharacters }), {
    name: 'sbom',
  });
  return spdxSnapshot('spdx-json', name ?? null, (packages ?? []).map(namedOf));
}

/** The snapshot of an SPDX document of any version, from its packages. */
export function spdxSnapshot(
  format: InventoryFormat,
  subject: string | null,
  packages: readonly (NamedComponent & { readonly purpose: string | null })[],
): InventorySnapshot {
  const system = packages.find(({ purpose }) => purpose?.toLowerCase().replaceAll(/[^a-z]/g, '') === 'operatingsystem');
  const distro = system === undefined ? null : distroOf(`${system.name}-${system.version ?? ''}`);
  const components = withUniqueRefs(packages).map((one) => componentRecord(one, distro));
  return { ...emptySnapshot, format, subject, distro, components };
}

function namedOf({ SPDXID: ref, name, versionInfo, primaryPackagePurpose, externalRefs }: SpdxPackage) {
  const locator = (...types: string[]): string | null =>
    externalRefs?.find(({ referenceType }) => types.includes(referenceType.replace(/^.*[/#]/, '')))?.referenceLocator ??
    null;
  return {
    ref,
    name,
    version: stated(versionInfo),
    purl: locator('purl'),
    cpe: locator('cpe23Type', 'cpe22Type'),
    purpose: primaryPackagePurpose ?? null,
  };
}

/** SPDX writes two words for no value. */
function stated(value: string | undefined): string | null {
  return value === undefined || value === '' || value === 'NOASSERTION' || value === 'NONE' ? null : value;
}

/** Reads an SPDX 2 document in tag-value form. Throws BreakwaterError `sbom.*` with `path` = line. */
export function readSpdxTagValue(source: string): InventorySnapshot {
  if (source.length > mostSbomCharacters) {
    throw new BreakwaterError(
      'sbom.too-large',
      `a document has at most ${mostSbomCharacters} characters: divide it`,
      '1:1',
    );
  }
  const packages: SpdxPackage[] = [];
  let subject: string | null = null;
  let version: string | null = null;
  let current: (SpdxPackage & { externalRefs: NonNullable<SpdxPackage['externalRefs']> }) | null = null;
  for (const { tag, value, line } of tagsOf(source)) {
    if (tag === 'SPDXVersion') version = value;
    else if (tag === 'DocumentName') subject = value;
    else if (tag === 'PackageName') {
      current = { SPDXID: `line ${line}`, name: value, externalRefs: [] };
      packages.push(current);
      if (packages.length > mostComponents) {
        throw new BreakwaterError(
          'sbom.too-large',
          `a document has at most ${mostComponents} packages: divide it`,
          `${line}:1`,
        );
      }
    } else if (tag === 'FileName' || tag === 'SnippetSPDXID') current = null;
    else if (current === null) continue;
    else if (tag === 'SPDXID') current.SPDXID = value;
    else if (tag === 'PackageVersion') current.versionInfo = value;
    else if (tag === 'PrimaryPackagePurpose') current.primaryPackagePurpose = value;
    else if (tag === 'ExternalRef') {
      const [, referenceType, referenceLocator] = value.split(/\s+/);
      if (referenceType === undefined || referenceLocator === undefined) {
        throw new BreakwaterError('sbom.invalid', 'an ExternalRef has a category, a type and a locator', `${line}:1`);
      }
      current.externalRefs.push({ referenceType, referenceLocator });
    }
  }
  if (version !== 'SPDX-2.2' && version !== 'SPDX-2.3') {
    throw new BreakwaterError('sbom.wrong-format', 'the document has no SPDXVersion: SPDX-2.3 (or 2.2)', '1:1');
  }
  return spdxSnapshot(
    'spdx-tag-value',
    subject,
    packages.map((one) => namedOf(conform(spdxPackage, one, { name: 'sbom' }))),
  );
}

/** `Tag: value`, where a value in <text> may go over several lines. */
function* tagsOf(source: string): Generator<{ tag: string; value: string; line: number }> {
  const lines = source.replace(/^\uFEFF/, '').split(/\r?\n/);
  for (let at = 0; at < lines.length; at += 1) {
    const [, tag, first = ''] = /^([A-Za-z][A-Za-z0-9]*):\s*(.*)$/.exec(lines[at] ?? '') ?? [];
    if (tag === undefined) continue;
    const line = at + 1;
    let value = first;
    if (value.startsWith('<text>')) {
      while (!value.includes('</text>')) {
        at += 1;
        if (at >= lines.length) throw new BreakwaterError('sbom.syntax', 'a <text> is not closed', `${line}:1`);
        value += `\n${lines[at]}`;
      }
      value = value.replace(/^<text>/, '').replace(/<\/text>[^]*$/, '');
    }
    yield { tag, value: value.trim(), line };
  }
}
