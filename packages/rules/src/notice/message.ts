/** Text messages: what fits into one, and which characters every handset shows. */
import { inKsX1001 } from './ks-x-1001.ts';

/** `SMS`: one short message. `LMS`: a long one, which the four contents of a notice nearly always need. */
export type MessageType = 'SMS' | 'LMS';

/** Bytes of `[Web발신]` and a line feed, which every message sent by a computer in Korea begins with. */
export const webOriginBytes = 10;
/** Longest SMS and LMS in bytes of EUC-KR, `[Web발신]` included (Korean carriers; Kakao KIMS documents 90 for SMS). */
export const longestMessage: Readonly<Record<MessageType, number>> = { SMS: 90, LMS: 2000 };

/** Bytes of a text in EUC-KR. A character that EUC-KR does not have counts two, as in the carriers' extended set. */
export function messageBytes(text: string): number {
  let bytes = 0;
  for (const character of text) bytes += character < '\u0080' ? 1 : 2;
  return bytes;
}

/** The kind of message a text needs, `[Web발신]` counted. */
export function messageType(text: string): MessageType {
  return messageBytes(text) + webOriginBytes > longestMessage.SMS ? 'LMS' : 'SMS';
}

/** Characters of a text that a handset may not show, each once, in order. Line feeds are shown. */
export function unshownCharacters(text: string): string[] {
  const unshown = Array.from(text).filter((character) => {
    const codePoint = character.codePointAt(0) ?? 0;
    if (codePoint < 0x80) return codePoint !== 0x0a && (codePoint < 0x20 || codePoint === 0x7f);
    return !inKsX1001(codePoint);
  });
  return [...new Set(unshown)];
}

/** What to write in place of characters that editors and spreadsheets put in unasked. Empty = leave it out. */
export const charsetFixes: Readonly<Record<string, string>> = {
  '\u2010': '-',
  '\u2011': '-',
  '\u2012': '-',
  '–': '-',
  '—': '-',
  '\u2212': '-',
  '\u301c': '~',
  '\u02dc': '~',
  '₩': '원',
  '€': 'EUR',
  '•': '·',
  '\u2027': '·',
  '\u30fb': '·',
  '\u00a0': ' ',
  '\u2002': ' ',
  '\u2003': ' ',
  '\u2009': ' ',
  '\u202f': ' ',
  '\t': ' ',
  '\u2028': '\n',
  '\u2029': '\n',
  '\u00ab': '"',
  '\u00bb': '"',
  '\u201a': "'",
  '\u201e': '"',
  '\u00a9': '(c)',
  '\u2713': 'v',
  '\r': '',
  '\u200b': '',
  '\u200c': '',
  '\u200d': '',
  '\u200e': '',
  '\u200f': '',
  '\u2060': '',
  '\ufe0f': '',
  '\ufeff': '',
};
