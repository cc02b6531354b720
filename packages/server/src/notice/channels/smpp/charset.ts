import iconv from 'iconv-lite';
import { decodeUcs2, encodeUcs2, unshownCharacters, type SmppCharset } from '@breakwater/rules/notice';

/**
 * A text in the octets of a character set. `ks-c-5601` is EUC-KR as KS X 1001 has it; a text with any other character goes
 * as UCS-2 instead, so that nothing turns into a question mark on the way.
 */
export function encodeText(text: string, wanted: SmppCharset): { charset: SmppCharset; octets: Uint8Array } {
  return wanted === 'ks-c-5601' && unshownCharacters(text).length === 0
    ? { charset: wanted, octets: iconv.encode(text, 'euc-kr') }
    : { charset: 'ucs2', octets: encodeUcs2(text) };
}

/** The text of octets in a character set. */
export function decodeText(octets: Uint8Array, charset: SmppCharset): string {
  return charset === 'ucs2' ? decodeUcs2(octets) : iconv.decode(Buffer.from(octets), 'euc-kr');
}
