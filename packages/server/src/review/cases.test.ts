/** A case from its opening to the result over HTTP, asked by everybody who takes part in it. */
import type { Role } from '@breakwater/rules/authority';
import { readContainer, verifyDossier } from '@breakwater/verify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { after, before, journalDrafts, run } from '../../../../conformance/dossier/course.ts';
import { keys } from '../../../../conformance/dossier/trust.ts';
import { evidenceLog, recordsAbout } from '#evidence';
import { type Http, createHttp } from '#platform/http';
import { createLog, createMetrics } from '#platform/telemetry';
import { type TestPlatform, institution, testPlatform } from './review.testing.ts';
import { reviewRoutes } from './routes.ts';

let at: TestPlatform;
let app: Http;
const people: Readonly<Record<string, Role>> = {
  'p-07': 'compliance',
  'p-03': 'operator',
  'p-40': 'operator',
  'p-50': 'auditor',
  'm-1': 'committee-member',
  'm-2': 'committee-member',
  'm-3': 'committee-member',
};

beforeAll(async () => {
  at = await testPlatform();
  await at.append([...before(), ...journalDrafts(0), ...after()]);
  app = await createHttp({
    log: createLog('silent'),
    metrics: createMetrics(),
    bodyLimitBytes: 65_536,
    requestTimeoutSeconds: 30,
    access: {
      token: 'x'.repeat(32),
      identify: async ({ headers }) => {
        const person = String(headers['x-person']);
        const role = people[person];
        if (role === undefined) return null;
        return { kind: 'person', person, institution, roles: [role], authenticatedAt: Date.now() };
      },
    },
  });
  reviewRoutes(app, at.platform);
  await app.ready();
});
afterAll(async () => {
  await app.close();
  await at.close();
});

type Answer = { status: number; body: Record<string, unknown>; bytes: Buffer };
async function ask(who: string, method: 'GET' | 'POST', url: string, said: object = {}): Promise<Answer> {
  const body = url.endsWith('/dossiers') ? said : { ...said, by: who };
  const payload = method === 'POST' ? { payload: body } : {};
  const answer = await app.inject({ method, url, headers: { 'x-person': who }, ...payload });
  const isJson = String(answer.headers['content-type']).includes('json');
  return {
    status: answer.statusCode,
    body: isJson ? answer.json<Answer['body']>() : {},
    bytes: answer.rawPayload,
  };
}
const open = (said: object, who = 'p-07') =>
  ask(who, 'POST', '/cases', { kind: 'application', authority: 'FSS', title: '이체 패치', run, ...said });
const opened = async (said: object = {}, who = 'p-07') => `/cases/${String((await open(said, who)).body['case'])}`;

