import { createHmac, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';
import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import fastifyStatic from '@fastify/static';
import Fastify from 'fastify';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { statementBytes, type NoticeDecisionStatement } from '@breakwater/rules';
import { draftNotice, draftSuccessor, noticeDigest, type Notice } from '@breakwater/rules/notice';
import { startSmsGateway, type SmsGateway } from '@breakwater/sample-bank';
import { submitPlan } from '#plan';
import { foundKeys, keyDigest, enrolKey, type SignedEnrolment } from '#platform/auth';
import { manualClock, type ManualClock } from '#platform/clock';
import { testDatabase, type TestDatabase } from '#platform/db/testing';
import { startJobs, type Jobs } from '#platform/jobs';
import { deliverWebhook, workOnWebhooks } from '#platform/webhook';
import { createLog } from '#platform/telemetry';
import { smallPlan } from '../run-plan.testing.ts';
import { createDesk, type Desk, type DeskOptions } from './desk.ts';
import { createNotice, httpGateway, noticeQueues, openRecipientSecrets, type NoticeDoor } from './index.ts';
import { leaveTelling, type WebhookOptions } from './webhooks.ts';

const institution = 'hanbit-bank';
const day = '2026-11-28T10:00:00+09:00';
const night = '2026-11-29T01:30:00+09:00';
const window = { start: '2026-11-29T01:00:00+09:00', end: '2026-11-29T04:00:00+09:00' };

let database: TestDatabase;
let folder: string;
let gateway: SmsGateway;
let clock: ManualClock;
let plans = 0;
const ending: (() => Promise<unknown>)[] = [];
const log = createLog('silent');

beforeAll(async () => {
  database = await testDatabase();
  folder = await mkdtemp(join(tmpdir(), 'notice-desk-'));
  await found();
});
afterAll(async () => {
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  clock = manualClock(new Date(day));
  gateway = await startSmsGateway({ deliverAfterMs: 20 });
});
afterEach(async () => {
  for (const end of ending.splice(0).toReversed()) await end();
  await gateway.stop();
});

type Stand = { door: NoticeDoor; desk: Desk; jobs: Jobs };
async function stand(changes: Partial<DeskOptions> = {}, works = false): Promise<Stand> {
  const jobs = await startJobs({ url: database.url, queues: [...noticeQueues, deliverWebhook], log, concurrency: 2 });
  ending.push(() => jobs.stop(2));
  const site = { dir: join(folder, 'site'), url: 'https://notice.hanbit.example', ...changes.site };
  const telling: WebhookOptions = { db: database.db, jobs, clock, institution, site, webhooks: changes.webhooks ?? [] };
  const options = {
    ...telling,
    log,
    publishedNew: (tx: Parameters<typeof leaveTelling>[1], id: string) => leaveTelling(telling, tx, id),
  };
  const door = createNotice({
    ...options,
    secrets: () => openRecipientSecrets(join(folder, 'keys', 'recipients.json')),
    gateways: { sms: [httpGateway({ url: gateway.url, key: () => gateway.key, timeoutMs: 2000 })], email: [] },
  });
  const desk = createDesk(
    {
      ...options,
      approvals: { needed: 0, roles: [] },
      policy: {},
      quietHours: true,
      coverage: 0.95,
      customers: [],
      perSecond: 100,
      price: { SMS: 9, LMS: 27 },
      lookMinutes: 10,
      ...changes,
      site,
    },
    door,
  );
  if (works) ending.push(await door.work());
  return { door, desk, jobs };
}

const newPlan = (): string => `work-${(plans += 1)}`;
function document(changes: Partial<Notice> = {}): Notice {
  const drafted = draftNotice(
    {
      kind: 'emergency-patch',
      window,
      services: ['transfer', 'cards'],
      notice: { alternativeChannels: [{ name: '자동화기기(ATM)', service: 'atm', opens: '00:00', closes: '24:00' }] },
    },
    {
      company: { name: { ko: '한빛은행', en: 'Hanbit Bank' }, phone: '15881234' },
      sender: '15881234',
      serviceNames: { transfer: { ko: '이체', en: 'Transfers' }, cards: { ko: '카드', en: 'Cards' } },
    },
  );
  return { ...drafted, ...changes };
}
const numbers = (count: number): string[] =>
  Array.from({ length: count }, (_, n) => `0100000${String(n).padStart(4, '0')}`);

const keys: Record<string, { pem: string; privateKey: KeyObject }> = {};
const persons = { 'p-11': 'compliance', 'p-17': 'ciso', 'p-21': 'consumer-protection' } as const;
type Person = keyof typeof persons;
async function found(): Promise<void> {
  for (const person of Object.keys(persons)) {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    keys[person] = { pem: publicKey.export({ type: 'spki', format: 'pem' }).toString(), privateKey };
  }
  const enrolment = (who: Person, by: Person): SignedEnrolment => {
    const statement = {
      schema: 'breakwater.enrolment/1' as const,
      institution,
      person: who,
      role: persons[who],
      publicKey: keys[who]?.pem ?? '',
      enrolledBy: by,
      from: '2026-11-01T00:00:00+09:00',
      to: '2027-11-01T00:00:00+09:00',
      nonce: randomBytes(16).toString('hex'),
    };
    const signed = (name: Person): string => signature(statementBytes(statement), name);
    return {
      statement,
      enroller: { key: keyDigest(keys[by]?.pem ?? ''), signature: signed(by) },
      possession: signed(who),
    };
  };
  const at = new Date(day);
  await foundKeys(database.db, institution, [enrolment('p-11', 'p-17'), enrolment('p-17', 'p-11')], at);
  await enrolKey(database.db, institution, enrolment('p-21', 'p-17'), at);
}
function signature(bytes: Uint8Array, who: Person): string {
  const key = keys[who]?.privateKey;
  if (key === undefined) throw new Error(`${who} has no key`);
  return sign(null, bytes, key).toString('base64');
}

/** A signed approval of a notice as it stands. */
async function approve({ desk }: Stand, id: string, who: Person, changes: Partial<NoticeDecisionStatement> = {}) {
  const { document: digest } = await desk.approval(id);
  const statement: NoticeDecisionStatement = {
    schema: 'breakwater.notice-decision/1',
    notice: id,
    digest,
    decision: 'approve',
    waiver: null,
    person: who,
    role: persons[who],
    at: clock.now().toISOString(),
    nonce: randomBytes(16).toString('hex'),
    ...changes,
  };
  return desk.decide(statement, {
    key: keyDigest(keys[who]?.pem ?? ''),
    signature: signature(statementBytes(statement), who),
  });
}

/** A plan whose work is in the window, as it was submitted. */
async function submitted(urgency: 'planned' | 'emergency', leadTime: string): Promise<string> {
  const plan = newPlan();
  const small = smallPlan({ id: plan });
  await submitPlan(
    database.db,
    institution,
    {
      document: { ...small, urgency, window: { ...small.window, ...window }, notice: { ...small.notice, leadTime } },
      by: 'p-3',
    },
    clock.now(),
  );
  return plan;
}

describe('a draft', () => {
  test('is saved with its lint, and never over what somebody else saved', async () => {
    const { desk } = await stand();
    const plan = newPlan();
    const begun = await desk.draft(document({ fields: { ...document().fields, scope: '' } }), { plan, by: 'p-03' });
    expect(begun).toMatchObject({ revision: 1, origin: 'person', lint: { ok: false } });
    const saved = await desk.save(begun.draft, 1, document(), 'p-04');
    expect(saved).toMatchObject({ revision: 2, lint: { ok: true } });
    await expect(desk.save(begun.draft, 1, document(), 'p-03')).rejects.toMatchObject({
      refusal: { reason: 'notice-draft-stale', revision: 1, newest: 2 },
    });
    expect((await desk.drafts(plan)).map(({ draft }) => draft)).toEqual([begun.draft]);
    expect(await desk.estimate(begun.draft)).toMatchObject({ notice: begun.draft, recipients: { from: 'none' } });
    await desk.discard(begun.draft, 'p-03');
    expect(await desk.drafts(plan)).toEqual([]);
    await expect(desk.save(begun.draft, 2, document(), 'p-03')).rejects.toMatchObject({ code: 'notice.no-draft' });
  });
});

describe('the list of notices', () => {
  test('has the newest first, each with its document, where it stands on the site, and its sendings', async () => {
    const { door, desk } = await stand({});
    const plan = newPlan();
    const first = await door.submit(document(), { plan, by: 'p-03' });
    const { url } = await desk.publish(first, 'p-03');
    await desk.send(first, numbers(3), 'p-03');
    await door.stop(first, 'p-03');
    const second = await door.submit(draftSuccessor(document(), { kind: 'cancel' }), { plan, by: 'p-03' });
    expect(await door.list(plan)).toMatchObject([
      { notice: second, document: { kind: 'cancel' }, website: null, sendings: [] },
      { notice: first, website: { url }, submittedBy: 'p-03', sendings: [{ state: 'stopped', intended: 3 }] },
    ]);
    expect((await door.list(null)).map(({ notice }) => notice).slice(0, 2)).toEqual([second, first]);
  });
});

describe('after a trip', () => {
  test('what happened, that it takes longer and that it is over lie ready; one press tells those who were told before', async () => {
    const at = await stand({}, true);
    const { door, desk } = at;
    const plan = newPlan();
    const first = await door.submit(document(), { plan, by: 'p-03' });
    await desk.publish(first, 'p-03');
    await desk.send(first, numbers(40), 'p-03');
    await expect.poll(async () => (await door.status(first)).sendings[0]?.delivered, { timeout: 15_000 }).toBe(40);
    clock.jump(new Date(night));
    const run = {
      run: `run-${plan}`,
      plan,
      readAt: clock.now().getTime(),
      tripped: true,
      ended: false,
      services: new Map([
        ['transfer', 'down' as const],
        ['cards', 'available' as const],
      ]),
      disruptions: [{ service: 'transfer', since: clock.now().getTime() - 60_000, until: null }],
    };
    await desk.follow([run]);
    await desk.follow([run]);
    const drafts = await desk.drafts(plan);
    const ready = drafts.map(({ document: { kind }, origin, lint }) => `${kind} ${origin} ${lint.ok}`);
    expect(ready.toSorted()).toEqual(['disruption trip true', 'end trip true', 'extension trip true']);
    const id = `run-${plan}-disruption`;
    await expect(desk.announce(id, 'p-03', null)).rejects.toMatchObject({
      refusal: { reason: 'notice-quiet-hours', until: '2026-11-28T23:00:00.000Z' },
    });
    const announced = await desk.announce(id, 'p-03', '긴급 장애 안내');
    expect(announced).toMatchObject({ website: { version: 2 }, sms: { intended: 40 } });
    await expect.poll(() => gateway.sent().length, { timeout: 15_000 }).toBe(80);
    expect(gateway.sent().at(-1)?.text).toContain('[한빛은행] 서비스 장애 안내\n발생: 11월 29일(일) 01:29\n범위: 이체');
    expect((await desk.drafts(plan)).map(({ document: { kind } }) => kind).toSorted()).toEqual(['end', 'extension']);
    await door.refresh();
    const page = await readFile(join(folder, 'site', 'ko', 'status', 'index.html'), 'utf8');
    expect(page).toMatch(/이체[\s\S]*중단/);
  });
});

describe('an approval', () => {
  test('takes as many persons as the policy asks for, of whom who wrote it is none, before anything is published', async () => {
    const at = await stand({ approvals: { needed: 2, roles: ['consumer-protection'] } });
    const id = await at.door.submit(document(), { plan: newPlan(), by: 'p-11' });
    await expect(at.desk.publish(id, 'p-03')).rejects.toMatchObject({ refusal: { reason: 'notice-unapproved' } });
    await expect(at.desk.send(id, numbers(1), 'p-03')).rejects.toMatchObject({
      refusal: { reason: 'notice-unapproved' },
    });
    await approve(at, id, 'p-11');
    expect((await approve(at, id, 'p-17')).verdict).toMatchObject({ approved: false, persons: ['p-17'] });
    await expect(at.desk.announce(id, 'p-03', null)).rejects.toMatchObject({ refusal: { needed: 2 } });
    expect((await approve(at, id, 'p-21')).verdict).toMatchObject({ approved: true });
    expect(await at.desk.publish(id, 'p-03')).toMatchObject({ version: 1 });
    const returned = await approve(at, id, 'p-17', { decision: 'return' });
    expect(returned.verdict).toMatchObject({ approved: false, reason: 'returned' });
  });

  test('of another document, by another key or in another role is none', async () => {
    const at = await stand({ approvals: { needed: 1, roles: [] } });
    const id = await at.door.submit(document(), { plan: newPlan(), by: 'p-03' });
    const other = noticeDigest(document({ sender: '1' }));
    await expect(approve(at, id, 'p-17', { digest: other })).rejects.toMatchObject({ code: 'notice.changed' });
    await expect(approve(at, id, 'p-17', { role: 'ceo' })).rejects.toMatchObject({ code: 'approval.role' });
    await expect(approve(at, id, 'p-17', { person: 'p-21' })).rejects.toMatchObject({ code: 'key.not-theirs' });
  });

  test('of planned work that cannot be told in time is refused with its arithmetic; an emergency goes on by a waiver', async () => {
    const list = join(folder, 'customers.csv');
    await writeFile(list, `phone\n${numbers(3).join('\n')}\n`);
    const at = await stand({
      approvals: { needed: 1, roles: [] },
      customers: [{ service: 'transfer', file: list }],
      perSecond: 1,
    });
    const planned = await at.door.submit(document(), { plan: await submitted('planned', 'PT15H'), by: 'p-03' });
    const refused = expect(approve(at, planned, 'p-17', { waiver: '긴급' })).rejects;
    await refused.toMatchObject({ refusal: { reason: 'notice-too-late' } });
    expect(await at.desk.estimate(planned)).toMatchObject({
      urgency: 'planned',
      recipients: { from: 'customers', atMost: 3, unlisted: ['cards'] },
      price: 81,
      leadMs: 15 * 3_600_000,
      schedule: { inTime: false, words: { ko: expect.stringContaining('3명 ÷ 초당 1건(3초)') } },
    });
    const emergency = await at.door.submit(document(), { plan: await submitted('emergency', 'PT15H'), by: 'p-03' });
    await expect(approve(at, emergency, 'p-17')).rejects.toMatchObject({
      refusal: { reason: 'notice-waiver-needed', reachedBeforeStart: 3 },
    });
    expect((await approve(at, emergency, 'p-17', { waiver: '공격이 확인되었습니다.' })).verdict).toMatchObject({
      approved: true,
    });
  });
});

describe('the start gate', () => {
  test('is judged by receipts: unknown while they may still come, met when enough did', async () => {
    const at = await stand();
    const plan = await submitted('planned', 'PT12H');
    const id = await at.door.submit(document(), { plan, by: 'p-03' });
    expect(await at.desk.gate(plan)).toMatchObject({ status: 'not-met' });
    await at.desk.publish(id, 'p-03');
    await at.desk.send(id, numbers(20), 'p-03');
    expect(await at.desk.gate(plan)).toMatchObject({ status: 'unknown' });
    expect((await at.door.noticesForPlan(plan)).find(({ channel }) => channel === 'sms')).toMatchObject({
      intended: 20,
      delivered: null,
    });
    clock.advance(61_000);
    const stalled = await at.desk.gate(plan);
    expect(stalled.findings.find(({ what }) => what === 'progress')).toMatchObject({ status: 'unknown' });
    ending.push(await at.door.work());
    // The receipts carry the time of the gateway, which is not that of this test: how early they came is not asked here.
    const coverage = async () => (await at.desk.gate(plan)).findings.find(({ what }) => what === 'coverage')?.status;
    await expect.poll(coverage, { timeout: 15_000 }).toBe('met');
  });

  test('no longer counts what was announced before a change of time, and finds a run inside its window of a series', async () => {
    const { door, desk } = await stand();
    const plan = await submitted('planned', 'PT1H');
    const first = await door.submit(document(), { plan, by: 'p-03' });
    await desk.publish(first, 'p-03');
    const windows = [window, { start: '2026-11-30T01:00:00+09:00', end: '2026-11-30T04:00:00+09:00' }];
    const series = draftSuccessor(document(), { kind: 'change', windows });
    const second = await door.submit(series, { plan, by: 'p-03' });
    await desk.publish(second, 'p-03');
    expect(await door.noticesForPlan(plan)).toMatchObject([{ notice: second, announced: window }]);
    await desk.publish(await door.submit(draftSuccessor(series, { kind: 'cancel' }), { plan, by: 'p-03' }), 'p-03');
    expect(await door.noticesForPlan(plan)).toEqual([]);
  });
});

describe('the public page', () => {
  test('is looked at as a stranger would, and what came is evidence, also when it was another', async () => {
    const dir = join(folder, 'watched');
    const server = Fastify();
    await server.register(fastifyStatic, { root: folder, index: 'index.html', prefix: '/' });
    const url = `${await server.listen({ host: '127.0.0.1', port: 0 })}/watched`;
    ending.push(() => server.close());
    const { door, desk } = await stand({ site: { dir, url } });
    const id = await door.submit(document(), { plan: newPlan(), by: 'p-03' });
    const { url: page } = await desk.publish(id, 'p-03');
    const signal = new AbortController().signal;
    await desk.watch(signal);
    expect(await desk.visibility(id)).toMatchObject({ looks: 1, asPublished: 1, lastFault: null });
    const file = join(dir, new URL(page).pathname.replace('/watched/', ''), 'index.html');
    await appendFile(file, '<!-- changed -->');
    await desk.watch(signal);
    expect(await desk.visibility(id)).toMatchObject({ looks: 2, asPublished: 1, lastFault: clock.now().toISOString() });
    clock.jump(new Date('2026-11-29T04:00:00+09:00'));
    await desk.watch(signal);
    expect(await desk.visibility(id)).toMatchObject({ looks: 2 });
  });

  test('is told to webhooks once a version, signed, without the plan', async () => {
    const secret = Buffer.from('0123456789abcdef0123456789abcdef');
    const told: { headers: Record<string, unknown>; body: string }[] = [];
    const server = createServer((request, answer) => {
      void text(request).then((body) => {
        told.push({ headers: request.headers, body });
        answer.end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    ending.push(() => new Promise((resolve) => server.close(resolve)));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
    const { door, desk, jobs } = await stand({ webhooks: [{ name: 'site' }] });
    const webhooks = [{ source: 'notice', name: 'site', url, secret: () => secret } as const];
    await workOnWebhooks({ db: database.db, jobs, clock, log, institution, webhooks });
    const plan = `openssl-${newPlan()}`;
    const id = await door.submit(document(), { plan, by: 'p-03' });
    const published = await desk.publish(id, 'p-03');
    await desk.publish(id, 'p-03');
    await expect.poll(() => told.length, { timeout: 15_000 }).toBe(1);
    const [{ headers, body } = { headers: {}, body: '' }] = told;
    const seconds = Math.floor(clock.now().getTime() / 1000);
    const hmac = createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex');
    expect(headers['breakwater-signature']).toBe(`t=${seconds},v1=${hmac}`);
    expect(JSON.parse(body)).toMatchObject({
      schema: 'breakwater.notice-event/1',
      version: 1,
      kind: 'advance',
      hash: published.hash,
    });
    expect(body).not.toContain('openssl');
  });
});
