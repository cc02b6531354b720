import { type KeyObject, createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { closeSync, fstatSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { BreakwaterError } from '@breakwater/rules';
import { COSIGNATURE_V1, ED25519, type NoteSignature, type VerifierKey, verifierKey } from '@breakwater/rules/evidence';

/** A signing key. The PEM file below is for development and small installations; an HSM or KMS implements the same. */
export interface Signer {
  readonly key: VerifierKey;
  /** The signature over `message` by the algorithm of the key. */
  sign(message: Uint8Array): Promise<Uint8Array>;
}

/** The signer of a log: its key's name is the origin. */
export type LogSigner = Signer;

/** Signs the text of a note as the log does. */
export async function signText(signer: LogSigner, text: string): Promise<NoteSignature> {
  return { name: signer.key.name, id: signer.key.id, signature: await signer.sign(Buffer.from(text)) };
}

/**
 * Makes an Ed25519 key and writes it as PKCS 8 PEM, readable by its owner alone.
 *
 * @throws BreakwaterError `key.exists` when the file is there: a key that may have signed is never written over.
 */
export function createKeyFile(path: string): void {
  const { privateKey } = generateKeyPairSync('ed25519');
  let file: number;
  try {
    file = openSync(path, 'wx', 0o600);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    throw new BreakwaterError('key.exists', `${path} exists: a key is never written over`, path);
  }
  try {
    writeSync(file, privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/**
 * The signer whose Ed25519 key stands in a PEM file. `name` is the origin of a log or the name of a witness.
 *
 * @throws BreakwaterError `key.not-found`; `key.readable-by-others` unless the file is readable by its owner alone; `key.malformed`.
 */
export function keyFileSigner(path: string, name: string, use: 'log' | 'witness' = 'log'): Signer {
  const privateKey = readKeyFile(path);
  const { x } = createPublicKey(privateKey).export({ format: 'jwk' });
  const publicKey = new Uint8Array(Buffer.from(x ?? '', 'base64url'));
  return {
    key: verifierKey(name, use === 'log' ? ED25519 : COSIGNATURE_V1, publicKey),
    sign: (message) => Promise.resolve(new Uint8Array(sign(null, message, privateKey))),
  };
}

function openKeyFile(path: string): number {
  try {
    return openSync(path, 'r');
  } catch (error) {
    throw new BreakwaterError(
      'key.not-found',
      `${path} cannot be opened (${(error as NodeJS.ErrnoException).code})`,
      path,
    );
  }
}

function readKeyFile(path: string): KeyObject {
  const file = openKeyFile(path);
  try {
    if ((fstatSync(file).mode & 0o077) !== 0) {
      throw new BreakwaterError(
        'key.readable-by-others',
        `${path} may be read by others than its owner: chmod 600 it`,
        path,
      );
    }
    const key = createPrivateKey(readFileSync(file));
    if (key.asymmetricKeyType !== 'ed25519') throw new Error(`it is ${key.asymmetricKeyType}`);
    return key;
  } catch (error) {
    if (error instanceof BreakwaterError) throw error;
    throw new BreakwaterError('key.malformed', `${path} holds no Ed25519 private key in PKCS 8 PEM`, path);
  } finally {
    closeSync(file);
  }
}
