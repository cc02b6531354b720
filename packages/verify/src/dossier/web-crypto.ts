/**
 * The Crypto port for browsers. WebCrypto answers later, while the port answers at once; so a verification is played with
 * every open question about a signature taken for good, the questions are then asked, and it is played again with the
 * answers until none is open. What it says is only ever what it says with true answers.
 */
import { type Verifier, digestOf, isWeakEd25519Key, sha256 } from '@breakwater/rules/evidence';
import type { Crypto } from './crypto.ts';

/** The part of WebCrypto that is used. */
export type Subtle = Pick<typeof globalThis.crypto.subtle, 'importKey' | 'verify'>;

interface Question {
  readonly publicKey: Uint8Array;
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
}

/** Plays `work` until WebCrypto has answered every signature that it asks about. Rejects as `work` throws. */
export async function withWebCrypto<T>(subtle: Subtle, work: (crypto: Crypto) => T): Promise<T> {
  const answers = new Map<string, boolean>();
  for (;;) {
    const open = new Map<string, Question>();
    const played = play(() => work({ ...webHashes, ...asking(answers, open) }));
    if (open.size === 0) return played();
    await Promise.all(
      [...open].map(async ([name, question]) => {
        answers.set(name, await isGood(subtle, question));
      }),
    );
  }
}

/** What was given or thrown, for when it counts. */
function play<T>(work: () => T): () => T {
  try {
    const value = work();
    return () => value;
  } catch (error) {
    return () => {
      throw error;
    };
  }
}

function asking(answers: ReadonlyMap<string, boolean>, open: Map<string, Question>): Verifier {
  return {
    ed25519(publicKey, message, signature) {
      if (publicKey.length !== 32 || signature.length !== 64 || isWeakEd25519Key(publicKey)) return false;
      const name = nameOf(publicKey, signature, message);
      const answer = answers.get(name);
      if (answer === undefined) open.set(name, { publicKey, message, signature });
      return answer ?? true;
    },
  };
}

/** Key and signature have fixed lengths, so no two questions share a name. */
function nameOf(...parts: readonly Uint8Array[]): string {
  const bytes = new Uint8Array(parts.reduce((total, { length }) => total + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return digestOf(bytes);
}

async function isGood(subtle: Subtle, { publicKey, message, signature }: Question): Promise<boolean> {
  let key;
  try {
    key = await subtle.importKey('raw', publicKey.slice(), 'Ed25519', false, ['verify']);
  } catch (error) {
    // A key that is no point of the curve signs nothing; a browser without Ed25519 must not pass for a bad signature.
    if (error instanceof Error && error.name === 'NotSupportedError') throw error;
    return false;
  }
  return subtle.verify('Ed25519', key, signature.slice(), message.slice());
}

/** Hashes without WebCrypto, which has them only as promises. */
const webHashes: Omit<Crypto, 'ed25519'> = { sha256, crc32 };

const crcTable = Uint32Array.from({ length: 256 }, (_, byte) => {
  let rest = byte;
  for (let bit = 0; bit < 8; bit += 1) rest = (rest & 1) === 1 ? (rest >>> 1) ^ 0xedb88320 : rest >>> 1;
  return rest;
});

function crc32(bytes: Uint8Array): number {
  let rest = 0xffffffff;
  for (const byte of bytes) rest = (rest >>> 8) ^ (crcTable[(rest ^ byte) & 0xff] ?? 0);
  return (rest ^ 0xffffffff) >>> 0;
}
