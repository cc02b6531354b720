import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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

test('lint --fix mends the text message in the file and leaves the rest of it as its author wrote it', async () => {
  const file = join(folder, 'mend.yaml');
  const notice = (dash: string): string => `# 안내문
schema: breakwater.notice/1
kind: advance
work: other
window: { start: 2026-11-29T01:00:00+09:00, end: 2026-11-29T04:00:00+09:00 }
services: [transfer] # 이체
texts:
  website: { ko: 이체 서비스가 중단됩니다., en: Transfers stop. }
  sms: 01:00${dash}04:00 이체 중단. 문의 1588-1234
fields:
  timing: 11월 29일(일) 01:00
  scope: 이체
  details: 시스템 점검
  alternativeChannels: [ { name: ATM, service: atm, opens: "00:00", closes: "24:00" } ]
sender: "15881234"
company: { phone: "15881234" }
`;
  writeFileSync(file, notice('–'));
  const asOf = ['--as-of', '2026-11-01T00:00:00+09:00', '--json'];
  const before = await run(['notice', 'lint', file, ...asOf], {});
  expect([before.code, JSON.parse(before.stdout)]).toMatchObject([1, { findings: [{ rule: 'text.charset' }] }]);
  const fixed = await run(['notice', 'lint', file, '--fix', ...asOf], {});
  expect([fixed.code, JSON.parse(fixed.stdout)]).toMatchObject([
    0,
    { ok: true, fixes: [{ from: '–', to: '-', count: 1 }] },
  ]);
  expect(readFileSync(file, 'utf8')).toBe(notice('-'));
});

test('what is no plan or no name of a service is refused with its place', async () => {
  const refused = await run(['notice', 'draft', '-', ...announcer, '--json'], {}, 'schema: breakwater.plan/1\n');
  expect([refused.code, JSON.parse(refused.stdout)]).toMatchObject([2, { error: { code: 'plan.missing' } }]);
  const unnamed = await run(['notice', 'draft', '-', ...announcer, '--service', 'transfer', '--json'], {}, 'x: 1');
  expect(unnamed.code).toBe(2);
});
