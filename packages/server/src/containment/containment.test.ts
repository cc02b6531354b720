import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { gradeOf, type DeniedTraffic } from '@breakwater/rules/containment';
import { attemptsSeen, cageReported, findingsKept, needToKnow, pageSent } from '@breakwater/rules/containment/record';
import type { JournalEntry, JournalEvent } from '@breakwater/rules/guard/record';
import type { Platform } from '#platform';
import { manualClock } from '#platform/clock';
import { loadConfig } from '#platform/config';
import { inTransaction } from '#platform/db';
import { testDatabase, type TestDatabase } from '#platform/db/testing';
import { createHttp, type Http } from '#platform/http';
import { startJobs, type Jobs } from '#platform/jobs';
import { createLog, createMetrics } from '#platform/telemetry';
import { asks, attempt, enrol, found, person, reportOf, seenAt } from './containment.testing.ts';
import { receiver } from '../platform/webhook/receiver.testing.ts';
import { deliverWebhook, webhookWorker } from '#platform/webhook';
import { containmentOf, type ContainmentDoor } from './index.ts';
import { containmentRoutes } from './routes.ts';

const token = 'a-token-of-this-test';
const now = new Date('2026-11-29T02:00:00Z');
const at = now.toISOString();
const secret = '0123456789abcdef0123456789abcdef';
const ciso = person('p-1', 'ciso');
const operator = person('p-2', 'operations');
const critical = {
  severity: gradeOf('critical'),
  rule: 'rce',
  title: 'secret remote hole',
  asset: 'hidden.example',
  port: 9443,
};

let database: TestDatabase;
let folder: string;
let jobs: Jobs;
let attempts: Awaited<ReturnType<typeof receiver>>;
let restricted: Awaited<ReturnType<typeof receiver>>;
let failures = 0;
let institution: string;
let platform: Platform;
let containment: ContainmentDoor;
let app: Http;
let held: string[];
let tests = 0;
const logged: string[] = [];
const window = { start: '2026-11-29T01:00:00+09:00', end: '2026-11-29T04:00:00+09:00' };
const smallTest = {
  schema: 'breakwater.plan/1',
  institution: 'bank',
  kind: 'security-test',
  activity: 'port-scan',
  title: { ko: '점검', en: 'scan' },
  author: 'p-03',
  window: { ...window, observe: 'PT1H' },
  services: ['transfer'],
  limits: { outage: 'PT1H', damage: 0, records: 0, personalCredit: 0 },
  host: 'local',
  scope: {
    schema: 'breakwater.scope/1',
    targets: [{ cidr: '10.66.0.10/32', ports: ['tcp/8443'] }],
    caps: { newConnectionsPerSecond: 5, packetsPerSecond: 50, concurrent: 2, bytes: 100_000 },
    window,
    lease: 'PT2S',
  },
};
const open: Http[] = [];

beforeAll(async () => {
  database = await testDatabase();
  folder = await mkdtemp(join(tmpdir(), 'containment-'));
  await writeFile(join(folder, 'hook.key'), `${secret}\n`, { mode: 0o600 });
  jobs = await startJobs({ url: database.url, queues: [deliverWebhook], log: createLog('silent'), concurrency: 4 });
  attempts = await receiver();
  restricted = await receiver((_, answer) => answer.writeHead((failures -= 1) >= 0 ? 500 : 204).end());
  const config = loadConfig({ root: folder, env: {} });
  platform = {
    config: {
      ...config,
      dataDir: folder,
      institution: 'bank',
      containment: {
        ...config.containment,
        webhooks: [
          { name: 'soc', url: `${attempts.url}/soc`, secretFile: 'hook.key', pages: 'attempts' },
          { name: 'control-team', url: `${restricted.url}/team`, secretFile: 'hook.key', pages: 'restricted' },
        ],
      },
    },
    db: database.db,
    databaseUrl: database.url,
    clock: manualClock(now),
    log: createLog('debug', { write: (line) => logged.push(line) }),
    metrics: createMetrics(),
    jobs,
  };
  await webhookWorker(platform);
  await enrol(database.db, 'bank', ciso, operator, now);
}, 60_000);
afterAll(async () => {
  for (const one of open) await one.close();
  await jobs?.stop(1);
  for (const one of [attempts, restricted]) await one?.[Symbol.asyncDispose]();
  await database?.drop();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  institution = 'bank';
  held = [];
  tests += 1;
  attempts.received.length = 0;
  restricted.received.length = 0;
  containment = containmentOf(platform);
  app = await createHttp({
    log: createLog('silent'),
    metrics: createMetrics(),
    access: { token },
    bodyLimitBytes: 1_000_000,
    requestTimeoutSeconds: 10,
  });
  open.push(app);
  containmentRoutes(app, platform, async (run) => void held.push(run));
});

