import { sql } from 'kysely';
import type { Db, Tx } from '#platform/db';

/** A certificate between servers, levers and execution hosts. */
export interface KnownCertificate {
  readonly serial: string;
  readonly role: 'server' | 'host' | 'lever';
  readonly name: string;
  readonly issuedBy: string;
  readonly issuedAt: Date;
  readonly notAfter: Date;
  readonly revokedAt: Date | null;
}

export async function insertInvitation(
  tx: Tx,
  institution: string,
  invitation: { codeHash: Buffer; host: string; by: string; until: Date },
): Promise<void> {
  const { codeHash, host, by, until } = invitation;
  await sql`delete from host_invitation where institution = ${institution} and host = ${host}`.execute(tx);
  await sql`
    insert into host_invitation (institution, code_hash, host, invited_by, expires_at)
    values (${institution}, ${codeHash}, ${host}, ${by}, ${until})`.execute(tx);
}

/** Uses a code up, and says who had given it out; null when it does not count. */
export async function useInvitation(
  tx: Tx,
  institution: string,
  host: string,
  codeHash: Buffer,
  now: Date,
): Promise<string | null> {
  const { rows } = await sql<{ invited_by: string }>`
    delete from host_invitation
    where institution = ${institution} and host = ${host} and code_hash = ${codeHash} and expires_at > ${now}
    returning invited_by`.execute(tx);
  return rows[0]?.invited_by ?? null;
}

export async function insertCertificate(
  tx: Tx,
  institution: string,
  certificate: Omit<KnownCertificate, 'revokedAt'>,
): Promise<void> {
  const { serial, role, name, issuedBy, issuedAt, notAfter } = certificate;
  await sql`
    insert into host_certificate (institution, serial, role, name, issued_by, issued_at, not_after)
    values (${institution}, ${serial}, ${role}, ${name}, ${issuedBy}, ${issuedAt}, ${notAfter})`.execute(tx);
}

/** Certificates that have not run out by `after`, newest first. */
export async function readCertificates(db: Db | Tx, institution: string, after: Date): Promise<KnownCertificate[]> {
  const { rows } = await sql<KnownCertificate>`
    select serial, role, name, issued_by as "issuedBy", issued_at as "issuedAt", not_after as "notAfter", revoked_at as "revokedAt"
    from host_certificate where institution = ${institution} and not_after > ${after}
    order by issued_at desc, serial`.execute(db);
  return rows;
}

/** Marks a certificate as revoked; null when there is none that counts. */
export async function markRevoked(
  tx: Tx,
  institution: string,
  serial: string,
  at: Date,
): Promise<Pick<KnownCertificate, 'role' | 'name'> | null> {
  const { rows } = await sql<Pick<KnownCertificate, 'role' | 'name'>>`
    update host_certificate set revoked_at = ${at}
    where institution = ${institution} and serial = ${serial} and revoked_at is null returning role, name`.execute(tx);
  return rows[0] ?? null;
}
