/** Random versions that look like those of an ecosystem: small numbers and the ecosystem's own words meet often. */
import fc from 'fast-check';
import type { Ecosystem } from './ecosystem.ts';

const digits = fc.constantFrom('0', '1', '2', '9', '10', '00', '01', '20');
const oneOf = (...texts: string[]): fc.Arbitrary<string> => fc.constantFrom(...texts);
const joined = (...parts: fc.Arbitrary<string>[]): fc.Arbitrary<string> =>
  fc.tuple(...parts).map((texts) => texts.join(''));
const maybe = (text: fc.Arbitrary<string>): fc.Arbitrary<string> => fc.oneof(fc.constant(''), text);
const numbers = (most: number): fc.Arbitrary<string> =>
  fc.array(digits, { minLength: 1, maxLength: most }).map((parts) => parts.join('.'));
const repeated = (part: fc.Arbitrary<string>, most: number): fc.Arbitrary<string> =>
  fc.array(part, { maxLength: most }).map((parts) => parts.join(''));
const significant = fc.constantFrom('0', '1', '2', '9', '10', '20');
const plain = fc.array(significant, { minLength: 3, maxLength: 3 }).map((parts) => parts.join('.'));
const identifiers = fc
  .array(oneOf('0', '1', '10', 'a', 'alpha', 'rc', 'x-y', 'B'), { minLength: 1, maxLength: 3 })
  .map((parts) => parts.join('.'));

const versions: Readonly<Record<Ecosystem, fc.Arbitrary<string>>> = {
  deb: joined(
    maybe(oneOf('0:', '1:', '2:')),
    digits,
    repeated(oneOf('~', '.', '+', 'a', 'Z', 'rc', '0', '1', '10', '~~', '.0'), 5),
    maybe(joined(oneOf('-'), repeated(oneOf('0', '1', '+', '~', '.', 'b', 'ubuntu', 'deb12u1'), 3), digits)),
  ),
  rpm: joined(
    maybe(oneOf('0:', '1:')),
    digits,
    repeated(oneOf('~', '^', '.', '_', 'a', 'Z', 'rc', '0', '1', '10', '001'), 5),
  ),
  apk: joined(
    numbers(3),
    maybe(oneOf('a', 'b')),
    maybe(joined(oneOf('_alpha', '_beta', '_pre', '_rc', '_p', '_git', '_cvs'), maybe(digits))),
    maybe(joined(oneOf('-r'), digits)),
  ),
  maven: joined(
    digits,
    repeated(joined(oneOf('.', '-'), digits), 3),
    repeated(joined(oneOf('-', ''), oneOf('alpha', 'beta', 'rc', 'SNAPSHOT', 'ga', 'sp', 'xyz'), maybe(digits)), 2),
  ),
  npm: joined(plain, maybe(joined(oneOf('-'), identifiers)), maybe(oneOf('+build'))),
  pypi: joined(
    maybe(oneOf('0!', '1!')),
    numbers(3),
    maybe(joined(oneOf('a', 'b', 'rc', '.alpha', '-beta', 'preview'), maybe(digits))),
    maybe(joined(oneOf('.post', '-rev'), maybe(digits))),
    maybe(joined(oneOf('.dev'), maybe(digits))),
    maybe(oneOf('+1', '+abc', '+abc.1', '+2.x')),
  ),
  gem: joined(
    numbers(3),
    repeated(joined(oneOf('.'), oneOf('a', 'b', 'rc1', 'pre', '0', '1', '10')), 4),
    maybe(oneOf('-1', '-a')),
  ),
  nuget: joined(numbers(4), maybe(joined(oneOf('-'), identifiers))),
  composer: joined(
    maybe(oneOf('v')),
    numbers(4),
    maybe(joined(oneOf('-', ''), oneOf('alpha', 'beta', 'RC', 'patch'), maybe(digits))),
    maybe(oneOf('-dev')),
  ),
  golang: joined(oneOf('v', ''), plain, maybe(joined(oneOf('-'), identifiers)), maybe(oneOf('+incompatible'))),
  generic: joined(digits, repeated(oneOf('.', '-', 'a', 'rc', 'patch', '0', '1', '10', '.0'), 5)),
};

export function versionOf(ecosystem: Ecosystem): fc.Arbitrary<string> {
  return versions[ecosystem];
}
