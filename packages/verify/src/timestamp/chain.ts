/** Chains of certificates from a time-stamping authority to a trusted root (RFC 5280 section 6, RFC 3161 section 2.3). */
import type { X509Certificate } from 'node:crypto';
import { X509Certificate as Extensions } from '@sigstore/core';

const TIME_STAMPING = '1.3.6.1.5.5.7.3.8';
const EXTENDED_KEY_USAGE = '2.5.29.37';
const MAX_CHAIN = 8;

/**
 * Why this certificate may not sign time stamps trusted by `roots` at `time`; null when it may.
 *
 * Revocation is not looked up: verification is offline, and RFC 3161 section 4 lets a token made before a revocation stand.
 */
export function refusalOfSigner(
  signer: X509Certificate,
  intermediates: readonly X509Certificate[],
  roots: readonly X509Certificate[],
  time: Date,
): string | null {
  const usage = new Set(signer.keyUsage);
  if (usage.size !== 1 || !usage.has(TIME_STAMPING) || !extensions(signer).extension(EXTENDED_KEY_USAGE)?.critical) {
    return 'the certificate of the signer is not for time stamping alone (a critical extended key usage)';
  }
  if (!validAt(signer, time)) return 'the certificate of the signer was not valid at that time';
  return chainTo(signer, intermediates, roots, time, 0)
    ? null
    : 'no chain of certificates that were valid at that time leads from the signer to a trusted root';
}

/** `depth` = certificates of authorities that stand below the one that is looked for. */
function chainTo(
  certificate: X509Certificate,
  intermediates: readonly X509Certificate[],
  roots: readonly X509Certificate[],
  time: Date,
  depth: number,
): boolean {
  if (roots.some((root) => root.raw.equals(certificate.raw))) return true;
  if (depth >= MAX_CHAIN) return false;
  const issues = (authority: X509Certificate): boolean =>
    certificate.checkIssued(authority) &&
    certificate.verify(authority.publicKey) &&
    validAt(authority, time) &&
    mayIssue(authority, depth);
  if (roots.some(issues)) return true;
  return intermediates.some(
    (next) => next !== certificate && issues(next) && chainTo(next, intermediates, roots, time, depth + 1),
  );
}

function mayIssue(authority: X509Certificate, depth: number): boolean {
  const { extBasicConstraints, extKeyUsage } = extensions(authority);
  const longest = extBasicConstraints?.pathLenConstraint;
  if (extBasicConstraints?.isCA !== true || (longest !== undefined && BigInt(depth) > longest)) return false;
  return extKeyUsage === undefined || extKeyUsage.keyCertSign;
}

function validAt(certificate: X509Certificate, time: Date): boolean {
  return certificate.validFromDate <= time && time <= certificate.validToDate;
}

function extensions(certificate: X509Certificate): Extensions {
  return Extensions.parse(Buffer.from(certificate.raw));
}
