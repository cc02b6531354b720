import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startJobs } from '#platform/jobs';
import { openAuthStand, type AuthStand } from '../auth/auth.testing.ts';
import { deliverWebhook, webhookWorker } from './index.ts';
import { receiver } from './receiver.testing.ts';
import { webhookRoutes } from './routes.ts';

let stand: AuthStand;
let soc: Awaited<ReturnType<typeof receiver>>;
let failures = 1;
const endings: (() => Promise<void>)[] = [];

beforeAll(async () => {
  soc = await receiver((_, answer) => answer.writeHead((failures -= 1) >= 0 ? 503 : 204).end());
  const alarms = [{ name: 'soc', url: `${soc.url}/a-secret-path`, secretFile: 'soc.key' }];
  stand = await openAuthStand({ 'auth.alarms': alarms }, (app, platform) => webhookRoutes(app, platform));
  const { config, database, platform } = stand;
  mkdirSync(config.dataDir, { recursive: true });
  writeFileSync(join(config.dataDir, 'soc.key'), '0123456789abcdef0123456789abcdef', { mode: 0o600 });
  platform.jobs = await startJobs({ url: database.url, queues: [deliverWebhook], log: platform.log, concurrency: 1 });
  endings.push(() => platform.jobs.stop(1));
  await webhookWorker(platform);
}, 60_000);
afterAll(async () => {
  for (const end of endings) await end();
  await soc?.[Symbol.asyncDispose]();
  await stand?.close();
});

type Deliveries = { deliveries: { delivery: number; deliveredAt: string | null; attempts: object[] }[] };
const log = async (query = ''): Promise<Deliveries['deliveries']> =>
  (await stand.local<Deliveries>('GET', `/webhook-deliveries${query}`)).body.deliveries;

test('opening the break-glass account pages by webhook; each try is kept, and it can be told again', async () => {
  const { code } = (await stand.local<{ code: string }>('POST', '/break-glass')).body;
  const reason = '신원 확인 서버 장애로 아무도 로그인할 수 없음';
  expect((await stand.browser().call('POST', '/session/break-glass', { code, reason })).status).toBe(200);
  await expect.poll(async () => (await log()).at(0)?.deliveredAt ?? null, { timeout: 30_000 }).not.toBeNull();
  expect(soc.received).toHaveLength(2);
  const [first, second] = soc.received;
  expect(first?.headers['breakwater-alarm']).toBe(second?.headers['breakwater-alarm']);
  expect(JSON.parse(second?.body ?? '')).toMatchObject({ schema: 'breakwater.alarm/1', alarm: 'break-glass' });
  expect(second?.body).not.toContain(reason);

  const [told] = await log('?webhook=soc');
  expect(told).toMatchObject({
    source: 'auth',
    webhook: 'soc',
    header: 'breakwater-alarm',
    attempts: [{ failure: expect.stringContaining('503') }, { failure: null }],
  });
  expect(await log('?open=yes')).toEqual([]);
  expect(await log('?webhook=other')).toEqual([]);
  expect(JSON.stringify(await stand.local('GET', '/webhooks')) + JSON.stringify(told)).not.toContain('a-secret-path');

  expect((await stand.local('POST', `/webhook-deliveries/${told?.delivery}/redeliver`)).status).toBe(200);
  await expect.poll(() => soc.received.length, { timeout: 30_000 }).toBe(3);
  expect(soc.received[2]?.body).toBe(second?.body);
  expect((await stand.local('POST', '/webhook-deliveries/999/redeliver')).status).toBe(404);
});
