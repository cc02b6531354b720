import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { loadConfig } from '#platform/config';
import { connect, inTransaction } from '#platform/db';
import { append, logStatus, renewOrigin } from '#evidence';
import { startServer, type Config } from './app.ts';
import { writeBackup } from './backup.ts';
import { restoreBackup } from './restore.ts';
import { entry } from './evidence/evidence.testing.ts';

let folder = '';
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const progress = (): void => undefined;

async function refusal(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'done',
    (error: { code?: string; message: string }) => error.code ?? error.message,
  );
}

/** Works with a server that signs its log as it stops. */
async function whileServing(config: Config, work: (record: () => Promise<void>) => Promise<void>): Promise<void> {
  const server = await startServer(config, ['worker']);
  const db = connect(server.databaseUrl, { max: 1 });
  let records = 0;
  try {
    await work(() => inTransaction(db, (tx) => append(tx, entry((records += 1)))));
  } finally {
    await db.destroy();
    await server.stop();
  }
}

test('a backup of a working server comes back whole, a damaged one not at all, and a log that became shorter is not signed', async () => {
  folder = mkdtempSync(join(tmpdir(), 'breakwater-backup-'));
  const config = loadConfig({
    root: folder,
    env: {},
    overrides: { dataDir: join(folder, 'data'), 'log.level': 'silent' },
  });
  const out = join(folder, 'first.backup');
  const rehearse = { rehearse: true, replace: false, progress };
  const replace = { rehearse: false, replace: true, progress };
  await whileServing(config, async (record) => {
    await record();
    await writeBackup(config, out, progress);
    expect(statSync(out).mode & 0o777).toBe(0o600);
    expect(await refusal(writeBackup(config, out, progress))).toBe('backup.exists');
    expect(await refusal(restoreBackup(config, out, replace))).toBe('postgres.in-use');
    await record();
  });

  expect(await restoreBackup(config, out, rehearse)).toMatchObject({ keptSize: 2, replaced: null, refusal: null });
  expect(await logStatus(config)).toMatchObject({ size: 2, refusal: null });

  const bytes = readFileSync(out);
  const broken = join(folder, 'broken.backup');
  for (const damaged of [bytes.subarray(0, bytes.length - 200), Buffer.from(bytes).fill(0xff, 5000, 5008)]) {
    writeFileSync(broken, damaged);
    expect(await refusal(restoreBackup(config, broken, replace))).toBe('backup.damaged');
  }
  expect(await refusal(restoreBackup(config, join(folder, 'none'), replace))).toBe('backup.unreadable');
  expect(await refusal(restoreBackup({ ...config, institution: 'other' }, out, replace))).toBe('backup.institution');
  expect(await refusal(restoreBackup(config, out, { ...replace, replace: false }))).toBe('backup.data-exists');
  expect(readdirSync(join(folder, 'data', 'postgres')).filter((name) => name.includes('.new-'))).toEqual([]);

  const restored = await restoreBackup(config, out, replace);
  expect(restored).toMatchObject({ log: { size: 1 }, keptSize: 2, refusal: { code: 'evidence.rewound' } });
  expect(readdirSync(restored.replaced ?? '')).toContain('PG_VERSION');
  const successor = { ...config, evidence: { ...config.evidence, origin: 'bank.example/log-2' } };
  await renewOrigin(successor, { oldOrigin: restored.backup.origin, reason: 'restored', by: 'p-17' });
  expect(await logStatus(successor)).toMatchObject({ refusal: null });
}, 180_000);
