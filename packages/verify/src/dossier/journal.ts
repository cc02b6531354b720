/** Is the journal of every execution host whole: each entry hashed over, each naming the one before, none left out? */
import { type EvidenceRecord, canonicalJson, decodeBase64, digestOf, parseDigest } from '@breakwater/rules/evidence';
import { type JournalEntry, type JournalHead, journalHeadRecord, journalRecord } from '@breakwater/rules/guard/record';
import { type Cited, cited } from '@breakwater/rules/review';
import type { Crypto } from './crypto.ts';
import { type KeyRing, keyAt } from './keys.ts';
import { type Ledger, Unavailable, Wrong } from './ledger.ts';

const encoder = new TextEncoder();

/** One check for each journal (a run on a host) and one for each signed head. */
export function checkJournals(ledger: Ledger, records: readonly EvidenceRecord[], keys: KeyRing | null, crypto: Crypto): void {
  const journals = Map.groupBy(cited(records, journalRecord), ({ payload }) => `${payload.run} on ${payload.host}`);
  const heads = Map.groupBy(cited(records, journalHeadRecord), ({ payload }) => `${payload.run} on ${payload.host}`);
  for (const [journal, entries] of journals) {
    ledger.check('journal', journal, () => checkChain(entries.map(({ payload }) => payload)));
  }
  for (const [journal, signed] of heads) {
    ledger.check('journal-head', journal, () => checkHeads(signed, journals.get(journal) ?? [], keys, crypto));
  }
}

function checkChain(entries: readonly JournalEntry[]): string {
  let before: JournalEntry | null = null;
  for (const entry of entries) {
    const at = `entry ${entry.seq}`;
    if (entry.seq !== (before?.seq ?? -1) + 1) throw new Wrong(`${at} does not follow entry ${before?.seq ?? 'none'}`);
    if (entry.prev !== (before?.hash ?? null)) throw new Wrong(`${at} names another entry before it`);
    const { hash, ...hashed } = entry;
    if (digestOf(encoder.encode(canonicalJson(hashed))) !== hash) throw new Wrong(`${at} does not have its own hash`);
    if (before !== null && entry.epoch < before.epoch) throw new Wrong(`${at} was written under an older epoch`);
    before = entry;
  }
  return `${entries.length} entries, each naming the one before`;
}

/** A head says how far the journal had come when the lease was renewed; entries up to it cannot be cut off unseen. */
function checkHeads(
  heads: readonly Cited<JournalHead>[],
  entries: readonly Cited<JournalEntry>[],
  keys: KeyRing | null,
  crypto: Crypto,
): string {
  for (const { index, leaf, payload: head } of heads) {
    const entry = entries.find(({ payload }) => payload.seq === head.seq);
    if (entry === undefined) throw new Wrong(`record ${index} promises entry ${head.seq}, which is not there`);
    if (entry.payload.hash !== head.hash) throw new Wrong(`record ${index} promises another entry ${head.seq}`);
    if (keys === null) throw new Unavailable('no keys were given, so no key of a host is known');
    const key = keyAt(keys, (known) => known.role === 'host' && known.person === head.host, leaf.at);
    if (key === null) throw new Unavailable(`the keys hold none of host ${head.host} at that time`);
    const { run, host, seq, hash } = head;
    const signed = canonicalJson({ domain: 'breakwater.journal-head/1', run, host, seq, hash });
    const signature = decodeBase64(head.signature);
    if (parseDigest(hash) === null || signature === null || !crypto.ed25519(key.raw, encoder.encode(signed), signature)) {
      throw new Wrong(`record ${index}: the signature of the host does not verify`);
    }
  }
  return `${heads.length} heads signed by the host, all within the journal`;
}
