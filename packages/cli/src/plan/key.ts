import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { BreakwaterError } from '@breakwater/rules';
import type { Command } from 'commander';
import { printJson, printText, readTextFile, withExamples, withJson } from '../frame.ts';
import { requireNew, writeNewFile } from './write-new.ts';

/** `key new`. */
export function defineKeyNew(key: Command): void {
  const command = withJson(
    key
      .command('new')
      .description('Make an Ed25519 operator key: the private key in FILE (mode 0600), the public key in FILE.pub.')
      .requiredOption('--out <file>', 'where the private key goes; must not exist')
      .action(make),
  );
  withExamples(command, [
    ['./breakwater key new --out ~/.breakwater/p-17.pem', 'then have a second person enrol FILE.pub to you'],
  ]);
}

async function make({ out, json }: { out: string; json?: boolean }): Promise<void> {
  await requireNew(`${out}.pub`);
  const pair = generateKeyPairSync('ed25519');
  const publicKey = pair.publicKey.export({ type: 'spki', format: 'pem' }).toString();
  await writeNewFile(out, pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), { mode: 0o600 });
  await writeNewFile(`${out}.pub`, publicKey);
  const key = keyDigest(pair.publicKey);
  if (json === true)
    printJson({ schema: 'breakwater.key/1', key, publicKey, privateKeyFile: out, publicKeyFile: `${out}.pub` });
  else
    printText(
      `${key}\nprivate key: ${out} (keep it to yourself)\npublic key:  ${out}.pub (a second person enrols it to you)`,
    );
}

/** What a key is known by: `sha256:` and the hex SHA-256 of its SPKI DER. */
export function keyDigest(publicKey: KeyObject): string {
  return `sha256:${createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest('hex')}`;
}

/** A private operator key and its public half. */
export interface OperatorKey {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

/** Reads an Ed25519 private key. Throws BreakwaterError `key.open-to-others`, `key.malformed` or `key.not-ed25519`, or as readTextFile. */
export async function readPrivateKey(file: string): Promise<OperatorKey> {
  const pem = await readTextFile(file, 16 * 1024);
  const { mode } = await stat(file);
  if ((mode & 0o077) !== 0) {
    throw new BreakwaterError(
      'key.open-to-others',
      `${file} can be read by others, so it proves nothing: chmod 600 it, or make a new key`,
      file,
    );
  }
  let privateKey: KeyObject;
  try {
    privateKey = createPrivateKey(pem);
  } catch {
    throw new BreakwaterError(
      'key.malformed',
      `${file} holds no private key in PEM without passphrase: make one with key new`,
      file,
    );
  }
  if (privateKey.asymmetricKeyType !== 'ed25519') {
    throw new BreakwaterError(
      'key.not-ed25519',
      `${file} holds a key of type ${privateKey.asymmetricKeyType}: make an Ed25519 key with key new`,
      file,
    );
  }
  return { privateKey, publicKey: createPublicKey(privateKey) };
}
