import { readFileSync, readdirSync } from 'node:fs';
import { verifyDossier } from '@breakwater/verify';
import { describe, expect, test } from 'vitest';

const releases = readdirSync(import.meta.dirname).filter((name) => /^v\d/.test(name));

test('every release keeps a dossier here', () => {
  expect(releases).toContain('v0.1.0');
});

describe.each(releases)('the dossier of %s', (release) => {
  const read = (file: string): Buffer => readFileSync(`${import.meta.dirname}/${release}/${file}`);

  test('verifies with its policy and keys', async () => {
    const trust = { policy: read('policy').toString(), keys: read('keys.json').toString() };
    const { result, checks } = await verifyDossier(read('dossier.zip'), trust);
    expect(checks.filter((check) => check.result !== 'passed')).toEqual([]);
    expect(result).toBe('passed');
  });
});
