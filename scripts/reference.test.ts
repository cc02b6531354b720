import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { generated } from './reference.ts';

const root = join(import.meta.dirname, '..');

test('the committed reference is what the program gives; otherwise run `npm run docs`', async () => {
  const files = await generated();
  for (const [path, text] of Object.entries(files)) {
    expect(existsSync(join(root, path)) && readFileSync(join(root, path), 'utf8') === text, path).toBe(true);
  }
  const committed = readdirSync(join(root, 'docs/reference')).map((name) => `docs/reference/${name}`);
  expect(committed.toSorted()).toEqual(Object.keys(files).toSorted());
});

test('every page of the guide stands in Korean and English', () => {
  const pages = (language: string): string[] => readdirSync(join(root, 'docs/guide', language)).toSorted();
  expect(pages('ko')).toEqual(pages('en'));
});

test('every link of the guide leads to a file', () => {
  const broken = ['en', 'ko'].flatMap((language) =>
    readdirSync(join(root, 'docs/guide', language)).flatMap((name) => {
      const page = join(root, 'docs/guide', language, name);
      return [...readFileSync(page, 'utf8').matchAll(/\]\((?!https?:)([^)#]+)/g)]
        .map(([, target]) => target ?? '')
        .filter((target) => !existsSync(join(page, '..', target)))
        .map((target) => `${language}/${name}: ${target}`);
    }),
  );
  expect(broken).toEqual([]);
});
