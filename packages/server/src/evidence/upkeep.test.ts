import { generateKeyPairSync } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { COSIGNATURE_V1, formatVerifierKey, parsePolicy, verifierKey } from '@breakwater/rules/evidence';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Platform } from '#platform';
import { systemClock } from '#platform/clock';
import { type Config, loadConfig } from '#platform/config';
import { createLog, createMetrics } from '#platform/telemetry';
import { type TestDatabase, testDatabase } from '../platform/db/testing.ts';
import { appendEach } from './evidence.testing.ts';
import { latestCheckpoint } from './read.ts';
import { logPolicy, logStatus, renewKey, renewOrigin } from './upkeep.ts';
import { evidenceReadiness, evidenceWorker } from './worker.ts';

let database: TestDatabase;
let folder: string;
beforeEach(async () => {
  database = await testDatabase();
  folder = mkdtempSync(join(tmpdir(), 'breakwater-upkeep-'));
});
afterEach(async () => {
  rmSync(folder, { recursive: true, force: true });
  await database.drop();
});

const configOf = (env: Record<string, string> = {}): Config =>
  loadConfig({ root: folder, env: { DATABASE_URL: database.url, BREAKWATER_DATA_DIR: folder, ...env } });

const platformOf = (config: Config): Platform => ({
  config,
  log: createLog('silent'),
  metrics: createMetrics(),
  clock: systemClock,
  db: database.db,
  databaseUrl: database.url,
  jobs: undefined as never,
});

/** The 32 bytes of a new Ed25519 key. */
const rawKey = (): Uint8Array =>
  new Uint8Array(generateKeyPairSync('ed25519').publicKey.export({ format: 'der', type: 'spki' }).subarray(12));

/** Starts and stops the log as role `worker` does. */
async function runOnce(config: Config): Promise<void> {
  const stop = await evidenceWorker(platformOf(config));
  await stop();
}

test('a log that was never started has no key, and looking at it makes none', async () => {
  await expect(logStatus(configOf())).rejects.toMatchObject({ code: 'key.not-found' });
  expect(existsSync(join(folder, 'evidence'))).toBe(false);
});

test('role worker runs the log by its settings, makes its key once, and measures its lag', async () => {
  const config = configOf({ BREAKWATER_EVIDENCE_CHECKPOINT_SECONDS: '1' });
  const platform = platformOf(config);
  const stop = await evidenceWorker(platform);
  await appendEach(database.db, 0, 3);
  await expect
    .poll(() => latestCheckpoint(database.db), { timeout: 15_000 })
    .toMatchObject({ size: 3, origin: 'breakwater.local/local' });
  const metrics = await platform.metrics.metrics();
  expect(metrics).toMatch(/^breakwater_evidence_pending 0$/m);
  expect(metrics).toMatch(/^breakwater_evidence_lag_seconds 0$/m);
  expect(await evidenceReadiness(platform).check()).toBeNull();
  await appendEach(database.db, 3, 5);
  await stop();
  const status = await logStatus(config);
  expect(status).toMatchObject({ size: 5, pending: 0, signedSize: 5, keptSize: 5, refusal: null });
  expect(parsePolicy(logPolicy(config, 'none'))).toMatchObject({
    quorum: 'none',
    logs: [{ key: { name: 'breakwater.local/local' } }],
  });
  expect(() => logPolicy(config, 'any')).toThrow(expect.objectContaining({ code: 'policy.malformed' }));
});

describe('the policy that verifiers are given', () => {
  const witnesses = JSON.stringify(
    ['a', 'b', 'c'].map((name) => ({
      vkey: formatVerifierKey(verifierKey(`witness.example/${name}`, COSIGNATURE_V1, rawKey())),
      url: `http://127.0.0.1:1/${name}`,
    })),
  );
  const quorum = (settings: Record<string, string>) => {
    const { groups, quorum: name } = parsePolicy(logPolicy(configOf(settings)));
    return name === 'none' ? 'none' : groups.find((group) => group.name === name)?.threshold;
  };

  test('asks for the quorum of the settings, of any witness where they name none', async () => {
    await runOnce(configOf());
    expect(quorum({})).toBe('none');
    expect(quorum({ BREAKWATER_EVIDENCE_WITNESSES: witnesses })).toBe(1);
    const asked = (text: string) =>
      quorum({ BREAKWATER_EVIDENCE_WITNESSES: witnesses, BREAKWATER_EVIDENCE_QUORUM: text });
    expect(['none', 'any', '2', 'all'].map(asked)).toEqual(['none', 1, 2, 3]);
  });

  test('cannot ask for more witnesses than there are', () => {
    const asked: Record<string, string>[] = [
      { BREAKWATER_EVIDENCE_QUORUM: 'any' },
      { BREAKWATER_EVIDENCE_QUORUM: '4', BREAKWATER_EVIDENCE_WITNESSES: witnesses },
      { BREAKWATER_EVIDENCE_QUORUM: 'most', BREAKWATER_EVIDENCE_WITNESSES: witnesses },
    ];
    for (const settings of asked) {
      expect(() => configOf(settings)).toThrow(/quorum/i);
    }
  });
});

test('a log that may not be signed does not keep the server from starting, and shows in its readiness', async () => {
  await runOnce(configOf());
  const platform = platformOf(configOf({ BREAKWATER_EVIDENCE_ORIGIN: 'bank.example/other' }));
  const stop = await evidenceWorker(platform);
  expect(await evidenceReadiness(platform).check()).toContain('the database holds the log breakwater.local/local');
  await stop();
});

test('a new key is named by the present one, also when the renewal was interrupted', async () => {
  const config = configOf();
  await runOnce(config);
  const before = await logStatus(config);
  const vkey = await renewKey(config, { by: 'p-17' });
  expect(await logStatus(config)).toMatchObject({
    vkey,
    pending: 1,
    refusal: null,
    keys: [{ vkey: before.vkey }, { vkey }],
  });
  const keys = join(folder, 'evidence');
  const retired = readdirSync(keys).find((name) => name.includes('.until-')) ?? '';
  // As it stood after the log had taken the key and before the file was moved.
  renameSync(join(keys, 'log-key.pem'), join(keys, 'log-key.pem.next'));
  renameSync(join(keys, retired), join(keys, 'log-key.pem'));
  expect(await logStatus(config)).toMatchObject({ refusal: { code: 'evidence.unknown-key' } });
  expect(await renewKey(config, { by: 'p-17' })).toBe(vkey);
  expect(await logStatus(config)).toMatchObject({ vkey, refusal: null, keys: [{}, {}] });
});

test('a new origin is opened under the name of the settings', async () => {
  await runOnce(configOf());
  const act = { oldOrigin: 'breakwater.local/local', reason: 'restored the backup of Monday', by: 'p-17' };
  await expect(renewOrigin(configOf(), act)).rejects.toMatchObject({ code: 'evidence.origin-exists' });
  const config = configOf({ BREAKWATER_EVIDENCE_ORIGIN: 'bank.example/log-2' });
  const vkey = await renewOrigin(config, act);
  expect(await logStatus(config)).toMatchObject({ origin: 'bank.example/log-2', vkey, pending: 1, refusal: null });
});
