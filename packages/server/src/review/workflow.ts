/** Export of dossiers: what the log holds about a run, assessed, put together, sealed by the log and kept. */
import { hash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BreakwaterError } from '@breakwater/rules';
import { hostEnrolled, journalRecord } from '@breakwater/rules/guard/record';
import { type Keys, cited, personsIn } from '@breakwater/rules/review';
import { dossierSealed } from '@breakwater/rules/review/record';
import { provingTiles } from '@breakwater/verify';
import { type MadeAssessment, type SealedRun, assessRun, sealedRun } from '#criteria';
import * as evidence from '#evidence';
import type { Platform } from '#platform';
import { exportKeys } from '#platform/auth';
import { inTransaction } from '#platform/db';
import {
  type AssembledDossier,
  type DossierParts,
  type ProvenParts,
  type Seal,
  assembleDossier,
  assembleEdition,
  assemblePersonal,
} from './assemble.ts';
import { rulesVersion } from './pdf/index.ts';
import { type SealedDossier, insertDossier, readDossier, readDossiers } from './store.ts';

export interface ExportRequest {
  readonly run: string;
  /** Id or digest of a pack; null: the one in force at the start of the work. */
  readonly pack: string | null;
  /** RFC 3339; null: now. */
  readonly asOf: string | null;
  /** `en`: also the English edition for transfer abroad, which is then what is answered. */
  readonly edition?: 'en' | undefined;
}

export interface ExportedDossier extends AssembledDossier {
  readonly row: SealedDossier;
  readonly assessment: MadeAssessment['assessment'];
  /** Of the assessment. */
  readonly digest: string;
}

/** While facts still come in, the assessment is made again; after so many times the newest is taken. */
const MOST_ASSESSMENTS = 4;

/**
 * Exports the dossier of a run: brings everything committed into the log, assesses it, proves it under a signed
 * checkpoint, seals the manifest with the log's key, keeps the file and records the sealing.
 *
 * Throws BreakwaterError `run.not-found`, `dossier.too-large`, `dossier.unavailable`, `facts.no-work`, `pack.*`,
 * `review.not-rendered`, or `evidence.*` when the log may not be signed.
 */
export async function exportDossier(platform: Platform, request: ExportRequest): Promise<ExportedDossier> {
  const { clock } = platform;
  const log = evidence.evidenceLog(platform);
  await log.open();
  const asOf = request.asOf ?? clock.now().toISOString();
  const { sealed, made, checkpoint } = await assessedRun(platform, request, asOf);
  const parts: DossierParts = {
    ...(await provenParts(platform, sealed, checkpoint)),
    facts: made.facts,
    pack: made.pack,
    asOf,
  };
  const seal: Seal = (text) => log.seal(text);
  const whole = await assembleDossier(parts, seal);
  const row = await keepDossier(platform, request.run, sealed, whole, null);
  const answered = { assessment: made.assessment, digest: made.digest };
  if (request.edition === undefined) return { ...whole, row, ...answered };
  const { edition } = request;
  const redacted = await assembleEdition({ ...parts, of: whole.manifest }, seal);
  return { ...redacted, row: await keepDossier(platform, request.run, sealed, redacted, edition), ...answered };
}

/**
 * Seals a copy for one individual of what concerns their own acts in a run, beside the newest dossier of the run, which is
 * sealed now where there is none.
 *
 * Throws BreakwaterError `copy.no-acts` when no record of the run names them, and as `exportDossier`.
 */
export async function sealPersonal(
  platform: Platform,
  { run, person }: { run: string; person: string },
): Promise<AssembledDossier> {
  const log = evidence.evidenceLog(platform);
  await log.open();
  const checkpoint = await log.flush();
  if (checkpoint === null)
    throw new BreakwaterError('run.not-found', `the log is empty: it holds no run ${run}`, '/run');
  const sealed = await sealedRun(platform.db, platform.config.institution, run, checkpoint.size);
  if (!personsIn(sealed.records).includes(person))
    throw new BreakwaterError('copy.no-acts', `no record of the run ${run} names ${person}`, '/person');
  const known = (await dossiersOf(platform, run)).findLast(({ edition }) => edition === null);
  const of = known?.manifest ?? (await exportDossier(platform, { run, pack: null, asOf: null })).row.manifest;
  const proven = await provenParts(platform, sealed, checkpoint);
  return assemblePersonal({ ...proven, of, person }, (text) => log.seal(text));
}

/** What every kind of dossier holds of the log. */
async function provenParts(
  platform: Platform,
  sealed: SealedRun,
  checkpoint: evidence.SignedCheckpoint,
): Promise<ProvenParts> {
  const { tiles, timestamps } = await proofsOf(platform, sealed, checkpoint.size);
  return {
    origin: checkpoint.origin,
    records: sealed.records,
    checkpoint: checkpoint.note,
    tiles,
    timestamps,
    rules: rulesVersion,
  };
}

/** Keeps the file, and records its sealing. The same dossier again changes nothing. */
async function keepDossier(
  { db, clock, config }: Platform,
  run: string,
  sealed: SealedRun,
  dossier: AssembledDossier,
  edition: 'en' | null,
): Promise<SealedDossier> {
  const row: SealedDossier = {
    manifest: dossier.manifest,
    run,
    edition,
    firstIndex: sealed.first,
    endIndex: sealed.end,
    file: `${dossier.manifest.slice('sha256:'.length)}.zip`,
    zipSha256: hash('sha256', dossier.zip, 'hex'),
    sealedAt: clock.now(),
  };
  await keepFile(config.dataDir, row.file, dossier.zip);
  await inTransaction(db, async (tx) => {
    if (!(await insertDossier(tx, config.institution, row))) return;
    const { manifest, firstIndex, endIndex } = row;
    const at = row.sealedAt.toISOString();
    await evidence.append(tx, {
      type: dossierSealed.type,
      institution: config.institution,
      subjects: { run },
      actor: { kind: 'system', id: 'review' },
      at,
      payload: dossierSealed.payload.parse({
        run,
        manifest,
        firstIndex,
        endIndex,
        at,
        ...(edition === null ? {} : { edition }),
      }),
    });
  });
  return row;
}

