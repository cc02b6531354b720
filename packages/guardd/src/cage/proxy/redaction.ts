/** Text as evidence may keep it: what has the shape of personal data or of a credential is taken out before it is stored. */

const redacted = '[redacted]';

/** Names of fields whose values are never kept, in forms and in JSON. */
const hiddenNames =
  '[\\w.-]{0,40}(?:pass(?:word|wd|phrase|code)?|pwd|pin|secret|token|api[_-]?key|authorization|cookie|session(?:id)?|otp|cvc|cvv|rrn|ssn|jumin|account(?:[_-]?(?:no|number))?)';

const hidden: readonly (readonly [shape: RegExp, instead: string])[] = [
  [
    new RegExp(`("${hiddenNames}"\\s*:\\s*)(?:"(?:[^"\\\\]|\\\\.){0,65536}"?|[^\\s,}\\]]{1,4096})`, 'gi'),
    `$1"${redacted}"`,
  ],
  [new RegExp(`((?:^|[?&;\\s])${hiddenNames}=)[^&\\s;"'<>]{1,65536}`, 'gi'), `$1${redacted}`],
  [/\b((?:proxy-)?authorization|(?:set-)?cookie|x-api-key)(\s*:\s*)[^\r\n]{1,65536}/gi, `$1$2${redacted}`],
  [/\b(?:bearer|basic)\s+[\w.~+/=-]{8,}/gi, redacted],
  [/\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g, redacted],
  [/(?<![\d])\d{6}[- ]?[0-9]\d{6}(?!\d)/g, redacted], // resident registration number
  [/(?<!\d)\d(?:[ -]?\d){12,18}(?!\d)/g, redacted], // card and account numbers
  [/(?:\+?82[ -]?\(?0?\)?|(?<!\d)0)\d{1,2}[ .)-]{0,2}\d{3,4}[ .-]?\d{4}(?!\d)/g, redacted], // Korean telephone number
  [/(?<!\d)\d{2,6}-\d{2,6}-\d{2,8}(?:-\d{1,6})?(?!\d)/g, redacted], // account number with dashes
  [/[\w.+%-]{1,64}(?:@|%40)[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}/gi, redacted], // e-mail address
];

/** More of a body than is kept is needed to see that a number goes on beyond the cut. */
export const redactionMargin = 256;

/**
 * Text with everything hidden taken out, at most `maxBytes` bytes of it in UTF-8. `cut`: the text goes on beyond what was
 * given; then its last word, which may be the beginning of a number, goes too.
 */
export function redactText(text: string, maxBytes: number, cut: boolean): string {
  const whole = cut ? text.replace(/[\w.+@%"-][\w.+@%" -]{0,255}$/, '') : text;
  const clean = hidden.reduce((rest, [shape, instead]) => rest.replace(shape, instead), whole.toWellFormed());
  return Buffer.from(clean)
    .subarray(0, maxBytes)
    .toString('utf8')
    .replace(/\ufffd+$/, '');
}
