/** Who is who between servers, levers and execution hosts of other machines: enrolment, rotation, revocation. */
import { hostname } from 'node:os';
import { join } from 'node:path';
import {
  hasCredentials,
  installCertificate,
  openTrustAuthority,
  readCredentials,
  requestCertificate,
  takeRevocations,
  type GuarddClient,
  type TrustAuthority,
} from '@breakwater/guardd';
import { BreakwaterError } from '@breakwater/rules';
import type { Actor } from '@breakwater/rules/evidence/record';
import { certificateIssued, certificateRevoked, hostInvited } from '@breakwater/rules/guard/record';
import * as evidence from '#evidence';
import { newSecret, secretHash } from '#platform/auth';
import { inTransaction, type Db, type Tx } from '#platform/db';
import { enrolHostIn } from './hosts.ts';
import {
  insertCertificate,
  insertInvitation,
  markRevoked,
  readCertificates,
  useInvitation,
  type KnownCertificate,
} from './store-trust.ts';

const dayMs = 86_400_000;
/** Certificates are short-lived and renewed when a third of their life is left. */
const daysOf = { server: 30, host: 30, lever: 90 } as const;
const invitationMs = 3_600_000;

/** Certificates that fall due are renewed without anybody. */
const itself: Actor = { kind: 'system', id: 'server' };

type Role = KnownCertificate['role'];

export interface Issued {
  readonly certificate: string;
  /** PEM of the authority that signed it, and the SHA-256 of it in DER, base64url. */
  readonly authority: string;
  readonly digest: string;
}

export interface Trust {
  /** A code by which `host` enrols itself once within an hour: it holds a secret. */
  invite(host: string, by: Actor): Promise<{ code: string; until: Date }>;
  /** Enrols a host that shows its code. Throws BreakwaterError `host.not-invited`, `host.bad-request` or `host.bad-key`. */
  enrol(given: { host: string; secret: string; request: string; publicKey: string }): Promise<Issued>;
  /** A certificate for somebody who may stop, and nothing else. Throws BreakwaterError `host.bad-request`. */
  lever(name: string, request: string, by: Actor): Promise<Issued>;
  /** Revokes a certificate. Throws BreakwaterError `certificate.not-found`. */
  revoke(serial: string, reason: string, by: Actor): Promise<void>;
  list(): Promise<KnownCertificate[]>;
  /** The folder with the credentials of this server, which count for at least a third of their life. */
  ownFolder(): Promise<string>;
  /**
   * Gives a connected host what is new: revocations always, a certificate when it is due or `force` is set. False: the host
   * has no certificate that counts, and gets none before it is invited again.
   */
  refresh(name: string, host: Pick<GuarddClient, 'ask'>, force?: boolean): Promise<boolean>;
}

