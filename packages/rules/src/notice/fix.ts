/** Mending a text message where the right character is beyond doubt; everything else is left to its author. */
import type { Notice } from './document.ts';
import { charsetFixes, unshownCharacters } from './message.ts';

/** One kind of mend: `from` stood `count` times in the text, and is `to` now (empty = left out). */
export interface TextFix {
  readonly from: string;
  readonly to: string;
  readonly count: number;
}

/** A text with every character that has a certain replacement replaced, and what was replaced. */
export function fixMessage(text: string): { text: string; fixes: TextFix[] } {
  const counts = new Map<string, TextFix>();
  const put = (from: string, to: string): string => {
    counts.set(from, { from, to, count: (counts.get(from)?.count ?? 0) + 1 });
    return to;
  };
  // Names of files and clipboards of other systems hold syllables in parts (ㅎ+ㅏ+ㄴ): the whole one is meant.
  const composed = text.replace(/[\u1100-\u11ff]+/g, (parts) => {
    const whole = parts.normalize('NFC');
    return whole === parts ? parts : put(parts, whole);
  });
  const mended = Array.from(composed, (character) => {
    const fix = charsetFixes[character];
    if (fix !== undefined) return put(character, fix);
    if (unshownCharacters(character).length === 0) return character;
    // A letter of another alphabet with a mark, a full-width or otherwise dressed form: what is under it, when it is shown.
    const plain = character.normalize('NFKD').replace(/\p{M}/gu, '');
    const isShown = plain !== '' && plain !== character && unshownCharacters(plain).length === 0;
    return isShown && /^[\x20-\x7e]+$/.test(plain) ? put(character, plain) : character;
  });
  return { text: mended.join(''), fixes: [...counts.values()] };
}

/** A notice whose text message is mended. The same notice when there is nothing to mend. */
export function fixNotice(notice: Notice): { notice: Notice; fixes: TextFix[] } {
  const { text, fixes } = fixMessage(notice.texts.sms ?? '');
  return fixes.length === 0
    ? { notice, fixes }
    : { notice: { ...notice, texts: { ...notice.texts, sms: text } }, fixes };
}
