import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EvidenceEntry } from '@breakwater/rules/evidence';
import { type Db, inTransaction } from '#platform/db';
import { systemClock } from '#platform/clock';
import { createLog } from '#platform/telemetry';
import { append } from './append.ts';
import { type EvidenceLog, type EvidenceOptions, createEvidence } from './log.ts';
import { checkpointFolder } from './outside.ts';
import { type Signer, createKeyFile, keyFileSigner } from './signer.ts';

export const ORIGIN = 'bank.example/log';

/** A folder of its own for keys and checkpoints. */
export interface Desk {
  readonly folder: string;
  signer(name?: string, use?: 'log' | 'witness'): Signer;
  /** A log on the database at `url`, with the key and the checkpoint folder of this desk. */
  log(url: string, options?: Partial<EvidenceOptions>): EvidenceLog;
  clear(): Promise<void>;
}

export function desk(): Desk {
  const folder = mkdtempSync(join(tmpdir(), 'breakwater-evidence-'));
  const signers = new Map<string, Signer>();
  const logs: EvidenceLog[] = [];
  const signer = (name = ORIGIN, use: 'log' | 'witness' = 'log'): Signer => {
    const known = signers.get(name);
    if (known !== undefined) return known;
    const path = join(folder, `${signers.size}.pem`);
    createKeyFile(path);
    const made = keyFileSigner(path, name, use);
    signers.set(name, made);
    return made;
  };
  return {
    folder,
    signer,
    log(url, options = {}) {
      const log = createEvidence({
        url,
        clock: systemClock,
        log: createLog('silent'),
        signer: signer(),
        outside: checkpointFolder(join(folder, 'checkpoints')),
        ...options,
      });
      logs.push(log);
      return log;
    },
    async clear() {
      await Promise.all(logs.map((log) => log.close()));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** An entry that differs from others by `n`. */
export function entry(n: number, overrides: Partial<EvidenceEntry> = {}): EvidenceEntry {
  return {
    type: 'run.event',
    institution: 'hanbit-bank',
    subjects: { run: `run-${n % 3}` },
    actor: { kind: 'system', id: 'test' },
    at: '2026-11-29T01:00:00+09:00',
    payload: { n },
    ...overrides,
  };
}

/** Appends entries `[from, to)`, each in a transaction of its own. */
export async function appendEach(db: Db, from: number, to: number): Promise<void> {
  for (let n = from; n < to; n += 1) await inTransaction(db, (tx) => append(tx, entry(n)));
}
