import { createHash } from 'node:crypto';
import { BreakwaterError } from '@breakwater/rules';
import {
  mostCsafCharacters,
  readCsaf,
  readCve,
  readOsv,
  type AdvisoryDocument,
  type AdvisoryFormat,
} from '@breakwater/rules/advisory';
import { checkCsaf, type CsafFault } from './csaf-check.ts';

/** Largest advisory that is read, bytes. */
export const mostAdvisoryBytes = mostCsafCharacters;

/** Signs of formats, by how a document begins. */
const signs: readonly (readonly [format: AdvisoryFormat, sign: RegExp])[] = [
  ['csaf', /"csaf_version"\s*:/],
  ['cve', /"dataType"\s*:\s*"CVE_RECORD"/],
  ['osv', /"(?:schema_version|affected|modified)"\s*:/],
];

export interface ReadAdvisory {
  readonly document: AdvisoryDocument;
  /** Mandatory rules of its format that it breaks. */
  readonly faults: readonly CsafFault[];
  /** `sha256:` of the bytes. */
  readonly digest: string;
}

/** Reads an advisory, all of it or nothing; its format by its content. Throws BreakwaterError with the place. */
export async function readAdvisory(bytes: Uint8Array): Promise<ReadAdvisory> {
  if (bytes.length > mostAdvisoryBytes) {
    throw new BreakwaterError('advisory.too-large', `an advisory has at most ${mostAdvisoryBytes} bytes`, '1:1');
  }
  const text = textOf(bytes);
  const format = signs.find(([, sign]) => sign.test(text))?.[0];
  if (format === undefined) {
    throw new BreakwaterError('advisory.format', 'the file is no advisory in CSAF, OSV or CVE JSON', '1:1');
  }
  const document = format === 'csaf' ? readCsaf(text) : format === 'cve' ? readCve(text) : readOsv(text);
  const faults = format === 'csaf' ? await checkCsaf(JSON.parse(text)) : [];
  const told = faults.map(({ test, path, message }) => `CSAF ${test} ${path}: ${message}`);
  return {
    document: { ...document, notes: [...told, ...document.notes].slice(0, 1000) },
    faults,
    digest: `sha256:${createHash('sha256').update(bytes).digest('hex')}`,
  };
}

function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new BreakwaterError('advisory.encoding', 'the file is not UTF-8: save it as UTF-8', '1:1');
  }
}
