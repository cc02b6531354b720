/**
 * Who signs in the example, and what a verifier is given about them. The keys are made from public seeds: nothing
 * signed by them proves anything outside tests.
 */
import { type KeyObject, createPrivateKey, createPublicKey, hash, sign } from 'node:crypto';
import {
  COSIGNATURE_V1,
  ED25519,
  type NoteSignature,
  cosignature,
  cosignedMessage,
  formatVerifierKey,
  verifierKey,
} from '@breakwater/rules/evidence';
import type { Keys } from '@breakwater/rules/review';

/** An Ed25519 key from a name. */
export function testKey(name: string): { privateKey: KeyObject; pem: string; raw: Uint8Array; digest: string } {
  const seed = hash('sha256', `breakwater example ${name}`, 'buffer');
  const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]);
  const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  const publicKey = createPublicKey(privateKey);
  const spki = publicKey.export({ format: 'der', type: 'spki' });
  return {
    privateKey,
    pem: publicKey.export({ format: 'pem', type: 'spki' }).toString(),
    raw: new Uint8Array(spki.subarray(12)),
    digest: `sha256:${hash('sha256', spki, 'hex')}`,
  };
}

/** Base64 signature by the key of a name. */
export const signed = (name: string, message: Uint8Array): string =>
  sign(null, message, testKey(name).privateKey).toString('base64');

export const origin = 'log.hanbit-bank.example/breakwater';
export const host = 'core-7';
export const persons = { 'p-03': 'operations', 'p-11': 'auditor', 'p-17': 'ciso' } as const;
export type Person = keyof typeof persons;

/** The start of the work. */
export const START = Date.parse('2026-11-15T01:00:00+09:00');
/** RFC 3339 of a time so many seconds after the start. */
export const iso = (seconds: number): string => new Date(START + seconds * 1000).toISOString();
export const HOUR = 3600;
export const DAY = 24 * HOUR;

const logKey = verifierKey(origin, ED25519, testKey('log').raw);
const witnessName = 'witness.auditor.example';
const witnessKey = verifierKey(witnessName, COSIGNATURE_V1, testKey('witness').raw);

/** Signs the text of a note as the example's log. */
export function logSignature(text: string): NoteSignature {
  return {
    name: origin,
    id: logKey.id,
    signature: new Uint8Array(sign(null, Buffer.from(text), testKey('log').privateKey)),
  };
}

/** Cosigns a checkpoint as the example's witness, two days after the start. */
export function witnessSignature(text: string): NoteSignature {
  const time = BigInt(Math.floor(START / 1000) + 2 * DAY);
  const signature = new Uint8Array(sign(null, cosignedMessage(text, time), testKey('witness').privateKey));
  return { name: witnessName, id: witnessKey.id, signature: cosignature(time, signature) };
}

/** The policy that a verifier is given: this log, and its witness. */
export const policy = `log ${formatVerifierKey(logKey)}\nwitness auditor ${formatVerifierKey(witnessKey)}\nquorum auditor\n`;

/** The keys that a verifier is given: the persons' and the host's. */
export const keys: Keys = {
  schema: 'breakwater.keys/1',
  keys: [
    ...(Object.keys(persons) as Person[]).map((who) => ({
      person: who as string,
      role: persons[who] as string,
      publicKey: testKey(who).pem,
      from: iso(-30 * DAY),
      to: iso(335 * DAY),
      revoked: null,
    })),
    {
      person: host,
      role: 'host',
      publicKey: testKey(`host ${host}`).pem,
      from: iso(-30 * DAY),
      to: null,
      revoked: null,
    },
  ],
};