describe('an application of the institution', () => {
  let url: string;
  beforeAll(async () => {
    url = await opened();
    await ask('p-07', 'POST', `${url}/members`, { person: 'm-1', seat: 'chair' });
    await ask('p-07', 'POST', `${url}/members`, { person: 'm-2', seat: 'member' });
  });

  test('is filed with a sealed version, and the next version says what changed since', async () => {
    const early = await ask('p-07', 'POST', `${url}/filing`, {
      filedAt: '2026-11-18T09:00:00+09:00',
      window: null,
      reference: 'x',
    });
    expect([early.status, early.body['code']]).toEqual([409, 'refused.case-no-version']);
    expect((await ask('p-07', 'POST', `${url}/versions`)).body['versions']).toMatchObject([
      { number: 1, changed: null },
    ]);
    await ask('p-07', 'POST', `/runs/${run}/declarations`, {
      subject: institution,
      intent: false,
      grossNegligence: true,
      privateInterest: true,
      proceduralDefect: false,
      consumerLossSerious: false,
      consumerDamage: true,
    });
    const second = await ask('p-07', 'POST', `${url}/versions`);
    const versions = second.body['versions'] as { changed: string[] }[];
    expect(versions[1]?.changed).toEqual(expect.arrayContaining(['finding:general.gross-negligence', 'fault']));
    await ask('p-07', 'POST', `${url}/windows`, {
      window: 'opinion',
      from: '2026-11-18T09:00:00+09:00',
      until: '2026-11-28T18:00:00+09:00',
      source: 'FSS-2026-7',
    });
    const filed = await ask('p-07', 'POST', `${url}/filing`, {
      filedAt: '2026-11-20T09:00:00+09:00',
      window: 'opinion',
      reference: 'OUT-1',
    });
    expect(filed.body).toMatchObject({ state: 'filed', filing: { late: false } });
  });

  test('its members ask, and answers are tied to records that the sealed version holds', async () => {
    expect(
      (await ask('m-2', 'POST', `${url}/questions`, { text: '원복은 언제 끝났습니까?', level: 'member' })).status,
    ).toBe(200);
    const versions = (await ask('p-07', 'GET', url)).body['versions'] as { end: number; first: number }[];
    const { first = 0, end = 0 } = versions.at(-1) ?? {};
    const answer = (records: number[]) =>
      ask('p-07', 'POST', `${url}/answers`, { question: 1, text: '기록과 같습니다.', records, level: 'redacted' });
    expect((await answer([end])).body['code']).toBe('refused.case-records-outside');
    expect((await answer([first])).body['questions']).toMatchObject([{ answers: [{ records: [first] }] }]);
  });

  test('shows the numbers under every reading beside the applicant’s own, and gross negligence for and against', async () => {
    await ask('p-07', 'POST', `${url}/positions`, {
      topic: 'Q2',
      reading: 'union',
      text: '합집합으로 봅니다.',
      level: 'member',
    });
    const { body } = await ask('m-1', 'GET', `${url}/sections`);
    const questions = body['questions'] as {
      id: string;
      readings: { name: string }[];
      applicant: unknown;
    }[];
    expect(questions.map(({ id }) => id)).toEqual(Array.from({ length: 14 }, (_, i) => `Q${i + 1}`));
    const second = questions.find(({ id }) => id === 'Q2');
    expect(second?.readings.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['union', 'sum', 'longest-service', 'per-episode', 'outside-announced', 'full-only']),
    );
    expect(second?.applicant).toMatchObject({ reading: 'union' });
    expect(body['negligence']).toMatchObject({
      presumption: 'contested',
      against: expect.arrayContaining([expect.objectContaining({ kind: 'author-approval' })]),
    });
    expect(JSON.stringify(body)).not.toContain('lever');
  });

  test('is voted on unseen until the chair opens all, and told as not binding', async () => {
    await ask('m-2', 'POST', `${url}/ballots`, { opinion: 'does-not-accord', reasons: '통지가 늦었습니다.' });
    const seen = (await ask('m-1', 'GET', url)).body['vote'];
    expect(seen).toMatchObject({ cast: 1, sitting: 2, tally: null, ballots: [] });
    await evidenceLog(at.platform).flush();
    const about = JSON.stringify(await recordsAbout(at.platform.db, { case: url.slice('/cases/'.length) }));
    expect(about).toContain('ballot-cast');
    expect(about).not.toMatch(/does-not-accord|통지가|원복은/);
    expect((await ask('m-2', 'POST', `${url}/ballots/opening`, { absent: [] })).body['code']).toBe(
      'refused.case-not-party',
    );
    expect((await ask('m-1', 'POST', `${url}/ballots/opening`, { absent: [] })).body['code']).toBe(
      'refused.case-ballots-missing',
    );
    await ask('m-1', 'POST', `${url}/ballots`, { opinion: 'accords', reasons: null });
    expect((await ask('m-1', 'POST', `${url}/ballots/opening`, { absent: [] })).body['vote']).toMatchObject({
      tally: { accords: 1, 'does-not-accord': 1 },
      majority: null,
    });
    const told = await ask('p-07', 'POST', `${url}/result`, {
      result: 'partly-accords',
      toldAt: '2026-12-10T09:00:00+09:00',
      reference: 'FSS-2026-9',
      text: '통지 내용',
      document: null,
    });
    expect(told.body['result']).toMatchObject({ binding: false });
    expect((await ask('m-1', 'GET', `${url}/letter`)).body['ko']).toContain('구속력이 없습니다');
  });

  test('its version is opened and verified by a member, and everything that they opened is in the log', async () => {
    const { bytes } = await ask('m-1', 'GET', `${url}/versions/2/dossier`);
    const { policy } = (await ask('m-1', 'GET', `${url}/trust`)).body as { policy: string };
    const { result } = await verifyDossier(bytes, { policy, keys });
    expect(result).toBe('passed');
    await evidenceLog(at.platform).flush();
    const records = await recordsAbout(at.platform.db, { case: url.slice('/cases/'.length) });
    const read = records.flatMap((record) =>
      'leaf' in record && record.leaf.type === 'review.case-read'
        ? [record.payload as { by: string; part: string }]
        : [],
    );
    expect(read.filter(({ by }) => by === 'm-1').map(({ part }) => part)).toEqual(
      expect.arrayContaining(['sections', 'case', 'letter', 'version-2', 'trust']),
    );
    expect(read.some(({ by }) => by === 'p-07')).toBe(false);
  });
});

