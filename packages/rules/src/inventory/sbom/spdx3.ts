/** SPDX 3.0.1 in its JSON-LD form with the published context (spdx.github.io/spdx-spec/v3.0.1): read by its fixed names. */
import { z } from 'zod';
import { BreakwaterError } from '../../error.ts';
import { readJsonText } from '../../json.ts';
import { conform } from '../../shape.ts';
import type { InventorySnapshot } from '../snapshot.ts';
import { mostComponents, mostSbomCharacters } from './limits.ts';
import { spdxSnapshot } from './spdx.ts';

const text = z.string().max(8192);
const context = /^https:\/\/spdx\.org\/rdf\/3\.0(?:\.\d+)?\/spdx-context\.jsonld$/;
const identifier = z.looseObject({ externalIdentifierType: text.optional(), identifier: text.optional() });
const element = z.looseObject({
  type: text.optional(),
  '@type': text.optional(),
  spdxId: text.optional(),
  '@id': text.optional(),
  name: text.optional(),
  software_packageVersion: text.optional(),
  software_packageUrl: text.optional(),
  software_primaryPurpose: text.optional(),
  externalIdentifier: z.array(identifier).max(1000).optional(),
});
type Element = z.infer<typeof element>;
const document = z.object({
  '@context': z.union([text, z.array(z.unknown())]),
  '@graph': z.array(element).max(mostComponents * 10),
});

/** Reads an SPDX 3.0 document. Throws BreakwaterError `sbom.*` with the place. */
export function readSpdx3(source: string): InventorySnapshot {
  const value = conform(document, readJsonText(source, 'sbom', { mostCharacters: mostSbomCharacters }), {
    name: 'sbom',
  });
  const contexts = [value['@context']].flat();
  if (!contexts.some((one) => typeof one === 'string' && context.test(one))) {
    throw new BreakwaterError(
      'sbom.wrong-format',
      'the @context is not https://spdx.org/rdf/3.0.1/spdx-context.jsonld: other contexts are not followed',
      '/@context',
    );
  }
  const elements = value['@graph'];
  const packages = elements.filter((one) => typeOf(one) === 'software_Package');
  if (packages.length > mostComponents) {
    throw new BreakwaterError(
      'sbom.too-large',
      `a document has at most ${mostComponents} packages: divide it`,
      '/@graph',
    );
  }
  const subject = elements.find((one) => typeOf(one) === 'SpdxDocument' || typeOf(one) === 'software_Sbom')?.name;
  return spdxSnapshot('spdx3-json', subject ?? null, packages.map(namedOf));
}

const typeOf = (one: Element): string | undefined => one.type ?? one['@type'];

function namedOf(one: Element, at: number) {
  const external = (...types: string[]): string | null =>
    one.externalIdentifier?.find(({ externalIdentifierType: type }) => type !== undefined && types.includes(type))
      ?.identifier ?? null;
  return {
    ref: one.spdxId ?? one['@id'] ?? `element ${at}`,
    name: one.name ?? '',
    version: one.software_packageVersion ?? null,
    purl: one.software_packageUrl ?? external('packageUrl', 'purl'),
    cpe: external('cpe23', 'cpe22'),
    purpose: one.software_primaryPurpose ?? null,
  };
}
