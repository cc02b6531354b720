/** Alpine versions, `1.2.3a_rc1~hash-r4` (apk-tools, `apk_version_compare`). */
import { KeyWriter, malformed } from './key.ts';

const marks = { before: 1, end: 2, revision: 3, hash: 4, suffixNumber: 5, after: 6, letter: 7, digits: 8 } as const;
const before = ['alpha', 'beta', 'pre', 'rc'];
const after = ['cvs', 'svn', 'git', 'hg', 'p'];
const form =
  /^([0-9]+)((?:\.[0-9]+)*)([a-z]?)((?:_(?:alpha|beta|pre|rc|cvs|svn|git|hg|p)[0-9]*)*)(?:~([0-9a-f]+))?(?:-r([0-9]+))?$/;

/** After the first, a number with a leading zero is a decimal fraction: compared as text, ahead of all others. */
function fraction(key: KeyWriter, digits: string): void {
  key.mark(marks.digits);
  if (digits.startsWith('0')) key.mark(1).text(digits);
  else key.mark(2).number(digits);
}

export function apkKey(version: string): KeyWriter {
  const match = form.exec(version);
  if (match === null) throw malformed(version, 'must be digits with dots, then [letter][_suffix[n]][~hash][-rN]');
  const [, first = '', rest = '', letter = '', suffixes = '', hash, revision] = match;
  const key = new KeyWriter().number(first);
  for (const [, digits = ''] of rest.matchAll(/\.([0-9]+)/g)) fraction(key, digits);
  if (letter !== '') key.mark(marks.letter).text(letter);
  for (const [, name = '', digits = ''] of suffixes.matchAll(/_([a-z]+)([0-9]*)/g)) {
    if (before.includes(name)) key.mark(marks.before).mark(before.indexOf(name));
    else key.mark(marks.after).mark(after.indexOf(name));
    if (digits !== '') key.mark(marks.suffixNumber).number(digits);
  }
  if (hash !== undefined) key.mark(marks.hash).text(hash);
  if (revision !== undefined) key.mark(marks.revision).number(revision);
  return key.mark(marks.end);
}
