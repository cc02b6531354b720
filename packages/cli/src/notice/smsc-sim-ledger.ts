/** What a simulator of an SMS centre remembers of messages: keyed hashes, so that a repeated one shows and nothing else does. */
import { createHmac, randomBytes } from 'node:crypto';
import { closeSync, existsSync, openSync, readFileSync, writeSync } from 'node:fs';

export type Ledger = {
  /** Notes a message by its number and text. */
  note(destination: string, content: Uint8Array): void;
  counts(): { distinct: number; repeated: number };
  close(): void;
};

const keyLine = /^key ([0-9a-f]{64})$/;

/**
 * Opens a ledger. With a file it goes on where an earlier simulator was killed: the file holds the key and one hash a line,
 * written before the message is answered, and never a number or a text.
 */
export function openLedger(file: string | null): Ledger {
  const lines = file !== null && existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
  const before = keyLine.exec(lines[0] ?? '')?.[1];
  const key = before === undefined ? randomBytes(32) : Buffer.from(before, 'hex');
  const seen = new Set<string>();
  let repeated = 0;
  const add = (hash: string): void => {
    if (seen.has(hash)) repeated += 1;
    else seen.add(hash);
  };
  for (const hash of lines.slice(1)) if (/^[0-9a-f]{20}$/.test(hash)) add(hash);
  const journal = file === null ? null : openSync(file, 'a', 0o600);
  if (journal !== null && before === undefined) writeSync(journal, `key ${key.toString('hex')}\n`);
  return {
    note(destination, content) {
      const hash = createHmac('sha256', key).update(`${destination}\0`).update(content).digest('hex').slice(0, 20);
      if (journal !== null) writeSync(journal, `${hash}\n`);
      add(hash);
    },
    counts: () => ({ distinct: seen.size, repeated }),
    close() {
      if (journal !== null) closeSync(journal);
    },
  };
}
