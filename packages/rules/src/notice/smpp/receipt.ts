/** Delivery receipts: what an SMS centre says became of a message (SMPP 3.4, 4.6.1 and appendix B). */
import { textOf } from './decode.ts';
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
const printable = /^[!-~]+$/;
const letters = /^[A-Za-z]+$/;
const lettersAndDigits = /^[A-Za-z0-9]+$/;
const zeros = /^0*$/;
const none = new Uint8Array(0);

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
  const named = tlvOf(pdu.tlvs, tlvTag.receiptedMessageId);
  const namedId = named === null ? null : plain(textOf(named, 0, Math.min(named.length, 65)));
  const number = numberOf(tlvOf(pdu.tlvs, tlvTag.messageState));
  // A delivery that its parameters tell in full has no error for the text to add.
  const isTold = namedId !== null && number === states['DELIVRD']?.number;
  const fields = isTold ? noFields : readReceiptText(textIn(pdu));
  const id = namedId ?? fields.id;
  const word = (number === null ? undefined : wordByNumber.get(number)) ?? fields.stat?.toUpperCase();
  if (id === null || word === undefined) return null;
  const intermediate = (pdu.esmClass & 0x3c) === 0x20;
  const known = Object.hasOwn(states, word) ? states[word] : undefined;
  const isZero = fields.err === null || zeros.test(fields.err);
  return {
    id,
    state: intermediate ? 'under-way' : (known?.state ?? 'unknown'),
    code: isZero ? word : `${word}/${fields.err ?? ''}`,
    reference: numberOf(tlvOf(pdu.tlvs, tlvTag.userMessageReference)),
  };
}

const noFields = { id: null, stat: null, err: null };

function textIn(pdu: PduOf<'deliver_sm'> | PduOf<'data_sm'>): string {
  const short = 'shortMessage' in pdu && pdu.shortMessage.length > 0 ? pdu.shortMessage : null;
  const octets = short ?? tlvOf(pdu.tlvs, tlvTag.messagePayload) ?? none;
  return textOf(octets, 0, Math.min(octets.length, mostTextOctets));
}

const fieldOf = (name: string, most: number): RegExp => new RegExp(`(?:^|\\s)${name}:([!-~]{1,${most}})(?=\\s|$)`, 'i');
const idField = fieldOf('id', 64);
const statField = fieldOf('stat', 16);
const errField = fieldOf('err', 8);
const quoted = /\btext:/i;

/** The words of a receipt's text that matter: `id:… stat:… err:…`, in any order and case, before the text it quotes. */
export function readReceiptText(text: string): { id: string | null; stat: string | null; err: string | null } {
  const end = text.search(quoted);
  const fields = end === -1 ? text : text.slice(0, end);
  const err = errField.exec(fields)?.[1] ?? null;
  const stat = statField.exec(fields)?.[1] ?? null;
  return {
    id: idField.exec(fields)?.[1] ?? null,
    stat: stat !== null && letters.test(stat) ? stat : null,
    err: err !== null && lettersAndDigits.test(err) ? err : null,
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
  const end = text.indexOf('\0');
  const id = end === -1 ? text : text.slice(0, end);
  return printable.test(id) ? id : null;
}
