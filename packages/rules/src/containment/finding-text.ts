/** Making text from tools and targets harmless before a person or a program sees it. */

/** `ESC [ … m` and its kind, operating system commands with their text, and the same with one-byte introducers. */
const [bell, escape, string, introducer, command] = ['\u0007', '\u001b', '\u009c', '\u009b', '\u009d'];
const escapeSequences = new RegExp(
  [
    `(?:${escape}\\]|${command})[^${bell}${escape}${string}]*(?:${bell}|${escape}\\\\|${string})?`,
    `(?:${escape}\\[|${introducer})[0-?]*[ -/]*[@-~]?`,
    `${escape}[ -/]*[0-~]?`,
  ].join('|'),
  'g',
);

/** Control characters, and what is there and cannot be seen: bidirectional controls, joiners, tags, private use, halves of pairs. */
const unseen = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}\u{115f}\u{1160}\u{3164}\u{ffa0}]/gu;

/**
 * The text in one line that does nothing but show itself: escape sequences are taken out, line breaks and tabs are spaces, and
 * every other character that a terminal, a page or a document would obey instead of show is U+FFFD.
 */
export function harmless(text: string): string {
  return text
    .replace(escapeSequences, '')
    .replace(/[\t\n\r\v\f\u0085\u2028\u2029]+/g, ' ')
    .replace(unseen, '\uFFFD');
}

/** JSON in which every such character is escaped: the value is the same, and showing the text does nothing. */
export function harmlessJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, null, indent).replace(/(?!\n)[\p{Cc}\p{Cf}\p{Co}\p{Zl}\p{Zp}]/gu, (character) =>
    character
      .split('')
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .join(''),
  );
}
