import { BreakwaterError } from '../../error.ts';
import { headerOctets, layoutOf, mostPduOctets, type NamedField, type PduToWrite, type Tlv } from './pdu.ts';

/** Writes a PDU into new octets. Throws as {@link writePdu} does. */
export function encodePdu(pdu: PduToWrite): Uint8Array {
  const octets = new Uint8Array(pduOctets(pdu));
  writePdu(pdu, octets, 0);
  return octets;
}

/** Octets that a PDU takes on the wire. */
export function pduOctets(pdu: PduToWrite): number {
  const values = pdu as unknown as Record<string, unknown>;
  const { fields } = layout(pdu);
  let size = headerOctets;
  // Counted loops: these two functions run for every message, and iterators would cost more than the octets.
  for (let i = 0; i < fields.length; i += 1) {
    const { name, kind } = fields[i] as NamedField;
    const value = values[name] as string | Uint8Array | undefined;
    size += kind === 'u8' || value === undefined ? 1 : 1 + value.length;
  }
  if (pdu.tlvs !== undefined) for (const { value } of pdu.tlvs) size += 4 + value.length;
  return size;
}

/**
 * Writes a PDU at `offset`, where {@link pduOctets} octets must be free, and returns where it ends. Fields left out are
 * zero or empty.
 *
 * Throws BreakwaterError `smpp.field` (path = the field) for a value that does not fit, `smpp.length` for a PDU that is too large.
 */
export function writePdu(pdu: PduToWrite, target: Uint8Array, offset: number): number {
  const { id, fields } = layout(pdu);
  const values = pdu as unknown as Record<string, unknown>;
  let at = offset + headerOctets;
  for (let i = 0; i < fields.length; i += 1) {
    const { name, kind, most } = fields[i] as NamedField;
    const value = values[name];
    switch (kind) {
      case 'u8':
        at = writeNumber(value as number | undefined, name, target, at);
        break;
      case 'text':
        at = writeText((value as string | undefined) ?? '', most, name, target, at);
        break;
      case 'octets':
        at = writeOctets(value as Uint8Array | undefined, most, name, target, at);
        break;
    }
  }
  if (pdu.tlvs !== undefined) for (const tlv of pdu.tlvs) at = writeTlv(tlv, target, at);
  const size = at - offset;
  if (size > mostPduOctets) throw new BreakwaterError('smpp.length', `a PDU has at most ${mostPduOctets} octets`);
  write32(size, target, offset);
  write32(id, target, offset + 4);
  write32(word(pdu.status, 'status'), target, offset + 8);
  write32(word(pdu.sequence, 'sequence'), target, offset + 12);
  return at;
}

function layout(pdu: PduToWrite): NonNullable<ReturnType<typeof layoutOf>> {
  const found = layoutOf(pdu.command);
  if (found === undefined) {
    throw new BreakwaterError('smpp.command', `${JSON.stringify(pdu.command)} is no command of SMPP`, '/command');
  }
  return found;
}

function word(value: number | undefined, name: string): number {
  if (value === undefined) return 0;
  if (!Number.isInteger(value) || value < 0 || value > 0xffffffff) throw unfit(name, 'is a number of 32 bits');
  return value;
}

function writeNumber(value: number | undefined, name: string, target: Uint8Array, at: number): number {
  if (value !== undefined && (!Number.isInteger(value) || value < 0 || value > 255)) throw unfit(name, 'is 0 to 255');
  target[at] = value ?? 0;
  return at + 1;
}

function writeText(value: string, most: number, name: string, target: Uint8Array, at: number): number {
  const { length } = value;
  if (length >= most) throw unfit(name, `has at most ${most - 1} characters`);
  for (let i = 0; i < length; i += 1) {
    const code = value.charCodeAt(i);
    if (code === 0 || code > 0xff) throw unfit(name, 'has characters of one octet, and no NUL');
    target[at + i] = code;
  }
  target[at + length] = 0;
  return at + length + 1;
}

function writeOctets(
  value: Uint8Array | undefined,
  most: number,
  name: string,
  target: Uint8Array,
  at: number,
): number {
  const length = value?.length ?? 0;
  if (length > most) throw unfit(name, `has at most ${most} octets: longer ones go into a payload or into parts`);
  target[at] = length;
  if (value !== undefined) target.set(value, at + 1);
  return at + 1 + length;
}

function writeTlv({ tag, value }: Tlv, target: Uint8Array, at: number): number {
  if (value.length > 0xffff || !Number.isInteger(tag) || tag < 0 || tag > 0xffff) {
    throw unfit('tlvs', 'have tags of 16 bits and at most 65,535 octets');
  }
  target[at] = tag >>> 8;
  target[at + 1] = tag & 0xff;
  target[at + 2] = value.length >>> 8;
  target[at + 3] = value.length & 0xff;
  target.set(value, at + 4);
  return at + 4 + value.length;
}

function write32(value: number, target: Uint8Array, at: number): void {
  target[at] = value >>> 24;
  target[at + 1] = (value >>> 16) & 0xff;
  target[at + 2] = (value >>> 8) & 0xff;
  target[at + 3] = value & 0xff;
}

function unfit(name: string, rule: string): BreakwaterError {
  return new BreakwaterError('smpp.field', `${name} ${rule}`, `/${name}`);
}