describe('who sees what', () => {
  test('a member sees the cases that they sit on, an individual their own, an auditor all and nobody by name', async () => {
    const own = await opened({ individual: 'p-03', title: 'p-03의 신청' }, 'p-03');
    await ask('p-07', 'POST', `${own}/members`, { person: 'm-3', seat: 'member' });
    for (const [who, status] of [
      ['m-3', 200],
      ['p-03', 200],
      ['p-50', 200],
      ['m-1', 403],
      ['p-40', 403],
    ] as const)
      expect([who, (await ask(who, 'GET', own)).status]).toEqual([who, status]);
    const listed = async (who: string) => ((await ask(who, 'GET', '/cases')).body['cases'] as unknown[]).length;
    expect([await listed('m-3'), await listed('p-03'), await listed('p-40')]).toEqual([1, 1, 0]);
    const redacted = (await ask('p-50', 'GET', own)).body;
    expect(redacted).toMatchObject({ level: 'redacted', title: 'person-1의 신청', acts: [] });
    expect((await ask('m-3', 'GET', `${own}?level=public`)).body).toMatchObject({
      level: 'public',
      members: [],
      run: null,
    });
    expect((await open({}, 'p-40')).status).toBe(403);
    expect((await ask('p-07', 'POST', `${own}/withdrawal`, { reason: '아무 이유' })).body['code']).toBe(
      'refused.case-not-party',
    );
  });

  test('whoever is recused sees the case no more', async () => {
    const url = await opened({ kind: 'ex-officio' });
    await ask('p-07', 'POST', `${url}/members`, { person: 'm-2', seat: 'member' });
    expect((await ask('m-2', 'GET', url)).status).toBe(200);
    await ask('m-2', 'POST', `${url}/recusals`, { person: 'm-2', reason: '이해관계가 있습니다.' });
    expect((await ask('m-2', 'GET', url)).status).toBe(403);
  });

  test('a case that is none, and bodies that say none of the shapes, are refused with their place', async () => {
    expect((await ask('p-07', 'GET', '/cases/00000000-0000-4000-8000-000000000000')).body['code']).toBe(
      'case.not-found',
    );
    expect((await open({ run: 'no-such-run' })).body['code']).toBe('run.not-found');
    expect((await open({ title: '' })).body).toMatchObject({ status: 400, path: '/body/title' });
  });
});

test('an inquiry in advance is asked, has a clock, and its reply stays with its plan', async () => {
  const url = await opened({ kind: 'prior-inquiry', authority: 'FSI', run: null, title: '대상 여부' });
  expect((await ask('p-07', 'POST', `${url}/members`, { person: 'm-1', seat: 'chair' })).body['code']).toBe(
    'refused.case-kind',
  );
  await ask('p-07', 'POST', `${url}/filing`, {
    filedAt: '2026-11-18T09:00:00+09:00',
    window: null,
    reference: 'OUT-2',
  });
  const asked = await ask('p-07', 'POST', `${url}/windows`, {
    window: 'reply',
    from: '2026-11-18T09:00:00+09:00',
    until: '2026-11-25T18:00:00+09:00',
    source: '담당자 안내',
  });
  expect(asked.body['windows']).toMatchObject([{ window: 'reply', state: 'ahead' }]);
  const told = await ask('p-07', 'POST', `${url}/reply`, {
    reply: 'within-scope',
    toldAt: '2026-11-20T09:00:00+09:00',
    reference: 'FSI-7',
    text: '회신 내용',
    document: null,
  });
  expect(told.body).toMatchObject({ state: 'told', reply: { reply: 'within-scope', binding: false } });
  expect((await ask('p-07', 'GET', `${url}/letter`)).body['ko']).toContain('사전 질의');
});

