import { once } from 'node:events';
import { sign } from 'node:crypto';
import { get } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { approvalBytes, type Approval } from '@breakwater/rules/plan';
import { planRoutes } from '#plan/routes';
import { guardRoutes } from '#guard/routes';
import { advisoryRoutes } from '#advisory/routes';
import { authRoutes } from '#platform/auth/routes';
import { systemClock } from '#platform/clock';
import { loadConfig } from '#platform/config';
import { createHttp, type Http } from '#platform/http';
import { createLog, createMetrics } from '#platform/telemetry';
import { noJobs } from '#platform/jobs';
import { testDatabase, type TestDatabase } from '#platform/db/testing';
import type { Platform } from '#platform';
import type { Runner } from './runner.ts';
import { runnerRoutes } from './routes.ts';
import { institution, smallPlan } from '../run-plan.testing.ts';
import { newNonce, openStand, signStatement, until, type Person, type Stand } from '../run-stand.testing.ts';

const token = 'a-token-of-this-test';
let database: TestDatabase;
let stand: Stand;
let app: Http;
let runner: Runner;
let stopWork: () => Promise<void>;

beforeAll(async () => {
  database = await testDatabase();
  stand = await openStand(database.url);
  const config = { ...loadConfig({ root: stand.folder, env: {} }), institution };
  const platform: Platform = {
    config,
    db: database.db,
    databaseUrl: database.url,
    clock: systemClock,
    log: createLog('silent'),
    metrics: createMetrics(),
    jobs: noJobs,
  };
  runner = stand.runner();
  stopWork = await runner.work();
  app = await createHttp({
    log: platform.log,
    metrics: platform.metrics,
    access: { token },
    bodyLimitBytes: 1_000_000,
    requestTimeoutSeconds: 10,
  });
  for (const add of [authRoutes, planRoutes, advisoryRoutes, guardRoutes]) add(app, platform);
  runnerRoutes(app, platform, runner);
  await app.listen({ host: '127.0.0.1', port: 0 });
}, 60_000);
afterAll(async () => {
  await stopWork?.();
  await app?.close();
  await stand?.close();
  await database.drop();
});

const headers = { authorization: `Bearer ${token}` };
const call = async (method: 'GET' | 'POST', url: string, body?: object) => {
  const answer = await app.inject({ method, url, headers, ...(body === undefined ? {} : { payload: body }) });
  return { status: answer.statusCode, body: answer.json() as Record<string, unknown> };
};

function approvalOf(planHash: string, by: Person): Approval {
  const decision = {
    planHash,
    decision: 'approve' as const,
    person: by.id,
    role: by.role,
    nonce: newNonce(),
    at: '2026-01-01T09:00:00+09:00',
    expires: '2036-01-01T09:00:00+09:00',
  };
  return {
    schema: 'breakwater.approval/1',
    ...decision,
    key: by.key,
    signature: sign(null, approvalBytes(decision), by.privateKey).toString('base64'),
  };
}

test('a plan is submitted, decided and read; the same document again is the same revision', async () => {
  const document = smallPlan({ id: 'over-http' });
  const submitted = await call('POST', '/plans', { document, by: 'p-3' });
  expect(submitted).toMatchObject({ status: 200, body: { plan: 'over-http', revision: 1 } });
  expect(await call('POST', '/plans', { document, by: 'p-3' })).toEqual(submitted);
  const planHash = submitted.body['planHash'] as string;
  const first = approvalOf(planHash, stand.ciso);
  expect((await call('POST', '/plans/decisions', first)).body).toMatchObject({
    approvedBy: [{ person: 'p-1', role: 'ciso' }],
  });
  expect((await call('POST', '/plans/decisions', first)).body).toMatchObject({ approvedBy: [{ person: 'p-1' }] });
  expect((await call('POST', '/plans/decisions', { ...first, role: 'ceo' })).body).toMatchObject({
    code: 'key.signature',
  });
  await call('POST', '/plans/decisions', approvalOf(planHash, stand.operator));
  expect((await call('GET', '/plans/over-http')).body).toMatchObject({
    state: 'approved',
    planHash,
    approvals: { approvedBy: [{}, {}] },
  });
  const changed = { ...document, otherChanges: true };
  expect((await call('POST', '/plans', { document: changed, by: 'p-3' })).body).toMatchObject({ revision: 2 });
  expect((await call('GET', '/plans/over-http')).body).toMatchObject({
    revision: 2,
    state: 'submitted',
    approvals: { approvedBy: [] },
  });
  expect((await call('GET', `/plans/${planHash}`)).body).toMatchObject({
    revision: 1,
    state: 'approved',
    approvalsNeeded: 2,
    rehearsalsNeeded: 1,
    decisions: [
      { decision: 'approve', passkey: false, fault: null },
      { decision: 'approve', fault: null },
    ],
  });
  expect((await call('GET', '/plans/over-http/revisions')).body).toMatchObject({
    revisions: [{ revision: 1, planHash }, { revision: 2 }],
  });
});

