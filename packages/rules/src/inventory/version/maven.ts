/**
 * Maven versions (Maven POM reference, "Version Order Specification"): tokens divided by dots, dashes and every change
 * between digits and letters, which counts as a dash; a qualifier counts as if it followed a dash.
 */
import { KeyWriter, isZero } from './key.ts';

const marks = { before: 1, end: 2, servicePack: 3, word: 4, dashNumber: 5, wordAfterZeros: 6, dotNumber: 7 } as const;
/** Ahead of the release, in this order. */
const before = ['alpha', 'beta', 'milestone', 'rc', 'snapshot'];
const release = new Set(['', 'ga', 'final', 'release']);
const aliases: Readonly<Record<string, string>> = { cr: 'rc' };
const shorthand: Readonly<Record<string, string>> = { a: 'alpha', b: 'beta', m: 'milestone' };

interface Token {
  readonly dash: boolean;
  /** What means nothing is dropped ahead of it; not ahead of a qualifier after a dot. */
  readonly trims: boolean;
  readonly text: string;
}

function tokensOf(version: string): Token[] {
  const tokens: Token[] = [];
  for (const [, separators = '', text = ''] of version.matchAll(/([^0-9a-z]*)([0-9]+|[a-z]+|$)/g)) {
    // An empty place between separators is a zero.
    separators
      .split('')
      .slice(tokens.length === 0 ? 0 : 1)
      .forEach((_, i) => {
        const dash = isDash(separators[i] ?? '.');
        tokens.push({ dash, trims: dash, text: '0' });
      });
    if (text === '') continue;
    const digits = /[0-9]/.test(text);
    const trims = separators === '' || isDash(separators.at(-1) ?? '.');
    tokens.push({ dash: trims || !digits, trims, text });
  }
  return tokens.map(({ dash, trims, text }, i) => {
    const next = tokens[i + 1];
    const short = next !== undefined && /[0-9]/.test(next.text) ? shorthand[text] : undefined;
    return { dash, trims, text: short ?? aliases[text] ?? text };
  });
}

const isDash = (separator: string): boolean => separator === '-' || separator === '_';
const isNothing = (text: string): boolean => release.has(text) || (/[0-9]/.test(text) && isZero(text));

/** Without what means nothing at the end and ahead of each dash. */
function trimmed(tokens: readonly Token[]): Token[] {
  const kept: Token[] = [];
  for (const token of tokens) {
    if (token.trims) while (kept.length > 1 && isNothing(kept.at(-1)?.text ?? '')) kept.pop();
    kept.push(token);
  }
  while (kept.length > 1 && isNothing(kept.at(-1)?.text ?? '')) kept.pop();
  return kept;
}

/**
 * Zeros after dots are as good as none, so they are counted: the more of them ahead of a number, the smaller it is. Ahead of
 * a qualifier they count for more than it does, except that one ahead of the release stays ahead of it.
 */
export function mavenKey(version: string): KeyWriter {
  const key = new KeyWriter();
  let zeros = 0;
  for (const { dash, text } of trimmed(tokensOf(version.toLowerCase()))) {
    if (/[0-9]/.test(text)) {
      if (!dash && isZero(text)) {
        zeros += 1;
        continue;
      }
      if (dash) key.mark(marks.dashNumber).number(text);
      else
        key
          .mark(marks.dotNumber)
          .mark(255 - Math.min(zeros, 255))
          .number(text);
    } else if (before.includes(text)) key.mark(marks.before).mark(Math.min(zeros, 255)).mark(before.indexOf(text));
    else if (!release.has(text)) {
      if (zeros > 0) key.mark(marks.wordAfterZeros).mark(Math.min(zeros, 255));
      if (text === 'sp') key.mark(marks.servicePack);
      else key.mark(marks.word).text(text);
    }
    zeros = 0;
  }
  return key.mark(marks.end);
}
