/** The parts of an RFC 3161 response, read from its DER by @sigstore/core and checked for shape, not yet for truth. */
import { X509Certificate } from 'node:crypto';
import { ASN1Obj, RFC3161Timestamp } from '@sigstore/core';

export interface Token {
  /** What the authority says the time was. */
  readonly time: Date;
  /** OpenSSL name of the imprint's hash. */
  readonly imprintHash: string;
  readonly imprint: Uint8Array;
  /** The DER of TSTInfo, over which the digest in the signed attributes goes. */
  readonly content: Buffer;
  /** The signed attributes as they were signed, as a SET. */
  readonly signedAttributes: Buffer;
  /** Values of the signed attributes by OID. */
  readonly attributes: ReadonlyMap<string, ASN1Obj>;
  /** OpenSSL name of the digest over `content`. */
  readonly digest: string;
  readonly signatureAlgorithm: string;
  readonly signature: Buffer;
  /** Issuer name in DER and serial number of the signer's certificate. */
  readonly signer: { readonly issuer: Buffer; readonly serial: string };
  readonly certificates: readonly X509Certificate[];
}

const MAX_BYTES = 262_144;
const SIGNED_DATA = '1.2.840.113549.1.7.2';
const TST_INFO = '1.2.840.113549.1.9.16.1.4';
const GRANTED = [0n, 1n];

/** Reads a time-stamp response. Throws Error with the reason when it is not one granted token in DER. */
export function readToken(der: Uint8Array): Token {
  if (der.length > MAX_BYTES) throw new Error(`it has more than ${MAX_BYTES} bytes`);
  const response = RFC3161Timestamp.parse(Buffer.from(der));
  if (!GRANTED.includes(response.status)) throw new Error(`the authority refused: status ${response.status}`);
  if (response.contentType !== SIGNED_DATA || response.eContentType !== TST_INFO)
    throw new Error('it holds no time-stamp token');
  const info = response.tstInfo;
  if (info.version !== 1n) throw new Error('its TSTInfo is not of version 1');
  const signedData = part(part(response.root.subs[1]).subs.find((sub) => sub.tag.isContextSpecific(0))).subs[0];
  const { signerInfo, certificates } = readSignedData(part(signedData));
  const attributes = part(signerInfo.subs.find((sub) => sub.tag.isContextSpecific(0)));
  return {
    time: info.genTime,
    imprintHash: known(info.messageImprintHashAlgorithm, 'imprint'),
    imprint: info.messageImprintHashedMessage,
    content: info.raw,
    signedAttributes: asSet(attributes.toDER()),
    attributes: readAttributes(attributes),
    digest: known(response.signerDigestAlgorithm, 'digest'),
    signatureAlgorithm: part(part(signerInfo.subs[4]).subs[0]).toOID(),
    signature: response.signatureValue,
    signer: { issuer: response.signerIssuer, serial: response.signerSerialNumber.toString('hex') },
    certificates,
  };
}

function readSignedData(signedData: ASN1Obj): { signerInfo: ASN1Obj; certificates: X509Certificate[] } {
  const signers = part(signedData.subs.at(-1)).subs;
  if (signers.length !== 1) throw new Error('it does not have exactly one signer');
  const embedded = signedData.subs.find((sub) => sub.tag.isContextSpecific(0))?.subs ?? [];
  return {
    signerInfo: part(signers[0]),
    certificates: embedded.map((certificate) => new X509Certificate(certificate.toDER())),
  };
}

function readAttributes(attributes: ASN1Obj): Map<string, ASN1Obj> {
  const values = new Map<string, ASN1Obj>();
  for (const attribute of attributes.subs) {
    const oid = part(attribute.subs[0]).toOID();
    const [value, ...more] = part(attribute.subs[1]).subs;
    if (value === undefined || more.length > 0 || values.has(oid))
      throw new Error(`signed attribute ${oid} has not one value`);
    values.set(oid, value);
  }
  return values;
}

/** Signed attributes are hashed with the tag of a SET in place of their own (RFC 5652 section 5.4). */
function asSet(der: Buffer): Buffer {
  der[0] = 0x31;
  return der;
}

function part(object: ASN1Obj | undefined): ASN1Obj {
  if (object === undefined) throw new Error('a part of it is missing');
  return object;
}

function known(algorithm: string | undefined, what: string): string {
  if (algorithm === undefined) throw new Error(`its ${what} is not SHA-256, SHA-384 or SHA-512`);
  return algorithm;
}
