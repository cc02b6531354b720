import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sql } from 'kysely';
import { brokenRunLogAt, foldRun, type RunEventBody } from '@breakwater/rules/runner';
import { connect, inTransaction, type Db } from '#platform/db';
import { testDatabase, type TestDatabase } from '#platform/db/testing';
import { LeaseLost, write, writeAll } from './log.ts';
import { createWriter } from './writer.ts';
import {
  appendEvents,
  claimLease,
  endRun,
  insertRun,
  liveRunOf,
  orphanedRuns,
  readEvents,
  readLog,
  type RunRow,
} from './store.ts';

const hash = (c: string): string => `sha256:${c.repeat(64)}`;
const now = new Date('2026-11-29T01:00:00.123Z');
const system = { kind: 'system' as const, id: 'w1' };

let database: TestDatabase;
let db: Db;
beforeAll(async () => {
  database = await testDatabase();
  db = database.db;
});
afterAll(async () => database.drop());

async function newRun(id: string, planHash = hash('a')): Promise<RunRow> {
  const row: RunRow = {
    id,
    institution: 'hanbit-bank',
    plan: 'p',
    planHash,
    mode: 'live',
    host: 'local',
    requestedBy: 'p-1',
    requestedAt: now.toISOString(),
    outcome: null,
  };
  const requested: RunEventBody = {
    type: 'run.requested',
    data: { run: id, plan: 'p', planHash, mode: 'live', host: 'local', by: 'p-1', at: now.toISOString() },
  };
  await inTransaction(db, async (tx) => {
    expect(await insertRun(tx, row)).toBe(true);
    await write(tx, row, { actor: { kind: 'person', id: 'p-1' }, epoch: 0 }, [requested], now);
  });
  return row;
}

const begin = (step: string): RunEventBody => ({ type: 'step.begin', data: { step, attempt: 1 } });