describe('regulatory clocks', () => {
  test('each duty has its source and its time, and a draft filled from records', async () => {
    const { body } = await ask('p-07', 'GET', `/runs/${run}/duties`);
    const clocks = body['clocks'] as { duty: string; source: { date: string } }[];
    expect(clocks.map(({ duty }) => duty)).toContain('user-cause-and-result');
    expect(clocks.every(({ source }) => /^\d{4}-\d{2}-\d{2}$/.test(source.date))).toBe(true);
    const draft = (await ask('p-07', 'GET', `/runs/${run}/duties/efars-initial/draft`)).body;
    const parts = draft['parts'] as { part: string; value: unknown; records: number[] }[];
    expect(parts.find(({ part }) => part === 'action')?.records.length).toBeGreaterThan(0);
    expect(draft['missing']).toContain('external');
  });

  test('a late report needs its reason, and what was filed is in the log and on the clock', async () => {
    const file = (said: object) =>
      ask('p-07', 'POST', `/runs/${run}/duties/user-cause-and-result/filings`, { reference: 'M-1', ...said });
    const late = await file({ filedAt: '2027-01-30T09:00:00+09:00' });
    expect([late.status, late.body['code']]).toEqual([409, 'refused.filing-late-unexplained']);
    const { body } = await file({ filedAt: '2027-01-30T09:00:00+09:00', delayReason: '발송 시스템 점검' });
    expect(body['clocks']).toContainEqual(
      expect.objectContaining({
        duty: 'user-cause-and-result',
        standing: 'late',
        filed: [expect.objectContaining({ reference: 'M-1' })],
      }),
    );
    await evidenceLog(at.platform).flush();
    expect(JSON.stringify(await recordsAbout(at.platform.db, { run }))).toContain('review.duty-filed');
    expect((await ask('p-03', 'POST', `/runs/${run}/duties/efars-initial/filings`, {})).status).toBe(403);
  });
});

