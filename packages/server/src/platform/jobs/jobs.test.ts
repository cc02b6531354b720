import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { inTransaction } from '../db/index.ts';
import { testDatabase, type TestDatabase } from '../db/testing.ts';
import { createLog } from '../telemetry/index.ts';
import { deadLetter, queue, startJobs, type Job, type Jobs } from './index.ts';

const batch = queue({
  name: 'test.batch',
  payload: z.strictObject({ n: z.int() }),
  expireSeconds: 60,
  retries: 0,
  retryDelaySeconds: 0,
});
const patient = queue({ ...batch, name: 'test.patient', retries: 2 });
const single = queue({ ...batch, name: 'test.single', oncePerKey: true });

let database: TestDatabase;
const started: Jobs[] = [];
const logged: string[] = [];

async function start(): Promise<Jobs> {
  const jobs = await startJobs({
    url: database.url,
    queues: [batch, patient, single],
    log: createLog('debug', { write: (line) => logged.push(line) }),
    concurrency: 4,
  });
  started.push(jobs);
  return jobs;
}

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(async () => {
  for (const jobs of started) await jobs.stop(1);
  await database.drop();
});

async function states(name: string): Promise<string[]> {
  const { rows } = await sql<{ state: string }>`select state::text from pgboss.job where name = ${name}`.execute(
    database.db,
  );
  return rows.map((row) => row.state);
}

describe('background work', () => {
  test('reaches one worker of several, once, soon, and no job is lost or doubled', async () => {
    const workers = await Promise.all([start(), start()]);
    const seen: number[] = [];
    for (const worker of workers) await worker.work(batch, async ({ payload }) => void seen.push(payload.n));
    const wanted = Array.from({ length: 20 }, (_, n) => n);
    for (const n of wanted) await workers[0].enqueue(batch, { n });
    await expect.poll(() => seen.length, { timeout: 10_000 }).toBe(20);
    expect(seen.toSorted((a, b) => a - b)).toEqual(wanted);
  });

  test('exists exactly when the change that it belongs to was committed', async () => {
    const jobs = await start();
    await inTransaction(database.db, async (tx) => void (await jobs.enqueue(single, { n: 1 }, { tx })));
    await inTransaction(database.db, async (tx) => {
      await jobs.enqueue(single, { n: 2 }, { tx });
      throw new Error('taken back');
    }).catch(() => undefined);
    expect(await states(single.name)).toEqual(['created']);
  });

  test('with a key is not queued twice', async () => {
    const jobs = await start();
    expect(await jobs.enqueue(single, { n: 1 }, { key: 'advisory-7' })).not.toBe(null);
    expect(await jobs.enqueue(single, { n: 1 }, { key: 'advisory-7' })).toBe(null);
    expect(await jobs.enqueue(single, { n: 1 }, { key: 'advisory-8' })).not.toBe(null);
  });

  test('that keeps failing is tried as often as declared, then kept among the dead, and the log says why without data', async () => {
    const jobs = await start();
    const attempts: number[] = [];
    await jobs.work(patient, async ({ attempt }) => {
      attempts.push(attempt);
      throw new RangeError('no gateway for 010-1234-5678');
    });
    await jobs.enqueue(patient, { n: 1 });
    await expect.poll(() => states(deadLetter(patient.name)), { timeout: 20_000 }).toEqual(['created']);
    expect(attempts).toEqual([1, 2, 3]);
    expect(logged.join()).toContain('no gateway');
    expect(logged.join()).not.toContain('1234-5678');
    const { rows } = await sql<{
      output: string;
    }>`select output::text from pgboss.job where name = ${patient.name}`.execute(database.db);
    expect(rows[0]?.output).toContain('RangeError');
    expect(rows[0]?.output).not.toContain('1234');
  });

  test('with a payload of another shape is refused before it is queued', async () => {
    const jobs = await start();
    await expect(jobs.enqueue(batch, { n: 1.5 })).rejects.toMatchObject({ code: 'jobs.payload', path: '/n' });
  });

  test('is told when its worker stops, and is let to end', async () => {
    const jobs = await start();
    let running: Job<{ n: number }> | null = null;
    let ended = false;
    await jobs.work(single, async (job) => {
      running = job;
      await new Promise((resolve) => job.signal.addEventListener('abort', resolve));
      ended = true;
    });
    await expect.poll(() => running, { timeout: 10_000 }).not.toBe(null);
    await jobs.stop(5);
    expect(ended).toBe(true);
  });
});