test('what is no plan is refused with its place, and what is not there with 404', async () => {
  expect(await call('POST', '/plans', { document: { ...smallPlan(), steps: [{ id: 'x' }] }, by: 'p-3' })).toMatchObject(
    {
      status: 400,
      body: { code: expect.stringMatching(/^plan\./), path: expect.stringMatching(/^\/steps\/0/) },
    },
  );
  expect(await call('POST', '/plans', { document: { ...smallPlan(), institution: 'other' }, by: 'p-3' })).toMatchObject(
    {
      body: { code: 'plan.institution', path: '/institution' },
    },
  );
  expect(await call('GET', '/plans/none')).toMatchObject({ status: 404, body: { code: 'plan.not-found' } });
  expect(await call('GET', '/runs/none')).toMatchObject({ status: 404, body: { code: 'run.not-found' } });
  expect(await call('POST', '/runs', { plan: 'none', mode: 'sideways', by: 'p-2' })).toMatchObject({
    status: 400,
    body: { path: '/body/mode' },
  });
});

test('keys are founded and hosts enrolled through the Unix socket only', async () => {
  expect(await call('POST', '/hosts', { host: 'h', publicKey: 'x', by: 'p-1' })).toMatchObject({
    status: 403,
    body: { code: 'request.forbidden' },
  });
  expect((await call('GET', '/keys')).body['keys']).toHaveLength(2);
  expect((await call('GET', '/keys/export')).body).toMatchObject({ schema: 'breakwater.keys/1' });
  expect((await app.inject({ url: '/keys' })).statusCode).toBe(401);
});

test('a run is watched over server-sent events to its end, and its log is whole', async () => {
  const planHash = await stand.prepare(smallPlan({ id: 'watched', steps: ['one'] }));
  const asked = await call('POST', '/runs', { plan: planHash, mode: 'live', by: 'p-2' });
  expect(asked.body).toMatchObject({ outcome: 'requested' });
  const run = asked.body['run'] as string;
  const { port } = app.server.address() as AddressInfo;
  const [stream] = (await once(get({ host: '127.0.0.1', port, path: `/runs/${run}/watch`, headers }), 'response')) as [
    AsyncIterable<Buffer>,
  ];
  let text = '';
  for await (const chunk of stream) text += chunk.toString();
  const phases = [...text.matchAll(/^data: (.*)$/gm)].map(
    ([, data]) => (JSON.parse(data ?? '') as { phase: string }).phase,
  );
  expect(phases.at(-1)).toBe('ended');
  expect(phases).toContain('working');
  expect((await call('GET', `/runs/${run}`)).body).toMatchObject({
    outcome: 'completed',
    steps: [{ id: 'one', state: 'done', title: { en: 'one' } }],
  });
  expect((await call('GET', `/runs/${run}/log`)).body).toMatchObject({ brokenAt: null });
  expect((await call('POST', `/runs/${run}/stop`, { lever: 'cut' })).body).toMatchObject({ recorded: true });
  expect(await call('POST', `/runs/${run}/rollback`, { by: 'p-2' })).toMatchObject({ status: 409 });
}, 60_000);

test('of many starts of one plan at once one runs and the others attach to it', async () => {
  const planHash = await stand.prepare(smallPlan({ id: 'at-once', steps: ['one'] }));
  const before = stand.local.effects().length;
  const answers = await Promise.all(
    Array.from({ length: 8 }, () => call('POST', '/runs', { plan: planHash, mode: 'live', by: 'p-2' })),
  );
  expect(answers.filter(({ body }) => body['outcome'] === 'requested')).toHaveLength(1);
  expect(answers.filter(({ body }) => body['outcome'] === 'attached')).toHaveLength(7);
  expect(new Set(answers.map(({ body }) => body['run'])).size).toBe(1);
  const run = answers[0]?.body['run'] as string;
  await until('the run ends', async () => (await runner.status(run)).view.phase === 'ended');
  expect(stand.local.effects().slice(before)).toEqual(['do one']);
}, 60_000);

test('stopping everything forbids starts at gate and hosts, until two persons have signed that they are allowed again', async () => {
  const planHash = await stand.submit(smallPlan({ id: 'forbidden', steps: ['one'] }));
  await call('POST', '/stop', { lever: 'cut' });
  await until('the ban is written', async () => (await runner.starts()) !== null);
  expect((await call('POST', '/starts/reason', { reason: 'service-fault' })).body).toMatchObject({
    forbidden: { reason: 'service-fault', releasedBy: [] },
  });
  expect((await call('POST', '/runs', { plan: planHash, mode: 'rehearsal', by: 'p-2' })).body).toMatchObject({
    outcome: 'refused',
    findings: [{ rule: 'starts.forbidden' }],
  });
  const { id: ban } = (await call('GET', '/starts')).body['forbidden'] as { id: string };
  const allow = async (by: Person, of = ban) => {
    const at = new Date().toISOString();
    const statement = {
      schema: 'breakwater.starts/1' as const,
      institution,
      ban: of,
      person: by.id,
      at,
      nonce: newNonce(),
    };
    return call('POST', '/starts/allow', { statement, signature: signStatement(by, statement) });
  };
  expect(await allow(stand.ciso, 'another')).toMatchObject({ status: 409 });
  expect((await allow(stand.ciso)).body).toMatchObject({ allowed: false, releasedBy: ['p-1'] });
  expect((await allow(stand.ciso)).body).toMatchObject({ allowed: false, releasedBy: ['p-1'] });
  expect((await allow(stand.operator)).body).toMatchObject({ allowed: true, held: [], unreachable: [] });
  expect((await call('GET', '/starts')).body).toMatchObject({ forbidden: null });
  expect((await call('POST', '/runs', { plan: planHash, mode: 'rehearsal', by: 'p-2' })).body).toMatchObject({
    outcome: 'requested',
  });
}, 60_000);
