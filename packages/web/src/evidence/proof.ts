/** What a browser can say of one record by itself: whether its payload opens the commitment, and where its leaf stands. */
import type { Schemas } from '@breakwater/client/browser';
import {
  formatDigest,
  hashLeaf,
  leafBytes,
  parseCheckpoint,
  parseTlogProof,
  recordLeafHash,
  verifyInclusion,
} from '@breakwater/rules/evidence';

/** A hash on the way to the root: that of the other child, and on which side it stands. */
export interface PathStep {
  readonly hash: string;
  readonly side: 'left' | 'right';
}

export interface ProvenPlace {
  readonly size: number;
  readonly root: string;
  readonly steps: readonly PathStep[];
  /** The leaf leads to the root over these steps. */
  readonly holds: boolean;
}

type OpenedRecord = Schemas['LogRecord'];

/** Whether payload and salt open the commitment of the leaf; null: they were erased. */
export function opensCommitment({ index, leaf, salt, payload }: OpenedRecord): boolean | null {
  if (salt === null) return null;
  const record = { schema: 'breakwater.record/1', index, leaf, salt, payload } as const;
  return recordLeafHash(record) !== null;
}

/** Reads a proof (C2SP tlog-proof) of the record and holds it against the leaf. Throws BreakwaterError for one that cannot be read. */
export function placeOf(record: OpenedRecord, text: string): ProvenPlace {
  const { index, proof, checkpoint } = parseTlogProof(text);
  const { size, root } = parseCheckpoint(checkpoint);
  const leafHash = hashLeaf(leafBytes(record.leaf));
  return {
    size: Number(size),
    root: formatDigest(root),
    steps: sidesOf(Number(index), Number(size)).map((side, level) => ({
      side,
      hash: formatDigest(proof[level] ?? new Uint8Array(32)),
    })),
    holds: Number(index) === record.index && verifyInclusion({ leafHash, index, size, proof, root }),
  };
}

/** On which side the sibling of each hash on the way stands (RFC 9162, 2.1.3.2). */
export function sidesOf(index: number, size: number): ('left' | 'right')[] {
  const sides: ('left' | 'right')[] = [];
  let [node, last] = [index, size - 1];
  while (last > 0) {
    if (node % 2 === 1 || node === last) {
      sides.push('left');
      while (node % 2 === 0 && node !== 0) [node, last] = [node / 2, Math.floor(last / 2)];
    } else sides.push('right');
    [node, last] = [Math.floor(node / 2), Math.floor(last / 2)];
  }
  return sides;
}