describe('the log of a run', () => {
  test('takes events of the present epoch only, and none at all of an older one', async () => {
    const row = await newRun('r-fence', hash('b'));
    const old = await inTransaction(db, (tx) => claimLease(tx, row.id, 0, 'w1', 2000));
    const next = await inTransaction(db, (tx) => claimLease(tx, row.id, 1, 'w2', 2000));
    expect([old?.epoch, next?.epoch]).toEqual([1, 2]);
    await expect(
      inTransaction(db, (tx) => write(tx, row, { actor: system, epoch: 1 }, [begin('a')], now)),
    ).rejects.toBeInstanceOf(LeaseLost);
    await inTransaction(db, (tx) => write(tx, row, { actor: system, epoch: 2 }, [begin('a')], now));
    expect((await readEvents(db, row.id)).map(({ seq, epoch, type }) => ({ seq, epoch, type }))).toEqual([
      { seq: 0, epoch: 0, type: 'run.requested' },
      { seq: 1, epoch: 2, type: 'step.begin' },
    ]);
  });

  test('an event and its evidence are one commit', async () => {
    const row = await newRun('r-evidence', hash('c'));
    const countOf = async (): Promise<number> =>
      (
        await sql<{
          n: number;
        }>`select count(*)::integer as n from evidence_outbox where leaf::jsonb #>> '{subjects,run}' = ${row.id}`.execute(
          db,
        )
      ).rows[0]?.n ?? -1;
    expect(await countOf()).toBe(1);
    await expect(
      inTransaction(db, async (tx) => {
        await write(tx, row, { actor: system, epoch: 0 }, [begin('a')], now);
        throw new Error('the transaction breaks');
      }),
    ).rejects.toThrow('breaks');
    expect(await countOf()).toBe(1);
    expect(await readEvents(db, row.id)).toHaveLength(1);
  });

  test('of several runs written together, what is refused leaves no event and no evidence, and the rest is written', async () => {
    const [mine, lost] = [await newRun('r-together-a', hash('7')), await newRun('r-together-b', hash('8'))];
    await inTransaction(db, (tx) => claimLease(tx, lost.id, 0, 'w9', 2000));
    const wanted = [lost, mine, lost].map((run, i) => ({
      run,
      author: { actor: system, epoch: 0 },
      body: begin(`s${i}`),
      at: now.toISOString(),
    }));
    expect(await writeAll(db, wanted)).toEqual([false, true, false]);
    expect(await readEvents(db, mine.id)).toHaveLength(2);
    expect(await readEvents(db, lost.id)).toHaveLength(1);
    const { rows } = await sql<{ run: string }>`select leaf::jsonb #>> '{subjects,run}' as run from evidence_outbox
      where leaf::jsonb ->> 'type' = 'run.step-begun' and leaf::jsonb #>> '{subjects,run}' like 'r-together%'`.execute(
      db,
    );
    expect(rows).toEqual([{ run: mine.id }]);
  });

  test('keeps the order of each run however many runs write at once, and a lost run holds up no other', async () => {
    const rows = await Promise.all(
      Array.from({ length: 70 }, (_, i) => newRun(`r-many-${i}`, `sha256:${i.toString(16).padStart(64, '0')}`)),
    );
    const lost = rows.slice(0, 3).map(({ id }) => id);
    await Promise.all(lost.map((id) => inTransaction(db, (tx) => claimLease(tx, id, 0, 'w9', 2000))));
    const writer = createWriter(db, () => now);
    const author = { actor: system, epoch: 0 };
    const steps = ['a', 'b', 'c', 'd'];
    const results = await Promise.all(
      rows.map(async (row) => {
        const wanted = steps.map((step) => writer.write(row, author, begin(step)));
        return { id: row.id, ends: (await Promise.allSettled(wanted)).map(({ status }) => status) };
      }),
    );
    for (const { id, ends } of results) {
      expect(new Set(ends), id).toEqual(new Set([lost.includes(id) ? 'rejected' : 'fulfilled']));
      const events = await readEvents(db, id);
      const begun = events.flatMap((event) => (event.type === 'step.begin' ? [event.data.step] : []));
      expect(begun, id).toEqual(lost.includes(id) ? [] : steps);
      expect(brokenRunLogAt(await readLog(db, id)), id).toBeNull();
    }
  });

  test('is one gapless hash chain however many append at once, and shows a changed row', async () => {
    const row = await newRun('r-chain', hash('d'));
    await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        appendEvents(
          db,
          [`s${i}`, `t"${i}\\`].map((step) => ({ ...begin(step), run: row.id, epoch: null, at: now.toISOString() })),
        ),
      ),
    );
    const rows = await readLog(db, row.id);
    expect(rows).toHaveLength(41);
    expect(brokenRunLogAt(rows)).toBeNull();
    expect(foldRun(await readEvents(db, row.id))?.seq).toBe(40);
    const owner = connect(database.url, { role: 'owner', max: 1 });
    await sql`update run_event set data = '{"step":"s0","attempt":2}' where run = ${row.id} and seq = 7`.execute(owner);
    await owner.destroy();
    expect(brokenRunLogAt(await readLog(db, row.id))).toBe(7);
  });

  test('the application may not change or remove an event', async () => {
    await expect(sql`update run_event set data = '{}'`.execute(db)).rejects.toThrow(/permission denied/);
    await expect(sql`delete from run_event`.execute(db)).rejects.toThrow(/permission denied/);
  });

  test('of two that claim at the same time one gets the run', async () => {
    const row = await newRun('r-claim', hash('e'));
    const claims = await Promise.all(
      ['w1', 'w2', 'w3'].map((worker) => inTransaction(db, (tx) => claimLease(tx, row.id, 0, worker, 2000))),
    );
    expect(claims.filter((lease) => lease !== null)).toEqual([{ run: row.id, epoch: 1 }]);
  });

  test('a plan revision has one live run; a refused one does not count', async () => {
    const row = await newRun('r-once', hash('f'));
    const second = { ...row, id: 'r-once-again' };
    expect(await inTransaction(db, (tx) => insertRun(tx, second))).toBe(false);
    expect((await liveRunOf(db, row.institution, row.planHash))?.id).toBe('r-once');
    await inTransaction(db, (tx) => endRun(tx, row.id, 'refused', now.toISOString()));
    expect(await inTransaction(db, (tx) => insertRun(tx, second))).toBe(true);
  });

  test('a run is orphaned when it was never claimed, its owner holds no lock, or its lease ran out', async () => {
    const row = await newRun('r-orphan', hash('1'));
    const why = async (): Promise<string | undefined> =>
      (await orphanedRuns(db, 'me')).find(({ run }) => run === row.id)?.why;
    expect(await why()).toBe('unowned');
    await inTransaction(db, (tx) => claimLease(tx, row.id, 0, 'gone', 60_000));
    expect(await why()).toBe('connection-lost');
  });
});