const run = (): string => `run-${tests}`;
/** Pages about attempts of this test: those of tests before may come late. */
const paged = () => attempts.received.filter(({ body }) => body.includes(`"run":"${run()}"`));
const inTx = <T>(work: Parameters<typeof inTransaction<T>>[1]): Promise<T> => inTransaction(database.db, work);
const keep = (findings: ReturnType<typeof found>[], of = run()) =>
  inTx((tx) => containment.recordFindings(tx, { run: of, findings, source: null, by: { kind: 'host', id: 'local' } }));
const seen = (port: number) => seenAt(at, port);
const call = async (method: 'GET' | 'POST', url: string, payload?: object) => {
  const answer = await app.inject({
    method,
    url,
    headers: { authorization: `Bearer ${token}` },
    ...(payload === undefined ? {} : { payload }),
  });
  return { status: answer.statusCode, body: answer.json<Record<string, unknown>>(), text: answer.body };
};

/** Everything that others than the restricted group can read of a run: evidence payloads, leaves, tables, answers, logs. */
async function evidenceOf(type: string): Promise<Record<string, unknown>[]> {
  const { rows } = await sql<{ leaf: string; payload: string }>`
    select leaf, payload from evidence_outbox where institution = ${institution} order by id`.execute(database.db);
  return rows
    .map(({ leaf, payload }) => ({ ...(JSON.parse(leaf) as { type: string }), payload: JSON.parse(payload) as object }))
    .filter((row) => row.type === type)
    .map(({ payload }) => {
      const kinds = [attemptsSeen, cageReported, findingsKept, needToKnow, pageSent];
      kinds.find((kind) => kind.type === type)?.payload.parse(payload);
      return payload as Record<string, unknown>;
    });
}

