/**
 * Recipients' telephone numbers: encrypted under a key of their sending, found again by a keyed hash.
 *
 * Korean mobile numbers are only 10^8, so a bare hash could be tried out in minutes; the pepper keeps that from whoever has
 * the database alone. Destroying a sending's data key makes its numbers unreadable, in backups too; the hashes stay, so
 * that "was this number notified?" can still be answered.
 */
import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';

/** The secrets behind all sendings of an installation. */
export type RecipientSecrets = { keyEncryptionKey: Buffer; pepper: Buffer };

const secretsFile = z.strictObject({ keyEncryptionKey: z.base64().length(44), pepper: z.base64().length(44) });

/** Reads the secrets from `path`, and makes them when there are none; the file can be read by its owner only. */
export function openRecipientSecrets(path: string): RecipientSecrets {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  makeSecrets(path);
  const read = secretsFile.parse(JSON.parse(readFileSync(path, 'utf8')));
  return { keyEncryptionKey: Buffer.from(read.keyEncryptionKey, 'base64'), pepper: Buffer.from(read.pepper, 'base64') };
}

function makeSecrets(path: string): void {
  const secret = (): string => randomBytes(32).toString('base64');
  try {
    const file = openSync(path, 'wx', 0o600);
    writeSync(file, `${JSON.stringify({ keyEncryptionKey: secret(), pepper: secret() })}\n`);
    fsyncSync(file);
    closeSync(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

/** The name of a recipient in one sending: 160 bits of a keyed hash, the same for the same address. */
export function recipientKey(pepper: Buffer, sending: string, number: string): string {
  return createHmac('sha256', pepper)
    .update(`breakwater.recipient/1\0${sending}\0${number}`)
    .digest('hex')
    .slice(0, 40);
}

/** The name under which an address is kept from notices, the same in every sending of an institution. */
export function suppressionKey(pepper: Buffer, institution: string, address: string): string {
  return createHmac('sha256', pepper)
    .update(`breakwater.suppression/1\0${institution}\0${address}`)
    .digest('hex')
    .slice(0, 40);
}

/** Encrypts a number, bound to the recipient it belongs to. */
export function sealNumber(dataKey: Buffer, key: string, number: string): Buffer {
  return seal(dataKey, key, Buffer.from(number));
}

export function unsealNumber(dataKey: Buffer, key: string, sealed: Buffer): string {
  return unseal(dataKey, key, sealed).toString();
}

/** Encrypts the number of one who wrote to the company, bound to what was written. */
export function sealContact(secrets: RecipientSecrets, context: string, number: string): Buffer {
  return seal(secrets.keyEncryptionKey, `contact\0${context}`, Buffer.from(number));
}

export function unsealContact(secrets: RecipientSecrets, context: string, sealed: Buffer): string {
  return unseal(secrets.keyEncryptionKey, `contact\0${context}`, sealed).toString();
}

/** AES-256-GCM: 12 bytes of nonce, 16 of tag, then the text. `context` cannot be changed without being noticed. */
export function seal(key: Buffer, context: string, plain: Buffer): Buffer {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(context));
  const text = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), text]);
}

/** Opens what {@link seal} made. Throws when the key, the context or a byte is another. */
export function unseal(key: Buffer, context: string, sealed: Buffer): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, 12)).setAAD(Buffer.from(context));
  decipher.setAuthTag(sealed.subarray(12, 28));
  return Buffer.concat([decipher.update(sealed.subarray(28)), decipher.final()]);
}
