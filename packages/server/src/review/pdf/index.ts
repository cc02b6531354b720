/** The PDF of a dossier, from its members alone: whoever has them can make the same bytes again. */
import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { BreakwaterError } from '@breakwater/rules';
import { assessmentSchema, listPacks, packDigest, parseFacts, parsePack } from '@breakwater/rules/criteria';
import { type EvidenceRecord, evidenceRecord } from '@breakwater/rules/evidence/record';
import { dossierSealed } from '@breakwater/rules/review/record';
import {
  type Edition,
  adverseFacts,
  cited,
  editionSchema,
  formerDossier,
  redactedSchema,
  timelineOf,
  withCopies,
} from '@breakwater/rules/review';
import type { Content } from './content.ts';
import { pagesOf } from './pages.ts';
import { personalPages } from './personal.ts';
import { renderPdf } from './render.ts';

/** The version of the rules here: another version may set other pages from the same members. */
export const rulesVersion = (
  JSON.parse(readFileSync(new URL('../package.json', import.meta.resolve('@breakwater/rules')), 'utf8')) as {
    version: string;
  }
).version;

export interface PlainMember {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/**
 * Renders `dossier.pdf` from every other member but the manifest and the seal, and attaches them to it.
 *
 * Throws BreakwaterError `review.not-rendered` when a member that the pages need is missing or cannot be set.
 */
export async function renderDossier(members: readonly PlainMember[]): Promise<Uint8Array> {
  const attached = members.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  const read = membersRead(attached);
  const edition = read.has('edition.json') ? editionSchema.parse(read.json('edition.json')) : null;
  if (edition?.edition === 'personal') {
    const content = { ...provenOf(read), edition };
    return renderPdf(personalPages(content), attached, newest(content.records));
  }
  const content = contentOf(read, edition);
  const createdAt = Math.floor(Date.parse(content.assessment.asOf) / 1000);
  return renderPdf(pagesOf(content), attached, createdAt);
}

/** When the log took the newest of the records, in seconds since 1970: a copy for an individual has no time of assessment. */
function newest(records: readonly EvidenceRecord[]): number {
  const times = records.flatMap((record) => ('leaf' in record ? [Date.parse(record.leaf.receivedAt)] : []));
  return Math.floor(Math.max(0, ...times) / 1000);
}

type MembersRead = ReturnType<typeof membersRead>;

function membersRead(members: readonly PlainMember[]) {
  const byPath = new Map(members.map(({ path, bytes }) => [path, bytes]));
  const text = (path: string): string => {
    const bytes = byPath.get(path);
    if (bytes === undefined)
      throw new BreakwaterError('review.not-rendered', 'a member that the pages need is missing', path);
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  };
  return {
    members,
    text,
    has: (path: string): boolean => byPath.has(path),
    json: (path: string): unknown => JSON.parse(text(path)),
    within: (folder: string): string[] =>
      members.map(({ path }) => path).filter((path) => path.startsWith(`${folder}/`)),
  };
}

/** What every kind of dossier has: its records, with the copies of an edition among them, and their proof. */
function provenOf({ members, text, json, within }: MembersRead) {
  const opened = within('records').map((path) => evidenceRecord.parse(json(path)));
  const copies = within('redacted').map((path) => redactedSchema.parse(json(path)));
  const records = withCopies(opened, copies);
  const [first, last] = [records[0], records.at(-1)];
  if (first === undefined || last === undefined)
    throw new BreakwaterError('review.not-rendered', 'the members hold no record');
  return {
    records,
    range: { first: first.index, end: last.index + 1 },
    checkpoint: text('log/checkpoint'),
    members: members.map(({ path, bytes }) => ({ path, sha256: hash('sha256', bytes, 'hex') })),
  };
}

function contentOf(read: MembersRead, edition: Edition | null): Content {
  const { json, within } = read;
  const proven = provenOf(read);
  const { records } = proven;
  const assessment = assessmentSchema.parse(json('assessment.json'));
  const packs = within('packs').map((path) => parsePack(json(path)));
  const pack = packs.find((one) => packDigest(one) === assessment.pack.digest);
  const run = cited(records, dossierSealed).at(-1)?.payload.run;
  if (pack === undefined)
    throw new BreakwaterError('review.not-rendered', 'the members do not hold the pack of the assessment');
  return {
    ...proven,
    edition,
    facts: parseFacts(json('facts.json')),
    assessment,
    pack,
    timeline: timelineOf(records),
    adverse: adverseFacts(records),
    former: run === undefined ? null : formerDossier(records, run, [...packs, ...listPacks()]),
  };
}
