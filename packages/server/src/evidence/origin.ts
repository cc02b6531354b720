import { BreakwaterError } from '@breakwater/rules';
import {
  encodeBase64,
  formatNote,
  formatVerifierKey,
  parseVerifierKey,
  successionText,
} from '@breakwater/rules/evidence';
import { keySucceeded, originOpened } from '@breakwater/rules/evidence/record';
import { type Db, type Tx, connect } from '#platform/db';
import { append } from './append.ts';
import type { OutsideCheckpoint } from './outside.ts';
import { withLogAtRest } from './sequencer.ts';
import { type LogSigner, signText } from './signer.ts';
import { insertLogKey, insertOrigin, readCheckpoint, readLogKeys, readOrigin } from './store.ts';
import { checkTree } from './tree.ts';

export interface Act {
  /** PostgreSQL of the log. */
  readonly url: string;
  readonly institution: string;
  /** Pseudonym of the person who does it. */
  readonly by: string;
  readonly at: Date;
}

export interface NewOrigin extends Act {
  /** Of the new origin, with a key that never signed for another. */
  readonly signer: LogSigner;
  readonly oldOrigin: string;
  /** Where the last checkpoint of the old origin may still be. */
  readonly outside: OutsideCheckpoint;
  readonly reason: string;
}

/**
 * Opens a new identity of the log after a restore or rewind: the leaves that are there go on under another name, and the
 * first record under it names the old one with the last checkpoint that is known of it. The old origin is never signed
 * again, so its checkpoints stay true for what they covered.
 *
 * @throws BreakwaterError `evidence.origin-exists`, `evidence.other-origin`, `evidence.key-reused`, `evidence.tree-broken`.
 */
export async function openNewOrigin(act: NewOrigin): Promise<void> {
  const { signer, oldOrigin, outside, reason, institution, by, at } = act;
  const origin = signer.key.name;
  await asSequencer(act.url, (db) =>
    withLogAtRest(db, async (tx, state) => {
      const present = await readOrigin(tx);
      if (present !== null && present.origin !== oldOrigin) {
        throw new BreakwaterError('evidence.other-origin', `the present origin is ${present.origin}, not ${oldOrigin}`);
      }
      if (origin === oldOrigin)
        throw new BreakwaterError('evidence.origin-exists', 'a new origin has a name of its own');
      await refuseReusedKey(tx, oldOrigin, signer);
      await checkTree(tx, state);
      const kept = await outside.read(oldOrigin);
      const checkpoint = kept ?? (await readCheckpoint(tx, oldOrigin))?.note ?? null;
      const vkey = formatVerifierKey(signer.key);
      await insertOrigin(tx, { ordinal: (present?.ordinal ?? 0) + 1, origin }, state, vkey);
      await append(tx, {
        type: originOpened.type,
        institution,
        subjects: { origin },
        actor: { kind: 'person', id: by },
        at: at.toISOString(),
        payload: { origin, vkey, old: { origin: oldOrigin, checkpoint, foundSize: state.size }, reason, by },
      });
    }),
  );
}

export interface NewKey extends Act {
  readonly oldSigner: LogSigner;
  readonly newSigner: LogSigner;
}

/**
 * Lets the key of the log name its successor: a note signed by both becomes evidence, and from the next start only the new
 * key signs. Verifiers whose policy names the old key follow it by `openSuccession`.
 *
 * @throws BreakwaterError `evidence.unknown-key` unless `oldSigner` is the present key; `evidence.key-reused`.
 */
export async function succeedKey(act: NewKey): Promise<void> {
  const { oldSigner, newSigner, institution, by, at } = act;
  const origin = oldSigner.key.name;
  const [oldKey, newKey] = [formatVerifierKey(oldSigner.key), formatVerifierKey(newSigner.key)];
  if (newSigner.key.name !== origin)
    throw new BreakwaterError('evidence.other-origin', 'a successor signs for the same origin');
  const text = successionText(oldSigner.key, newSigner.key);
  const note = formatNote({ text, signatures: [await signText(oldSigner, text), await signText(newSigner, text)] });
  await asSequencer(act.url, (db) =>
    withLogAtRest(db, async (tx) => {
      const present = (await readLogKeys(tx, origin)).at(-1);
      if (present?.vkey !== oldKey) {
        throw new BreakwaterError('evidence.unknown-key', `the present key of ${origin} is ${present?.vkey ?? 'none'}`);
      }
      await refuseReusedKey(tx, origin, newSigner);
      await insertLogKey(tx, { origin, ordinal: present.ordinal + 1, vkey: newKey, succession: note });
      await append(tx, {
        type: keySucceeded.type,
        institution,
        subjects: { origin },
        actor: { kind: 'person', id: by },
        at: at.toISOString(),
        payload: { origin, oldKey, newKey, note, by },
      });
    }),
  );
}

/** One key never signs under two names: a policy could not tell them apart (C2SP tlog-policy refuses duplicates). */
async function refuseReusedKey(tx: Tx, origin: string, signer: LogSigner): Promise<void> {
  const used = (await readLogKeys(tx, origin)).map((key) => encodeBase64(parseVerifierKey(key.vkey).publicKey));
  if (used.includes(encodeBase64(signer.key.publicKey))) {
    throw new BreakwaterError('evidence.key-reused', `this key already signed for ${origin}: make a new one`);
  }
}

async function asSequencer<T>(url: string, work: (db: Db) => Promise<T>): Promise<T> {
  const db = connect(url, { role: 'breakwater_sequencer', max: 2, name: 'breakwater-evidence' });
  try {
    return await work(db);
  } finally {
    await db.destroy();
  }
}