describe('editions', () => {
  const failed = async (bytes: Uint8Array, trust: Parameters<typeof verifyDossier>[1]) =>
    (await verifyDossier(bytes, trust)).checks.filter(({ result }) => result !== 'passed');
  const policyOf = async () => (await ask('p-07', 'GET', `/runs/${run}/trust`)).body['policy'] as string;

  test('the English one has the same record numbers, names nobody, and verifies by itself', async () => {
    const made = (await ask('p-07', 'POST', `/runs/${run}/dossiers`, { edition: 'en' })).body;
    const { manifest } = made['dossier'] as { manifest: string };
    const { dossiers } = (await ask('p-07', 'GET', `/runs/${run}/dossiers`)).body as {
      dossiers: { manifest: string; edition: string | null; firstIndex: number; endIndex: number }[];
    };
    const edition = dossiers.find((one) => one.edition === 'en');
    expect(edition?.manifest).toBe(manifest);
    const ranges = dossiers
      .filter((one) => one.edition === null)
      .map(({ firstIndex, endIndex }) => [firstIndex, endIndex]);
    expect(ranges).toContainEqual([edition?.firstIndex, edition?.endIndex]);
    const { bytes } = await ask('p-07', 'GET', `/dossiers/${manifest}`);
    const trust = { policy: await policyOf() };
    expect(await failed(bytes, trust)).toEqual([]);
    const members = readContainer(bytes).filter(({ path }) => path !== 'dossier.pdf');
    const text = members.map((member) => new TextDecoder().decode(member.bytes)).join('');
    expect(text).not.toMatch(/"p-\d+"/);
    expect(text).toContain('"person-1"');
    expect(members.some(({ path }) => path.startsWith('approvals/'))).toBe(false);
  });

  test('an individual gets what concerns their own acts, asks once, and is refused those of others', async () => {
    const request = { run, person: 'p-03', received: '접수 2026-7' };
    expect((await ask('p-40', 'POST', '/copies', request)).status).toBe(403);
    const { copy } = (await ask('p-03', 'POST', '/copies', request)).body as { copy: string };
    expect((await ask('p-03', 'GET', `/copies/${copy}/file`)).status).toBe(404);
    const answer = (await ask('p-07', 'POST', `/copies/${copy}/answer`)).body;
    expect(answer).toMatchObject({ person: 'p-03', refusal: null, answeredBy: 'p-07' });
    expect((await ask('p-07', 'POST', `/copies/${copy}/answer`)).status).toBe(409);
    expect((await ask('p-40', 'GET', `/copies/${copy}/file`)).status).toBe(403);
    const { bytes } = await ask('p-03', 'GET', `/copies/${copy}/file`);
    expect(await failed(bytes, { policy: await policyOf() })).toEqual([]);
    const text = readContainer(bytes)
      .filter(({ path }) => /^(?:records|redacted)\//.test(path))
      .map((member) => new TextDecoder().decode(member.bytes))
      .join('');
    expect(text).toContain('"p-03"');
    expect(text).not.toMatch(/"p-(?!03)\d+"/);
    await evidenceLog(at.platform).flush();
    const logged = (await recordsAbout(at.platform.db, { copy })).flatMap((record) =>
      'leaf' in record ? [record.leaf.type] : [],
    );
    expect(logged).toEqual(['review.copy-requested', 'review.copy-answered']);
    const none = (await ask('p-07', 'POST', '/copies', { ...request, person: 'p-99' })).body as { copy: string };
    expect((await ask('p-07', 'POST', `/copies/${none.copy}/answer`)).body['code']).toBe('copy.no-acts');
  });
});

describe('audits', () => {
  const period = { from: '2026-11-01T00:00:00+09:00', to: '2026-12-01T00:00:00+09:00' };
  const ask_ = async (url: string, payload: object) =>
    app.inject({ method: 'POST', url, headers: { 'x-person': 'p-50' }, payload: { ...period, ...payload } });

  test('an auditor has changes held against runs, and each that belongs to none is listed', async () => {
    const log = [
      '2026-11-15 01:00:30 upgrade openssl:amd64 3.0.1 3.0.2',
      '2026-11-16 03:00:00 install telnetd:amd64 <none> 0.17',
    ].join('\n');
    const itsm = 'id,host,start,end,summary\nCHG-1,,2026-11-15T00:30:00+09:00,2026-11-15T02:00:00+09:00,openssl\n';
    const answer = await ask_('/audit/population', { dpkg: [{ host: 'core-7', text: log }], itsm });
    const report = answer.json<{ unmatched: { change: { what: string } }[]; matched: unknown[]; unseen: unknown[] }>();
    expect(report.unmatched).toMatchObject([{ why: 'no-run', change: { what: expect.stringContaining('telnetd') } }]);
    expect([report.matched.length, report.unseen]).toEqual([2, []]);
    const bad = await ask_('/audit/population', { itsm: 'id,host\n' });
    expect([bad.statusCode, bad.json<{ code: string }>().code]).toEqual([400, 'change.no-column']);
  });

  test('the register names who took what upon themselves, and a sample is drawn again by its seed', async () => {
    const { body } = await ask(
      'p-50',
      'GET',
      `/audit/overrides?from=${encodeURIComponent(period.from)}&to=${encodeURIComponent(period.to)}`,
    );
    expect(body['overrides']).toContainEqual(expect.objectContaining({ of: run }));
    const draw = async () => (await ask_('/audit/samples', { seed: 'x', size: 5 })).json<{ drawn: string[] }>();
    const first = await draw();
    expect(first.drawn).toEqual([run]);
    expect(await draw()).toEqual(first);
    await evidenceLog(at.platform).flush();
    expect(JSON.stringify(await recordsAbout(at.platform.db, { audit: 'sample' }))).toContain('review.audit-reported');
  });
});
