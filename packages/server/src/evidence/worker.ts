import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { COSIGNATURE_V1, parseVerifierKey, verifierKey } from '@breakwater/rules/evidence';
import { Gauge } from 'prom-client';
import type { Platform, Worker } from '#platform';
import type { Config } from '#platform/config';
import { type EvidenceLog, createEvidence } from './log.ts';
import { type OutsideCheckpoint, checkpointFolder } from './outside.ts';
import { lag } from './read.ts';
import { type LogSigner, createKeyFile, keyFileSigner } from './signer.ts';
import type { KnownWitness } from './witness-client.ts';

/** The name under which the log of this installation signs. */
export function originOf({ evidence, institution }: Config): string {
  return evidence.origin ?? `breakwater.local/${institution}`;
}

/** Where the last checkpoint is kept outside PostgreSQL. */
export function outsideOf({ dataDir }: Config): OutsideCheckpoint {
  return checkpointFolder(join(dataDir, 'evidence', 'checkpoints'));
}

/** The PEM file with the key of the log. */
export function keyFileOf({ dataDir, evidence }: Config): string {
  return evidence.keyFile ?? join(dataDir, 'evidence', 'log-key.pem');
}

/** The signer of the log. Throws BreakwaterError `key.not-found` before the first start. */
export function signerOf(config: Config): LogSigner {
  return keyFileSigner(keyFileOf(config), originOf(config));
}

/** The witnesses of the settings. Throws BreakwaterError `key.…` when a verifier key is none. */
export function witnessesOf(config: Config): KnownWitness[] {
  return config.evidence.witnesses.map(({ vkey, url }) => {
    const { name, publicKey } = parseVerifierKey(vkey);
    return { key: verifierKey(name, COSIGNATURE_V1, publicKey), url };
  });
}

/** Makes the key of the log at the first start. A key that is not the log's is refused when the log is opened. */
function makeKeyOnce(config: Config): void {
  const file = keyFileOf(config);
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  if (!existsSync(file)) createKeyFile(file);
}

/**
 * Types of records after which the log is signed at once and the checkpoint is time-stamped: what must be shown to have
 * been so before what came after it. The log knows these words only; a type that nobody appends changes nothing.
 */
const MILESTONES: ReadonlySet<string> = new Set([
  'plan.decided',
  'notice.published',
  'notice.delivered',
  'run.started',
  'run.ended',
  'guard.alarm',
  'criteria.pack-decided',
  'review.dossier-sealed',
  'evidence.origin-opened',
  'evidence.key-succeeded',
]);

/** Longest that a stop waits for the last signature. */
const LAST_FLUSH_MS = 2_000;

const logs = new WeakMap<Platform, EvidenceLog>();

/**
 * The log of this installation as its settings say, with its key; the same one for every caller in a process. It runs in
 * role `worker`; elsewhere `open` it before `flush`, `checkpoint` or `seal`.
 */
export function evidenceLog(platform: Platform): EvidenceLog {
  const known = logs.get(platform);
  if (known !== undefined) return known;
  const { config, clock, log, databaseUrl } = platform;
  const { timestampAuthorities, checkpointSeconds } = config.evidence;
  makeKeyOnce(config);
  const made = createEvidence({
    url: databaseUrl,
    clock,
    log,
    signer: signerOf(config),
    outside: outsideOf(config),
    witnesses: witnessesOf(config),
    authorities: timestampAuthorities,
    checkpointEveryMs: checkpointSeconds * 1_000,
    milestones: MILESTONES,
  });
  logs.set(platform, made);
  return made;
}

/**
 * Runs the log in role `worker` and measures its lag. A log that may not be signed does not keep the server from starting,
 * since stopping and watching need the server: it is logged, `evidenceReadiness` says it, and nothing is signed.
 */
export const evidenceWorker: Worker = async (platform) => {
  const evidence = evidenceLog(platform);
  measure(platform);
  try {
    await evidence.start();
  } catch (error) {
    if (evidence.refusal === null) throw error;
    platform.log.error({ error }, 'evidence is not signed');
  }
  return async () => {
    // What was appended until now is signed before the stop, unless something holds it back; it would only wait otherwise.
    if (evidence.refusal === null) {
      await evidence
        .flush(LAST_FLUSH_MS)
        .catch((error: unknown) => platform.log.warn({ error }, 'evidence waits for the next start'));
    }
    await evidence.close();
  };
};

/** Not ready while the log of this process may not be signed. */
export function evidenceReadiness(platform: Platform): { id: string; check: () => Promise<string | null> } {
  return { id: 'evidence', check: async () => logs.get(platform)?.refusal?.message ?? null };
}

function measure({ metrics, db }: Platform): void {
  const behind = lagOnce(db);
  const gauge = (name: string, help: string, pick: (value: Awaited<ReturnType<typeof lag>>) => number): void => {
    const made = new Gauge({
      name,
      help,
      registers: [],
      async collect() {
        // A database that does not answer is no reason to say nothing of the rest.
        this.set(await behind().then(pick, () => Number.NaN));
      },
    });
    metrics.registerMetric(made);
  };
  gauge(
    'breakwater_evidence_pending',
    'Entries that are committed and not yet in the log, up to 100,000',
    (value) => value.pending,
  );
  gauge('breakwater_evidence_lag_seconds', 'Age of the oldest of them', (value) => value.oldestMs / 1_000);
}

/** Reads the lag at most once a second, however many gauges ask. */
function lagOnce(db: Platform['db']): () => ReturnType<typeof lag> {
  let last: { at: number; value: ReturnType<typeof lag> } | null = null;
  return () => {
    if (last === null || performance.now() - last.at > 1_000) last = { at: performance.now(), value: lag(db) };
    return last.value;
  };
}
