/** The certificate authority of one run: its key lives in this process's memory and nowhere else, and dies with it. */
import { randomBytes, webcrypto } from 'node:crypto';
import { isIP } from 'node:net';
import { createSecureContext, type SecureContext } from 'node:tls';

export interface OwnAuthority {
  /** PEM of the authority's certificate: what a tool in the cage must trust. */
  readonly certificate: string;
  /** What a server of this host shows. Made once for each host, at most 512 are kept. */
  contextFor(host: string): Promise<SecureContext>;
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const mostLeaves = 512;
/** A clock of the tool's own may lie behind by this much. */
const slackMs = 3_600_000;

/** Makes an authority that is valid for `validMs` from `now` (epoch ms) on. */
export async function makeOwnAuthority(name: string, now: number, validMs: number): Promise<OwnAuthority> {
  // The library wants reflection metadata to be there first; both are loaded by who makes certificates only.
  await import('reflect-metadata');
  const {
    AuthorityKeyIdentifierExtension,
    BasicConstraintsExtension,
    ExtendedKeyUsage,
    ExtendedKeyUsageExtension,
    KeyUsageFlags,
    KeyUsagesExtension,
    SubjectAlternativeNameExtension,
    SubjectKeyIdentifierExtension,
    X509CertificateGenerator,
  } = await import('@peculiar/x509');
  const keys = await newKeys();
  const validity = { notBefore: new Date(now - slackMs), notAfter: new Date(now + validMs + slackMs) };
  const root = await X509CertificateGenerator.createSelfSigned(
    {
      serialNumber: newSerial(),
      name: [{ CN: [name] }, { O: ['Breakwater cage'] }],
      ...validity,
      signingAlgorithm: algorithm,
      keys,
      extensions: [
        new BasicConstraintsExtension(true, 0, true),
        new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
        await SubjectKeyIdentifierExtension.create(keys.publicKey),
      ],
    },
    webcrypto,
  );
  // One key for all leaves: it says nothing of a host, and making one takes longer than signing.
  const leafKeys = await newKeys();
  const leafKey = pem('PRIVATE KEY', await webcrypto.subtle.exportKey('pkcs8', leafKeys.privateKey));
  const certificate = root.toString('pem');

  async function makeLeaf(host: string): Promise<SecureContext> {
    const leaf = await X509CertificateGenerator.create(
      {
        serialNumber: newSerial(),
        subject: [{ CN: [host.slice(0, 64)] }],
        issuer: root.subject,
        ...validity,
        signingAlgorithm: algorithm,
        publicKey: leafKeys.publicKey,
        signingKey: keys.privateKey,
        extensions: [
          new BasicConstraintsExtension(false, undefined, true),
          new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
          new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
          await AuthorityKeyIdentifierExtension.create(keys.publicKey),
          new SubjectAlternativeNameExtension([{ type: isIP(host) === 0 ? 'dns' : 'ip', value: host }]),
        ],
      },
      webcrypto,
    );
    return createSecureContext({
      key: leafKey,
      cert: `${leaf.toString('pem')}\n${certificate}`,
      minVersion: 'TLSv1.2',
    });
  }

  const leaves = new Map<string, Promise<SecureContext>>();
  return {
    certificate,
    contextFor(host) {
      const known = leaves.get(host);
      if (known !== undefined) return known;
      const [oldest] = leaves.keys();
      if (leaves.size >= mostLeaves && oldest !== undefined) leaves.delete(oldest);
      const made = makeLeaf(host);
      leaves.set(host, made);
      return made;
    },
  };
}

async function newKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
}

/** 127 random bits, positive (RFC 5280, section 4.1.2.2). */
function newSerial(): string {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return bytes.toString('hex');
}

function pem(label: string, der: ArrayBuffer): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}
