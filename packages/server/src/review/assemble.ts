/**
 * Puts a dossier together: members, pages, manifest, seal, zip. The same input gives the same bytes. Members are
 * stored, never deflated, so that every byte of the file is a byte that a verifier checks.
 */
import { hash } from 'node:crypto';
import { BreakwaterError, factsFromRecords } from '@breakwater/rules';
import { type Facts, type PolicyPack, assess } from '@breakwater/rules/criteria';
import { packDecided } from '@breakwater/rules/criteria/record';
import {
  type EvidenceRecord,
  type NoteSignature,
  type TileName,
  canonicalJson,
  formatNote,
} from '@breakwater/rules/evidence';
import { planDecided } from '@breakwater/rules/plan/record';
import {
  type Cited,
  type Edition,
  type Manifest,
  type RedactedRecord,
  approvalMember,
  approvalPath,
  cited,
  recordPath,
  redact,
  redactedPath,
  withCopies,
} from '@breakwater/rules/review';
import { containerLimits, tileMember, timestampMember } from '@breakwater/verify';
import { type PlainMember, renderDossier } from './pdf/index.ts';
import { editionReadme, readme } from './readme.ts';
import { zipOf } from './zip.ts';

/** What every kind of dossier holds of the log. */
export interface ProvenParts {
  readonly origin: string;
  /** Every record of the half-open range, in order; withheld ones as bare leaf hashes. */
  readonly records: readonly EvidenceRecord[];
  /** The signed note, with its cosignatures. */
  readonly checkpoint: string;
  /** The tiles that `provingTiles` names for the range, each of its width. */
  readonly tiles: readonly { readonly name: TileName; readonly data: Uint8Array }[];
  /** RFC 3161 responses over checkpoints within the range or of the size of `checkpoint`. */
  readonly timestamps: readonly { readonly size: number; readonly token: Uint8Array }[];
  /** Version of the rules. */
  readonly rules: string;
}

export interface DossierParts extends ProvenParts {
  readonly facts: Facts;
  readonly pack: PolicyPack;
  /** RFC 3339. */
  readonly asOf: string;
}

/** Signs the text of a note as the log does. */
export type Seal = (text: string) => Promise<NoteSignature>;

export interface AssembledDossier {
  readonly zip: Uint8Array;
  readonly pdf: Uint8Array;
  /** `sha256:` over the manifest. */
  readonly manifest: string;
}

/**
 * Makes the dossier.
 *
 * Throws BreakwaterError `dossier.too-large` beyond what a zip without zip64 counts, or as `renderDossier`.
 */
export async function assembleDossier(parts: DossierParts, seal: Seal): Promise<AssembledDossier> {
  const { records } = parts;
  const decisions: Cited<unknown>[] = [...cited(records, planDecided), ...cited(records, packDecided)];
  return sealed(parts, seal, [
    utf8('README.txt', readme),
    ...judgedMembers(parts, parts.facts),
    ...provenMembers(parts, records),
    ...decisions.map((row) => utf8(approvalPath(row.index), canonicalJson(approvalMember(row)))),
  ]);
}

/** Makes the English edition of the dossier `of`: the same range under the same numbers, persons numbered. Throws as `assembleDossier`. */
export async function assembleEdition(
  parts: DossierParts & { readonly of: string },
  seal: Seal,
): Promise<AssembledDossier> {
  const { records, redacted } = redact(parts.records, { edition: 'en', person: null });
  const facts = factsFromRecords(withCopies(records, redacted));
  return sealed(parts, seal, [
    ...editionMembers({ edition: 'en', of: parts.of, person: null }, redacted),
    ...judgedMembers(parts, facts),
    ...provenMembers(parts, records),
  ]);
}

/** Makes the copy for one individual: what concerns their own acts, and no judgement of the work. Throws as `assembleDossier`. */
export async function assemblePersonal(
  parts: ProvenParts & { readonly of: string; readonly person: string },
  seal: Seal,
): Promise<AssembledDossier> {
  const { of, person } = parts;
  const { records, redacted } = redact(parts.records, { edition: 'personal', person });
  return sealed(parts, seal, [
    ...editionMembers({ edition: 'personal', of, person }, redacted),
    ...provenMembers(parts, records),
  ]);
}

async function sealed(parts: ProvenParts, seal: Seal, members: readonly PlainMember[]): Promise<AssembledDossier> {
  if (members.length + 3 > containerLimits.members) {
    throw new BreakwaterError(
      'dossier.too-large',
      `a dossier holds at most ${containerLimits.members} members: narrow the range`,
      '/range',
    );
  }
  const pdf = await renderDossier(members);
  const listed = [...members, { path: 'dossier.pdf', bytes: pdf }].toSorted((a, b) => (a.path < b.path ? -1 : 1));
  const [first, last] = [parts.records[0], parts.records.at(-1)];
  const manifest: Manifest = {
    schema: 'breakwater.manifest/1',
    origin: parts.origin,
    range: { first: first?.index ?? 0, end: (last?.index ?? -1) + 1 },
    rules: parts.rules,
    members: listed.map(({ path, bytes }) => ({ path, sha256: hash('sha256', bytes, 'hex') })),
  };
  const text = `${canonicalJson(manifest)}\n`;
  const note = formatNote({ text, signatures: [await seal(text)] });
  const all = [utf8('manifest.json', text), utf8('seal/manifest.sig', note), ...listed];
  const zip = zipOf(Object.fromEntries(all.map(({ path, bytes }) => [path, bytes])));
  return { zip, pdf, manifest: `sha256:${hash('sha256', text, 'hex')}` };
}

function editionMembers(edition: Omit<Edition, 'schema'>, redacted: readonly RedactedRecord[]): PlainMember[] {
  return [
    utf8('README.txt', editionReadme[edition.edition]),
    utf8('edition.json', canonicalJson({ schema: 'breakwater.edition/1', ...edition } satisfies Edition)),
    ...redacted.map((copy) => utf8(redactedPath(copy.index), canonicalJson(copy))),
  ];
}

function judgedMembers({ pack, asOf }: DossierParts, facts: Facts): PlainMember[] {
  return [
    utf8('facts.json', canonicalJson(facts)),
    utf8('assessment.json', canonicalJson(assess(facts, pack, asOf))),
    utf8(`packs/${pack.id}.json`, canonicalJson(pack)),
  ];
}

function provenMembers(
  { checkpoint, tiles, timestamps }: ProvenParts,
  records: readonly EvidenceRecord[],
): PlainMember[] {
  const tokens = Map.groupBy(timestamps, ({ size }) => size);
  return [
    utf8('log/checkpoint', checkpoint),
    ...tiles.map(({ name, data }) => ({ path: tileMember(name), bytes: data })),
    ...records.map((record) => utf8(recordPath(record.index), canonicalJson(record))),
    ...[...tokens].flatMap(([size, same]) =>
      same.map(({ token }, n) => ({ path: timestampMember(size, n), bytes: token })),
    ),
  ];
}

function utf8(path: string, text: string): PlainMember {
  return { path, bytes: new TextEncoder().encode(text) };
}
