/** What one side shows and believes: a folder with key, certificate, authority and the list of what was revoked. */
import { createPrivateKey, webcrypto, X509Certificate } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { loadX509, newKeys, privatePem, signing } from '../certificate.ts';
import { certificateDigest } from './authority.ts';
import { identityOf, type Identity } from './identity.ts';
import { writeWhole } from './write-whole.ts';

export interface Credentials {
  /** Private key and certificate, PEM: a secret. */
  readonly own: string;
  readonly authority: string;
  readonly identity: Identity;
  readonly notAfter: Date;
  /** Serial numbers that count no more, hexadecimal in small letters. */
  readonly revoked: ReadonlySet<string>;
}

/** Certificate, authority or list that does not fit to what is there. */
export class NotTrusted extends Error {
  override readonly name = 'NotTrusted';
}

const file = (folder: string, name: 'identity' | 'next-key' | 'authority' | 'revocations'): string =>
  join(folder, `${name}.pem`);

/** Makes the next key in `folder` (0600) and answers a request (PKCS #10, PEM) for its certificate. The key in use stays. */
export async function requestCertificate(folder: string): Promise<string> {
  const { Pkcs10CertificateRequestGenerator } = await loadX509();
  const keys = await newKeys();
  const request = await Pkcs10CertificateRequestGenerator.create(
    { name: 'CN=breakwater', keys, signingAlgorithm: signing },
    webcrypto,
  );
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeWhole(file(folder, 'next-key'), await privatePem(keys.privateKey), 0o600);
  return `${request.toString('pem')}\n`;
}

/**
 * Puts the certificate of the next key in use. `announced` is the authority, given the first time, with the digest that it must have; later
 * the one in the folder signs. Throws NotTrusted, and then nothing has changed.
 */
export function installCertificate(
  folder: string,
  certificate: string,
  announced?: { certificate: string; digest: string },
): Credentials {
  const authority = announced?.certificate ?? readFileSync(file(folder, 'authority'), 'utf8');
  if (announced !== undefined && certificateDigest(announced.certificate) !== announced.digest)
    throw new NotTrusted('the authority is another than the one that was announced');
  const leaf = new X509Certificate(certificate);
  const root = new X509Certificate(authority);
  if (!leaf.verify(root.publicKey) || identityOf(leaf) === null)
    throw new NotTrusted('the certificate is not of this authority');
  if (!leaf.checkPrivateKey(createPrivateKey(readFileSync(file(folder, 'next-key')))))
    throw new NotTrusted('the certificate is of another key');
  if (announced !== undefined) writeWhole(file(folder, 'authority'), authority, 0o644);
  // One file, so that there is never a key with another's certificate.
  writeWhole(file(folder, 'identity'), readFileSync(file(folder, 'next-key'), 'utf8') + certificate, 0o600);
  unlinkSync(file(folder, 'next-key'));
  return readCredentials(folder);
}

/** Reads a folder of credentials. Throws NotTrusted where it has none. */
export function readCredentials(folder: string): Credentials {
  try {
    const own = readFileSync(file(folder, 'identity'), 'utf8');
    const leaf = new X509Certificate(own);
    const identity = identityOf(leaf);
    if (identity === null) throw new NotTrusted(`${folder}: the certificate names nobody`);
    return {
      own,
      authority: readFileSync(file(folder, 'authority'), 'utf8'),
      identity,
      notAfter: leaf.validToDate,
      revoked: readRevoked(folder),
    };
  } catch (error) {
    if (error instanceof NotTrusted) throw error;
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'not a certificate';
    throw new NotTrusted(`${folder} holds no certificate of an execution host (${code}): enrol it`);
  }
}

/** Whether there are credentials in a folder. */
export function hasCredentials(folder: string): boolean {
  return existsSync(file(folder, 'identity'));
}

/**
 * Keeps a list of what was revoked, when the authority signed it and it is not older than the one that is kept. Throws NotTrusted.
 */
export async function takeRevocations(folder: string, list: string): Promise<void> {
  const { X509Certificate: Certificate, X509Crl } = await loadX509();
  let given;
  try {
    given = new X509Crl(list);
  } catch {
    throw new NotTrusted('this is no list of revoked certificates');
  }
  const authority = new Certificate(readFileSync(file(folder, 'authority'), 'utf8'));
  if (!(await given.verify({ publicKey: authority }, webcrypto)))
    throw new NotTrusted('the list of revoked certificates is not of this authority');
  const path = file(folder, 'revocations');
  if (existsSync(path) && new X509Crl(readFileSync(path, 'utf8')).thisUpdate > given.thisUpdate)
    throw new NotTrusted('the list of revoked certificates is older than the one that is kept');
  const serials = given.entries.map(({ serialNumber }) => serialNumber.toLowerCase());
  writeWhole(path, list, 0o644);
  writeWhole(join(folder, 'revoked.json'), JSON.stringify(serials), 0o644);
}

/** The serial numbers of the list that was taken: read at each connection, so without the library of certificates. */
function readRevoked(folder: string): ReadonlySet<string> {
  const path = join(folder, 'revoked.json');
  return new Set(existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as string[]) : []);
}
