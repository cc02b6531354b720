/** The published part of the suite of vers-spec, read from beside the repository where it is there. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compareVersions, formatVers, parseVers, versContains } from '@breakwater/rules/inventory';
import { describe, expect, test } from 'vitest';

interface Case {
  readonly description: string;
  readonly test_type: string;
  readonly input: string & { input_scheme: string; versions: [string, string]; vers: string; version: string };
  readonly expected_output?: unknown;
  readonly expected_failure?: boolean;
}

const folder = join(import.meta.dirname, '../../../shared/conformance/vers/tests');
const absent = existsSync(folder) ? null : `the published suite is not at ${folder}`;

const perform: Readonly<Record<string, (input: Case['input']) => unknown>> = {
  parse: (input) => parseVers(input),
  validate: (input) => formatVers(parseVers(input)),
  containment: ({ vers, version }) => versContains(parseVers(vers), version),
  comparison: ({ input_scheme, versions }) => versions.toSorted((a, b) => compareVersions(input_scheme, a, b)),
  equality: ({ input_scheme, versions }) => compareVersions(input_scheme, ...versions) === 0,
};

describe.skipIf(absent !== null)(`the suite of vers-spec${absent === null ? '' : `: skipped, ${absent}`}`, () => {
  test.each(absent === null ? readdirSync(folder) : [])('%s', (file) => {
    const { tests } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as { tests: Case[] };
    for (const { description, test_type, input, expected_output, expected_failure } of tests) {
      const act = perform[test_type];
      // Ranges in the syntax of an ecosystem are read by importers, which are not here yet.
      if (act === undefined) continue;
      const said = `${description} ${JSON.stringify(input)}`;
      if (expected_failure === true)
        expect(() => act(input), said).toThrow(expect.objectContaining({ name: 'BreakwaterError' }));
      else expect(act(input), said).toEqual(expected_output);
    }
  });
});