/**
 * The run with an assessment of exactly what its records say, that assessment's own record among them. Records that
 * come in meanwhile may change the facts; then it is assessed again.
 */
async function assessedRun(
  platform: Platform,
  { run, pack }: ExportRequest,
  asOf: string,
): Promise<{ sealed: SealedRun; made: MadeAssessment; checkpoint: evidence.SignedCheckpoint }> {
  const { db, clock, config } = platform;
  const log = evidence.evidenceLog(platform);
  for (let attempt = 0; attempt < MOST_ASSESSMENTS; attempt += 1) {
    const flushed = await log.flush();
    if (flushed === null)
      throw new BreakwaterError('run.not-found', `the log is empty: it holds no run ${run}`, '/run');
    const sealed = await sealedRun(db, config.institution, run, flushed.size);
    const made = await assessRun(db, sealed, { pack, asOf }, clock.now());
    if (!made.isNew) return { sealed, made, checkpoint: await cosigned(platform, flushed) };
  }
  throw new BreakwaterError(
    'dossier.unavailable',
    'the facts of the run keep changing: export again when it is quiet',
    '/run',
  );
}

/** The same checkpoint with what witnesses say of it by now. One that does not answer does not hold the dossier up. */
async function cosigned(platform: Platform, checkpoint: evidence.SignedCheckpoint): Promise<evidence.SignedCheckpoint> {
  if (platform.config.evidence.witnesses.length === 0) return checkpoint;
  await evidence.evidenceLog(platform).cosign();
  const now = await evidence.latestCheckpoint(platform.db, checkpoint.size);
  return now?.size === checkpoint.size ? now : checkpoint;
}

async function proofsOf({ db }: Platform, { first, end }: SealedRun, size: number) {
  const names = provingTiles(first, end, size);
  const tiles = await Promise.all(
    names.map(async (name) => {
      const data = await evidence.tile(db, name);
      if (data === null)
        throw new BreakwaterError('evidence.missing-tile', `tile ${name.level}/${name.index} is not there`);
      return { name, data };
    }),
  );
  const stamped = await evidence.timestamps(db, first + 1, size);
  const timestamps = stamped.filter((token) => token.size <= end || token.size === size);
  return { tiles, timestamps };
}

/** The dossiers of a run, oldest first. */
export async function dossiersOf({ db, config }: Platform, run: string): Promise<SealedDossier[]> {
  return readDossiers(db, config.institution, run);
}

/**
 * The bytes of a sealed dossier. Throws BreakwaterError `dossier.not-found`, or `dossier.unavailable` when the
 * file is gone or no longer the one that was sealed.
 */
export async function dossierBytes({ db, config }: Platform, manifest: string): Promise<Uint8Array> {
  const row = await readDossier(db, config.institution, manifest);
  if (row === null)
    throw new BreakwaterError('dossier.not-found', `no dossier with the manifest ${manifest} was sealed`);
  return keptBytes(config.dataDir, row.file, row.zipSha256);
}

/** The bytes of a kept file. Throws BreakwaterError `dossier.unavailable` when it is gone or no longer the one that was sealed. */
export async function keptBytes(dataDir: string, file: string, zipSha256: string): Promise<Uint8Array> {
  const bytes = await readFile(join(folderOf(dataDir), file)).catch(() => null);
  if (bytes === null || hash('sha256', bytes, 'hex') !== zipSha256)
    throw new BreakwaterError('dossier.unavailable', `${file} is gone or changed: export the dossier again`, file);
  return bytes;
}

/** What a verifier of this installation's dossiers is to be given, by another way than the dossier itself. */
export interface TrustFiles {
  /** C2SP tlog-policy. */
  readonly policy: string;
  readonly keys: Keys;
}

/** The log's policy, and the keys of its persons and of the hosts that ran `run`. */
export async function trustOf(platform: Platform, run: string): Promise<TrustFiles> {
  const { db, config } = platform;
  const { keys } = await exportKeys(db, config.institution);
  const { records } = await sealedRun(db, config.institution, run);
  const hosts = new Set(
    cited(records, journalRecord).flatMap(({ payload }) => (payload.run === run ? [payload.host] : [])),
  );
  const enrolled = await Promise.all([...hosts].map((host) => evidence.recordsAbout(db, { host })));
  const ofHosts = cited(enrolled.flat(), hostEnrolled).filter(({ leaf }) => leaf.institution === config.institution);
  return {
    policy: evidence.logPolicy(config),
    keys: {
      schema: 'breakwater.keys/1',
      keys: [
        ...keys,
        ...ofHosts.map(({ payload: { host, publicKey, at } }) => ({
          person: host,
          role: 'host',
          publicKey,
          from: at,
          to: null,
          revoked: null,
        })),
      ],
    },
  };
}

function folderOf(dataDir: string): string {
  return join(dataDir, 'dossiers');
}

/** Whole or not at all: a file that is there is the dossier of its name. */
export async function keepFile(dataDir: string, name: string, bytes: Uint8Array): Promise<void> {
  const folder = folderOf(dataDir);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const partial = join(folder, `.${name}.${process.pid}`);
  await writeFile(partial, bytes, { mode: 0o600, flush: true });
  await rename(partial, join(folder, name));
}
