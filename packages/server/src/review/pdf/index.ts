/** The PDF of a dossier, from its members alone: whoever has them can make the same bytes again. */
import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { BreakwaterError } from '@breakwater/rules';
import { assessmentSchema, listPacks, packDigest, parseFacts, parsePack } from '@breakwater/rules/criteria';
import { evidenceRecord } from '@breakwater/rules/evidence/record';
import { dossierSealed } from '@breakwater/rules/review/record';
import { adverseFacts, cited, formerDossier, timelineOf } from '@breakwater/rules/review';
import type { Content } from './content.ts';
import { pagesOf } from './pages.ts';
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
  const content = contentOf(attached);
  const createdAt = Math.floor(Date.parse(content.assessment.asOf) / 1000);
  return renderPdf(pagesOf(content), attached, createdAt);
}

function contentOf(members: readonly PlainMember[]): Content {
  const byPath = new Map(members.map(({ path, bytes }) => [path, bytes]));
  const text = (path: string): string => {
    const bytes = byPath.get(path);
    if (bytes === undefined)
      throw new BreakwaterError('review.not-rendered', 'a member that the pages need is missing', path);
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  };
  const json = (path: string): unknown => JSON.parse(text(path));
  const within = (folder: string): string[] =>
    members.map(({ path }) => path).filter((path) => path.startsWith(`${folder}/`));
  const records = within('records').map((path) => evidenceRecord.parse(json(path)));
  const assessment = assessmentSchema.parse(json('assessment.json'));
  const packs = within('packs').map((path) => parsePack(json(path)));
  const pack = packs.find((one) => packDigest(one) === assessment.pack.digest);
  const run = cited(records, dossierSealed).at(-1)?.payload.run;
  const [first, last] = [records[0], records.at(-1)];
  if (pack === undefined || first === undefined || last === undefined) {
    throw new BreakwaterError(
      'review.not-rendered',
      'the members hold neither the pack of the assessment nor a record',
    );
  }
  return {
    facts: parseFacts(json('facts.json')),
    assessment,
    pack,
    records,
    range: { first: first.index, end: last.index + 1 },
    checkpoint: text('log/checkpoint'),
    timeline: timelineOf(records),
    adverse: adverseFacts(records),
    former: run === undefined ? null : formerDossier(records, run, [...packs, ...listPacks()]),
    members: members.map(({ path, bytes }) => ({ path, sha256: hash('sha256', bytes, 'hex') })),
  };
}
