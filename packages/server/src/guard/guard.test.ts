import { generateKeyPairSync, sign } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sql } from 'kysely';
import { headMessage, sealEntry } from '@breakwater/rules/guard';
import type { GuardAlarm, JournalEntry, JournalHead } from '@breakwater/rules/guard/record';
import { inTransaction, type Db } from '#platform/db';
import { testDatabase, type TestDatabase } from '#platform/db/testing';
import { batches } from './batches.ts';
import { headVerifies } from './chain.ts';
import { enrolHost, greetHost } from './hosts.ts';
import { ingest, keepHead, raiseAlarm, type JournalSink } from './ingest.ts';
import { openJournal, readCursor, readHosts } from './store.ts';

const institution = 'hanbit-bank';
let database: TestDatabase;
let db: Db;
beforeAll(async () => {
  database = await testDatabase();
  db = database.db;
});
afterAll(async () => database.drop());

function journal(run: string, length: number, changes: Partial<JournalEntry> = {}): JournalEntry[] {
  const entries: JournalEntry[] = [];
  for (let seq = 0; seq < length; seq += 1) {
    entries.push(
      sealEntry({
        schema: 'breakwater.journal/1',
        run,
        host: 'local',
        seq,
        epoch: 1,
        at: '2026-11-29T01:00:00.000Z',
        mono: seq,
        boot: 'b',
        event: {
          type: 'lease.renewed',
          data: { silentMs: seq },
        },
        prev: entries.at(-1)?.hash ?? null,
        ...changes,
      }),
    );
  }
  return entries;
}

interface Heard extends JournalSink {
  readonly seqs: number[];
  readonly alarms: GuardAlarm[];
}

function listener(): Heard {
  const seqs: number[] = [];
  const alarms: GuardAlarm[] = [];
  return {
    seqs,
    alarms,
    entries: async (_tx, _run, entries) => void seqs.push(...entries.map(({ seq }) => seq)),
    alarm: async (_tx, alarm) => void alarms.push(alarm),
  };
}

async function open(run: string): Promise<void> {
  await inTransaction(db, (tx) => openJournal(tx, institution, run, 'local'));
}

async function evidenceOf(run: string): Promise<string[]> {
  const { rows } = await sql<{ type: string }>`
    select leaf::jsonb ->> 'type' as type from evidence_outbox where leaf::jsonb #>> '{subjects,run}' = ${run} order by xid, id`.execute(
    db,
  );
  return rows.map(({ type }) => type);
}

describe('taking a journal', () => {
  test('takes each entry once, however often and by how many it is brought', async () => {
    const run = 'once';
    await open(run);
    const entries = journal(run, 30);
    const heard = listener();
    await Promise.all([0, 3, 7, 0, 12].map((from) => ingest(db, run, entries.slice(0, from + 15), heard)));
    await ingest(db, run, entries, heard);
    await ingest(db, run, entries, heard);
    expect(heard.seqs).toEqual(Array.from({ length: 30 }, (_, i) => i));
    expect(await evidenceOf(run)).toEqual(Array(30).fill('guard.journal'));
    expect(heard.alarms).toEqual([]);
  });

  test('waits for an entry that is missing', async () => {
    const run = 'gap';
    await open(run);
    const entries = journal(run, 6);
    const heard = listener();
    expect(await ingest(db, run, [...entries.slice(0, 2), ...entries.slice(3)], heard)).toBe(2);
    expect(await ingest(db, run, entries.slice(2), heard)).toBe(4);
    expect(heard.alarms).toEqual([]);
  });

  test('entries and what the sink writes are one commit', async () => {
    const run = 'commit';
    await open(run);
    const failing: JournalSink = {
      entries: async () => Promise.reject(new Error('the sink fails')),
      alarm: async () => undefined,
    };
    await expect(ingest(db, run, journal(run, 3), failing)).rejects.toThrow('the sink fails');
    expect(await evidenceOf(run)).toEqual([]);
    expect((await readCursor(db, run, false))?.seq).toBe(-1);
  });

  test.each([
    [
      'a changed entry',
      (entries: JournalEntry[]) => entries.map((entry) => (entry.seq === 3 ? { ...entry, mono: 99 } : entry)),
    ],
    [
      'another past under the last entry',
      (entries: JournalEntry[]) => [...entries.slice(0, 2), ...journal(entries[0]!.run, 6, { boot: 'other' }).slice(2)],
    ],
    [
      'an entry of another run',
      (entries: JournalEntry[]) => [...entries.slice(0, 3), sealEntry({ ...entries[3]!, run: 'other' })],
    ],
  ])('raises one alarm for %s and takes nothing from there on', async (what, spoil) => {
    const run = `fork-${what.length}`;
    await open(run);
    const entries = journal(run, 6);
    const heard = listener();
    await ingest(db, run, entries.slice(0, 2), heard);
    const spoilt = spoil(entries);
    await ingest(db, run, spoilt, heard);
    await ingest(db, run, spoilt, heard);
    expect(heard.alarms).toMatchObject([{ kind: 'journal-fork', run, host: 'local' }]);
    expect(heard.seqs.length).toBeLessThan(4);
    expect((await evidenceOf(run)).filter((type) => type === 'guard.alarm')).toHaveLength(1);
  });

  test('a host that has less than it had raises one alarm with both figures', async () => {
    const run = 'cut';
    await open(run);
    const heard = listener();
    await ingest(db, run, journal(run, 5), heard);
    await raiseAlarm(db, run, { kind: 'journal-cut', detail: 'the journal ends at entry 2' }, heard);
    await raiseAlarm(db, run, { kind: 'journal-cut', detail: 'the journal ends at entry 1' }, heard);
    expect(heard.alarms).toMatchObject([{ kind: 'journal-cut', ingestedSeq: 4, promisedSeq: null }]);
  });
});

