/** What one source says that there is: the form that every importer gives and that is compared with what is kept. */
import { z } from 'zod';
import { identitiesOf, type ComponentIdentity } from './identity.ts';
import { parsePurl } from './purl.ts';

/** Formats that an inventory is imported from. */
export const inventoryFormats = [
  'cyclonedx-json',
  'cyclonedx-xml',
  'spdx-json',
  'spdx-tag-value',
  'spdx3-json',
  'nmap',
  'dpkg',
  'rpm',
  'apk',
  'collected',
  'cmdb-csv',
  'inventory',
] as const;
export type InventoryFormat = (typeof inventoryFormats)[number];

const id = z
  .string()
  .regex(/^[\p{L}\p{N}][\p{L}\p{N}._:@/-]{0,127}$/u, 'letters, digits and . _ : @ / - , at most 128');
const shortText = z.string().min(1).max(500);
const address = z.string().regex(/^[0-9A-Fa-f.:%a-z]{2,64}$|^[A-Za-z0-9.-]{1,253}$/, 'an address or a host name');

export const grades = ['critical', 'high', 'medium', 'low'] as const;
export type Grade = (typeof grades)[number];

/** A service as customers know it. */
export const serviceRecord = z.strictObject({
  id,
  name: shortText.nullable().default(null),
  owner: shortText.nullable().default(null).describe('Team or pseudonym, never a name of a person.'),
  criticality: z.enum(grades).nullable().default(null),
  subscribers: z.int().min(0).nullable().default(null),
});
export type ServiceRecord = z.infer<typeof serviceRecord>;

/** A part of a service that can be isolated or patched by itself. */
export const moduleRecord = z.strictObject({
  id,
  service: id,
  name: shortText.nullable().default(null),
  owner: shortText.nullable().default(null),
});
export type ModuleRecord = z.infer<typeof moduleRecord>;

export const assetRecord = z.strictObject({
  id,
  name: shortText.nullable().default(null),
  kind: shortText.nullable().default(null).describe('server, vm, container, network, appliance, …'),
  addresses: z.array(address).max(1000).default([]),
  zone: shortText.nullable().default(null),
  owner: shortText.nullable().default(null).describe('Team or pseudonym, never a name of a person.'),
  criticality: z.enum(grades).nullable().default(null),
  dataClass: shortText.nullable().default(null),
  internetFacing: z.boolean().nullable().default(null),
  endOfLife: z.iso.date().nullable().default(null),
  modules: z.array(id).max(1000).default([]).describe('What runs on it.'),
});
export type AssetRecord = z.infer<typeof assetRecord>;

export interface ListenerRecord {
  readonly address: string;
  readonly protocol: 'tcp' | 'udp' | 'sctp';
  readonly port: number;
  /** What answers, as far as the source could tell. */
  readonly service: string | null;
  readonly product: string | null;
  readonly version: string | null;
  /** The asset that it is on; null = the one that the import is about. */
  readonly asset: string | null;
}

/** Why a component cannot be matched. */
export const unmatchedReasons = ['no-version', 'no-name', 'external-range', 'unreadable-name'] as const;
export type UnmatchedReason = (typeof unmatchedReasons)[number];

export interface ComponentRecord {
  /** What its source calls it; once in a snapshot. */
  readonly ref: string;
  readonly name: string;
  readonly version: string | null;
  readonly identities: readonly { readonly role: 'itself' | 'source' | 'cpe'; readonly identity: ComponentIdentity }[];
  /** Present exactly when it has no identity. */
  readonly why: UnmatchedReason | null;
}

export interface InventorySnapshot {
  readonly format: InventoryFormat;
  /** What the document is about, in its own words. */
  readonly subject: string | null;
  /** Release of the distribution that its components stand in. */
  readonly distro: string | null;
  readonly components: readonly ComponentRecord[];
  readonly services: readonly ServiceRecord[];
  readonly modules: readonly ModuleRecord[];
  readonly assets: readonly AssetRecord[];
  readonly listeners: readonly ListenerRecord[];
  /** What was passed over, for people. */
  readonly notes: readonly string[];
}

export const emptySnapshot: Omit<InventorySnapshot, 'format'> = {
  subject: null,
  distro: null,
  components: [],
  services: [],
  modules: [],
  assets: [],
  listeners: [],
  notes: [],
};

/** A component as a bill of materials names it. */
export interface NamedComponent {
  readonly ref: string;
  readonly name: string;
  readonly version: string | null;
  readonly purl: string | null;
  readonly cpe: string | null;
  /** Source package of a distribution, where the document tells it apart from the package URL. */
  readonly source?: { readonly name: string; readonly version: string | null } | undefined;
  /** It is not delivered with the subject, only asked for by a range (CycloneDX 1.7). */
  readonly versionRange?: string | null | undefined;
}

/** A component with the identities by which it is matched. */
export function componentRecord(named: NamedComponent, distro: string | null): ComponentRecord {
  const { ref, name, version } = named;
  const range = named.versionRange ?? null;
  if (range !== null) {
    return { ref, name, version: range, identities: [], why: 'external-range' };
  }
  const identities: { role: 'itself' | 'source' | 'cpe'; identity: ComponentIdentity }[] = [];
  let why: UnmatchedReason = 'no-name';
  if (named.purl !== null) {
    try {
      const given = parsePurl(named.purl);
      const source = named.source;
      const purl = {
        ...given,
        version: given.version ?? version,
        qualifiers:
          source === undefined
            ? given.qualifiers
            : {
                ...given.qualifiers,
                upstream: source.version === null ? source.name : `${source.name}@${source.version}`,
              },
      };
      const [own, origin] = identitiesOf(purl, distro);
      if (own !== undefined) identities.push({ role: 'itself', identity: own });
      if (origin !== undefined) identities.push({ role: 'source', identity: origin });
      why = 'no-version';
    } catch {
      why = 'unreadable-name';
    }
  }
  const byCpe = named.cpe === null ? null : cpeIdentity(named.cpe, version);
  if (byCpe !== null) identities.push({ role: 'cpe', identity: byCpe });
  return { ref, name, version, identities, why: identities.length === 0 ? why : null };
}

/**
 * The identity that a CPE 2.3 or 2.2 name gives: `cpe/a:vendor:product` and its version. Null when it names no product, or neither
 * it nor the component has a version.
 */
export function cpeIdentity(cpe: string, version: string | null): ComponentIdentity | null {
  const product = cpeProduct(cpe);
  const own = product?.version ?? version;
  return product === null || own === null ? null : { type: 'cpe', name: product.name, distro: null, version: own };
}

/** Product and version of a CPE name; version null when it stands for all. */
export function cpeProduct(cpe: string): { name: string; version: string | null } | null {
  const parts = cpe.startsWith('cpe:2.3:')
    ? cpe.slice('cpe:2.3:'.length).split(/(?<!\\):/)
    : cpe.startsWith('cpe:/')
      ? cpe.slice('cpe:/'.length).split(':').map(decoded)
      : [];
  const [part, vendor, product, version = '*', update = '*'] = parts.map((text) => text.replaceAll('\\', ''));
  if (part === undefined || vendor === undefined || product === undefined || vendor === '*' || product === '*')
    return null;
  const any = (text: string): boolean => text === '*' || text === '-' || text === '';
  return {
    name: `cpe/${part}:${vendor}:${product}`.toLowerCase(),
    version: any(version) ? null : any(update) ? version : `${version}-${update}`,
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
