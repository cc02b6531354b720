/** Long texts: one payload, or parts that the handset puts together again. */
import { BreakwaterError } from '../../error.ts';
import { numberOf, tlvNumber, tlvOf, tlvTag, type PduOf, type Tlv } from './pdu.ts';

/** `payload`: `message_payload` beyond 254 octets. `udh`: user data headers. `sar`: the three SAR parameters. */
export type LongForm = 'payload' | 'udh' | 'sar';
/** How characters become octets, which decides where a text may be cut. */
export type SmppCharset = 'ks-c-5601' | 'ucs2';

/** What one submission carries of a text. */
export type Part = { readonly esmClass: number; readonly shortMessage: Uint8Array; readonly tlvs: readonly Tlv[] };

/** `data_coding` of a character set (5.2.19). */
export const dataCoding: Readonly<Record<SmppCharset, number>> = { 'ks-c-5601': 0x0e, ucs2: 0x08 };

const mostInOne = 254;
/** Octets of user data in one message of a radio network (3GPP TS 23.040, 9.2.3.16), and what a header leaves of them. */
const radioOctets = 140;
const headerOctets = 6;
const mostParts = 255;
const headerFollows = 0x40;

/**
 * The parts of a text in octets. A character is never cut in two.
 *
 * `reference`: 0 to 255, the same for the parts of one text. Throws BreakwaterError `smpp.too-long` beyond 255 parts.
 */
export function partsOf(content: Uint8Array, charset: SmppCharset, form: LongForm, reference: number): Part[] {
  if (form === 'payload') {
    if (content.length <= mostInOne) return [{ esmClass: 0, shortMessage: content, tlvs: [] }];
    if (content.length > 0xff00) throw tooLong();
    const tlvs = [{ tag: tlvTag.messagePayload, value: content }];
    return [{ esmClass: 0, shortMessage: new Uint8Array(0), tlvs }];
  }
  if (content.length <= radioOctets) return [{ esmClass: 0, shortMessage: content, tlvs: [] }];
  const pieces = cut(content, charset, radioOctets - headerOctets);
  if (pieces.length > mostParts) throw tooLong();
  return pieces.map((piece, index) => part(piece, form, reference & 0xff, pieces.length, index + 1));
}

/** Which part of a text a message is, by its header or its parameters; null when it is whole or says it badly. */
export function partIn(
  pdu: Pick<PduOf<'submit_sm'>, 'esmClass' | 'shortMessage' | 'tlvs'>,
): { reference: number; total: number; number: number; content: Uint8Array } | null {
  if ((pdu.esmClass & headerFollows) !== 0) {
    const { shortMessage: octets } = pdu;
    const [length = 0, element, size, reference = 0, total = 0, number = 0] = octets;
    if (length !== 5 || element !== 0 || size !== 3 || octets.length < headerOctets) return null;
    return number < 1 || number > total ? null : { reference, total, number, content: octets.subarray(headerOctets) };
  }
  const reference = numberOf(tlvOf(pdu.tlvs, tlvTag.sarReference));
  const total = numberOf(tlvOf(pdu.tlvs, tlvTag.sarTotal));
  const number = numberOf(tlvOf(pdu.tlvs, tlvTag.sarNumber));
  if (reference === null || total === null || number === null || number < 1 || number > total) return null;
  return { reference, total, number, content: pdu.shortMessage };
}

/** The text of a message in octets: its payload, or its short message. */
export function contentOf(pdu: Pick<PduOf<'submit_sm'>, 'shortMessage' | 'tlvs'>): Uint8Array {
  return tlvOf(pdu.tlvs, tlvTag.messagePayload) ?? pdu.shortMessage;
}

function part(piece: Uint8Array, form: 'udh' | 'sar', reference: number, total: number, number: number): Part {
  if (form === 'udh') {
    const octets = new Uint8Array(headerOctets + piece.length);
    octets.set([5, 0, 3, reference, total, number]);
    octets.set(piece, headerOctets);
    return { esmClass: headerFollows, shortMessage: octets, tlvs: [] };
  }
  const tlvs = [
    tlvNumber(tlvTag.sarReference, reference, 2),
    tlvNumber(tlvTag.sarTotal, total, 1),
    tlvNumber(tlvTag.sarNumber, number, 1),
  ];
  return { esmClass: 0, shortMessage: piece, tlvs };
}

function cut(content: Uint8Array, charset: SmppCharset, most: number): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  let start = 0;
  let at = 0;
  while (at < content.length) {
    const width = charset === 'ucs2' ? ucs2Width(content, at) : (content[at] ?? 0) < 0x80 ? 1 : 2;
    if (at + width - start > most) {
      pieces.push(content.subarray(start, at));
      start = at;
    }
    at += width;
  }
  return [...pieces, content.subarray(start)];
}

function ucs2Width(content: Uint8Array, at: number): number {
  return ((content[at] ?? 0) & 0xfc) === 0xd8 ? 4 : 2;
}

function tooLong(): BreakwaterError {
  return new BreakwaterError(
    'smpp.too-long',
    `a text has at most ${mostParts} parts, or 65,280 octets of payload`,
    '/text',
  );
}

/** A text in UCS-2 as SMPP writes it: 16 bits a unit, the high octet first. */
export function encodeUcs2(text: string): Uint8Array {
  const octets = new Uint8Array(text.length * 2);
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i);
    octets[2 * i] = unit >>> 8;
    octets[2 * i + 1] = unit & 0xff;
  }
  return octets;
}

/** The text of octets in UCS-2; an odd last octet is passed over. */
export function decodeUcs2(octets: Uint8Array): string {
  let text = '';
  for (let i = 0; i + 1 < octets.length; i += 2)
    text += String.fromCharCode(((octets[i] ?? 0) << 8) | (octets[i + 1] ?? 0));
  return text;
}
