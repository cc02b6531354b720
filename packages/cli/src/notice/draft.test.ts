import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { run } from './process.testing.ts';

const folder = mkdtempSync(join(tmpdir(), 'notice-draft-'));
afterAll(() => rmSync(folder, { recursive: true }));

const announcer = ['--company-ko', '한빛은행', '--company-en', 'Hanbit Bank', '--phone', '15881234'];

test('the draft of a plan is fit to be published as it stands, and names services as customers do', async () => {
  const plan = join(folder, 'plan.yaml');
  expect((await run(['plan', 'new', '--example', '--out', plan], {})).code).toBe(0);
  const drafted = await run(
    ['notice', 'draft', plan, ...announcer, '--service', 'transfer=이체=Transfers', '--json'],
    {},
  );
  expect(drafted.code).toBe(0);
  expect(JSON.parse(drafted.stdout)).toMatchObject({
    schema: 'breakwater.notice/1',
    sender: '15881234',
    serviceNames: { transfer: { ko: '이체', en: 'Transfers' } },
  });
  const notice = join(folder, 'notice.json');
  writeFileSync(
    notice,
    (await run(['notice', 'draft', plan, ...announcer, '--service', 'transfer=이체=Transfers'], {})).stdout,
  );
  const linted = await run(['notice', 'lint', notice, '--as-of', '2026-11-01T00:00:00+09:00', '--json'], {});
  expect([linted.code, JSON.parse(linted.stdout)]).toMatchObject([0, { ok: true }]);
});

test('what is no plan or no name of a service is refused with its place', async () => {
  const refused = await run(['notice', 'draft', '-', ...announcer, '--json'], {}, 'schema: breakwater.plan/1\n');
  expect([refused.code, JSON.parse(refused.stdout)]).toMatchObject([2, { error: { code: 'plan.missing' } }]);
  const unnamed = await run(['notice', 'draft', '-', ...announcer, '--service', 'transfer', '--json'], {}, 'x: 1');
  expect(unnamed.code).toBe(2);
});
