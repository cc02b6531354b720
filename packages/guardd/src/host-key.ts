/** The host's Ed25519 key: it signs the head of every journal, so that a tail that was cut off shows. */
import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { closeSync, fsyncSync, linkSync, openSync, readFileSync, unlinkSync, writeSync } from 'node:fs';
import { headMessage } from '@breakwater/rules/guard';
import type { JournalHead } from '@breakwater/rules/guard/record';

export interface HostKey {
  /** SPKI PEM. */
  readonly publicKey: string;
  signHead(head: Omit<JournalHead, 'signature'>): JournalHead;
}

/** Reads the key at `path`, or makes one there (mode 0600). Throws what reading throws, also for a file that is no Ed25519 key. */
export function openHostKey(path: string): HostKey {
  const key = createPrivateKey(readOrMake(path));
  if (key.asymmetricKeyType !== 'ed25519') throw new Error(`${path} holds no Ed25519 key`);
  return { publicKey: publicPem(key), signHead: (head) => ({ ...head, signature: signature(key, head) }) };
}

function signature(key: KeyObject, head: Omit<JournalHead, 'signature'>): string {
  return sign(null, headMessage(head), key).toString('base64');
}

function publicPem(key: KeyObject): string {
  return createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString();
}

function readOrMake(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error) || error.code !== 'ENOENT') throw error;
  }
  const { privateKey } = generateKeyPairSync('ed25519');
  const fresh = `${path}.${process.pid}`;
  const file = openSync(fresh, 'w', 0o600);
  writeSync(file, privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
  fsyncSync(file);
  closeSync(file);
  try {
    linkSync(fresh, path);
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error) || error.code !== 'EEXIST') throw error;
  }
  unlinkSync(fresh);
  return readFileSync(path, 'utf8');
}
