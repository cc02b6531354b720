import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { BreakwaterError } from '@breakwater/rules';
import { readEpss, readKev, readVex, type AdvisoryDocument } from '@breakwater/rules/advisory';
import { signalsTaken, vexTaken } from '@breakwater/rules/advisory/record';
import type { Actor } from '@breakwater/rules/evidence';
import * as evidence from '#evidence';
import { inTransaction, type Db, type Tx } from '#platform/db';
import { importDocument, type ImportedDocument } from './matching.ts';
import { readAdvisory } from './read.ts';
import { keepEpss, keepSignalSource, replaceKev, replaceVex } from './signal-store.ts';

/** Largest file that is taken, bytes; also unpacked. */
export const mostIntakeBytes = 128 * 1024 * 1024;

export interface IntakeOptions {
  /** Where it came from: a file name or an address. */
  readonly source: string;
  readonly by: Actor;
  readonly at: Date;
  /** Who alone may read it. Needed for TLP:RED. */
  readonly readers: readonly string[] | null;
}

/** What was taken in. */
export type Taken =
  | {
      readonly kind: 'advisory';
      readonly digest: string;
      readonly faults: number;
      readonly imported: ImportedDocument;
      readonly document: AdvisoryDocument;
    }
  | {
      readonly kind: 'kev' | 'epss';
      readonly digest: string;
      readonly release: string;
      readonly entries: number;
      readonly changed: number;
    }
  | { readonly kind: 'vex'; readonly digest: string; readonly author: string; readonly statements: number };

/**
 * Takes in a file of any kind that is known: an advisory in CSAF, OSV or CVE JSON, CISA's KEV, FIRST's EPSS (also packed by gzip),
 * VEX in OpenVEX or CycloneDX. All of it or nothing, with its evidence. Throws BreakwaterError with the place.
 */
export async function takeFile(db: Db, institution: string, bytes: Uint8Array, options: IntakeOptions): Promise<Taken> {
  const unpacked = isPacked(bytes) ? unpack(bytes) : bytes;
  if (unpacked.length > mostIntakeBytes) {
    throw new BreakwaterError('advisory.too-large', `a file has at most ${mostIntakeBytes} bytes`, '1:1');
  }
  const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
  const head = Buffer.from(unpacked.subarray(0, 4096)).toString('latin1');
  if (/^#model_version:|^cve,epss,percentile/m.test(head))
    return takeSignals(db, institution, epssIn(textOf(unpacked), options.at), digest, options);
  if (/"catalogVersion"\s*:/.test(head)) return takeSignals(db, institution, kevIn(textOf(unpacked)), digest, options);
  if (/"@context"\s*:\s*"https:\/\/openvex\.dev|"bomFormat"\s*:/.test(head)) {
    return takeVex(db, institution, textOf(unpacked), digest, options);
  }
  return takeAdvisory(db, institution, unpacked, options);
}

async function takeAdvisory(
  db: Db,
  institution: string,
  bytes: Uint8Array,
  { source, by, at, readers }: IntakeOptions,
): Promise<Taken> {
  const { document, digest, faults } = await readAdvisory(bytes);
  if (isForNamedReaders(document) && (readers === null || readers.length === 0)) {
    throw new BreakwaterError(
      'advisory.readers-missing',
      `the document is marked TLP:${document.marking.tlp ?? ''}, for named recipients only: name who may read it`,
      '/document/distribution/tlp/label',
    );
  }
  const imported = await inTransaction(db, async (tx) => {
    const kept = await importDocument(tx, institution, document, { source, digest, by, at, readers });
    if (document.format === 'csaf' && kept.change !== 'same' && kept.change !== 'older') {
      const origin = `csaf:${document.publisher}:${document.id}`;
      // What only named persons may read filters nothing for the others.
      const statements = readers === null && document.withdrawn === null ? document.vex : [];
      await replaceVex(tx, institution, { origin, author: document.publisher, digest }, statements);
    }
    return kept;
  });
  return { kind: 'advisory', digest, faults: faults.length, imported, document };
}

/** Markings stricter than TLP:AMBER+STRICT. */
function isForNamedReaders({ marking }: AdvisoryDocument): boolean {
  return marking.tlp === 'RED';
}

/** A list of signals, read: what it is, and how it is put in the place of the former. How many entries changed. */
interface SignalList {
  readonly kind: 'kev' | 'epss';
  readonly release: string;
  readonly entries: number;
  keep(tx: Tx): Promise<number>;
}

function kevIn(text: string): SignalList {
  const { release, entries } = readKev(text);
  return { kind: 'kev', release, entries: entries.length, keep: (tx) => replaceKev(tx, entries) };
}

function epssIn(text: string, at: Date): SignalList {
  const { date, entries } = readEpss(text);
  const release = date ?? at.toISOString().slice(0, 10);
  return { kind: 'epss', release, entries: entries.length, keep: (tx) => keepEpss(tx, entries) };
}

async function takeSignals(
  db: Db,
  institution: string,
  { kind, release, entries, keep }: SignalList,
  digest: string,
  { by, at }: IntakeOptions,
): Promise<Taken> {
  const takenAt = at.toISOString();
  const changed = await inTransaction(db, async (tx) => {
    const count = await keep(tx);
    await keepSignalSource(tx, { kind, release, digest, entries, takenAt });
    await evidence.append(tx, {
      type: signalsTaken.type,
      institution,
      subjects: { signals: kind },
      actor: by,
      at: takenAt,
      payload: { kind, release, document: digest, entries, changed: count },
    });
    return count;
  });
  return { kind, digest, release, entries, changed };
}

async function takeVex(
  db: Db,
  institution: string,
  text: string,
  digest: string,
  { source, by, at }: IntakeOptions,
): Promise<Taken> {
  const { author, format, statements } = readVex(text);
  await inTransaction(db, async (tx) => {
    await replaceVex(tx, institution, { origin: `${format}:${source}`, author, digest }, statements);
    await evidence.append(tx, {
      type: vexTaken.type,
      institution,
      subjects: { vex: digest },
      actor: by,
      at: at.toISOString(),
      payload: { format, document: digest, statements: statements.length },
    });
  });
  return { kind: 'vex', digest, author, statements: statements.length };
}

const isPacked = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

/** Stops as soon as more comes out than may. */
function unpack(bytes: Uint8Array): Uint8Array {
  try {
    return gunzipSync(bytes, { maxOutputLength: mostIntakeBytes });
  } catch {
    throw new BreakwaterError(
      'advisory.packed',
      `the file is damaged, or unpacks to more than ${mostIntakeBytes} bytes`,
      '1:1',
    );
  }
}

function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new BreakwaterError('advisory.encoding', 'the file is not UTF-8: save it as UTF-8', '1:1');
  }
}
