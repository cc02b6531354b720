/**
 * `sh scripts/node scripts/console-pictures.ts [--hold]`: plays the demo on real processes, opens every page of the console
 * in Debian's Chromium and keeps a picture of each in docs/guide/images. With `--hold` the bank stays open to be looked at.
 */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { chromium, type Browser } from 'playwright-core';
import { announce } from '../packages/cli/src/demo/act-notice.ts';
import { approve, enrol, rehearse, requestRun, submit } from '../packages/cli/src/demo/act-plan.ts';
import { prove } from '../packages/cli/src/demo/act-prove.ts';
import { disseminate } from '../packages/cli/src/demo/act-advisory.ts';
import { makeGood } from '../packages/cli/src/demo/act-relief.ts';
import { watchRun } from '../packages/cli/src/demo/ask.ts';
import { makePeople } from '../packages/cli/src/demo/people.ts';
import { scenarios } from '../packages/cli/src/demo/scenario.ts';
import { createTeller } from '../packages/cli/src/demo/tell.ts';
import { openGround, startWorld, type World } from '../packages/cli/src/demo/world.ts';

const images = join(import.meta.dirname, '../docs/guide/images');

/** A picture: file name, address, and how it is looked at. `RUN` stands for the demo's run. */
interface Picture {
  readonly name: string;
  readonly path: string;
  readonly language: 'ko' | 'en';
  readonly theme: 'dark' | 'light';
  readonly width: 1440 | 390;
}

const plan = '/plans/transfer-openssl-2026-11';
/** Pages that are looked at after the run, each with the name of its picture. */
const pages: readonly (readonly [string, string])[] = [
  ['now', '/'],
  ['plans', '/plans'],
  ['plan-readiness', plan],
  ['plan-edit', `${plan}?tab=edit`],
  ['plan-rehearsals', `${plan}?tab=rehearsals`],
  ['plan-approvals', `${plan}?tab=approvals`],
  ['plan-differences', `${plan}/diff/2..3`],
  ['runs', '/runs'],
  ['run-ended', '/runs/RUN'],
  ['replay', '/runs/RUN/replay'],
  ['notices', '/notices'],
  ['claims', '/claims'],
  ['evidence', '/evidence/300'],
  ['checkpoints', '/evidence/checkpoints'],
  ['verify', '/evidence/verify?run=RUN'],
  ['assessment', '/assessments/RUN'],
  ['account', '/account'],
  ['sign-in', '/sign-in'],
];
/** Pages that have a layout of their own on a phone. */
const narrow = new Set(['now', 'plan-readiness', 'run-ended', 'evidence', 'assessment']);

const pictures: readonly Picture[] = pages.flatMap(([name, path]): Picture[] => [
  { name: `${name}-ko`, path, language: 'ko', theme: 'dark', width: 1440 },
  { name: `${name}-en`, path, language: 'en', theme: 'light', width: 1440 },
  ...(narrow.has(name) ? [{ name: `${name}-phone-ko`, path, language: 'ko', theme: 'dark', width: 390 } as const] : []),
]);

async function take(browser: Browser, world: World, list: readonly Picture[], run: string): Promise<void> {
  const { apiUrl } = JSON.parse(readFileSync(join(world.dir, 'run', 'server.json'), 'utf8')) as { apiUrl: string };
  const token = readFileSync(join(world.dir, 'run', 'token'), 'utf8').trim();
  for (const { name, path, language, theme, width } of list) {
    const context = await browser.newContext({
      viewport: { width, height: width === 390 ? 844 : 900 },
      colorScheme: theme,
      locale: language,
      extraHTTPHeaders: { authorization: `Bearer ${token}` },
    });
    const page = await context.newPage();
    await page.goto(`${apiUrl}${path.replace('RUN', run)}`);
    await page.locator('h1').first().waitFor();
    await page.locator('[aria-busy]').first().waitFor({ state: 'detached' });
    // What is polled comes once more: figures that were on their way stand then.
    await sleep(700);
    await page.screenshot({ path: join(images, `${name}.png`) });
    await context.close();
  }
}

mkdirSync(images, { recursive: true });
const teller = createTeller('en');
const scenario = scenarios['patch-goes-bad'];
const ground = openGround();
const ended = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => ended.abort());
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
try {
  const world = await startWorld(ground, scenario, (part) => teller.live({ ko: part, en: part }));
  const people = makePeople();
  await enrol(world, people, teller);
  const occasion = { dissemination: await disseminate(world, people, teller), tracked: null };
  const rehearsed = await submit(world, occasion, new Date(Date.now() + 600_000));
  await rehearse(world, rehearsed.hash, scenario, teller);
  const start = new Date(Math.ceil((Date.now() + 14_000) / 1000) * 1000);
  const final = await submit(world, occasion, start);
  await approve(world, people, final.hash, teller);
  await announce(world, people, final.document, teller);
  await sleep(Math.max(0, start.getTime() - Date.now()));
  const { run } = await requestRun(world.client, final.hash, 'live');
  await sleep(2_000);
  await take(
    browser,
    world,
    [
      { name: 'run-live-ko', path: '/runs/RUN', language: 'ko', theme: 'dark', width: 1440 },
      { name: 'wall-ko', path: '/runs/RUN/wall', language: 'ko', theme: 'dark', width: 1440 },
    ],
    run,
  );
  const played = await watchRun(world.client, run, () => undefined);
  await makeGood(world, people, played, teller);
  await prove(world, people, played, 'pictures', teller);
  await submit(world, occasion, new Date(Date.now() + 86_400_000));
  await take(browser, world, pictures, run);
  if (process.argv.includes('--hold')) {
    process.stdout.write(`${world.dir}\n`);
    await sleep(2 ** 31 - 1, undefined, { signal: ended.signal }).catch(() => undefined);
  }
} finally {
  await browser.close();
  await ground.close();
  teller.end();
}
