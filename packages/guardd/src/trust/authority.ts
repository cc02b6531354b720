/** A company's own certificate authority for what speaks to execution hosts: one folder, beside the server's data. */
import { createHash, webcrypto, X509Certificate } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadX509, newKeys, newSerial, privatePem, signing } from '../certificate.ts';
import { identityUri, type Identity } from './identity.ts';
import { writeWhole } from './write-whole.ts';

export interface IssuedCertificate {
  /** PEM. */
  readonly certificate: string;
  /** Hexadecimal, small letters. */
  readonly serial: string;
  readonly notAfter: Date;
}

export interface TrustAuthority {
  /** PEM. */
  readonly certificate: string;
  /** SHA-256 of the certificate in DER, base64url: by it a host knows the authority that it was told of. */
  readonly digest: string;
  /** Signs the key of a request (PKCS #10, PEM) under `identity`; names in the request are not looked at. Throws TypeError for what is no request. */
  issue(request: string, identity: Identity, validity: { now: Date; days: number }): Promise<IssuedCertificate>;
  /** A list (X.509 CRL, PEM) of every certificate that counts no more. */
  revocations(revoked: readonly { serial: string; at: Date }[], now: Date): Promise<string>;
}

const dayMs = 86_400_000;
const authorityYears = 20;
/** Clocks of hosts may lie behind by this much. */
const slackMs = 3_600_000;
/** A list never runs out: a host that missed a new one must still be reachable to be stopped. */
const listYears = 20;
const mostRequestBytes = 8192;

/** SHA-256 of a certificate (PEM) in DER, base64url. Throws what reading a certificate throws. */
export function certificateDigest(certificate: string): string {
  return createHash('sha256').update(new X509Certificate(certificate).raw).digest('base64url');
}

/** Opens the authority in `folder`, made there at the first time (key readable by its owner alone). */
export async function openTrustAuthority(folder: string, institution: string): Promise<TrustAuthority> {
  const files = { key: join(folder, 'key.pem'), certificate: join(folder, 'certificate.pem') };
  if (!existsSync(files.certificate)) await makeAuthority(folder, files, institution);
  const x509 = await loadX509();
  const certificate = readFileSync(files.certificate, 'utf8');
  const own = new x509.X509Certificate(certificate);
  const signingKey = await webcrypto.subtle.importKey('pkcs8', derOf(readFileSync(files.key, 'utf8')), signing, false, [
    'sign',
  ]);
  return {
    certificate,
    digest: certificateDigest(certificate),
    async issue(request, identity, { now, days }) {
      const read = await readRequest(x509, request);
      const notAfter = new Date(now.getTime() + days * dayMs);
      const serialNumber = newSerial();
      const leaf = await x509.X509CertificateGenerator.create(
        {
          serialNumber,
          subject: [{ CN: [identity.name.slice(0, 64)] }],
          issuer: own.subjectName,
          notBefore: new Date(now.getTime() - slackMs),
          notAfter,
          signingAlgorithm: signing,
          publicKey: read,
          signingKey,
          extensions: [
            new x509.BasicConstraintsExtension(false, undefined, true),
            new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
            new x509.ExtendedKeyUsageExtension(
              identity.role === 'host'
                ? [x509.ExtendedKeyUsage.serverAuth, x509.ExtendedKeyUsage.clientAuth]
                : [x509.ExtendedKeyUsage.clientAuth],
            ),
            await x509.AuthorityKeyIdentifierExtension.create(own.publicKey),
            new x509.SubjectAlternativeNameExtension([{ type: 'url', value: identityUri(identity) }]),
          ],
        },
        webcrypto,
      );
      return { certificate: `${leaf.toString('pem')}\n`, serial: serialNumber, notAfter };
    },
    async revocations(revoked, now) {
      const list = await x509.X509CrlGenerator.create(
        {
          issuer: own.subject,
          thisUpdate: now,
          nextUpdate: new Date(now.getTime() + listYears * 365 * dayMs),
          entries: revoked.map(({ serial, at }) => ({ serialNumber: serial, revocationDate: at })),
          signingAlgorithm: signing,
          signingKey,
        },
        webcrypto,
      );
      return `${list.toString('pem')}\n`;
    },
  };
}

async function makeAuthority(
  folder: string,
  files: { key: string; certificate: string },
  institution: string,
): Promise<void> {
  const x509 = await loadX509();
  const keys = await newKeys();
  const now = Date.now();
  const root = await x509.X509CertificateGenerator.createSelfSigned(
    {
      serialNumber: newSerial(),
      name: [{ CN: ['Breakwater execution hosts'] }, { O: [institution] }],
      notBefore: new Date(now - slackMs),
      notAfter: new Date(now + authorityYears * 365 * dayMs),
      signingAlgorithm: signing,
      keys,
      extensions: [
        new x509.BasicConstraintsExtension(true, 0, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
        await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      ],
    },
    webcrypto,
  );
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeWhole(files.key, await privatePem(keys.privateKey), 0o600);
  // Last, because it is what says that there is an authority.
  writeWhole(files.certificate, `${root.toString('pem')}\n`, 0o644);
}

/** The public key of a request whose owner has its private key. */
async function readRequest(
  x509: Awaited<ReturnType<typeof loadX509>>,
  text: string,
): Promise<import('@peculiar/x509').PublicKey> {
  try {
    if (text.length > mostRequestBytes) throw new Error('too long');
    const request = new x509.Pkcs10CertificateRequest(text);
    const { name, namedCurve } = request.publicKey.algorithm as { name: string; namedCurve?: string };
    if (name !== 'ECDSA' || namedCurve !== 'P-256' || !(await request.verify(webcrypto)))
      throw new Error('not verified');
    return request.publicKey;
  } catch {
    throw new TypeError('this is no certificate request (PKCS #10, PEM) of a P-256 key that signed it');
  }
}

function derOf(pem: string): Buffer {
  return Buffer.from(pem.replace(/-----[A-Z ]+-----/g, ''), 'base64');
}
