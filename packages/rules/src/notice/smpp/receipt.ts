/** Delivery receipts: what an SMS centre says became of a message (SMPP 3.4, 4.6.1 and appendix B). */
import { numberOf, tlvOf, tlvTag, type PduOf } from './pdu.ts';

/** `unknown`: the centre itself does not know. `under-way`: not the last word. */
export type ReceiptState = 'delivered' | 'failed' | 'unknown' | 'under-way';

export type Receipt = {
  /** The id that the centre gave to the message, as it writes it here. */
  readonly id: string;
  readonly state: ReceiptState;
  /** The centre's words, made short and plain: `DELIVRD`, or `UNDELIV/034` with its error. */
  readonly code: string;
  /** `user_message_reference` of the submission, when the centre repeats it. */
  readonly reference: number | null;
};

/** 5.2.28, and the seven letters of appendix B. */
const states: Readonly<Record<string, { number: number; state: ReceiptState }>> = {
  ENROUTE: { number: 1, state: 'under-way' },
  DELIVRD: { number: 2, state: 'delivered' },
  EXPIRED: { number: 3, state: 'failed' },
  DELETED: { number: 4, state: 'failed' },
  UNDELIV: { number: 5, state: 'failed' },
  ACCEPTD: { number: 6, state: 'under-way' },
  UNKNOWN: { number: 7, state: 'unknown' },
  REJECTD: { number: 8, state: 'failed' },
};
const wordByNumber = new Map(Object.entries(states).map(([word, { number }]) => [number, word]));

const mostTextOctets = 512;

/** True when a message from the centre is a receipt or an intermediate one, by its `esm_class` (5.2.12) or its parameters. */
export function isReceipt(pdu: PduOf<'deliver_sm'> | PduOf<'data_sm'>): boolean {
  const kind = pdu.esmClass & 0x3c;
  return kind === 0x04 || kind === 0x20 || tlvOf(pdu.tlvs, tlvTag.receiptedMessageId) !== null;
}

/**
 * Reads a receipt from its optional parameters, and from its text where they are missing. Null when it names no message or
 * no state: then nobody can say what it is about.
 */
export function readReceipt(pdu: PduOf<'deliver_sm'> | PduOf<'data_sm'>): Receipt | null {
  const octets =
    ('shortMessage' in pdu && pdu.shortMessage.length > 0 ? pdu.shortMessage : null) ??
    tlvOf(pdu.tlvs, tlvTag.messagePayload) ??
    new Uint8Array(0);
  const fields = readReceiptText(latin1(octets.subarray(0, mostTextOctets)));
  const named = tlvOf(pdu.tlvs, tlvTag.receiptedMessageId);
  const id = (named === null ? null : plain(latin1(named.subarray(0, 65)))) ?? fields.id;
  const number = numberOf(tlvOf(pdu.tlvs, tlvTag.messageState));
  const word = (number === null ? undefined : wordByNumber.get(number)) ?? fields.stat?.toUpperCase();
  if (id === null || word === undefined) return null;
  const intermediate = (pdu.esmClass & 0x3c) === 0x20;
  const known = Object.hasOwn(states, word) ? states[word] : undefined;
  const isZero = fields.err === null || /^0*$/.test(fields.err);
  return {
    id,
    state: intermediate ? 'under-way' : (known?.state ?? 'unknown'),
    code: isZero ? word : `${word}/${fields.err ?? ''}`,
    reference: numberOf(tlvOf(pdu.tlvs, tlvTag.userMessageReference)),
  };
}

/** The words of a receipt's text that matter: `id:… stat:… err:…`, in any order and case. */
export function readReceiptText(text: string): { id: string | null; stat: string | null; err: string | null } {
  const beforeText = text.split(/\btext:/i)[0] ?? '';
  const field = (name: string, most: number): string | null =>
    new RegExp(`(?:^|\\s)${name}:([!-~]{1,${most}})(?=\\s|$)`, 'i').exec(beforeText)?.[1] ?? null;
  const err = field('err', 8);
  const stat = field('stat', 16);
  return {
    id: field('id', 64),
    stat: stat !== null && /^[A-Za-z]+$/.test(stat) ? stat : null,
    err: err !== null && /^[A-Za-z0-9]+$/.test(err) ? err : null,
  };
}

/** Writes a receipt's text in the form of appendix B. Dates are `YYMMDDhhmm`. */
export function receiptText(of: { id: string; stat: string; err: string; submitted: string; done: string }): string {
  const got = of.stat === 'DELIVRD' ? '001' : '000';
  return `id:${of.id} sub:001 dlvrd:${got} submit date:${of.submitted} done date:${of.done} stat:${of.stat} err:${of.err} Text:`;
}

/** The number of a state's word in `message_state`; `UNKNOWN` for any other word. */
export function messageStateOf(word: string): number {
  return (Object.hasOwn(states, word) ? states[word]?.number : undefined) ?? 7;
}

function plain(text: string): string | null {
  const [id = ''] = text.split('\0');
  return /^[!-~]+$/.test(id) ? id : null;
}

function latin1(octets: Uint8Array): string {
  let text = '';
  for (const octet of octets) text += String.fromCharCode(octet);
  return text;
}
