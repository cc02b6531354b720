import { createHash } from 'node:crypto';
import { BreakwaterError } from '@breakwater/rules';
import {
  cycloneDxXmlReader,
  distroOf,
  nmapInventoryReader,
  readCmdb,
  readCollected,
  readCycloneDxJson,
  readInventory,
  readListing,
  readSpdx3,
  readSpdxJson,
  readSpdxTagValue,
  sniffFormat,
  type CmdbMapping,
  type InventoryFormat,
  type InventorySnapshot,
} from '@breakwater/rules/inventory';
import iconv from 'iconv-lite';
import { inPieces, readXml } from '#platform/xml';

/** Largest file that is read, bytes. */
export const mostInventoryBytes = 128 * 1024 * 1024;

export interface ReadOptions {
  /** null = by how the file begins. */
  readonly format: InventoryFormat | null;
  /** Release of the machine, for lists of packages that do not state one. */
  readonly distro: string | null;
  /** For a table of a CMDB. */
  readonly mapping: CmdbMapping | null;
  /** The asset that is known under an address. */
  readonly assetOf: (address: string) => string | null;
}

/** A file that was read, and the digest by which evidence names it. */
export interface ReadFile {
  readonly snapshot: InventorySnapshot;
  readonly digest: string;
}

/** Reads a file, all of it or nothing. Throws BreakwaterError with `path` = `line:column`, or the JSON Pointer of a part. */
export async function readInventoryFile(bytes: Uint8Array, options: ReadOptions): Promise<ReadFile> {
  if (bytes.length > mostInventoryBytes) {
    throw new BreakwaterError(
      'inventory.too-large',
      `a file has at most ${mostInventoryBytes} bytes: divide it`,
      '1:1',
    );
  }
  const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
  const format = options.format ?? sniffFormat(Buffer.from(bytes.subarray(0, 64 * 1024)).toString('latin1'));
  return { snapshot: await readAs(format, bytes, options), digest };
}

async function readAs(format: InventoryFormat, bytes: Uint8Array, options: ReadOptions): Promise<InventorySnapshot> {
  const text = (): string => textOf(bytes);
  switch (format) {
    case 'cyclonedx-json':
      return readCycloneDxJson(text());
    case 'cyclonedx-xml':
      return readXml(inPieces(bytes), cycloneDxXmlReader(), mostInventoryBytes);
    case 'spdx-json':
      return readSpdxJson(text());
    case 'spdx-tag-value':
      return readSpdxTagValue(text());
    case 'spdx3-json':
      return readSpdx3(text());
    case 'nmap':
      return readXml(inPieces(bytes), nmapInventoryReader(options.assetOf), mostInventoryBytes);
    case 'dpkg':
    case 'rpm':
    case 'apk':
      return readListing(format, text(), distroGiven(options.distro));
    case 'collected':
      return readCollected(text());
    case 'cmdb-csv':
      return readTable(bytes, options.mapping);
    case 'inventory':
      return readInventory(text());
  }
}

function distroGiven(given: string | null): string | null {
  const distro = given === null ? null : distroOf(given);
  if (given !== null && distro === null) {
    throw new BreakwaterError(
      'inventory.distro',
      `${JSON.stringify(given)} is no release that is known: write it as debian-12`,
      'distro',
    );
  }
  return distro;
}

function readTable(bytes: Uint8Array, mapping: CmdbMapping | null): InventorySnapshot {
  if (mapping === null) {
    throw new BreakwaterError('cmdb.mapping', 'a table needs a mapping that says which column means what', 'mapping');
  }
  if (mapping.charset === 'utf-8') return readCmdb(textOf(bytes), mapping);
  const text = iconv.decode(Buffer.from(bytes), 'cp949');
  const bad = text.indexOf('\uFFFD');
  if (bad >= 0) {
    const line = text.slice(0, bad).split('\n').length;
    throw new BreakwaterError(
      'cmdb.encoding',
      `line ${line} is not ${mapping.charset}: correct the charset of the mapping`,
      `${line}:1`,
    );
  }
  return readCmdb(text, mapping);
}

function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new BreakwaterError('inventory.encoding', 'the file is not UTF-8: save it as UTF-8', '1:1');
  }
}
