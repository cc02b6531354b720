import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openAuthStand, type AuthStand } from './auth.testing.ts';

let stand: AuthStand;
beforeAll(async () => {
  stand = await openAuthStand();
});
afterAll(() => stand?.close());

const reason = '신원 확인 서버 장애로 아무도 로그인할 수 없음';
const seal = async (): Promise<string> => (await stand.local<{ code: string }>('POST', '/break-glass')).body.code;

test('the break-glass account opens with its newest code, once, for an hour, and never quietly', async () => {
  const [earlier, code] = [await seal(), await seal()];
  const browser = stand.browser();
  const open = (sealed: string) =>
    browser.call<{ code: string }>('POST', '/session/break-glass', { code: sealed, reason });
  expect((await open(earlier)).body.code).toBe('break-glass.not-signed-in');
  expect(stand.logged.join()).toContain('break-glass.not-signed-in');
  expect((await open(code)).status).toBe(200);
  expect((await browser.call('GET', '/session')).body).toMatchObject({
    person: 'break-glass',
    roles: ['operator', 'administrator'],
    actions: { 'run.stop': { allowed: true }, 'plan.decide': { allowed: false } },
  });
  expect((await stand.browser().call('POST', '/session/break-glass', { code, reason })).status).toBe(401);
  expect(stand.logged.join()).toContain('the break-glass account was opened');
  expect(await stand.platform.metrics.getSingleMetricAsString('breakwater_break_glass_total')).toContain(' 1');
  const { rows } = await sql<{ payload: string }>`
    select payload from evidence_outbox where leaf::jsonb ->> 'type' = 'auth.break-glass-used'`.execute(
    stand.database.db,
  );
  expect(rows.map(({ payload }) => JSON.parse(payload) as object)).toMatchObject([{ reason }]);
  for (let minute = 0; minute < 60; minute += 20) {
    expect((await browser.call('GET', '/session')).status).toBe(200);
    stand.clock.advance(20 * 60_000);
  }
  expect((await browser.call('GET', '/session')).status).toBe(401);
  expect(stand.logged.join() + JSON.stringify(rows)).not.toContain(code);
});
