/** The certificate authority of one run: its key lives in this process's memory and nowhere else, and dies with it. */
import { webcrypto } from 'node:crypto';
import { isIP } from 'node:net';
import { createSecureContext, type SecureContext } from 'node:tls';
import { loadX509, newKeys, newSerial, privatePem, signing } from '../../certificate.ts';

export interface OwnAuthority {
  /** PEM of the authority's certificate: what a tool in the cage must trust. */
  readonly certificate: string;
  /** What a server of this host shows. Made once for each host, at most 512 are kept. */
  contextFor(host: string): Promise<SecureContext>;
}

const mostLeaves = 512;
/** A clock of the tool's own may lie behind by this much. */
const slackMs = 3_600_000;

/** Makes an authority that is valid for `validMs` from `now` (epoch ms) on. */
export async function makeOwnAuthority(name: string, now: number, validMs: number): Promise<OwnAuthority> {
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
  } = await loadX509();
  const keys = await newKeys();
  const validity = { notBefore: new Date(now - slackMs), notAfter: new Date(now + validMs + slackMs) };
  const root = await X509CertificateGenerator.createSelfSigned(
    {
      serialNumber: newSerial(),
      name: [{ CN: [name] }, { O: ['Breakwater cage'] }],
      ...validity,
      signingAlgorithm: signing,
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
  const leafKey = await privatePem(leafKeys.privateKey);
  const certificate = root.toString('pem');

  async function makeLeaf(host: string): Promise<SecureContext> {
    const leaf = await X509CertificateGenerator.create(
      {
        serialNumber: newSerial(),
        subject: [{ CN: [host.slice(0, 64)] }],
        issuer: root.subject,
        ...validity,
        signingAlgorithm: signing,
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
