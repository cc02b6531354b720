import { createHash } from 'node:crypto';
import { BreakwaterError } from '@breakwater/rules';
import {
  importNuclei,
  importSarif,
  importTester,
  nmapReader,
  openvasReader,
  type ImportedFindings,
  type ImportOptions,
} from '@breakwater/rules/containment';
import { inPieces, readXml } from '#platform/xml';

/** Formats that findings are read from. `tester`: the event lines of a caged tester. */
export const findingFormats = ['nmap', 'nuclei', 'openvas', 'sarif', 'tester'] as const;
export type FindingFormat = (typeof findingFormats)[number];

/** Largest file that is read, bytes. */
export const mostFindingBytes = 64 * 1024 * 1024;

type Read = (bytes: Uint8Array, options: ImportOptions) => ImportedFindings | Promise<ImportedFindings>;

const readers: Readonly<Record<FindingFormat, Read>> = {
  nmap: (bytes, options) => readXml(inPieces(bytes), nmapReader(options), mostFindingBytes),
  openvas: (bytes, options) => readXml(inPieces(bytes), openvasReader(options), mostFindingBytes),
  nuclei: (bytes, options) => importNuclei(textOf(bytes), options),
  sarif: (bytes, options) => importSarif(textOf(bytes), options),
  tester: (bytes) => importTester(textOf(bytes)),
};

/** Findings of a file, and the digest by which evidence names it. */
export interface FindingFile extends ImportedFindings {
  readonly digest: string;
}

/**
 * Reads the findings of a tool's file, all of them or none. Throws BreakwaterError with `path` = `line:column`, or the JSON
 * Pointer of a result.
 */
export async function readFindings(
  bytes: Uint8Array,
  format: FindingFormat,
  options: { seenAt: string; asset?: string },
): Promise<FindingFile> {
  if (bytes.length > mostFindingBytes) {
    throw new BreakwaterError('import.too-large', `a file has at most ${mostFindingBytes} bytes: divide it`, '1:1');
  }
  const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
  const read = await readers[format](bytes, { ...options, evidence: digest });
  return { ...read, digest };
}

function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new BreakwaterError('import.encoding', 'the file is not UTF-8: save it as UTF-8', '1:1');
  }
}
