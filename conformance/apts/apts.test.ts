import { existsSync, readFileSync } from 'node:fs';
import { readDocument } from '@breakwater/rules';
import { describe, expect, test } from 'vitest';

const root = new URL('../../', import.meta.url);
const { requirements } = readDocument(readFileSync(new URL('requirements.yaml', import.meta.url), 'utf8')).value as {
  requirements: { id: string; about: string; status: string; how: string; tests: string[] }[];
};

/** Requirements of each domain in v0.1.0, as the introduction of the standard counts them. */
const domains = { SE: 26, SC: 20, HO: 19, AL: 28, AR: 20, MR: 23, TP: 22, RP: 15 };

test('every requirement of every domain has one row, in order', () => {
  const ids = Object.entries(domains).flatMap(([domain, count]) =>
    Array.from({ length: count }, (_, i) => `APTS-${domain}-${String(i + 1).padStart(3, '0')}`),
  );
  expect(requirements.map(({ id }) => id)).toEqual(ids);
  expect(ids).toHaveLength(173);
});

describe.each(requirements)('$id', ({ about, status, how, tests }) => {
  test('says what it is about, where it stands, and how', () => {
    expect(['met', 'part', 'open', 'outside']).toContain(status);
    for (const text of [about, how]) expect(text.trim().length).toBeGreaterThan(3);
  });

  test('names tests that exist, and has at least one when it is met', () => {
    for (const path of tests) expect(existsSync(new URL(path, root)), path).toBe(true);
    for (const path of tests) expect(path).toMatch(/\.test\.ts$/);
    if (status === 'met') expect(tests).not.toHaveLength(0);
    if (status === 'open') expect(tests).toHaveLength(0);
  });
});

test('the page counts what the table holds', () => {
  const page = readFileSync(new URL('README.md', import.meta.url), 'utf8');
  for (const status of ['met', 'part', 'open', 'outside']) {
    const count = requirements.filter((row) => row.status === status).length;
    expect(page).toContain(`| ${status} | ${count} |`);
  }
});
