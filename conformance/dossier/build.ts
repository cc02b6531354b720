/** The example dossier, sealed by the example's log; and any dossier sealed again after a change, as a dishonest log would. */
import { hash } from 'node:crypto';
import { type Facts, assess, factsFromRecords, getPack } from '@breakwater/rules';
import { packDigest } from '@breakwater/rules/criteria';
import { canonicalJson, formatNote } from '@breakwater/rules/evidence';
import { type Manifest, isSealing } from '@breakwater/rules/review';
import { readContainer } from '@breakwater/verify';
import { type AssembledDossier, assembleDossier } from '../../packages/server/src/review/assemble.ts';
import { zipOf } from '../../packages/server/src/review/zip.ts';
import { run } from './course.ts';
import { type ExampleLog, type ExampleOptions, assessedDraft, exampleLog } from './log.ts';
import { START, logSignature, origin } from './trust.ts';

const DAY = 86_400_000;
export const asOf = new Date(START + 2 * DAY).toISOString();
export const packId = 'kr-fsc-2026-06-30';
const sha256 = (bytes: Uint8Array | string): string => hash('sha256', bytes, 'hex');

/** The log of the example with the record of its assessment at the end. */
export function assessedLog(options: ExampleOptions = {}): { log: ExampleLog; facts: Facts } {
  const before = exampleLog(options);
  const facts = factsFromRecords(before.records.slice(before.first));
  const pack = getPack(packId);
  const assessment = assess(facts, pack, asOf);
  const assessed = assessedDraft({
    run,
    facts: assessment.facts,
    pack: { id: pack.id, version: pack.version, digest: packDigest(pack) },
    asOf,
    assessment: `sha256:${sha256(canonicalJson(assessment))}`,
  });
  return { log: exampleLog({ ...options, more: [...(options.more ?? []), assessed] }), facts };
}

/** The example dossier. `rules` is the version that its manifest names. */
export async function exampleDossier(rules: string, options: ExampleOptions = {}): Promise<AssembledDossier> {
  const { log, facts } = assessedLog(options);
  const end = log.records.length;
  return assembleDossier(
    {
      origin,
      records: log.records.slice(log.first),
      facts,
      pack: getPack(packId),
      asOf,
      checkpoint: log.checkpoint(end),
      tiles: log.tiles(log.first, end, end).map(({ data, ...name }) => ({ name, data })),
      timestamps: [],
      rules,
    },
    async (text) => logSignature(text),
  );
}

export type Members = Record<string, Uint8Array>;

export function membersOf(zip: Uint8Array): Members {
  return Object.fromEntries(readContainer(zip).map(({ path, bytes }) => [path, bytes]));
}

export { zipOf };

export const text = (bytes: Uint8Array | undefined): string => new TextDecoder().decode(bytes);
export const bytes = (value: string): Uint8Array => new TextEncoder().encode(value);

/** Lists the members anew, with what `change` does to the manifest, and seals it with the key of the example's log. */
export function sealAgain(
  members: Members,
  change: (manifest: Manifest) => Manifest = (manifest) => manifest,
): Uint8Array {
  const before = JSON.parse(text(members['manifest.json'])) as Manifest;
  const listed = Object.entries(members)
    .filter(([path]) => !isSealing(path))
    .map(([path, content]) => ({ path, sha256: sha256(content) }));
  const manifest = `${canonicalJson(change({ ...before, members: listed }))}\n`;
  const seal = formatNote({ text: manifest, signatures: [logSignature(manifest)] });
  return zipOf({ ...members, 'manifest.json': bytes(manifest), 'seal/manifest.sig': bytes(seal) });
}
