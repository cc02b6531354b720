/** Debian versions, `[epoch:]upstream[-revision]` (Debian Policy 5.6.12; dpkg's verrevcmp). */
import { KeyWriter, isZero, malformed } from './key.ts';

/** `~` comes before the end of a part, letters after it, everything else after letters. */
const end = 2;
const tilde = 1;
const markOf = (character: string): number => {
  const code = character.charCodeAt(0);
  if (character === '~') return tilde;
  return /[A-Za-z]/.test(character) ? code - 62 : code + 128;
};

/** Words and numbers in turn. An absent word or a zero at the end is as good as none. */
function part(text: string): KeyWriter {
  const key = new KeyWriter();
  const pairs = [...text.matchAll(/([^0-9]*)([0-9]*)/g)].map(([, word = '', digits = '']) => ({ word, digits }));
  const last = pairs.findLastIndex(({ word, digits }) => word !== '' || !isZero(digits));
  for (const { word, digits } of pairs.slice(0, last + 1)) {
    for (const character of word) key.mark(markOf(character));
    key.mark(end).number(digits);
  }
  return key.mark(end).number('0').mark(end);
}

export function debKey(version: string): KeyWriter {
  const [, epoch = '0', rest = ''] = /^(?:([0-9]+):)?(.*)$/s.exec(version) ?? [];
  if (rest === '' || (epoch === '0' && /^[^0-9]*:/.test(rest)))
    throw malformed(version, 'must be [epoch:]upstream[-revision]');
  const dash = rest.lastIndexOf('-');
  const [upstream, revision] = dash < 0 ? [rest, ''] : [rest.slice(0, dash), rest.slice(dash + 1)];
  return new KeyWriter().number(epoch).append(part(upstream)).append(part(revision));
}
