/** CycloneDX 1.4 to 1.7, JSON and XML (ECMA-424). */
import { z } from 'zod';
import { BreakwaterError } from '../../error.ts';
import { readJsonText } from '../../json.ts';
import { conform } from '../../shape.ts';
import { treeReader, type TagReader, type XmlElement } from '../../xml.ts';
import { distroOf } from '../distro.ts';
import { componentRecord, emptySnapshot, type InventorySnapshot, type NamedComponent } from '../snapshot.ts';
import { mostComponents, mostSbomCharacters, withUniqueRefs } from './limits.ts';

const text = z.string().max(8192);
const looseText = z.preprocess((value) => (typeof value === 'string' ? value : undefined), text.optional());

interface Component {
  type?: string | undefined;
  'bom-ref'?: string | undefined;
  group?: string | undefined;
  name: string;
  version?: string | undefined;
  versionRange?: string | undefined;
  isExternal?: boolean | undefined;
  purl?: string | undefined;
  cpe?: string | undefined;
  properties?: { name?: string | undefined; value?: string | undefined }[] | undefined;
  components?: Component[] | undefined;
}

const component: z.ZodType<Component> = z.lazy(() =>
  z.object({
    type: looseText,
    'bom-ref': looseText,
    group: looseText,
    name: text.min(1),
    version: looseText,
    versionRange: looseText,
    isExternal: z.boolean().optional(),
    purl: looseText,
    cpe: looseText,
    properties: z.array(z.object({ name: looseText, value: looseText })).optional(),
    components: z.array(component).optional(),
  }),
);

const versions = ['1.4', '1.5', '1.6', '1.7'] as const;
const bom = z.object({
  bomFormat: z.literal('CycloneDX'),
  specVersion: z.enum(versions),
  metadata: z.object({ component: component.optional() }).optional(),
  components: z.array(component).max(mostComponents).optional(),
});
type Bom = z.infer<typeof bom>;

/** Reads a CycloneDX document in JSON. Throws BreakwaterError `sbom.*` with the place. */
export function readCycloneDxJson(source: string): InventorySnapshot {
  const value = readJsonText(source, 'sbom', { mostCharacters: mostSbomCharacters });
  return snapshotOf('cyclonedx-json', conform(bom, value, { name: 'sbom' }));
}

/** Reads a CycloneDX document in XML; its last tag gives the snapshot. */
export function cycloneDxXmlReader(): TagReader<InventorySnapshot> {
  const tree = treeReader(['bom'], mostComponents * 40);
  return { ...tree, end: () => snapshotOf('cyclonedx-xml', conform(bom, bomOf(tree.end()), { name: 'sbom' })) };
}

const child = (element: XmlElement | undefined, name: string): XmlElement | undefined =>
  element?.children.find((one) => one.name === name);

function bomOf(root: XmlElement): unknown {
  const specVersion = /^http:\/\/cyclonedx\.org\/schema\/bom\/(\d+\.\d+)$/.exec(
    root.attributes['xmlns'] ?? namespaceOf(root),
  )?.[1];
  if (specVersion === undefined) {
    throw new BreakwaterError('sbom.wrong-format', 'the <bom> has no namespace of CycloneDX: export it again', '1:1');
  }
  const subject = child(child(root, 'metadata'), 'component');
  return {
    bomFormat: 'CycloneDX',
    specVersion,
    ...(subject === undefined ? {} : { metadata: { component: componentOf(subject) } }),
    components: child(root, 'components')?.children.map(componentOf) ?? [],
  };
}

function namespaceOf({ attributes }: XmlElement): string {
  return Object.entries(attributes).find(([name]) => name.startsWith('xmlns:'))?.[1] ?? '';
}

function componentOf(element: XmlElement): unknown {
  const own = (name: string): string | undefined => child(element, name)?.text;
  return {
    type: element.attributes['type'],
    'bom-ref': element.attributes['bom-ref'],
    isExternal: element.attributes['isExternal'] === 'true' || undefined,
    group: own('group'),
    name: own('name'),
    version: own('version'),
    versionRange: own('versionRange'),
    purl: own('purl'),
    cpe: own('cpe'),
    properties: child(element, 'properties')?.children.map(({ attributes, text: value }) => ({
      name: attributes['name'],
      value,
    })),
    components: child(element, 'components')?.children.map(componentOf),
  };
}

function snapshotOf(format: 'cyclonedx-json' | 'cyclonedx-xml', { metadata, components }: Bom): InventorySnapshot {
  const all = flattened([...(components ?? [])]);
  const subject = metadata?.component;
  const system = [...all, ...(subject === undefined ? [] : [subject])].find(({ type }) => type === 'operating-system');
  const distro = system === undefined ? null : distroOf(`${system.name}-${system.version ?? ''}`);
  const named = withUniqueRefs(all.map(namedOf));
  return {
    ...emptySnapshot,
    format,
    subject: subject?.name ?? null,
    distro,
    components: named.map((one) => componentRecord(one, distro)),
  };
}

/** Components within components are components. */
function flattened(components: readonly Component[]): Component[] {
  const all: Component[] = [];
  const pending = [...components].toReversed();
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    all.push(next);
    if (all.length > mostComponents) {
      throw new BreakwaterError(
        'sbom.too-large',
        `a document has at most ${mostComponents} components: divide it`,
        '/components',
      );
    }
    for (const inner of (next.components ?? []).toReversed()) pending.push(inner);
  }
  return all;
}

function namedOf(one: Component): NamedComponent {
  const property = (ending: string): string | null =>
    one.properties?.find(({ name }) => name?.endsWith(ending) === true)?.value ?? null;
  const source = property(':SrcName');
  const name = one.group === undefined || one.group === '' ? one.name : `${one.group}/${one.name}`;
  return {
    ref: one['bom-ref'] ?? one.purl ?? `${name}@${one.version ?? ''}`,
    name,
    version: one.version === undefined || one.version === '' ? null : one.version,
    purl: one.purl ?? null,
    cpe: one.cpe ?? null,
    ...(source === null ? {} : { source: { name: source, version: sourceVersion(property) } }),
    versionRange: one.versionRange ?? null,
  };
}

/** Trivy writes the parts of a source's version apart. */
function sourceVersion(property: (ending: string) => string | null): string | null {
  const version = property(':SrcVersion');
  if (version === null) return null;
  const epoch = property(':SrcEpoch');
  const release = property(':SrcRelease');
  return `${epoch === null ? '' : `${epoch}:`}${version}${release === null ? '' : `-${release}`}`;
}
