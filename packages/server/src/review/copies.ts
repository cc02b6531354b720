/** Copies for individuals, also for those who left: of what concerns their own acts, sealed, with others numbered. */
import { hash, randomUUID } from 'node:crypto';
import { BreakwaterError } from '@breakwater/rules';
import { copyAnswered, copyRequested } from '@breakwater/rules/review/record';
import * as evidence from '#evidence';
import type { Platform } from '#platform';
import { inTransaction } from '#platform/db';
import { type CopyRow, answerCopyRow, insertCopy, readCopies, readCopy } from './copy-store.ts';
import { keptBytes, keepFile, sealPersonal } from './workflow.ts';

export type { CopyRow } from './copy-store.ts';

/** Keeps a request. `received`: where the request itself is kept, a letter's number or the person's own session. */
export async function requestCopy(
  platform: Platform,
  asked: { run: string; person: string; received: string; by: string },
): Promise<CopyRow> {
  const { db, clock, config } = platform;
  const id = randomUUID();
  const at = clock.now();
  await inTransaction(db, async (tx) => {
    await insertCopy(tx, config.institution, { id, ...asked, at });
    await evidence.append(tx, {
      type: copyRequested.type,
      institution: config.institution,
      subjects: { copy: id },
      actor: { kind: 'person', id: asked.by },
      at: at.toISOString(),
      payload: copyRequested.payload.parse({ copy: id, ...asked, at: at.toISOString() }),
    });
  });
  return findCopy(platform, id);
}

/**
 * Answers a request: seals the copy, or says why there is none. Answered once.
 *
 * Throws BreakwaterError `copy.not-found`, `copy.exists` for a request that was answered, or as `sealPersonal`.
 */
export async function answerCopy(
  platform: Platform,
  id: string,
  { refusal, by }: { refusal: string | null; by: string },
): Promise<CopyRow> {
  const { db, clock, config } = platform;
  const asked = await findCopy(platform, id);
  const made = refusal === null ? await sealPersonal(platform, asked) : null;
  const file = made === null ? null : `${made.manifest.slice('sha256:'.length)}.zip`;
  if (made !== null && file !== null) await keepFile(config.dataDir, file, made.zip);
  const at = clock.now();
  await inTransaction(db, async (tx) => {
    const answer = {
      manifest: made?.manifest ?? null,
      file,
      zipSha256: made === null ? null : hash('sha256', made.zip, 'hex'),
      refusal,
      answeredBy: by,
      answeredAt: at,
    };
    if (!(await answerCopyRow(tx, config.institution, id, answer)))
      throw new BreakwaterError('copy.exists', 'the request was answered before', '/copy');
    const { manifest } = answer;
    await evidence.append(tx, {
      type: copyAnswered.type,
      institution: config.institution,
      subjects: { copy: id },
      actor: { kind: 'person', id: by },
      at: at.toISOString(),
      payload: copyAnswered.payload.parse({ copy: id, run: asked.run, manifest, refusal, by, at: at.toISOString() }),
    });
  });
  return findCopy(platform, id);
}

/** The request. Throws BreakwaterError `copy.not-found`. */
export async function findCopy({ db, config }: Platform, id: string): Promise<CopyRow> {
  const row = await readCopy(db, config.institution, id);
  if (row === null) throw new BreakwaterError('copy.not-found', `there is no request ${id} for a copy`, '/copy');
  return row;
}

/** Requests of one person (null: of all), the newest first. */
export function listCopies({ db, config }: Platform, person: string | null): Promise<CopyRow[]> {
  return readCopies(db, config.institution, person);
}

/** The bytes of a copy. Throws BreakwaterError `copy.not-found` while there is none, `dossier.unavailable` when the file is gone or changed. */
export async function copyBytes(platform: Platform, id: string): Promise<Uint8Array> {
  const { file, zipSha256 } = await findCopy(platform, id);
  if (file === null || zipSha256 === null)
    throw new BreakwaterError('copy.not-found', 'the request is not answered with a copy', '/copy');
  return keptBytes(platform.config.dataDir, file, zipSha256);
}
