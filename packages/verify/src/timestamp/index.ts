/** RFC 3161 time stamps, verified offline against roots that the caller trusts. */
import { X509Certificate, createHash, hash, verify } from 'node:crypto';
import { BreakwaterError } from '@breakwater/rules';
import { X509Certificate as Names } from '@sigstore/core';
import { refusalOfSigner } from './chain.ts';
import { type Token, readToken } from './token.ts';

/**
 * `passed`: a trusted authority stated that the data existed at `time`. `failed`: the token is not over this data, was
 * changed, or is by nobody trusted. `unchecked`: it uses something this verifier does not know, or no roots were given.
 */
export type TimestampVerdict =
  | { readonly result: 'passed'; readonly time: Date; readonly authority: string }
  | { readonly result: 'failed' | 'unchecked'; readonly reason: string };

const CONTENT_TYPE = '1.2.840.113549.1.9.3';
const MESSAGE_DIGEST = '1.2.840.113549.1.9.4';
const SIGNING_CERTIFICATE = '1.2.840.113549.1.9.16.2.12';
const SIGNING_CERTIFICATE_V2 = '1.2.840.113549.1.9.16.2.47';
const TST_INFO = '1.2.840.113549.1.9.16.1.4';

/** Signature algorithms by OID: the digest they name, or `null` where the signer's digest algorithm is meant. */
const SIGNATURES: ReadonlyMap<string, string | null> = new Map([
  ['1.2.840.113549.1.1.1', null],
  ['1.2.840.113549.1.1.11', 'sha256'],
  ['1.2.840.113549.1.1.12', 'sha384'],
  ['1.2.840.113549.1.1.13', 'sha512'],
  ['1.2.840.10045.4.3.2', 'sha256'],
  ['1.2.840.10045.4.3.3', 'sha384'],
  ['1.2.840.10045.4.3.4', 'sha512'],
]);

/** Hashes of the certificate in ESSCertIDv2 by OID; SHA-256 when none is named (RFC 5816). */
const CERTIFICATE_HASHES: ReadonlyMap<string, string> = new Map([
  ['2.16.840.1.101.3.4.2.1', 'sha256'],
  ['2.16.840.1.101.3.4.2.2', 'sha384'],
  ['2.16.840.1.101.3.4.2.3', 'sha512'],
]);

/**
 * Verifies an RFC 3161 response (DER) over `data`: granted, imprint, signed attributes, signature, the certificate that
 * the token itself names, extended key usage timeStamping, and a chain of certificates valid at the time of the token up
 * to one of `roots` (from `parseRoots`). Never throws on any token. Revocation is not looked up.
 */
export function verifyTimestamp(
  response: Uint8Array,
  data: Uint8Array,
  roots: readonly X509Certificate[],
): TimestampVerdict {
  const token = attempt(() => readToken(response));
  if (typeof token === 'string') return { result: 'failed', reason: `not a usable time-stamp response: ${token}` };
  const known = SIGNATURES.get(token.signatureAlgorithm);
  if (known === undefined)
    return { result: 'unchecked', reason: `signature algorithm ${token.signatureAlgorithm} is not known here` };
  const refused = attempt(() => refusal(token, data, known ?? token.digest));
  if (refused !== null) return { result: 'failed', reason: refused };
  if (roots.length === 0)
    return { result: 'unchecked', reason: 'no trusted roots of time-stamping authorities were given' };
  const signer = signerOf(token) as X509Certificate;
  const untrusted = attempt(() => refusalOfSigner(signer, token.certificates, roots, token.time));
  if (untrusted !== null) return { result: 'failed', reason: untrusted };
  return { result: 'passed', time: token.time, authority: signer.subject.replaceAll('\n', ', ') };
}

/**
 * What a response says of itself, for a client that asked for it: the time, and whether it is over `data`. Proves
 * nothing about who made it. Throws Error when it is not one granted token.
 */
export function readTimestamp(response: Uint8Array, data: Uint8Array): { time: Date; over: boolean } {
  const token = readToken(response);
  return { time: token.time, over: isOver(token, data) };
}

/**
 * Trusted roots from PEM text of one or more certificates.
 *
 * @throws BreakwaterError `timestamp.bad-roots` when the text holds no certificate or a broken one.
 */
export function parseRoots(pem: string): X509Certificate[] {
  if (typeof pem !== 'string') throw new BreakwaterError('timestamp.bad-roots', 'the roots are PEM text');
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g) ?? [];
  if (blocks.length === 0) throw new BreakwaterError('timestamp.bad-roots', 'there is no PEM certificate in the text');
  return blocks.map((block, i) => {
    try {
      return new X509Certificate(block);
    } catch {
      throw new BreakwaterError('timestamp.bad-roots', `certificate ${i + 1} cannot be read`, `/${i}`);
    }
  });
}

/** Why the token does not say what it seems to say of the data; null when it does. */
function refusal(token: Token, data: Uint8Array, signatureDigest: string): string | null {
  if (!isOver(token, data)) return 'the token is over other data';
  const { attributes } = token;
  if (attributes.get(CONTENT_TYPE)?.toOID() !== TST_INFO) return 'the signed content type is not TSTInfo';
  if (!attributes.get(MESSAGE_DIGEST)?.value.equals(createHash(token.digest).update(token.content).digest())) {
    return 'the signed digest is not that of the token';
  }
  const signer = signerOf(token);
  if (signer === undefined) return 'the certificate of the signer is not in the token';
  if (!namesCertificate(token, signer)) return 'the token was signed for another certificate';
  if (!verify(signatureDigest, token.signedAttributes, signer.publicKey, token.signature))
    return 'the signature is not good';
  return null;
}

function isOver(token: Token, data: Uint8Array): boolean {
  return createHash(token.imprintHash).update(data).digest().equals(token.imprint);
}

function signerOf(token: Token): X509Certificate | undefined {
  return token.certificates.find((certificate) => {
    const { issuer, serialNumber } = Names.parse(Buffer.from(certificate.raw));
    return token.signer.serial === serialNumber.toString('hex') && issuer.equals(token.signer.issuer);
  });
}

/** The signed attribute that binds the token to one certificate (RFC 2634, RFC 5035), which RFC 3161 requires. */
function namesCertificate(token: Token, signer: X509Certificate): boolean {
  const v2 = token.attributes.get(SIGNING_CERTIFICATE_V2)?.subs[0]?.subs[0];
  const v1 = token.attributes.get(SIGNING_CERTIFICATE)?.subs[0]?.subs[0];
  const [first, second] = (v2 ?? v1)?.subs ?? [];
  if (first === undefined) return false;
  if (v2 === undefined) return hash('sha1', signer.raw, 'buffer').equals(first.value);
  const explicit = first.tag.constructed;
  const algorithm = explicit ? CERTIFICATE_HASHES.get(first.subs[0]?.toOID() ?? '') : 'sha256';
  const digest = explicit ? second?.value : first.value;
  return algorithm !== undefined && digest !== undefined && hash(algorithm, signer.raw, 'buffer').equals(digest);
}

/** The value, or the message of the error that a hostile token caused. */
function attempt<T>(work: () => T): T | string {
  try {
    return work();
  } catch (error) {
    return error instanceof Error ? error.message : 'it cannot be read';
  }
}
