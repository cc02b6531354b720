/** PHP packages: Composer's normal form of four numbers, then the order of PHP's `version_compare`. */
import { KeyWriter, malformed, withoutTrailingZeros } from './key.ts';

const marks = { branch: 0, word: 1, end: 6, number: 7 } as const;
/** Words with a place of their own; any other word comes ahead of them. */
const words: Readonly<Record<string, number>> = {
  dev: 2,
  alpha: 3,
  a: 3,
  beta: 4,
  b: 4,
  rc: 5,
  p: 8,
  pl: 8,
  patch: 8,
};
/** What Composer writes for the `x` of a branch such as `1.x-dev`: later than any release of it. */
const anyNumber = '9999999';

export function composerKey(text: string): KeyWriter {
  const version = text
    .toLowerCase()
    .replace(/^v(?=[0-9])/, '')
    .replace(/\+.*$/s, '')
    .replace(/#[0-9a-f]+$/, '')
    .replace(/@[a-z]+$/, '');
  if (/^dev-./.test(version)) return new KeyWriter().mark(marks.branch).text(version);
  const [, head = '', tail = ''] = /^([0-9]+(?:\.(?:[0-9]+|[x*]))*)(.*)$/s.exec(version) ?? [];
  if (head === '') throw malformed(text, 'must begin with a number, or be dev-BRANCH');
  const key = new KeyWriter();
  const numbers = head.split('.').map((part) => (/[x*]/.test(part) ? anyNumber : part));
  const filled = numbers.at(-1) === anyNumber ? [...numbers, anyNumber, anyNumber, anyNumber].slice(0, 4) : numbers;
  for (const digits of withoutTrailingZeros(filled)) key.mark(9).number(digits);
  for (const [token] of tail.matchAll(/[0-9]+|[a-z]+/g)) {
    if (/[0-9]/.test(token)) key.mark(marks.number).number(token);
    else if (token !== 'stable') {
      const rank = Object.hasOwn(words, token) ? words[token] : undefined;
      if (rank === undefined) key.mark(marks.word).text(token);
      else key.mark(rank);
    }
  }
  return key.mark(marks.end);
}
