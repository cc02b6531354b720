import { pduOctets, writePdu } from './encode.ts';
import type { PduToWrite } from './pdu.ts';

/** Collects PDUs, so that many leave in one write. */
export type PduWriter = {
  /** Adds a PDU and returns how many octets wait. Throws BreakwaterError as `writePdu` does, and then holds what it held before. */
  add(pdu: PduToWrite): number;
  /** Takes what was added since the last time; null when that is nothing. The octets are not written to again. */
  take(): Uint8Array | null;
};

const blockOctets = 64 * 1024;

/**
 * Octets that are worth a write of their own before the turn of the event loop ends: a good part of a window of messages. The other
 * end then works on the first ones while we write the rest.
 */
export const earlyOctets = 2048;

/** Makes a writer. Octets are given out of large blocks, never copied. */
export function createPduWriter(): PduWriter {
  let block = new Uint8Array(blockOctets);
  let start = 0;
  let end = 0;
  return {
    add(pdu) {
      const size = pduOctets(pdu);
      if (end + size > block.length) {
        const held = block.subarray(start, end);
        block = new Uint8Array(Math.max(blockOctets, 2 * (held.length + size)));
        block.set(held);
        start = 0;
        end = held.length;
      }
      end = writePdu(pdu, block, end);
      return end - start;
    },
    take() {
      if (start === end) return null;
      const octets = block.subarray(start, end);
      start = end;
      return octets;
    },
  };
}
