/** Text from a tool or a target, before it goes anywhere: words and nothing that acts on what shows them. */
import { harmless } from '@breakwater/rules/containment';

/**
 * One harmless line of at most `most` UTF-16 code units. Applied twice it changes nothing more. What HTML, a PDF or a table would
 * make of the rest is escaped where it is written.
 */
export function plainText(text: string, most: number): string {
  // Escapes may be long, and are not worth more than so many characters.
  const line = harmless(text.slice(0, most * 4 + 1024))
    .toWellFormed()
    .replaceAll(/ {2,}/g, ' ')
    .trim();
  return line.length <= most
    ? line
    : `${line
        .slice(0, most - 1)
        .toWellFormed()
        .trimEnd()}…`;
}
