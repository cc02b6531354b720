/** The hash chain of a journal: each entry names the one before it by its hash, so no entry can be changed or dropped unseen. */
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { canonicalJson, digestOf } from '#evidence';
import { journalEntry, type JournalEntry, type JournalHead } from './record.ts';

/** An entry before it is hashed. */
export type UnhashedEntry = Omit<JournalEntry, 'hash'>;

/** SHA-256 over the RFC 8785 form of the entry without its hash. */
export function entryHash(entry: UnhashedEntry | JournalEntry): string {
  const { hash: _, ...unhashed } = { hash: '', ...entry };
  return digestOf(utf8ToBytes(canonicalJson(unhashed)));
}

/** The entry with its hash. */
export function sealEntry(entry: UnhashedEntry): JournalEntry {
  return { ...entry, hash: entryHash(entry) };
}

/** Why a journal is not one whole chain, at the first entry where it is not. */
export type ChainFault = {
  readonly seq: number;
  readonly fault: 'shape' | 'hash' | 'sequence' | 'link' | 'run' | 'epoch';
};

/**
 * The first fault of a journal that begins after `before` (`null`: with its first entry); `null` when it is whole.
 * An epoch never goes back: entries of a stale owner do not exist on the host.
 */
export function verifyChain(entries: readonly unknown[], before: JournalEntry | null = null): ChainFault | null {
  let previous = before;
  for (const [i, value] of entries.entries()) {
    const seq = (previous?.seq ?? -1) + 1;
    const read = journalEntry.safeParse(value);
    if (!read.success) return { seq: before === null ? i : before.seq + 1 + i, fault: 'shape' };
    const entry = read.data;
    if (entry.seq !== seq) return { seq, fault: 'sequence' };
    if (entry.prev !== (previous?.hash ?? null)) return { seq, fault: 'link' };
    // Over the value as it came: read from canonical text, its form is quick to make.
    if (entry.hash !== entryHash(value as JournalEntry)) return { seq, fault: 'hash' };
    if (previous !== null && (entry.run !== previous.run || entry.host !== previous.host)) return { seq, fault: 'run' };
    if (entry.epoch < (previous?.epoch ?? 0)) return { seq, fault: 'epoch' };
    previous = entry;
  }
  return null;
}

/** The bytes that the host's key signs for a head. */
export function headMessage({ run, host, seq, hash }: Omit<JournalHead, 'signature'>): Uint8Array {
  return utf8ToBytes(canonicalJson({ domain: 'breakwater.journal-head/1', run, host, seq, hash }));
}
