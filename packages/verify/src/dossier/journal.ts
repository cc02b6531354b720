/** Is the journal of every execution host whole: each entry hashed over, each naming the one before, none left out? */
import { type EvidenceRecord, decodeBase64 } from '@breakwater/rules/evidence';
import { headMessage, verifyChain } from '@breakwater/rules/guard';
import { type JournalEntry, type JournalHead, journalHeadRecord, journalRecord } from '@breakwater/rules/guard/record';
import { type Cited, cited } from '@breakwater/rules/review';
import type { Crypto } from './crypto.ts';
import { type KeyRing, keyAt } from './keys.ts';
import { type Ledger, Unavailable, Wrong } from './ledger.ts';

/** One check for each journal (a run on a host) and one for each signed head. */
export function checkJournals(
  ledger: Ledger,
  records: readonly EvidenceRecord[],
  keys: KeyRing | null,
  crypto: Crypto,
): void {
  const entries = records.flatMap((record) =>
    'leaf' in record && record.leaf.type === journalRecord.type ? [record.payload] : [],
  );
  const journals = Map.groupBy(entries as unknown as JournalEntry[], ({ run, host }) => `${run} on ${host}`);
  const heads = Map.groupBy(cited(records, journalHeadRecord), ({ payload }) => `${payload.run} on ${payload.host}`);
  for (const [journal, ofOne] of journals) {
    ledger.check('journal', journal, () => checkChain(ofOne));
  }
  for (const [journal, signed] of heads) {
    ledger.check('journal-head', journal, () => checkHeads(signed, journals.get(journal) ?? [], keys, crypto));
  }
}

const faults = {
  shape: 'does not have its shape',
  hash: 'does not have its own hash',
  sequence: 'is not there',
  link: 'names another entry before it',
  run: 'is of another run or host',
  epoch: 'was written under an older epoch',
} as const;

function checkChain(entries: readonly JournalEntry[]): string {
  const broken = verifyChain(entries);
  if (broken !== null) throw new Wrong(`entry ${broken.seq} ${faults[broken.fault]}`);
  return `${entries.length} entries, each naming the one before`;
}

/** A head says how far the journal had come when the lease was renewed; entries up to it cannot be cut off unseen. */
function checkHeads(
  heads: readonly Cited<JournalHead>[],
  entries: readonly JournalEntry[],
  keys: KeyRing | null,
  crypto: Crypto,
): string {
  for (const { index, leaf, payload: head } of heads) {
    const entry = entries.find(({ seq }) => seq === head.seq);
    if (entry === undefined) throw new Wrong(`record ${index} promises entry ${head.seq}, which is not there`);
    if (entry.hash !== head.hash) throw new Wrong(`record ${index} promises another entry ${head.seq}`);
    if (keys === null) throw new Unavailable('no keys were given, so no key of a host is known');
    const key = keyAt(keys, (known) => known.role === 'host' && known.person === head.host, leaf.at);
    if (key === null) throw new Unavailable(`the keys hold none of host ${head.host} at that time`);
    const signature = decodeBase64(head.signature);
    if (signature === null || key.raw === null || !crypto.ed25519(key.raw, headMessage(head), signature)) {
      throw new Wrong(`record ${index}: the signature of the host does not verify`);
    }
  }
  return `${heads.length} heads signed by the host, all within the journal`;
}
