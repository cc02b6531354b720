/** Time stamps over checkpoints of the log: who stated that the log was this long, and when. */
import { type Checkpoint, formatCheckpoint, hashRanges } from '@breakwater/rules/evidence';
import type { TimestampVerdict } from '../timestamp/index.ts';
import type { Opened } from './dossier.ts';
import { type Ledger, Unavailable, Wrong } from './ledger.ts';
import { readTiles } from './log.ts';

/** What a platform says of an RFC 3161 response over a text. Never throws. */
export type StampVerifier = (token: Uint8Array, text: Uint8Array) => TimestampVerdict;

const FILE = /^timestamps\/(\d{1,15})-[a-z0-9.-]+\.tsr$/;

/** The member that holds a token over the checkpoint of `size` leaves; `n` tells several apart. */
export function timestampMember(size: number, n: number): string {
  return `timestamps/${size}-${n}.tsr`;
}

/** One check for each token. */
export function checkTimestamps(ledger: Ledger, opened: Opened, checkpoint: Checkpoint, stamps: StampVerifier): void {
  for (const path of opened.dossier.within('timestamps')) {
    ledger.check('timestamp', path, () => {
      const size = Number(FILE.exec(path)?.[1] ?? NaN);
      const text = new TextEncoder().encode(textAt(opened, checkpoint, size));
      const verdict = stamps(opened.dossier.bytes(path), text);
      if (verdict.result === 'passed') {
        return `the log had ${size} leaves at ${verdict.time.toISOString()}, by ${verdict.authority}`;
      }
      throw verdict.result === 'failed' ? new Wrong(verdict.reason) : new Unavailable(verdict.reason);
    });
  }
}

/** The text of the checkpoint of `size` leaves. An earlier one is made again from the tiles that prove the newest. */
function textAt({ dossier, manifest }: Opened, checkpoint: Checkpoint, size: number): string {
  const { origin } = manifest;
  if (BigInt(size) === checkpoint.size) return formatCheckpoint({ ...checkpoint, origin });
  if (!(size > manifest.range.first && size <= manifest.range.end))
    throw new Wrong('it is over a checkpoint outside the range');
  const { read } = readTiles(dossier, manifest.range, Number(checkpoint.size));
  const [root] = hashRanges([{ start: 0, end: size }], Number(checkpoint.size), read);
  if (root === undefined) throw new Wrong('the checkpoint it is over cannot be made again');
  return formatCheckpoint({ origin, size, root });
}
