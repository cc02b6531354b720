import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Scope } from '@breakwater/rules/containment';
import { loopbackScope } from './beside.testing.ts';
import type { TesterContext } from './tester.ts';
import { wordsOf } from './words.ts';

const one = loopbackScope([], { targets: [{ cidr: '10.66.0.10/32', ports: ['tcp/8080', 'tcp/8443-8445'] }] });
const two = loopbackScope([], {
  targets: [
    { cidr: '10.66.0.0/24', ports: ['tcp/80', 'udp/53'] },
    { cidr: 'fd66::1/128', ports: ['tcp/80'] },
  ],
});
const context = (scope: Scope): TesterContext => ({ scope, tester: { kind: 'command' }, folder: '/nowhere' });

describe('the words of a plan are filled from its scope alone', () => {
  test.each([
    [one, ['scan', '{target}', '-p', '{ports}'], ['scan', '10.66.0.10', '-p', '8080,8443-8445']],
    [one, ['scan', 'http://{target}:8080/', '--out={out}/x'], ['scan', 'http://10.66.0.10:8080/', '--out=/out/x']],
    [two, ['scan', '{target}'], ['scan', '10.66.0.0/24', 'fd66::1']],
    [two, ['scan', '-p{ports}'], ['scan', '-pT:80,U:53']],
    [two, ['scan', '-l', '{targets-file}'], ['scan', '-l', '/run/breakwater/targets']],
    [
      one,
      ['x', '{"a": {"b": 1}}', '$(id)', '`id`', '; rm -rf /'],
      ['x', '{"a": {"b": 1}}', '$(id)', '`id`', '; rm -rf /'],
    ],
  ])('%#', (scope, run, words) => {
    expect(wordsOf(run, context(scope))).toEqual(words);
  });

  test.each([
    ['an unknown placeholder', one, ['scan', '{password}'], 'tester.unknown-placeholder', '/tester/run/1'],
    ['a name of every object', one, ['scan', '{constructor}'], 'tester.unknown-placeholder', '/tester/run/1'],
    ['several targets in one word', two, ['a', 'b', 'http://{target}/'], 'tester.several-targets', '/tester/run/2'],
    [
      'ports of a scope without',
      loopbackScope([], { targets: [{ cidr: '10.0.0.1/32', ports: ['icmp'] }] }),
      ['{ports}'],
      'tester.no-ports',
      '/tester/run/0',
    ],
  ] as const)('%s is refused with its place', (_, scope, run, code, path) => {
    expect(() => wordsOf(run, context(scope))).toThrow(expect.objectContaining({ code, path }));
  });

  test('words without placeholders are left as they are', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (run) => {
        fc.pre(run.every((word) => !/\{[a-z][a-z-]*\}/.test(word)));
        expect(wordsOf(run, context(one))).toEqual(run);
      }),
    );
  });
});
