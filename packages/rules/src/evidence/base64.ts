/**
 * Standard Base 64 (RFC 4648 section 4), strict: padding is required, unused bits are zero, nothing else is skipped.
 *
 * One value has exactly one spelling, so that a changed byte of a note or proof can never pass unseen.
 */
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const VALUE = new Map(ALPHABET.split('').map((character, value) => [character, value]));
const FORM = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

export function encodeBase64(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += 3) {
    const [a = 0, b, c] = bytes.subarray(i, i + 3);
    const word = (a << 16) | ((b ?? 0) << 8) | (c ?? 0);
    text += ALPHABET.charAt(word >> 18) + ALPHABET.charAt((word >> 12) & 63);
    text += b === undefined ? '=' : ALPHABET.charAt((word >> 6) & 63);
    text += c === undefined ? '=' : ALPHABET.charAt(word & 63);
  }
  return text;
}

/** The bytes, or `null` when the text is not the one strict spelling of any bytes. */
export function decodeBase64(text: string): Uint8Array | null {
  if (!FORM.test(text)) return null;
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const bytes = new Uint8Array((text.length / 4) * 3 - padding);
  let word = 0;
  for (let i = 0, at = 0; i < text.length; i += 4) {
    word = 0;
    for (let k = 0; k < 4; k += 1) word = (word << 6) | (VALUE.get(text.charAt(i + k)) ?? 0);
    for (let shift = 16; shift >= 0 && at < bytes.length; shift -= 8) bytes[at++] = (word >> shift) & 255;
  }
  const unused = padding === 2 ? word & 0xffff : padding === 1 ? word & 0xff : 0;
  return unused === 0 ? bytes : null;
}
