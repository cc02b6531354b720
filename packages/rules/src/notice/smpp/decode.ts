import { BreakwaterError } from '../../error.ts';
import {
  answerBit,
  headerOctets,
  layoutOfId,
  mostPduOctets,
  smppStatus,
  type NamedField,
  type Pdu,
  type Tlv,
} from './pdu.ts';

/** What is wrong with a PDU that was read whole, or whose length cannot be true. */
export type PduFault = {
  readonly fault: 'length' | 'command' | 'field' | 'tlv';
  /** What the sender is told (`command_status` of the answer). */
  readonly status: number;
  /** `command_id` and `sequence_number` as they stand there; 0 when they were not read. */
  readonly id: number;
  readonly sequence: number;
  /** The place of the next PDU is not known: nothing more can be read of this connection. */
  readonly fatal: boolean;
};

export type PduRead = Pdu | PduFault;

/** Reads one PDU that takes all of `octets`. Throws BreakwaterError `smpp.length`, `smpp.command`, `smpp.field` or `smpp.tlv`. */
export function decodePdu(octets: Uint8Array): Pdu {
  const read =
    octets.length < headerOctets || read32(octets, 0) !== octets.length || octets.length > mostPduOctets
      ? lengthFault(octets)
      : readPdu(octets, 0, octets.length);
  if ('fault' in read) {
    throw new BreakwaterError(`smpp.${read.fault}`, `the PDU breaks SMPP 3.4 at its ${read.fault}`, `/${read.fault}`);
  }
  return read;
}

/** Finds PDUs in a stream of octets. Octets of a PDU that was given are views into the chunk it came with. */
export type PduReader = {
  /** Takes the next octets, calls `take` for each PDU that is complete, in order. Nothing comes after a fatal fault. */
  push(chunk: Uint8Array, take: (read: PduRead) => void): void;
};

/** Makes a reader that holds at most one PDU, and so at most `most` octets, between chunks. */
export function createPduReader(most = mostPduOctets): PduReader {
  let held: Uint8Array | null = null;
  let dead = false;
  return {
    push(chunk, take) {
      if (dead) return;
      const octets: Uint8Array = held === null ? chunk : joined(held, chunk);
      held = null;
      let at = 0;
      while (octets.length - at >= 4) {
        const length = read32(octets, at);
        if (length < headerOctets || length > most) {
          dead = true;
          take(lengthFault(octets.subarray(at)));
          return;
        }
        if (octets.length - at < length) break;
        take(readPdu(octets, at, at + length));
        at += length;
      }
      if (at < octets.length) held = octets.slice(at);
    },
  };
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}

function lengthFault(octets: Uint8Array): PduFault {
  const whole = octets.length >= headerOctets;
  return {
    fault: 'length',
    status: smppStatus.invalidCommandLength,
    id: whole ? read32(octets, 4) : 0,
    sequence: whole ? read32(octets, 12) : 0,
    fatal: true,
  };
}

function readPdu(octets: Uint8Array, start: number, end: number): PduRead {
  const id = read32(octets, start + 4);
  const status = read32(octets, start + 8);
  const sequence = read32(octets, start + 12);
  const layout = layoutOfId(id);
  const wrong = (fault: PduFault['fault'], of: number): PduFault => ({ fault, status: of, id, sequence, fatal: false });
  if (layout === undefined) return wrong('command', smppStatus.invalidCommandId);
  const pdu: Record<string, unknown> = { ...layout.blank };
  pdu['status'] = status;
  pdu['sequence'] = sequence;
  const at = start + headerOctets;
  // An answer that says no, and some that say yes, comes without a body.
  if (at === end && id >= answerBit) return pdu as unknown as Pdu;
  const after = readFields(layout.fields, pdu, octets, at, end);
  if (after === -1) return wrong('field', smppStatus.invalidCommandLength);
  if (after === end) return pdu as unknown as Pdu;
  const tlvs = readTlvs(octets, after, end);
  if (tlvs === null) return wrong('tlv', smppStatus.invalidTlvLength);
  pdu['tlvs'] = tlvs;
  return pdu as unknown as Pdu;
}

/** Reads the mandatory fields; returns where they end, or -1 when they do not fit. */
function readFields(
  fields: readonly NamedField[],
  pdu: Record<string, unknown>,
  octets: Uint8Array,
  start: number,
  end: number,
): number {
  let at = start;
  for (let i = 0; i < fields.length; i += 1) {
    const { name, kind, most } = fields[i] as NamedField;
    if (at >= end) return -1;
    switch (kind) {
      case 'u8':
        pdu[name] = octets[at];
        at += 1;
        break;
      case 'text': {
        const limit = Math.min(end, at + most);
        let stop = at;
        while (stop < limit && octets[stop] !== 0) stop += 1;
        if (stop === limit) return -1;
        if (stop > at) pdu[name] = textOf(octets, at, stop);
        at = stop + 1;
        break;
      }
      case 'octets': {
        const length = octets[at] ?? 0;
        if (length > most || at + 1 + length > end) return -1;
        if (length > 0) pdu[name] = octets.subarray(at + 1, at + 1 + length);
        at += 1 + length;
        break;
      }
    }
  }
  return at;
}

/** Octets as characters of Latin-1, eight at a time: one by one, each would make a text of its own. */
export function textOf(octets: Uint8Array, start: number, end: number): string {
  let text = '';
  let at = start;
  for (; end - at >= 8; at += 8) {
    const [a, b, c, d] = [octets[at] ?? 0, octets[at + 1] ?? 0, octets[at + 2] ?? 0, octets[at + 3] ?? 0];
    const [e, f, g, h] = [octets[at + 4] ?? 0, octets[at + 5] ?? 0, octets[at + 6] ?? 0, octets[at + 7] ?? 0];
    text += String.fromCharCode(a, b, c, d, e, f, g, h);
  }
  for (; at < end; at += 1) text += String.fromCharCode(octets[at] ?? 0);
  return text;
}

function readTlvs(octets: Uint8Array, start: number, end: number): Tlv[] | null {
  const tlvs: Tlv[] = [];
  let at = start;
  while (at < end) {
    if (end - at < 4) return null;
    const tag = ((octets[at] ?? 0) << 8) | (octets[at + 1] ?? 0);
    const length = ((octets[at + 2] ?? 0) << 8) | (octets[at + 3] ?? 0);
    if (at + 4 + length > end) return null;
    tlvs.push({ tag, value: octets.subarray(at + 4, at + 4 + length) });
    at += 4 + length;
  }
  return tlvs;
}

function read32(octets: Uint8Array, at: number): number {
  return (
    (octets[at] ?? 0) * 0x1000000 +
    (((octets[at + 1] ?? 0) << 16) | ((octets[at + 2] ?? 0) << 8) | (octets[at + 3] ?? 0))
  );
}
