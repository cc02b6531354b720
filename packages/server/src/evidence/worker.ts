import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { BreakwaterError } from '@breakwater/rules';
import { COSIGNATURE_V1, parseVerifierKey, verifierKey } from '@breakwater/rules/evidence';
import { Gauge } from 'prom-client';
import type { Platform, Worker } from '#platform';
import type { Config } from '#platform/config';
import { type EvidenceLog, createEvidence } from './log.ts';
import { type OutsideCheckpoint, checkpointFolder } from './outside.ts';
import { lag } from './read.ts';
import { type LogSigner, createKeyFile, keyFileSigner } from './signer.ts';

/** The name under which the log of this installation signs. */
export function originOf({ evidence, institution }: Config): string {
  return evidence.origin ?? `breakwater.local/${institution}`;
}

/** Where the last checkpoint is kept outside PostgreSQL. */
export function outsideOf({ dataDir }: Config): OutsideCheckpoint {
  return checkpointFolder(join(dataDir, 'evidence', 'checkpoints'));
}

/** The signer of the log; its key is made when the file is not there yet. A key that is not the log's is refused later. */
export function signerOf(config: Config): LogSigner {
  const file = config.evidence.keyFile ?? join(config.dataDir, 'evidence', 'log-key.pem');
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  try {
    createKeyFile(file);
  } catch (error) {
    if (!(error instanceof BreakwaterError && error.code === 'key.exists')) throw error;
  }
  return keyFileSigner(file, originOf(config));
}

/**
 * The log of this installation as its settings say, with its key: not yet opened. `milestones` are types of records that
 * are signed at once and time-stamped. Several may be open at a time, in any number of processes that hold the key.
 */
export function evidenceLog(platform: Platform, milestones: ReadonlySet<string>): EvidenceLog {
  const { config, clock, log, databaseUrl } = platform;
  const { witnesses, timestampAuthorities, checkpointSeconds } = config.evidence;
  return createEvidence({
    url: databaseUrl,
    clock,
    log,
    signer: signerOf(config),
    outside: outsideOf(config),
    witnesses: witnesses.map(({ vkey, url }) => {
      const { name, publicKey } = parseVerifierKey(vkey);
      return { key: verifierKey(name, COSIGNATURE_V1, publicKey), url };
    }),
    authorities: timestampAuthorities,
    checkpointEveryMs: checkpointSeconds * 1_000,
    milestones,
  });
}

/**
 * Runs the log in role `worker` and measures its lag.
 *
 * @throws BreakwaterError `evidence.…` at the start when the log may not be signed: the message says what to do.
 */
export function evidenceWorker(milestones: ReadonlySet<string>): Worker {
  return async (platform) => {
    const evidence = evidenceLog(platform, milestones);
    measure(platform);
    try {
      await evidence.start();
    } catch (error) {
      await evidence.close();
      throw error;
    }
    return () => evidence.close();
  };
}

function measure({ metrics, db }: Platform): void {
  const behind = lagOnce(db);
  const gauge = (name: string, help: string, pick: (value: Awaited<ReturnType<typeof lag>>) => number): void => {
    new Gauge({
      name,
      help,
      registers: [metrics],
      async collect() {
        this.set(pick(await behind()));
      },
    });
  };
  gauge('breakwater_evidence_pending', 'Entries that are committed and not yet in the log, up to 100,000', (value) => value.pending);
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
