/** Offline proofs as C2SP tlog-proof (`c2sp.org/tlog-proof@v1`) writes them: index, path and cosigned checkpoint. */
import { BreakwaterError } from '../error.ts';
import { decodeBase64, encodeBase64 } from './base64.ts';
import { parseSize } from './checkpoint.ts';
import { isHash } from './hash.ts';

export interface TlogProof {
  readonly index: bigint | number;
  /** From the leaf's sibling up to a child of the root. */
  readonly proof: readonly Uint8Array[];
  /** The signed note, byte for byte. */
  readonly checkpoint: string;
  /** Opaque and not authenticated. */
  readonly extra?: Uint8Array;
}

const HEADER = 'c2sp.org/tlog-proof@v1';
const MAX_LENGTH = 1_000_000;
const MAX_PATH = 63;

export function formatTlogProof(proof: TlogProof): string {
  const extra = proof.extra === undefined ? [] : [`extra ${encodeBase64(proof.extra)}`];
  const path = proof.proof.map((hash) => encodeBase64(hash));
  return [HEADER, ...extra, `index ${proof.index}`, ...path, '', proof.checkpoint].join('\n');
}

/**
 * Reads a proof. Nothing in it is believed: verify the checkpoint against a policy, then the path against its root.
 *
 * @throws BreakwaterError `tlog-proof.malformed` with the line.
 */
export function parseTlogProof(text: string): TlogProof & { readonly index: bigint } {
  if (text.length > MAX_LENGTH) throw malformed(1, `it has more than ${MAX_LENGTH} characters`);
  const end = text.indexOf('\n\n');
  if (end < 0) throw malformed(1, 'an empty line stands before the checkpoint');
  const lines = text.slice(0, end).split('\n');
  if (lines[0] !== HEADER) throw malformed(1, `the first line is ${HEADER}`);
  const extraLine = /^extra (.*)$/.exec(lines[1] ?? '');
  const extra = extraLine === null ? undefined : decodeBase64(extraLine[1] ?? '');
  if (extra === null) throw malformed(2, 'extra data is strict Base64');
  const at = extra === undefined ? 1 : 2;
  const index = parseSize(/^index (.*)$/.exec(lines[at] ?? '')?.[1] ?? '');
  if (index === null) throw malformed(at + 1, 'the index line is "index" and a decimal without leading zeroes');
  const path = lines.slice(at + 1);
  if (path.length > MAX_PATH) throw malformed(at + 2, `a path has at most ${MAX_PATH} hashes`);
  const proof = path.map((line, i) => {
    const hash = decodeBase64(line);
    if (!isHash(hash)) throw malformed(at + 2 + i, 'a line of the path is a hash of 32 bytes in strict Base64');
    return hash;
  });
  return { index, proof, checkpoint: text.slice(end + 2), ...(extra === undefined ? {} : { extra }) };
}

function malformed(line: number, why: string): BreakwaterError {
  return new BreakwaterError('tlog-proof.malformed', `malformed proof: ${why}`, `${line}:1`);
}
