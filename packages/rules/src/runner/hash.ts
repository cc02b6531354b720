import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

/** One row of a run's log as it is stored: `data` are the very bytes that were hashed. */
export interface RunLogRow {
  readonly run: string;
  readonly seq: number;
  readonly epoch: number;
  readonly type: string;
  /** RFC 3339 in UTC with milliseconds. */
  readonly at: string;
  readonly data: string;
  /** Hex; null for the first. */
  readonly prevHash: string | null;
  readonly hash: string;
}

/** SHA-256, in hex, over the row's fields, one a line, beginning with the hash of the row before. */
export function runLogHash(row: Omit<RunLogRow, 'hash'>): string {
  const lines = [row.prevHash ?? '', row.run, row.seq, row.epoch, row.type, row.at, row.data];
  return bytesToHex(sha256(utf8ToBytes(lines.join('\n'))));
}

/** The `seq` of the first row that does not follow from the one before it; null when the log is whole. */
export function brokenRunLogAt(rows: readonly RunLogRow[]): number | null {
  let prev: RunLogRow | null = null;
  for (const row of rows) {
    const follows = row.seq === (prev === null ? 0 : prev.seq + 1) && row.prevHash === (prev?.hash ?? null);
    if (!follows || row.epoch < (prev?.epoch ?? 0) || row.hash !== runLogHash(row)) return row.seq;
    prev = row;
  }
  return null;
}
