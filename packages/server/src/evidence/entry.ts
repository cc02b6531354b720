import { hash, randomFillSync } from 'node:crypto';
import { BreakwaterError } from '@breakwater/rules';
import { type EvidenceEntry, MAX_ENTRY_BYTES, SALT_BYTES, canonicalJson, commitText } from '@breakwater/rules/evidence';
import { evidenceEntry } from '@breakwater/rules/evidence/record';
import { z } from 'zod';

/** An entry as the database takes it: the two halves of the leaf around the time of receipt, and what is kept apart. */
export interface SealedEntry {
  readonly institution: string;
  readonly head: string;
  readonly tail: string;
  readonly salt: Uint8Array;
  readonly payload: string;
}

/** Everything but the payload, of which it is known that it is JSON once it has a canonical form. */
const envelope = evidenceEntry.extend({ payload: z.unknown() });

/** `\u0000` in JSON text that is not an escaped backslash and four digits. */
const ESCAPED_NUL = /(?<!\\)(?:\\\\)*\\u0000/;

/** `2026-11-29T01:00:00.000Z`, as the database writes the time of receipt. */
const RECEIVED_AT_LENGTH = 24;

/**
 * Commits to the payload and lays out the leaf. The members of a leaf stand in the order of RFC 8785, so `receivedAt`
 * falls between `institution` and `schema`.
 *
 * @throws BreakwaterError `evidence.bad-entry` with the path, `evidence.leaf-too-long`, `evidence.not-json`.
 */
export function sealEntry(entry: EvidenceEntry): SealedEntry {
  const parsed = envelope.safeParse(entry);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new BreakwaterError(
      'evidence.bad-entry',
      issue?.message ?? 'not an evidence entry',
      `/${issue?.path.join('/')}`,
    );
  }
  const { type, institution, subjects, actor, at } = parsed.data;
  const salt = takeSalt();
  const payload = canonicalJson(entry.payload);
  const commitment = commitText(salt, payload, sha256);
  const head = `${canonicalJson({ actor, at, commitment, institution }).slice(0, -1)},"receivedAt":"`;
  const tail = `","schema":"breakwater.leaf/1","subjects":${canonicalJson(subjects)},"type":"${type}"}`;
  const bytes = Buffer.byteLength(head) + RECEIVED_AT_LENGTH + Buffer.byteLength(tail);
  if (bytes > MAX_ENTRY_BYTES) {
    throw new BreakwaterError(
      'evidence.leaf-too-long',
      `the leaf would have ${bytes} bytes of at most ${MAX_ENTRY_BYTES}`,
      '/subjects',
    );
  }
  if (ESCAPED_NUL.test(head) || ESCAPED_NUL.test(tail)) {
    throw new BreakwaterError(
      'evidence.bad-entry',
      'a leaf holds no NUL character: PostgreSQL could not index it',
      '/subjects',
    );
  }
  return { institution, head, tail, salt, payload };
}

/** Random bytes drawn many salts at a time: a call for each costs more than everything else about it. */
const pool = new Uint8Array(SALT_BYTES * 256);
let taken = pool.length;

function takeSalt(): Uint8Array {
  if (taken === pool.length) {
    randomFillSync(pool);
    taken = 0;
  }
  taken += SALT_BYTES;
  return pool.slice(taken - SALT_BYTES, taken);
}

function sha256(bytes: Uint8Array): Uint8Array {
  return hash('sha256', bytes, 'buffer');
}
