/** A platform on a database of its own, whose log takes records as a test gives them. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EvidenceEntry } from '@breakwater/rules/evidence';
import { append, evidenceLog } from '#evidence';
import type { Platform } from '#platform';
import { type ManualClock, manualClock } from '#platform/clock';
import { loadConfig } from '#platform/config';
import { inTransaction } from '#platform/db';
import { type TestDatabase, testDatabase } from '#platform/db/testing';
import { createLog, createMetrics } from '#platform/telemetry';
import { noJobs } from '#platform/jobs';

export interface TestPlatform {
  readonly platform: Platform;
  readonly clock: ManualClock;
  /** Appends records of one institution, in one commit. */
  append(entries: readonly Omit<EvidenceEntry, 'institution'>[], institution?: string): Promise<void>;
  close(): Promise<void>;
}

export const institution = 'hanbit-bank';

export async function testPlatform(): Promise<TestPlatform> {
  const database: TestDatabase = await testDatabase();
  const folder = mkdtempSync(join(tmpdir(), 'breakwater-review-'));
  const clock = manualClock(new Date('2026-11-17T00:00:00+09:00'));
  const platform: Platform = {
    config: loadConfig({ root: folder, env: {}, overrides: { institution } }),
    log: createLog('silent'),
    metrics: createMetrics(),
    clock,
    db: database.db,
    databaseUrl: database.url,
    jobs: noJobs,
  };
  return {
    platform,
    clock,
    append: (entries, of = institution) =>
      inTransaction(database.db, async (tx) => {
        await append(
          tx,
          entries.map((entry) => ({ ...entry, institution: of })),
        );
      }),
    async close() {
      await evidenceLog(platform).close();
      await database.drop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
