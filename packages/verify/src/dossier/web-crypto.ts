/**
 * The Crypto port for browsers. WebCrypto answers later, while the port answers at once; so a verification is played with
 * every open question about a signature taken for good, the questions are then asked, and it is played again with the
 * answers until none is open. What it says is only ever what it says with true answers.
 */
import { digestOf, isWeakEd25519Key, sha256 } from '@breakwater/rules/evidence';
import type { Crypto } from './crypto.ts';
import { type PasskeyAlgorithm, passkeyAlgorithm, rawSignature } from './passkey-key.ts';

/** The part of WebCrypto that is used. */
export type Subtle = Pick<typeof globalThis.crypto.subtle, 'importKey' | 'verify'>;

interface Question {
  readonly algorithm: PasskeyAlgorithm;
  /** 32 bytes of Ed25519, or SPKI DER for a passkey. */
  readonly format: 'raw' | 'spki';
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

function asking(
  answers: ReadonlyMap<string, boolean>,
  open: Map<string, Question>,
): Pick<Crypto, 'ed25519' | 'passkey'> {
  const answerTo = (question: Question): boolean => {
    const { format, publicKey, signature, message } = question;
    const lengths = textBytes(`${format} ${publicKey.length} ${signature.length} `);
    const name = nameOf(lengths, publicKey, signature, message);
    const answer = answers.get(name);
    if (answer === undefined) open.set(name, question);
    return answer ?? true;
  };
  return {
    passkey(spki, message, der) {
      const algorithm = passkeyAlgorithm(spki);
      const signature = algorithm === 'P-256' ? rawSignature(der) : der;
      if (algorithm === null || signature === null) return false;
      return answerTo({ algorithm, format: 'spki', publicKey: spki, message, signature });
    },
    ed25519(publicKey, message, signature) {
      if (publicKey.length !== 32 || signature.length !== 64 || isWeakEd25519Key(publicKey)) return false;
      return answerTo({ algorithm: 'Ed25519', format: 'raw', publicKey, message, signature });
    },
  };
}

/** The lengths stand first, so no two questions share a name. */
function nameOf(...parts: readonly Uint8Array[]): string {
  const bytes = new Uint8Array(parts.reduce((total, { length }) => total + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return digestOf(bytes);
}

const importedAs = {
  Ed25519: { name: 'Ed25519' },
  'P-256': { name: 'ECDSA', namedCurve: 'P-256' },
  RSA: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
} as const;
const verifiedAs = {
  Ed25519: { name: 'Ed25519' },
  'P-256': { name: 'ECDSA', hash: 'SHA-256' },
  RSA: { name: 'RSASSA-PKCS1-v1_5' },
} as const;

const textBytes = (ascii: string): Uint8Array => Uint8Array.from(ascii, (letter) => letter.charCodeAt(0));

async function isGood(subtle: Subtle, question: Question): Promise<boolean> {
  const { algorithm, format, publicKey, message, signature } = question;
  let key;
  try {
    key = await subtle.importKey(format, publicKey.slice(), importedAs[algorithm], false, ['verify']);
  } catch (error) {
    // A key that is no point of the curve signs nothing; a browser without the algorithm must not pass for a bad signature.
    if (error instanceof Error && error.name === 'NotSupportedError') throw error;
    return false;
  }
  return subtle.verify(verifiedAs[algorithm], key, signature.slice(), message.slice());
}

/** Hashes without WebCrypto, which has them only as promises. */
const webHashes: Pick<Crypto, 'sha256' | 'crc32'> = { sha256, crc32 };

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
