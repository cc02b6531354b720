import { BreakwaterError } from '../error.ts';
import type { InventoryFormat } from './snapshot.ts';

/** How far into a text its format is looked for, characters. */
const head = 64 * 1024;

/** Signs of formats, in the order in which they are looked for. */
const signs: readonly (readonly [format: InventoryFormat, sign: RegExp])[] = [
  ['cyclonedx-json', /^\s*\{[^]*"bomFormat"\s*:\s*"CycloneDX"/],
  ['cyclonedx-xml', /<(?:\w+:)?bom\b[^>]*cyclonedx\.org/],
  ['spdx3-json', /^\s*\{[^]*"https:\/\/spdx\.org\/rdf\/3\./],
  ['spdx-json', /^\s*\{[^]*"spdxVersion"\s*:/],
  ['spdx-tag-value', /^SPDXVersion:/m],
  ['nmap', /<nmaprun\b/],
  ['collected', /"schema"\s*:\s*"breakwater\.collected\/1"/],
  ['inventory', /breakwater\.inventory\/1/],
  ['apk', /^P:\S+\r?\n|^C:Q1/m],
  ['dpkg', /^Desired=|^ii\s+\S+|^[^\t\n]+\t[^\t\n]+\t[a-z0-9]+\t[^\t\n]*\t[^\t\n]*\tinstalled$/m],
  [
    'rpm',
    /^[^\t\n]+\t(?:\d+|\(none\))\t[^\t\n]+\t[^\t\n]+\t[a-z0-9_]+\t|^\S+-[^-\s]+-[^-\s]+\.(?:x86_64|noarch|aarch64|i686)$/m,
  ],
];

/** The format of a text by how it begins. Throws BreakwaterError `inventory.format` when it is not known. */
export function sniffFormat(text: string): InventoryFormat {
  const begin = text.slice(0, head).replace(/^\uFEFF/, '');
  const found = signs.find(([, sign]) => sign.test(begin));
  if (found !== undefined) return found[0];
  throw new BreakwaterError('inventory.format', 'the format of the file is not recognised: name it with format', '1:1');
}