describe('an attempt to leave the scope', () => {
  test('is kept, in evidence, and pages its webhook when that commits', async () => {
    await inTx((tx) =>
      containment.recordAttempts(tx, { run: run(), seen: [seen(22), { ...seen(23), packets: 1200 }] }),
    );
    await expect.poll(() => paged().length, { timeout: 30_000, interval: 5 }).toBe(1);
    const page = paged()[0]!;
    expect(JSON.parse(page.body)).toMatchObject({
      schema: 'breakwater.page/1',
      kind: 'attempt',
      run: run(),
      packets: 1201,
    });
    expect(page.headers['breakwater-signature']).toMatch(/^t=\d+,v1=[0-9a-f]{64}$/);
    expect(restricted.received).toEqual([]);
    expect((await evidenceOf('containment.attempts-seen')).at(-1)).toMatchObject({
      run: run(),
      packets: 1200,
      attempts: [{ ...attempt, port: 23 }],
    });
    expect((await evidenceOf('containment.page-sent')).at(-1)).toMatchObject({ run: run(), webhooks: ['soc'] });
    expect((await call('GET', `/containment/runs/${run()}`)).body).toMatchObject({
      reports: [],
      attempts: [{ port: 22 }, { port: 23 }],
    });
  });

  test('leaves nothing and pages nobody when its transaction fails', async () => {
    await expect(
      inTx(async (tx) => {
        await containment.recordAttempts(tx, { run: run(), seen: [seen(22)] });
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    await inTx((tx) => containment.recordAttempts(tx, { run: run(), seen: [seen(24)] }));
    await expect.poll(() => paged().length, { timeout: 30_000 }).toBe(1);
    expect(paged()[0]?.body).toContain('"port":24');
  });

  test('shows on the console’s stream, which goes on after the last page that was seen', async () => {
    const address = await app.listen({ host: '127.0.0.1', port: 0 });
    const first = new AbortController();
    const stream = async (signal: AbortSignal, last: string | null): Promise<ReadableStreamDefaultReader<string>> => {
      const headers = { authorization: `Bearer ${token}`, ...(last === null ? {} : { 'last-event-id': last }) };
      const answer = await fetch(`${address}/containment/events`, { headers, signal });
      return answer.body!.pipeThrough(new TextDecoderStream()).getReader();
    };
    const next = async (reader: ReadableStreamDefaultReader<string>): Promise<string> => {
      for (;;) {
        const { value = '' } = await reader.read();
        if (value.includes('data:')) return value;
      }
    };
    const reader = await stream(first.signal, null);
    await new Promise((resolve) => setTimeout(resolve, 200));
    await inTx((tx) => containment.recordAttempts(tx, { run: run(), seen: [seen(22)] }));
    const event = await next(reader);
    expect(event).toContain('event: attempt');
    expect(event).toContain(`"run":"${run()}"`);
    first.abort();
    await keep([found(critical)]);
    await inTx((tx) => containment.recordAttempts(tx, { run: run(), seen: [seen(25)] }));
    const second = new AbortController();
    const resumed = await next(await stream(second.signal, /id: (\d+)/.exec(event)?.[1] ?? ''));
    expect(resumed).toContain('"port":25');
    expect(resumed).not.toContain('restricted');
    second.abort();
    await expect.poll(() => restricted.received.length, { timeout: 10_000 }).toBe(1);
  });
});

describe('the report of a cage', () => {
  test('is kept once, with its digest in evidence, and decides what is remediated', async () => {
    const seen = found({ rule: `r-${run()}` });
    const report = (of: string, change = {}) =>
      inTx((tx) =>
        containment.recordReport(tx, { run: of, step: 'test', tools: ['nuclei'], names: [], report: reportOf(change) }),
      );
    const stateOf = async () => {
      const { findings } = await containment.findings({ run: null }, { after: '', limit: 1000 });
      return findings.find(({ finding }) => finding.fingerprint === seen.fingerprint)?.history;
    };
    await report(`${run()}-a`, { startedAt: '2026-11-29T01:00:00Z' });
    await keep([seen], `${run()}-a`);
    expect(await stateOf()).toMatchObject({ state: 'new', firstRun: `${run()}-a`, coverage: null });
    await report(`${run()}-b`, { startedAt: '2026-11-29T01:10:00Z', lostToCap: { packets: 3 } });
    expect(await stateOf()).toMatchObject({ state: 'new', coverage: 'lost-to-cap' });
    await report(`${run()}-c`, { startedAt: '2026-11-29T01:20:00Z' });
    await report(`${run()}-c`, { startedAt: '2026-11-29T01:20:00Z', allowed: [] });
    expect(await stateOf()).toMatchObject({ state: 'remediated', lastRun: `${run()}-a`, coverage: 'tested' });
    await report(`${run()}-d`, { startedAt: '2026-11-29T01:30:00Z' });
    await keep([{ ...seen, seenAt: '2026-11-29T01:31:00Z' }], `${run()}-d`);
    expect(await stateOf()).toMatchObject({ state: 'regressed', lastRun: `${run()}-d` });
    expect((await evidenceOf('containment.cage-reported')).filter(({ run: of }) => of === `${run()}-c`)).toHaveLength(
      1,
    );
  });
});

describe('the journal of a run', () => {
  const entry = (seq: number, event: JournalEvent): JournalEntry => ({
    schema: 'breakwater.journal/1',
    run: run(),
    host: 'local',
    seq,
    epoch: 1,
    at,
    mono: seq,
    boot: 'b1',
    event,
    prev: null,
    hash: `sha256:${'0'.repeat(64)}`,
  });
  const tried = (one: DeniedTraffic): JournalEvent => ({
    type: 'cage.attempts',
    data: { packets: 1, attempts: [one], soFar: { packets: 2, destinations: 2 } },
  });
  const closed = (tester: string | null): JournalEvent => ({
    type: 'cage.closed',
    data: {
      step: 'test',
      report: `sha256:${'1'.repeat(64)}`,
      containment: reportOf(),
      totals: { allowed: 1, connections: 3, denied: 0, deniedPackets: 0, findings: 0 },
      tester,
    },
  });
  test('tells of attempts, as one page, and of the report', async () => {
    await inTx((tx) =>
      containment.takeJournal(tx, run(), [
        entry(0, { type: 'lease.renewed', data: { silentMs: 1 } }),
        entry(1, tried(attempt)),
        entry(2, tried({ ...attempt, port: null, protocol: 'icmp' })),
        entry(3, closed('completed')),
      ]),
    );
    await expect.poll(() => paged().length, { timeout: 30_000 }).toBe(1);
    expect(JSON.parse(paged()[0]!.body)).toMatchObject({ run: run(), packets: 2, soFar: { destinations: 2 } });
    expect((await call('GET', `/containment/runs/${run()}`)).body).toMatchObject({
      reports: [{ step: 'test', tools: [], report: { level: 'kernel' } }],
      attempts: [
        { port: 22, at },
        { port: null, protocol: 'icmp' },
      ],
    });
  });

  test.each([
    ['nmap that looked to its end', { kind: 'nmap', run: ['/usr/bin/nmap'] }, 'completed', ['nmap']],
    ['a command', { run: ['/opt/scan', '-x'] }, 'completed', ['scan']],
    ['an agent, which looks at something else each time', { kind: 'agent', task: 'look' }, 'completed', []],
    ['a program before an agent', { kind: 'agent', task: 'look', run: ['nmap'] }, 'completed', ['nmap']],
    ['nmap that was stopped', { kind: 'nmap', run: ['nmap'] }, 'stopped', []],
  ] as const)('says by the plan of the run whose findings a cage may judge: %s', async (_, tester, outcome, tools) => {
    const document = { ...smallTest, id: `plan-${run()}-${tools.length}-${outcome}`, tester };
    const planHash = `sha256:${createHash('sha256')
      .update(`${run()}${JSON.stringify(document)}`)
      .digest('hex')}`;
    const of = `${run()}-${planHash.slice(7, 15)}`;
    await sql`insert into plan_revision (institution, plan, revision, plan_hash, author, document, submitted_by, submitted_at)
      values (${institution}, ${document.id}, 1, ${planHash}, 'p-03', ${JSON.stringify(document)}::jsonb, 'p-03', ${at})`.execute(
      database.db,
    );
    await sql`insert into plan_run (institution, plan_hash, run) values (${institution}, ${planHash}, ${of})`.execute(
      database.db,
    );
    await inTx((tx) => containment.takeJournal(tx, of, [entry(0, closed(outcome))]));
    expect((await call('GET', `/containment/runs/${of}`)).body).toMatchObject({ reports: [{ tools }] });
  });
});

describe('findings', () => {
  test('of a file are kept whole or not at all, and the same file again adds nothing', async () => {
    const line = (change: object): string =>
      JSON.stringify({ 'template-id': 't', info: { name: 'n', severity: 'low' }, host: '10.66.0.10:80', ...change });
    const send = async (body: string) => {
      const answer = await app.inject({
        method: 'POST',
        url: `/findings/import?run=${run()}&format=nuclei&by=p-03`,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/octet-stream' },
        payload: body,
      });
      return { status: answer.statusCode, body: answer.json<Record<string, unknown>>() };
    };
    const bad = await send(`${line({})}\n${line({ host: 'a b' })}`);
    expect(bad).toMatchObject({ status: 400, body: { code: 'finding.asset', path: '2:1' } });
    expect((await call('GET', `/findings?run=${run()}`)).body).toEqual({ findings: [], next: null });
    const good = `${line({})}\n${line({ 'template-id': 'u\u001b[2J', info: { name: '<b>\u202e' } })}`;
    expect(await send(good)).toMatchObject({ status: 200, body: { findings: 2, added: 2, held: false } });
    expect(await send(good)).toMatchObject({ status: 200, body: { findings: 2, added: 0, held: false } });
    const { body } = await call('GET', `/findings?run=${run()}&limit=1`);
    expect(body).toMatchObject({ findings: [{ seenBy: [{ tool: 'nuclei' }], history: { state: 'new' } }] });
    const rest = await call('GET', `/findings?run=${run()}&after=${String(body['next'])}`);
    expect(rest.body).toMatchObject({ findings: [{}], next: null });
    const [kept] = (await evidenceOf('containment.findings-kept')).filter((one) => one['run'] === run());
    expect(kept).toMatchObject({ source: expect.stringMatching(/^sha256:/) as unknown });
    expect(JSON.stringify(kept)).not.toContain('10.66.0.10');
  });

  test('of several tools are told once, with everybody who saw them', async () => {
    const cves = ['CVE-2026-7777'];
    await keep([
      found({ cves, port: 1000 + tests }),
      found({ cves, port: 1000 + tests, tool: 'openvas', severity: gradeOf('8.0') }),
    ]);
    const { body } = await call('GET', `/findings?run=${run()}`);
    expect(body).toMatchObject({
      findings: [{ tool: 'openvas', seenBy: [{ tool: 'openvas' }, { tool: 'nuclei' }] }],
      next: null,
    });
  });
});

describe('a critical finding', () => {
  const secretWords = /secret remote hole|critical|hidden/;

  test('pages the restricted group within a minute, though its webhook fails at first, and says nothing of what it is', async () => {
    failures = 1;
    const kept = await keep([found({ ...critical, rule: `rce-${tests}` }), found()]);
    expect(kept).toMatchObject({ hold: true });
    await expect.poll(() => restricted.received.length, { timeout: 30_000 }).toBe(2);
    for (const { body } of restricted.received) {
      expect(JSON.parse(body)).toMatchObject({ kind: 'restricted', count: 1 });
      expect(body).not.toMatch(secretWords);
      expect(body).not.toContain(run());
    }
    expect(paged()).toEqual([]);
  }, 40_000);

  test('reaches no other role: not by listing, stream, evidence or log', async () => {
    const finding = found({ ...critical, rule: `rce-${tests}` });
    const lesser = { ...finding, tool: 'openvas', severity: gradeOf('low'), rule: 'other' };
    await keep([found({ port: 7000 + tests })]);
    await keep([{ ...lesser }]);
    expect((await call('GET', `/findings?run=${run()}`)).text).toContain(finding.fingerprint);
    await keep([finding]);
    for (const url of ['/findings', `/findings?run=${run()}`, `/containment/runs/${run()}`]) {
      const { status, text } = await call('GET', url);
      expect(status).toBe(200);
      expect(text).not.toContain(finding.fingerprint);
      expect(text).not.toMatch(secretWords);
    }
    const { rows } = await sql<{ text: string }>`
      select leaf || payload as text from evidence_outbox where institution = ${institution}`.execute(database.db);
    expect(rows.filter(({ text }) => secretWords.test(text))).toEqual([]);
    expect(logged.filter((line) => secretWords.test(line))).toEqual([]);
    const mine = rows.filter(({ text }) => text.includes('containment.need-to-know'));
    expect(mine.length).toBeGreaterThan(0);
    expect(mine.filter(({ text }) => text.includes(run()))).toEqual([]);
  });

  test('is read by a signature of the group, and every access is evidence that only the group can open', async () => {
    const finding = found({ ...critical, rule: `rce-${tests}` });
    await keep([finding]);
    const before = (await evidenceOf('containment.need-to-know')).length;
    const read = asks(ciso, { institution, act: 'read', at, fingerprint: finding.fingerprint });
    const answer = await call('POST', '/findings/restricted', read);
    expect(answer).toMatchObject({ status: 200, body: { findings: [{ title: 'secret remote hole' }], next: null } });
    const evidence = await evidenceOf('containment.need-to-know');
    expect(evidence).toHaveLength(before + 1);
    const { rows } = await sql<{ details: object; digest: string }>`
      select details, digest from containment_restricted_act order by id desc limit 1`.execute(database.db);
    expect(rows[0]).toMatchObject({
      digest: evidence.at(-1)?.['digest'],
      details: { person: 'p-1', act: 'read', admitted: true },
    });
    expect(await call('POST', '/findings/restricted', read)).toMatchObject({
      status: 400,
      body: { code: 'statement.used' },
    });
  });

  test('is refused to every other role, to forged, stale and foreign statements; a refusal of a person is evidence too', async () => {
    const finding = found({ ...critical, rule: `rce-${tests}` });
    await keep([finding]);
    const before = (await evidenceOf('containment.need-to-know')).length;
    const read = { institution, act: 'read' as const, at };
    const others = await call('POST', '/findings/restricted', asks(operator, read));
    expect(others).toMatchObject({ status: 403, body: { code: 'finding.forbidden' } });
    expect(others.text).not.toMatch(secretWords);
    expect(await evidenceOf('containment.need-to-know')).toHaveLength(before + 1);
    const mine = asks(ciso, read);
    const forged = { ...mine, statement: { ...mine.statement, person: 'p-2' } };
    const stale = asks(ciso, { ...read, at: '2026-11-29T01:50:00Z' });
    const foreign = asks(ciso, { ...read, institution: 'other' });
    const unknown = asks(person('p-9', 'ciso'), read);
    for (const bad of [forged, stale, foreign, unknown, { ...mine, signature: asks(operator, read).signature }]) {
      const { status, text } = await call('POST', '/findings/restricted', bad);
      expect(status).toBeGreaterThanOrEqual(400);
      expect(text).not.toMatch(secretWords);
    }
    expect(await evidenceOf('containment.need-to-know')).toHaveLength(before + 1);
  });

  test.each([
    ['report-to-fsi', 'text/plain', '수신: 금융보안원'],
    ['request-dissemination', 'text/plain', '금융감독원'],
    ['isolate', 'application/yaml', 'breakwater.plan/1'],
    ['emergency-plan', 'application/yaml', 'urgency: emergency'],
  ] as const)('offers %s as a draft to the group alone', async (act, mediaType, words) => {
    const finding = found({ ...critical, rule: `rce-${tests}` });
    await keep([finding]);
    const of = { institution, act, at, fingerprint: finding.fingerprint };
    const { status, body } = await call('POST', '/findings/restricted/drafts', asks(ciso, of));
    expect(status).toBe(200);
    expect(body).toMatchObject({ mediaType, text: expect.stringContaining(words) as unknown });
    expect(await call('POST', '/findings/restricted/drafts', asks(operator, of))).toMatchObject({ status: 403 });
    const other = asks(ciso, { ...of, fingerprint: found({ port: 1 }).fingerprint });
    expect(await call('POST', '/findings/restricted/drafts', other)).toMatchObject({ status: 404 });
  });

  test('of an imported file holds its run, unless the policy says otherwise', async () => {
    const send = (of: Http) =>
      of.inject({
        method: 'POST',
        url: `/findings/import?run=${run()}&format=nuclei&by=p-03`,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/octet-stream' },
        payload: JSON.stringify({
          'template-id': `t-${held.length}`,
          info: { severity: 'critical' },
          host: '10.66.0.10',
        }),
      });
    expect((await send(app)).json()).toMatchObject({ held: true });
    expect(held).toEqual([run()]);
    const lenient = {
      ...platform.config,
      containment: { ...platform.config.containment, holdOnCritical: 'no' as const },
    };
    const other = containmentOf({ ...platform, config: lenient });
    const kept = await inTx((tx) =>
      other.recordFindings(tx, {
        run: run(),
        findings: [found(critical)],
        source: null,
        by: { kind: 'host', id: 'l' },
      }),
    );
    expect(kept.hold).toBe(false);
  });
});
