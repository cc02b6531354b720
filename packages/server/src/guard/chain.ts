import { createPublicKey, verify } from 'node:crypto';
import { entryHash, headMessage } from '@breakwater/rules/guard';
import type { JournalEntry, JournalHead } from '@breakwater/rules/guard/record';
import type { JournalCursor } from './store.ts';

/** Why entries were not taken: what is wrong with a journal, and from which entry on. */
export interface ChainFault {
  readonly kind: 'journal-fork' | 'journal-cut';
  readonly seq: number;
  readonly detail: string;
}

/** The entries that follow the cursor and hang together, and what is wrong with the first one that does not. */
export function followingEntries(
  cursor: JournalCursor,
  entries: readonly JournalEntry[],
): { readonly taken: readonly JournalEntry[]; readonly fault: ChainFault | null } {
  const taken: JournalEntry[] = [];
  let { seq, head } = cursor;
  for (const entry of entries.toSorted((a, b) => a.seq - b.seq)) {
    if (entry.seq < cursor.seq) continue;
    const fork = (detail: string): ChainFault => ({ kind: 'journal-fork', seq: entry.seq, detail });
    if (entry.seq === cursor.seq) {
      if (entry.hash === cursor.head) continue;
      return { taken, fault: fork('the last entry that was taken is another one at the host now') };
    }
    if (entry.seq === seq) continue;
    if (entry.seq !== seq + 1) return { taken, fault: null };
    if (entry.run !== cursor.run || entry.host !== cursor.host)
      return { taken, fault: fork('the entry is of another run or host') };
    if (entry.prev !== head) return { taken, fault: fork('the entry does not follow from the one before it') };
    if (entry.hash !== entryHash(entry)) return { taken, fault: fork('the entry does not have its hash') };
    if (entry.seq === cursor.promised?.seq && entry.hash !== cursor.promised.hash) {
      return { taken, fault: fork('the host had signed another entry at this place') };
    }
    taken.push(entry);
    ({ seq, hash: head } = entry);
  }
  return { taken, fault: null };
}

/** Whether the head was signed by the key (SPKI PEM) of its host. */
export function headVerifies(head: JournalHead, publicKey: string): boolean {
  return verify(null, headMessage(head), createPublicKey(publicKey), Buffer.from(head.signature, 'base64'));
}
