/** Text from a tool or a target, before it goes anywhere: words and nothing that acts on what shows them. */

/** Sequences that terminals act on: CSI, OSC and the other strings with their ends, and the short ones. */
const sequences =
  /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]?|(?:\u001b[\]PX^_]|[\u009d\u0090\u0098\u009e\u009f])[^\u0007\u001b\u009c]*(?:\u0007|\u001b\\|\u009c)?|\u001b[ -/]*[0-~]?/g;
/** Controls, marks that turn the direction of text, and characters that nobody sees. */
const unseen = /[\p{Cc}\p{Cf}\p{Co}\u2028\u2029\u115f\u1160\u3164\uffa0\ufffe\uffff]/gu;

/**
 * One line without control characters, escape sequences, direction marks and half surrogate pairs, of at most `most` UTF-16
 * code units. Applied twice it changes nothing more. What HTML, a PDF or a table makes of the rest is escaped where it is
 * written.
 */
export function plainText(text: string, most: number): string {
  const line = text
    .slice(0, most * 4 + 1024)
    .toWellFormed()
    .replaceAll(/[\t\n\r\v\f\u0085\u2028\u2029]+/g, ' ')
    .replaceAll(sequences, '')
    .replaceAll(unseen, '')
    .replaceAll(/ {2,}/g, ' ')
    .trim();
  return line.length <= most
    ? line
    : `${line
        .slice(0, most - 1)
        .toWellFormed()
        .trimEnd()}…`;
}
