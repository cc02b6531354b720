/** The console in a real browser: one server, one run, and the journeys of the people who use it. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { EnrolmentStatement } from '@breakwater/rules';
import { testDatabase, type TestDatabase } from '#platform/db/testing';
import { openConsoleStand, type ConsoleStand } from './console-stand.testing.ts';
import { smallPlan } from './run-plan.testing.ts';
import { setService, signStatement, until } from './run-stand.testing.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
let database: TestDatabase;
let console: ConsoleStand;
let browser: Browser;
/** Signed in as p-5, in Korean and dark. */
let person: BrowserContext;
let page: Page;
let run: string;

beforeAll(async () => {
  database = await testDatabase();
  console = await openConsoleStand(database);
  browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
  const planHash = await console.stand.prepare(
    smallPlan({ id: 'seen', steps: ['one', 'two', 'three'], doing: { two: 'sleep 60' } }),
  );
  await console.call('POST', '/persons', {
    person: 'p-5',
    name: null,
    roles: ['author', 'operator', 'ciso', 'compliance'],
  });
  ({ run } = await console.runner.request({
    plan: planHash,
    mode: 'live',
    by: { kind: 'person', id: 'p-5' },
    waivers: [],
  }));
  person = await contextIn('ko', 'dark');
  page = await person.newPage();
  page.setDefaultTimeout(15_000);
  const { url } = (await console.call('POST', '/sign-in-links', { person: 'p-5' })) as { url: string };
  await page.goto(url);
  await page.getByRole('heading', { name: '지금', level: 1 }).waitFor();
}, 180_000);
afterAll(async () => {
  await browser?.close();
  await console?.close();
  await database?.drop();
});

function contextIn(locale: 'ko' | 'en', colorScheme: 'dark' | 'light', more: object = {}): Promise<BrowserContext> {
  return browser.newContext({ viewport: { width: 1440, height: 900 }, locale, colorScheme, bypassCSP: true, ...more });
}

