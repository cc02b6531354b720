import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findingOf, gradeOf, type FindingRecord } from '@breakwater/rules/containment';
import { sealEntry } from '@breakwater/rules/guard';
import type { JournalEntry, JournalEvent } from '@breakwater/rules/guard/record';
import { inTransaction } from '#platform/db';
import { testDatabase, type TestDatabase } from '#platform/db/testing';
import { createLog } from '#platform/telemetry';
import { enrolHost } from './hosts.ts';
import type { GuardConnection, GuardTransport } from './transport.ts';
import { createGuard, type TestSink } from './workflow.ts';

const institution = 'hanbit-bank';
let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

const found = (port: number): FindingRecord =>
  findingOf({
    rule: 'r',
    asset: '10.66.0.10',
    protocol: 'tcp',
    port,
    title: 't',
    severity: gradeOf('critical'),
    tool: 'nmap',
    seenAt: '2026-11-29T01:00:00Z',
  });

function journalOf(run: string, events: readonly JournalEvent[]): JournalEntry[] {
  const entries: JournalEntry[] = [];
  for (const event of events) {
    entries.push(
      sealEntry({
        schema: 'breakwater.journal/1',
        run,
        host: 'local',
        seq: entries.length,
        epoch: 1,
        at: '2026-11-29T01:00:00.000Z',
        mono: entries.length,
        boot: 'b',
        event,
        prev: entries.at(-1)?.hash ?? null,
      }),
    );
  }
  return entries;
}

const attempt: JournalEvent = {
  type: 'cage.attempts',
  data: {
    packets: 1,
    attempts: [{ address: '10.66.0.99', port: 22, protocol: 'tcp', packets: 1 }],
    soFar: { packets: 1, destinations: 1 },
  },
};
const renewed: JournalEvent = { type: 'lease.renewed', data: { silentMs: 1 } };
const finding: JournalEvent = { type: 'cage.finding', data: { fingerprint: found(1).fingerprint } };

/** A host that has a journal and findings, a transport to it, and what was asked of it. */
function hostWith(entries: readonly JournalEntry[], findings: readonly FindingRecord[]) {
  const { publicKey } = generateKeyPairSync('ed25519');
  const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const stopped: string[] = [];
  const asked: number[] = [];
  let isAway = false;
  const answer = (request: { type: string; after?: number; lever?: string; by?: string }): object => {
    if (request.type === 'status') return { runs: [{ run: entries[0]?.run, lastSeq: entries.length - 1 }] };
    if (request.type === 'close') return { head: null };
    if (request.type === 'stop') {
      stopped.push(`${request.lever} ${request.by}`);
      return { stopped: [] };
    }
    if (isAway) throw new Error('the host does not answer');
    // One finding an answer.
    const after = request.after ?? 0;
    asked.push(after);
    return { findings: findings.slice(after, after + 1), next: Math.min(after + 1, findings.length) };
  };
  const connection = {
    host: { host: 'local', boot: 'b', protocol: 1, wall: '', mono: 0, publicKey: pem, level: 'cgroup-v2' },
    clockOffsetMs: 0,
    gone: new Promise<void>(() => undefined),
    ask: async (request: { type: string }) => answer(request),
    entries: async (_run: string, after: number) => entries.slice(after + 1),
    async *follow(_run: string, after: number) {
      for (const entry of entries.slice(after + 1)) yield entry;
    },
  } as unknown as GuardConnection;
  const transport: GuardTransport = {
    reach: async () => connection,
    hosts: () => ['local'],
    address: () => null,
    drop: () => undefined,
    close: () => undefined,
  };
  return { pem, transport, stopped, asked, away: (now: boolean) => (isAway = now) };
}

async function guardOver(run: string, events: readonly JournalEvent[], findings: readonly FindingRecord[]) {
  const host = hostWith(journalOf(run, events), findings);
  await enrolHost(database.db, institution, { host: 'local', publicKey: host.pem, by: 'p-1' });
  const kept: (number | null)[] = [];
  const journal: string[] = [];
  const tests: TestSink = {
    takeJournal: async (_tx, _run, entries) => void journal.push(...entries.map(({ event }) => event.type)),
    async takeFindings(_tx, _run, _host, some) {
      kept.push(...some.map(({ port }) => port));
      return { hold: some.some(({ port }) => port === 2) };
    },
  };
  const guard = createGuard({
    db: database.db,
    institution,
    transport: host.transport,
    log: createLog('silent'),
    tests,
  });
  await inTransaction(database.db, (tx) => guard.open(tx, run, 'local'));
  const seen: number[] = [];
  const sink = {
    entries: async (_tx: unknown, _run: string, entries: readonly JournalEntry[]) =>
      void seen.push(...entries.map(({ seq }) => seq)),
    alarm: async () => undefined,
  };
  const follow = async (): Promise<void> => {
    const ends = new AbortController();
    const followed = guard.follow(run, 'local', sink, () => undefined, ends.signal);
    await expect.poll(() => seen.length).toBe(events.length);
    await new Promise((resolve) => setTimeout(resolve, 300));
    ends.abort();
    await followed;
  };
  return { guard, host, kept, journal, seen, sink, follow };
}

test('what a journal tells of tests is handed on with its entries, and findings are taken from the host until there are no more', async () => {
  const { follow, kept, journal, host } = await guardOver('r-1', [renewed, attempt, finding], [found(1), found(3)]);
  await follow();
  expect(journal).toEqual(['lease.renewed', 'cage.attempts', 'cage.finding']);
  expect(kept).toEqual([1, 3]);
  expect(host.stopped).toEqual([]);
});

test('a run is held when the policy says so, and findings are not taken twice', async () => {
  const { follow, kept, host, guard, sink } = await guardOver('r-2', [finding], [found(1), found(2)]);
  await follow();
  expect(host.stopped).toEqual(['hold policy']);
  await guard.finish('local', 'r-2', 1, sink);
  expect(kept).toEqual([1, 2]);
});

test('a host that does not give its findings keeps no entry from being taken; they are taken at the end', async () => {
  const { follow, kept, seen, host, guard, sink } = await guardOver('r-3', [finding, renewed], [found(1)]);
  host.away(true);
  await follow();
  expect([seen, kept]).toEqual([[0, 1], []]);
  host.away(false);
  await guard.finish('local', 'r-3', 1, sink);
  expect(kept).toEqual([1]);
});

test('what was told before this server followed the run is taken when it begins to', async () => {
  const { follow, kept, host } = await guardOver('r-4', [renewed], [found(1)]);
  await follow();
  expect(kept).toEqual([1]);
  expect(host.asked).toEqual([0, 1]);
});
