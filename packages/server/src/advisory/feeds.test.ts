import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sql } from 'kysely';
import { createMessage, generateKey, readKey, readPrivateKey, sign } from 'openpgp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { testDatabase, type TestDatabase } from '#platform/db/testing';
import { createLog } from '#platform/telemetry';
import { pinKey } from './authority.ts';
import { pollFeed, type Feed } from './feeds.ts';

const by = { kind: 'person', id: 'p-17' } as const;
let database: TestDatabase;
let server: Server;
let base: string;
let asked: string[] = [];
const files = new Map<string, string>();

const csaf = (id: string) =>
  JSON.stringify({
    document: {
      category: 'csaf_base',
      csaf_version: '2.0',
      publisher: { category: 'coordinator', name: 'FSI', namespace: 'https://fsi.example' },
      title: id,
      tracking: {
        id,
        status: 'final',
        version: '1',
        current_release_date: '2026-11-20T00:00:00Z',
        initial_release_date: '2026-11-20T00:00:00Z',
        revision_history: [{ date: '2026-11-20T00:00:00Z', number: '1', summary: 'first' }],
      },
    },
    vulnerabilities: [{ cve: 'CVE-2026-0001' }],
  });

beforeAll(async () => {
  database = await testDatabase();
  server = createServer(({ url = '' }, answer) => {
    asked.push(url);
    const body = files.get(url);
    if (body === undefined) answer.writeHead(404).end();
    else answer.writeHead(200).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const entry = (name: string) => ({
    id: name,
    updated: '2026-11-20T00:00:00Z',
    content: { src: `${base}/${name}.json` },
    link: [{ rel: 'signature', href: `${base}/${name}.json.asc` }],
  });
  files.set(
    '/aggregator.json',
    JSON.stringify({ aggregator_version: '2.0', csaf_providers: [{ metadata: { url: `${base}/provider.json` } }] }),
  );
  files.set(
    '/provider.json',
    JSON.stringify({
      canonical_url: 'x',
      metadata_version: '2.0',
      distributions: [{ rolie: { feeds: [{ url: `${base}/rolie.json` }] } }, { directory_url: `${base}/folder` }],
    }),
  );
  files.set(
    '/rolie.json',
    JSON.stringify({ feed: { id: 'f', entry: [entry('signed'), entry('plain'), entry('broken')] } }),
  );
  files.set('/folder/changes.csv', '"2026/third.json","2026-11-20T00:00:00Z"\n"../../etc/passwd.json","2026"\n');
  files.set('/folder/2026/third.json', csaf('FSI-THIRD'));
  files.set('/signed.json', csaf('FSI-SIGNED'));
  files.set('/plain.json', csaf('FSI-PLAIN'));
  files.set('/broken.json', '{"document":{"csaf_version":"2.0"}}');
}, 60_000);
afterAll(async () => {
  server?.close();
  await database?.drop();
});

const poll = (feed: Feed, institution: string, now: Date) =>
  pollFeed(feed, {
    db: database.db,
    institution,
    networks: ['127.0.0.0/8'],
    log: createLog('silent'),
    now,
    signal: new AbortController().signal,
  });

describe('a feed of an authority', () => {
  test('leads from aggregator over provider to documents, which are proven by its pinned key alone', async () => {
    const now = new Date();
    const key = await generateKey({
      type: 'curve25519',
      userIDs: [{ name: 'FSI' }],
      format: 'armored',
      date: new Date(now.getTime() - 86_400_000),
    });
    const fingerprint = (await readKey({ armoredKey: key.publicKey })).getFingerprint();
    await pinKey(
      database.db,
      'bank',
      { authority: 'FSI', armored: key.publicKey, fingerprint, from: '2026-01-01T00:00:00Z', until: null },
      by,
      now,
    );
    const signingKeys = await readPrivateKey({ armoredKey: key.privateKey });
    const message = await createMessage({ binary: Buffer.from(files.get('/signed.json') ?? '') });
    files.set('/signed.json.asc', String(await sign({ message, signingKeys, detached: true, date: now })));
    const feed: Feed = { name: 'fsi', kind: 'csaf', url: `${base}/aggregator.json`, authority: 'FSI' };
    const later = new Date(now.getTime() + 60_000);
    expect(await poll(feed, 'bank', later)).toEqual({ taken: 3, failed: 1 });
    const { rows } = await sql<{ id: string; proof: string; doubt: string | null }>`
      select id, proof, doubt from advisory_dissemination where institution = 'bank' order by id`.execute(database.db);
    expect(rows).toEqual([
      { id: 'FSI-PLAIN', proof: 'absent', doubt: 'no-signature' },
      { id: 'FSI-SIGNED', proof: 'proven', doubt: null },
      { id: 'FSI-THIRD', proof: 'absent', doubt: 'no-signature' },
    ]);
    asked = [];
    expect(await poll(feed, 'bank', new Date(later.getTime() + 900_000))).toEqual({ taken: 0, failed: 1 });
    expect(asked.filter((url) => url.endsWith('plain.json') || url.endsWith('signed.json'))).toEqual([]);
  });

  test('that fails is left alone for longer each time', async () => {
    const feed: Feed = { name: 'away', kind: 'csaf', url: `${base}/nowhere.json` };
    const at = (minutes: number) => new Date(Date.UTC(2026, 11, 1, 0, minutes));
    const polled: boolean[] = [];
    for (const minutes of [0, 10, 16, 40, 50]) polled.push((await poll(feed, 'bank', at(minutes))) !== null);
    expect(polled).toEqual([true, false, true, false, true]);
  });
});
