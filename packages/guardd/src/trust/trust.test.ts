import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { X509Certificate } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectGuardd } from '../client.ts';
import { startGuardd, type Guardd } from '../daemon/daemon.ts';
import { openTrustAuthority, type TrustAuthority } from './authority.ts';
import { installCertificate, readCredentials, requestCertificate } from './credentials.ts';
import { readInvitation } from './enrol.ts';
import type { TrustRole } from './identity.ts';
import { formatTlsAddress, readTlsAddress } from './tls.ts';

const institution = 'hanbit-bank';
const folder = mkdtempSync(join(tmpdir(), 'breakwater-trust-'));
let authority: TrustAuthority;
let guardd: Guardd;

async function enrolled(
  name: string,
  role: TrustRole,
  { by = authority, now = new Date(), days = 30, institution: of = institution } = {},
): Promise<string> {
  const own = join(folder, 'of', name);
  const request = await requestCertificate(own);
  const { certificate } = await by.issue(request, { institution: of, role, name }, { now, days });
  installCertificate(own, certificate, by);
  return own;
}

const addressFor = (credentials: string, name = 'app-1'): string =>
  formatTlsAddress({ host: '127.0.0.1', port: guardd.tlsPort ?? 0, name, credentials });

async function askedBy(credentials: string, name?: string): Promise<string> {
  try {
    const client = await connectGuardd(addressFor(credentials, name), { timeoutMs: 3000 });
    const { host } = client.host;
    client.end();
    return host;
  } catch (error) {
    return (error as Error).message;
  }
}

beforeAll(async () => {
  authority = await openTrustAuthority(join(folder, 'authority'), institution);
  const runDir = join(folder, 'run');
  const trust = join(runDir, 'guardd', 'trust');
  const request = await requestCertificate(trust);
  const now = new Date();
  const { certificate } = await authority.issue(
    request,
    { institution, role: 'host', name: 'app-1' },
    { now, days: 30 },
  );
  installCertificate(trust, certificate, authority);
  const listen = { host: '127.0.0.1', port: 0 };
  guardd = await startGuardd({ runDir, host: 'app-1', listen, log: () => undefined });
});
afterAll(async () => {
  await guardd?.close();
  rmSync(folder, { recursive: true });
});

describe('a guardd on another host', () => {
  test('works for a server of its authority, under the name that it was enrolled with', async () => {
    const server = await enrolled('bw-1', 'server');
    expect(await askedBy(server)).toBe('app-1');
    expect(await askedBy(server, 'app-2')).toMatch(/did not prove to be the host app-2: it is the host app-1/);
  });

  test.each(['lever', 'host'] as const)('lets a %s stop, and nothing else', async (role) => {
    const client = await connectGuardd(addressFor(await enrolled(`a-${role}`, role)));
    expect(await client.ask({ type: 'stop', run: 'r', lever: 'cut', by: 'p-1' }).catch((e: Error) => e.message)).toBe(
      'guardd refused: run-unknown',
    );
    await expect(client.ask({ type: 'rollback', run: 'r', epoch: 1, by: 'p-1' })).rejects.toThrow('refused: role');
    await expect(client.ask({ type: 'certificate-request' })).rejects.toThrow('refused: role');
    client.end();
  });

  test('turns away who shows a certificate of another authority, of another company, or one that has run out', async () => {
    const other = await openTrustAuthority(join(folder, 'other'), institution);
    const stranger = await enrolled('stranger', 'server', { by: other });
    expect(await askedBy(stranger)).toMatch(/does not answer.*(?:SELF_SIGNED|unable to|UNABLE|self-signed)/);
    // Believing the right authority does not help without its certificate.
    writeFileSync(join(stranger, 'authority.pem'), authority.certificate);
    expect(await askedBy(stranger)).not.toBe('app-1');
    expect(await askedBy(await enrolled('other', 'server', { institution: 'other-bank' }))).not.toBe('app-1');
    const past = new Date(Date.now() - 40 * 86_400_000);
    expect(await askedBy(await enrolled('old', 'server', { now: past }))).not.toBe('app-1');
  });

  test('takes a new certificate and a list of the revoked from a server, and ends who is on it', async () => {
    const [server, lost] = [await enrolled('bw-2', 'server'), await enrolled('lost', 'lever')];
    const client = await connectGuardd(addressFor(server));
    const open = await connectGuardd(addressFor(lost));
    const { request } = await client.ask({ type: 'certificate-request' });
    const now = new Date();
    const { certificate, serial } = await authority.issue(
      request,
      { institution, role: 'host', name: 'app-1' },
      { now, days: 20 },
    );
    const revoked = [{ serial: new X509Certificate(readCredentials(lost).own).serialNumber.toLowerCase(), at: now }];
    const revocations = await authority.revocations(revoked, now);
    await client.ask({ type: 'certificate', certificate, revocations });
    await open.gone;
    expect(await askedBy(lost)).not.toBe('app-1');
    expect(await askedBy(server)).toBe('app-1');
    expect(
      new X509Certificate(readCredentials(join(folder, 'run', 'guardd', 'trust')).own).serialNumber.toLowerCase(),
    ).toBe(serial);
    // An older list does not bring anybody back, and nobody else's list counts.
    const other = await openTrustAuthority(join(folder, 'third'), institution);
    for (const list of [
      await authority.revocations([], new Date(now.getTime() - 5000)),
      await other.revocations([], new Date(now.getTime() + 5000)),
    ])
      await expect(client.ask({ type: 'certificate', certificate: null, revocations: list })).rejects.toThrow(
        'host-unfit',
      );
    expect(await askedBy(lost)).not.toBe('app-1');
    client.end();
  });
});

test('nothing but a certificate of the requested key, and of the announced authority, is put in use', async () => {
  const own = join(folder, 'fresh');
  const request = await requestCertificate(own);
  const who = { institution, role: 'host', name: 'app-3' } as const;
  const validity = { now: new Date(), days: 1 };
  const { certificate } = await authority.issue(request, who, validity);
  expect(() => installCertificate(own, certificate, { ...authority, digest: 'x' })).toThrow('another than the one');
  await requestCertificate(own);
  expect(() => installCertificate(own, certificate, authority)).toThrow('of another key');
  await expect(authority.issue('no request', who, validity)).rejects.toThrow(TypeError);
});

test('an address and an invitation are read as they were written; anything else is none', () => {
  const address = { host: '::1', port: 8490, name: 'app-1', credentials: '/var/lib/a folder/&x' };
  expect(readTlsAddress(formatTlsAddress(address))).toEqual(address);
  expect(readTlsAddress('/run/breakwater/orchestrator.sock')).toBeNull();
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(readInvitation(text)).toBeNull();
      readTlsAddress(`tls://${text}`);
    }),
  );
});
