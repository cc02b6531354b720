/** Who holds a certificate of a company's authority: one URI in it says so, and nothing else in it is believed. */
import type { X509Certificate } from 'node:crypto';

/** `server` plans, works and stops; `host` is a guardd; `lever` stops. Whoever holds any certificate may stop. */
export const trustRoles = ['server', 'host', 'lever'] as const;
export type TrustRole = (typeof trustRoles)[number];

export interface Identity {
  readonly institution: string;
  readonly role: TrustRole;
  readonly name: string;
}

const word = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;

/** `urn:breakwater:hanbit-bank:host:bank-app-1`. Throws TypeError for a name that does not fit into it. */
export function identityUri({ institution, role, name }: Identity): string {
  for (const part of [institution, name])
    if (!word.test(part)) throw new TypeError(`${JSON.stringify(part)} is no name for a certificate`);
  return `urn:breakwater:${institution}:${role}:${name}`;
}

/** The identity in a certificate; null where it has none, or more names than that one. */
export function identityOf(certificate: X509Certificate): Identity | null {
  const [, institution, role, name] =
    /^URI:urn:breakwater:([A-Za-z0-9._-]+):([a-z]+):([A-Za-z0-9._-]+)$/.exec(certificate.subjectAltName ?? '') ?? [];
  const known = trustRoles.find((one) => one === role);
  return institution === undefined || name === undefined || known === undefined
    ? null
    : { institution, role: known, name };
}
