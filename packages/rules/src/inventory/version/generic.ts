/** Versions of no known ecosystem: numbers by value, known words ahead of or after the release, other letters after it. */
import { KeyWriter, isZero } from './key.ts';

const marks = { before: 1, end: 2, after: 3, letters: 4, number: 5 } as const;
const before = ['dev', 'snapshot', 'alpha', 'beta', 'pre', 'rc'];
const after = ['post', 'patch', 'pl'];

export function genericKey(version: string): KeyWriter {
  const key = new KeyWriter();
  let zeros = 0;
  const tokens = version
    .toLowerCase()
    .replace(/^v(?=[0-9])/, '')
    .replace(/\+.*$/s, '')
    .matchAll(/[0-9]+|[a-z]+|~/g);
  for (const [token] of tokens) {
    if (/[0-9]/.test(token) && isZero(token)) {
      zeros += 1;
      continue;
    }
    if (/[0-9]/.test(token))
      key
        .mark(marks.number)
        .mark(255 - Math.min(zeros, 255))
        .number(token);
    else if (token === '~') key.mark(marks.before).mark(0);
    else if (before.includes(token)) key.mark(marks.before).mark(1 + before.indexOf(token));
    else if (after.includes(token)) key.mark(marks.after).mark(after.indexOf(token));
    else key.mark(marks.letters).text(token);
    zeros = 0;
  }
  return key.mark(marks.end);
}