/** `folder`: below dataDir. The authority is made there when it is first needed. */
export function openTrust(db: Db, institution: string, folder: string, now: () => Date): Trust {
  let opened: Promise<TrustAuthority> | null = null;
  const authority = (): Promise<TrustAuthority> =>
    (opened ??= openTrustAuthority(join(folder, 'authority'), institution));
  const own = join(folder, 'server');
  const serverName = hostname().replace(/[^A-Za-z0-9._-]/g, '-') || 'server';

  async function issue(tx: Tx, role: Role, name: string, request: string, by: Actor): Promise<string> {
    const at = now();
    const issued = await (
      await authority()
    )
      .issue(request, { institution, role, name }, { now: at, days: daysOf[role] })
      .catch((error: unknown) => {
        throw error instanceof TypeError ? new BreakwaterError('host.bad-request', error.message, '/request') : error;
      });
    const { certificate, serial, notAfter } = issued;
    await insertCertificate(tx, institution, { serial, role, name, issuedBy: by.id, issuedAt: at, notAfter });
    await tell(tx, certificateIssued.type, name, by, at, {
      serial,
      role,
      name,
      by: by.id,
      notAfter: notAfter.toISOString(),
    });
    return certificate;
  }

  async function tell(
    tx: Tx,
    type: string,
    host: string,
    actor: Actor,
    at: Date,
    payload: Record<string, string>,
  ): Promise<void> {
    await evidence.append(tx, { type, institution, subjects: { host }, actor, at: at.toISOString(), payload });
  }

  async function currentList(): Promise<string> {
    const revoked = (await readCertificates(db, institution, now())).flatMap(({ serial, revokedAt }) =>
      revokedAt === null ? [] : [{ serial, at: revokedAt }],
    );
    return (await authority()).revocations(revoked, now());
  }

  async function withAuthority(certificate: string): Promise<Issued> {
    const { certificate: root, digest } = await authority();
    return { certificate, authority: root, digest };
  }

  const due = (role: Role, notAfter: Date): boolean =>
    notAfter.getTime() - now().getTime() < (daysOf[role] * dayMs) / 3;

  return {
    async invite(host, by) {
      const [secret, at] = [newSecret(), now()];
      const until = new Date(at.getTime() + invitationMs);
      const { digest } = await authority();
      await inTransaction(db, async (tx) => {
        await insertInvitation(tx, institution, { codeHash: secretHash(secret), host, by: by.id, until });
        await tell(tx, hostInvited.type, host, by, at, { host, by: by.id, until: until.toISOString() });
      });
      return { code: `${host}.${secret}.${digest}`, until };
    },
    async enrol({ host, secret, request, publicKey }) {
      const certificate = await inTransaction(db, async (tx) => {
        const by = await useInvitation(tx, institution, host, secretHash(secret), now());
        if (by === null)
          throw new BreakwaterError(
            'host.forbidden',
            'this code was used, is too old, or is of another host',
            '/secret',
          );
        await enrolHostIn(tx, institution, { host, publicKey, by });
        return issue(tx, 'host', host, request, { kind: 'person', id: by });
      });
      return withAuthority(certificate);
    },
    async lever(name, request, by) {
      const certificate = await inTransaction(db, (tx) => issue(tx, 'lever', name, request, by));
      return withAuthority(certificate);
    },
    async revoke(serial, reason, by) {
      await inTransaction(db, async (tx) => {
        const revoked = await markRevoked(tx, institution, serial, now());
        if (revoked === null)
          throw new BreakwaterError('certificate.not-found', `no certificate ${serial} that counts`, '/serial');
        await tell(tx, certificateRevoked.type, revoked.name, by, now(), { serial, ...revoked, by: by.id, reason });
      });
      if (hasCredentials(own)) await takeRevocations(own, await currentList());
    },
    list: () => readCertificates(db, institution, now()),
    async ownFolder() {
      if (hasCredentials(own) && !due('server', readCredentials(own).notAfter)) return own;
      const request = await requestCertificate(own);
      const certificate = await inTransaction(db, (tx) => issue(tx, 'server', serverName, request, itself));
      installCertificate(own, certificate, await authority());
      await takeRevocations(own, await currentList());
      return own;
    },
    async refresh(name, host, force = false) {
      const known = (await readCertificates(db, institution, now())).find(
        (one) => one.role === 'host' && one.name === name && one.revokedAt === null,
      );
      const revocations = await currentList();
      if (known === undefined && force)
        throw new BreakwaterError(
          'certificate.not-found',
          `${name} has no certificate that counts: invite it`,
          '/host',
        );
      if (known === undefined || !(force || due('host', known.notAfter))) {
        await host.ask({ type: 'certificate', certificate: null, revocations });
        return known !== undefined;
      }
      const { request } = await host.ask({ type: 'certificate-request' });
      const certificate = await inTransaction(db, (tx) => issue(tx, 'host', name, request, itself));
      await host.ask({ type: 'certificate', certificate, revocations });
      return true;
    },
  };
}
