import { verifySubtreeConsistency, verifySubtreeInclusion } from '@breakwater/rules/evidence';
import { verifyConsistency, verifyInclusion } from '@breakwater/verify';
import { describe, expect, test } from 'vitest';
import { absent, readSharedFolder } from './shared-data.ts';

interface InclusionCase {
  leafIdx: number;
  treeSize: number;
  start: number;
  end: number;
  root: string;
  leafHash: string;
  proof: string[] | null;
  wantErr: boolean;
}

interface ConsistencyCase {
  size1: number;
  size2: number;
  start: number;
  end: number;
  size: number;
  root1: string;
  root2: string;
  proof: string[] | null;
  wantErr: boolean;
}

const bytes = (base64: string): Uint8Array => new Uint8Array(Buffer.from(base64 ?? '', 'base64'));
const path = (proof: string[] | null): Uint8Array[] => (proof ?? []).map(bytes);

describe.skipIf(absent)(`published proofs get their published verdict${absent ? `: skipped, ${absent}` : ''}`, () => {
  test.each(readSharedFolder<InclusionCase>('rfc6962-proofs/inclusion'))('%s', (_name, c) => {
    const { leafIdx: index, treeSize: size } = c;
    const claim = { leafHash: bytes(c.leafHash), index, size, proof: path(c.proof), root: bytes(c.root) };
    expect(verifyInclusion(claim)).toBe(!c.wantErr);
  });

  test.each(readSharedFolder<ConsistencyCase>('rfc6962-proofs/consistency'))('%s', (_name, c) => {
    const claim = {
      oldSize: c.size1,
      newSize: c.size2,
      proof: path(c.proof),
      oldRoot: bytes(c.root1),
      newRoot: bytes(c.root2),
    };
    expect(verifyConsistency(claim)).toBe(!c.wantErr);
  });

  test.each(readSharedFolder<InclusionCase>('rfc6962-proofs/subtreeinclusion'))('%s', (_name, c) => {
    const { leafIdx: index, start, end } = c;
    const claim = { leafHash: bytes(c.leafHash), index, start, end, proof: path(c.proof), root: bytes(c.root) };
    expect(verifySubtreeInclusion(claim)).toBe(!c.wantErr);
  });

  test.each(readSharedFolder<ConsistencyCase>('rfc6962-proofs/subtreeconsistency'))('%s', (_name, c) => {
    const { start, end, size } = c;
    const claim = { start, end, size, proof: path(c.proof), subtreeRoot: bytes(c.root1), root: bytes(c.root2) };
    expect(verifySubtreeConsistency(claim)).toBe(!c.wantErr);
  });
});