/** What axe finds wrong with a page as it is now. */
async function faults(at: Page): Promise<string[]> {
  await at.addScriptTag({ content: axe });
  return at.evaluate(async () => {
    const { violations } = await (
      globalThis as unknown as {
        axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
      }
    ).axe.run();
    return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 160) ?? ''}`);
  });
}

test('without script the levers of a run are there and act, and the answer says what became of it', async () => {
  const plain = await contextIn('ko', 'light', { javaScriptEnabled: false, storageState: await person.storageState() });
  const at = await plain.newPage();
  await at.goto(`${console.url}/runs/${run}`);
  await at.getByRole('button', { name: /^보류/ }).click();
  await expect.poll(() => at.locator('body').innerText()).toMatch(/가드가 받았습니다|만에 정지/);
  await plain.close();
});

test('a run is watched live, its outage runs the countdown down, and Shift S and Enter stop it', async () => {
  await page.goto(`${console.url}/runs/${run}`);
  setService(console.stand.local, 'down');
  await page.getByText('까지 원복을 시작할 수 있습니다.').waitFor();
  await page.keyboard.press('Shift+S');
  expect(await page.evaluate('document.activeElement?.id')).toBe('lever-stop');
  await page.keyboard.press('Enter');
  await page.getByText(/트립:/).first().waitFor();
  setService(console.stand.local, 'up');
  await until('the run ends', async () => (await console.runner.status(run)).view.phase === 'ended');
  await page.getByRole('link', { name: '재생' }).waitFor();
});

test('a finished run is replayed from its log, whose hashes the browser checks', async () => {
  await page.goto(`${console.url}/runs/${run}/replay`);
  await page.getByText('해시가 이어집니다').waitFor();
  await page.getByRole('slider').fill('1');
  await expect.poll(() => page.url()).toContain('t=1');
});

test('a person registers a passkey, has it enrolled by another one, signs in with it, writes a revision and approves it', async () => {
  const devtools = await person.newCDPSession(page);
  await devtools.send('WebAuthn.enable');
  await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'usb',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  await page.goto(`${console.url}/account`);
  await page.getByRole('button', { name: '패스키 등록' }).click();
  await page.getByRole('button', { name: '서명키 등록 요청' }).click();
  await page.getByLabel('서명할 역할').selectOption('ciso');
  await page.getByLabel('등록할 사람').fill('p-1');
  await page.getByRole('button', { name: '서명키 등록 요청' }).click();
  await page.getByText('p-1의 등록을 기다림').waitFor();
  const { proposals } = (await console.call('GET', '/keys/proposals')) as {
    proposals: { statement: EnrolmentStatement; possession: object }[];
  };
  const [proposal] = proposals;
  if (proposal === undefined) throw new Error('nothing was proposed');
  const { statement, possession } = proposal;
  await console.call('POST', '/keys', {
    statement,
    possession,
    enroller: signStatement(console.stand.ciso, statement),
  });
  await page.getByRole('button', { name: '로그아웃' }).click();
  await page.getByRole('button', { name: '패스키로 로그인' }).click();
  await page.getByRole('heading', { name: '지금', level: 1 }).waitFor();

  await console.stand.submit(smallPlan({ id: 'written', steps: ['one'] }));
  await page.goto(`${console.url}/plans/written?tab=edit`);
  await page.getByLabel('제목(한국어)').fill('고친 패치');
  expect(await page.getByRole('textbox', { name: 'YAML' }).inputValue()).toContain('ko: 고친 패치');
  await page.getByRole('button', { name: '새 판으로 저장' }).click();
  await page.getByRole('link', { name: '1판과 2판의 차이' }).waitFor();
  await page.getByText('/title/ko').waitFor();
  await page.goto(`${console.url}/plans/written?tab=approvals`);
  await page.getByRole('button', { name: '승인', exact: true }).click();
  await page.getByText('서명하였습니다.').waitFor();
  expect(await console.call('GET', '/plans/written')).toMatchObject({
    revision: 2,
    approvals: { approvedBy: [{ person: 'p-5', role: 'ciso' }] },
  });
});

test('a record is proven and a dossier verified in the browser', async () => {
  await console.call('POST', `/runs/${run}/dossiers`, { pack: null, asOf: null });
  await console.seal();
  await page.goto(`${console.url}/evidence?run=${run}`);
  await page.locator('[data-row]').first().click();
  await page.getByText('약정값을 엽니다').waitFor();
  await page.getByText('체크포인트에 포함됩니다').waitFor();
  await page.goto(`${console.url}/evidence/verify?run=${run}`);
  await page.getByRole('link', { name: '소명자료 내려받기' }).waitFor();
  await page.getByRole('button', { name: '검증' }).first().click();
  await expect.poll(() => page.locator('main').innerText()).toMatch(/통과 · 0건 실패/);
});

test('the lever that stops everything forbids starts, and says how they are allowed again', async () => {
  await page.goto(console.url);
  await page.getByRole('button', { name: /전체 정지/ }).click();
  await page.getByText('새 시작을 금지하였습니다').first().waitFor();
  await page.getByRole('button', { name: '사유 적기' }).click();
  await page.getByText('사유: 서비스 이상').waitFor();
  await page.getByRole('button', { name: '새 시작 다시 허용' }).click();
  await page.getByText('다른 한 사람의 서명이 필요합니다').waitFor();
});

const looked = [
  '/',
  '/plans',
  '/plans/new',
  '/plans/written',
  '/plans/written?tab=approvals',
  '/plans/seen?tab=rehearsals',
  '/plans/seen/rehearsals/1',
  '/plans/written?tab=edit',
  '/plans/written/diff/1..2',
  '/runs',
  '/runs/RUN',
  '/runs/RUN/replay',
  '/runs/RUN/wall',
  '/evidence/1',
  '/evidence/checkpoints',
  '/evidence/verify?run=RUN',
  '/assessments',
  '/assessments/RUN',
  '/account',
  '/sign-in',
];

test.each([
  ['ko', 'dark'],
  ['en', 'light'],
] as const)(
  'axe finds nothing wrong with any page in %s, %s',
  async (locale, theme) => {
    const context = await contextIn(locale, theme, { storageState: await person.storageState() });
    const at = await context.newPage();
    const found: Record<string, string[]> = {};
    for (const path of looked) {
      const address = path.replace('RUN', run);
      await at.goto(`${console.url}${address}${address.includes('?') ? '&' : '?'}lang=${locale}`);
      await at.waitForFunction(
        `document.querySelector('h1') !== null && document.querySelector('[aria-busy]') === null`,
      );
      const wrong = await faults(at);
      if (wrong.length > 0) found[path] = wrong;
    }
    expect(found).toEqual({});
    await context.close();
  },
  120_000,
);
