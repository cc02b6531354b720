/** Our order of versions beside that of the tools which decide it in practice, on random pairs. */
import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { compareVersions, type Ecosystem } from '@breakwater/rules/inventory';
import { compare } from 'semver';
import { describe, expect, test } from 'vitest';
import { versionOf } from '../../packages/rules/src/inventory/version/version.arbitrary.ts';

type Pair = readonly [a: string, b: string];

/** A tool: reads a pair of versions a line, divided by a space, and prints -1, 0 or 1 for each. */
interface Tool {
  readonly name: string;
  readonly ecosystem: Ecosystem;
  readonly pairs: number;
  readonly argv: readonly [string, ...string[]];
}

const tools: readonly Tool[] = [
  {
    name: 'Dpkg::Version',
    ecosystem: 'deb',
    pairs: 20_000,
    argv: ['perl', '-MDpkg::Version', '-ne', 'my ($a, $b) = split; print version_compare($a, $b), "\n"'],
  },
  {
    name: 'dpkg --compare-versions',
    ecosystem: 'deb',
    pairs: 500,
    argv: [
      'sh',
      '-c',
      'while read -r a b; do if dpkg --compare-versions "$a" lt "$b"; then echo -1; elif dpkg --compare-versions "$a" gt "$b"; then echo 1; else echo 0; fi; done',
    ],
  },
  {
    name: 'librpm',
    ecosystem: 'rpm',
    pairs: 20_000,
    argv: [
      'rpm',
      '--eval',
      '%{lua:for line in io.lines() do local a, b = line:match("([^ ]+) ([^ ]+)"); print(rpm.vercmp(a, b) .. " ") end}',
    ],
  },
  {
    name: 'packaging of Python',
    ecosystem: 'pypi',
    pairs: 20_000,
    argv: [
      '/usr/bin/python3',
      '-c',
      'import sys\nfrom packaging.version import Version as V\nfor line in sys.stdin:\n  a, b = map(V, line.split())\n  print((a > b) - (a < b))',
    ],
  },
  {
    name: 'Gem::Version of Ruby',
    ecosystem: 'gem',
    pairs: 20_000,
    argv: ['ruby', '-e', 'STDIN.each { |l| a, b = l.split; puts Gem::Version.new(a) <=> Gem::Version.new(b) }'],
  },
];

const seed = Number(process.env['TEST_SEED'] ?? '1');

function randomPairs(ecosystem: Ecosystem, count: number): Pair[] {
  // librpm's own comparison knows neither epochs nor releases.
  const version = versionOf(ecosystem).filter((text) => ecosystem !== 'rpm' || !/[:-]/.test(text));
  return fc.sample(fc.tuple(version, version), { numRuns: count, seed });
}

function answers({ argv: [command, ...words] }: Tool, pairs: readonly Pair[]): number[] | null {
  const input = pairs.map((pair) => pair.join(' ')).join('\n');
  const { status, stdout } = spawnSync(command, words, { input: `${input}\n`, encoding: 'utf8', maxBuffer: 2 ** 26 });
  return status === 0 ? stdout.trim().split(/\s+/).map(Number) : null;
}

describe('our order of versions is that of', () => {
  test.each(tools.map((tool) => [tool.name, tool] as const))('%s', (name, tool) => {
    if (answers(tool, [['1', '2']])?.[0] !== -1) {
      process.stderr.write(`${name} is not installed: its order of versions is not compared\n`);
      return;
    }
    const pairs = randomPairs(tool.ecosystem, tool.pairs);
    const theirs = answers(tool, pairs);
    const differing = pairs.filter(
      ([a, b], i) => compareVersions(tool.ecosystem, a, b) !== Math.sign(theirs?.[i] ?? NaN),
    );
    expect([`seed ${seed}`, ...differing.slice(0, 10)]).toEqual([`seed ${seed}`]);
  });

  test('npm semver', () => {
    const differing = randomPairs('npm', 20_000).filter(([a, b]) => compareVersions('npm', a, b) !== compare(a, b));
    expect([`seed ${seed}`, ...differing.slice(0, 10)]).toEqual([`seed ${seed}`]);
  });
});
