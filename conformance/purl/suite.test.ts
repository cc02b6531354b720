/** The published suite of purl-spec, read from beside the repository where it is there. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatPurl, parsePurl, type Purl } from '@breakwater/rules/inventory';
import { describe, expect, test } from 'vitest';

interface Case {
  readonly description: string;
  readonly test_group: 'required' | 'recommended';
  readonly test_type: 'parse' | 'build' | 'validate';
  readonly input: unknown;
  readonly expected_output?: unknown;
  readonly expected_failure?: boolean;
}

const folder = join(import.meta.dirname, '../../../shared/conformance/purl/tests');
const absent = existsSync(folder) ? null : `the published suite is not at ${folder}`;

/**
 * Refused when they are parsed (required), to be folded when they are validated (recommended): one parser cannot do both,
 * and what is required stands.
 */
const contradicted = new Set([
  'pkg:gem/jruby-launcher@1.1.2?Platform=java',
  'pkg:Rpm/fedora/curl@7.50.3-1.fc25?Arch=i386&Distro=fedora-25',
]);

const filesOf = (): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('-test.json'))
    .toSorted();

const perform: Readonly<Record<Case['test_type'], (input: never) => unknown>> = {
  parse: (input: string) => parsePurl(input),
  build: (input: Purl) => formatPurl(input),
  validate: (input: string) => formatPurl(parsePurl(input)),
};

describe.skipIf(absent !== null)(`the suite of purl-spec${absent === null ? '' : `: skipped, ${absent}`}`, () => {
  describe.each(absent === null ? filesOf() : [])('%s', (file) => {
    const { tests } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as { tests: Case[] };
    const judged = tests.filter(
      ({ test_type, input }) => !(test_type === 'validate' && contradicted.has(String(input))),
    );
    test.each(judged.map((one, i) => [`${i + 1} ${one.test_type}: ${one.description}`, one] as const))(
      '%s',
      (_what, { test_type, input, expected_output, expected_failure }) => {
        const act = (): unknown => perform[test_type](input as never);
        if (expected_failure === true) expect(act).toThrow(expect.objectContaining({ name: 'BreakwaterError' }));
        else expect(act()).toEqual(expected_output);
      },
    );
  });
});
