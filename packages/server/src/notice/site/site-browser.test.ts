/** The public pages in a real browser: readable by everyone, without a script, small, and usable by keyboard alone. */
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import Fastify, { type FastifyInstance } from 'fastify';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { draftNotice } from '@breakwater/rules/notice';
import { folderTarget } from './export.ts';
import { siteFiles } from './files.ts';
import type { PublishedNotice } from './published.ts';

const executablePath = ['/usr/bin/chromium', '/usr/bin/google-chrome'].find((path) => existsSync(path));
const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const now = Date.parse('2026-11-28T10:00:00+09:00');
const company = { ko: '한빛은행', en: 'Hanbit Bank' };

function notice(n: number, window: { start: string; end: string }, kind: 'advance' | 'postponement'): PublishedNotice {
  const document = draftNotice(
    {
      kind: 'emergency-patch',
      window,
      services: ['transfer', 'cards'],
      notice: {
        alternativeChannels: [
          { name: '자동화기기(ATM)', service: 'atm', opens: '00:00', closes: '24:00' },
          { name: '고객센터', service: 'call', opens: '09:00', closes: '18:00' },
        ],
      },
    },
    {
      company: { name: company, phone: '15881234' },
      sender: '15881234',
      serviceNames: { transfer: { ko: '이체', en: 'Transfers' }, cards: { ko: '카드', en: 'Cards' } },
    },
  );
  const digest = `sha256:${String(n).repeat(64)}`;
  return {
    id: `notice-${n}`,
    number: '2026-118',
    version: n,
    document: { ...document, kind },
    digest,
    hash: digest,
    at: now + n * 60_000,
    toldAt: now,
  };
}

const versions = [
  notice(1, { start: '2026-11-29T01:00:00+09:00', end: '2026-11-29T04:00:00+09:00' }, 'advance'),
  notice(2, { start: '2026-12-01T01:00:00+09:00', end: '2026-12-01T04:00:00+09:00' }, 'postponement'),
];
const work = '/ko/notices/2026-118/';
const pages = ['/ko/', '/ko/status/', '/ko/proof/', work, `${work}v/1/`, '/en/notices/2026-118/'];

let folder: string;
let server: FastifyInstance;
let browser: Browser;
let url: string;

async function opened(path: string, options: { dark?: boolean; width?: number } = {}): Promise<Page> {
  const context = await browser.newContext({
    colorScheme: options.dark === true ? 'dark' : 'light',
    viewport: { width: options.width ?? 1024, height: 800 },
  });
  const page = await context.newPage();
  await page.goto(`${url}${path}`);
  return page;
}

describe.skipIf(executablePath === undefined)(
  `the public site in a browser${executablePath === undefined ? ': skipped, no Chromium is installed' : ''}`,
  () => {
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'notice-site-'));
      await folderTarget(folder).write(
        await siteFiles({
          shown: versions,
          notices: versions,
          observed: new Map(),
          url: 'https://notice.example',
          now,
        }),
      );
      server = Fastify();
      await server.register(fastifyStatic, { root: folder, index: 'index.html' });
      url = await server.listen({ host: '127.0.0.1', port: 0 });
      browser = await chromium.launch({ executablePath: executablePath ?? '', args: ['--no-sandbox'] });
    });
    afterAll(async () => {
      await browser?.close();
      await server?.close();
      await rm(folder, { recursive: true, force: true });
    });

    test.each([...pages.map((path) => [path, false] as const), [work, true] as const, ['/en/status/', true] as const])(
      '%s breaks no rule of WCAG 2.2 AA, dark: %s',
      async (path, dark) => {
        const page = await opened(path, { dark });
        await page.addScriptTag({ path: axe });
        const violations = await page.evaluate(async () => {
          const { axe: checker } = globalThis as unknown as {
            axe: { run(options: object): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
          };
          const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
          const { violations: found } = await checker.run({ runOnly: { type: 'tag', values: tags } });
          return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
        });
        expect(violations).toEqual([]);
      },
    );

    test.each(['/ko/', work])('%s is less than 50 KB with all it loads, and loads no script', async (path) => {
      const page = await opened('/ko/');
      const loaded: { type: string; bytes: number }[] = [];
      page.on('response', (answer) => {
        if (!answer.ok()) return;
        void answer.body().then((body) => loaded.push({ type: answer.request().resourceType(), bytes: body.length }));
      });
      await page.goto(`${url}${path}`, { waitUntil: 'networkidle' });
      expect(loaded.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThan(50_000);
      expect(loaded.map(({ type }) => type).filter((type) => type === 'script')).toEqual([]);
      expect(await page.locator('script').count()).toBe(0);
    });

    test('every link of a notice is reached by keyboard, in the order it is read, and is seen there', async () => {
      const page = await opened(work);
      const links = await page.locator('a[href], summary').count();
      const reached: number[] = [];
      for (let i = 0; i < links; i += 1) {
        await page.keyboard.press('Tab');
        reached.push(
          Number(
            await page.evaluate("[...document.querySelectorAll('a[href], summary')].indexOf(document.activeElement)"),
          ),
        );
        const outline = await page.evaluate('getComputedStyle(document.activeElement).outlineStyle');
        expect(outline).not.toBe('none');
      }
      expect(reached).toEqual(Array.from({ length: links }, (_, i) => i));
    });

    test('a notice fits the narrowest telephone without being moved sideways', async () => {
      const page = await opened(work, { width: 320 });
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(320);
    });

    test('the change of the time is read with and without colour', async () => {
      const page = await opened(work);
      await expect.poll(() => page.locator('del').first().textContent()).toContain('[삭제] 11월 29일(일');
      expect(await page.locator('ins').first().textContent()).toContain('[추가] 12월 1일(화');
      const decoration = await page.evaluate("getComputedStyle(document.querySelector('ins')).textDecorationLine");
      expect(decoration).toContain('underline');
    });
  },
);