describe('signed heads', () => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const head = (entry: JournalEntry): JournalHead => {
    const { run, host, seq, hash } = entry;
    return {
      run,
      host,
      seq,
      hash,
      signature: sign(null, headMessage({ run, host, seq, hash }), privateKey).toString('base64'),
    };
  };

  test('verify by the host’s key only and for the very head', () => {
    const signed = head(journal('head', 3)[2]!);
    expect(headVerifies(signed, pem)).toBe(true);
    expect(headVerifies({ ...signed, seq: 1 }, pem)).toBe(false);
    const other = generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' }).toString();
    expect(headVerifies(signed, other)).toBe(false);
  });

  test('are put into the evidence log once the entries up to them were taken, and bind what comes later', async () => {
    const run = 'promised';
    await open(run);
    const entries = journal(run, 4);
    const heard = listener();
    await ingest(db, run, entries.slice(0, 2), heard);
    await keepHead(db, head(entries[3]!), true);
    expect(await evidenceOf(run)).not.toContain('guard.journal-head');
    const changed = [...entries.slice(0, 3), sealEntry({ ...entries[3]!, mono: 1234 })];
    await ingest(db, run, changed, heard);
    expect(heard.alarms).toMatchObject([{ kind: 'journal-fork', promisedSeq: 3 }]);
    await ingest(db, run, entries, heard);
    await keepHead(db, head(entries[3]!), true);
    await keepHead(db, head(entries[1]!), true);
    expect((await evidenceOf(run)).filter((type) => type === 'guard.journal-head')).toHaveLength(1);
  });
});

describe('execution hosts', () => {
  const keyOf = (): string =>
    generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const hello = (host: string, publicKey: string) => ({
    host,
    publicKey,
    boot: 'b',
    protocol: 1,
    wall: '2026-11-29T01:00:00.000Z',
    mono: 1,
    level: 'cgroup-v2',
  });

  test('are used only with the name and key that they were enrolled with', async () => {
    const publicKey = keyOf();
    expect(await greetHost(db, institution, 'h1', hello('h1', publicKey), 0)).toEqual({
      reason: 'host-unknown',
      host: 'h1',
    });
    await enrolHost(db, institution, { host: 'h1', publicKey, by: 'p-1' });
    expect(await greetHost(db, institution, 'h1', hello('h1', publicKey), 0)).toBeNull();
    expect(await greetHost(db, institution, 'h1', hello('h2', publicKey), 0)).toMatchObject({
      reason: 'host-name',
      actual: 'h2',
    });
    expect(await greetHost(db, institution, 'h1', hello('h1', keyOf()), 0)).toMatchObject({
      reason: 'host-key-changed',
    });
  });

  test('are enrolled with evidence, once for the same key', async () => {
    const publicKey = keyOf();
    await enrolHost(db, institution, { host: 'h3', publicKey, by: 'p-1' });
    await enrolHost(db, institution, { host: 'h3', publicKey, by: 'p-2' });
    expect((await readHosts(db, institution)).find(({ host }) => host === 'h3')?.enrolledBy).toBe('p-1');
    await expect(enrolHost(db, institution, { host: 'h4', publicKey: 'no key', by: 'p-1' })).rejects.toMatchObject({
      code: 'host.bad-key',
    });
  });
});

test('a batch holds whatever came while the last one was worked on, and an error comes after it', async () => {
  async function* source(): AsyncGenerator<number> {
    for (let i = 0; i < 7; i += 1) yield i;
    throw new Error('broken');
  }
  const seen: number[][] = [];
  const reading = (async () => {
    for await (const batch of batches(source(), 3)) {
      seen.push([...batch]);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  })();
  await expect(reading).rejects.toThrow('broken');
  expect(seen.flat()).toEqual([0, 1, 2, 3, 4, 5, 6]);
  expect(seen.every((batch) => batch.length <= 3)).toBe(true);
});
