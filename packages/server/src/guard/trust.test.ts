import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  connectGuardd,
  enrolHere,
  formatTlsAddress,
  installCertificate,
  requestCertificate,
  startGuardd,
  type Guardd,
} from '@breakwater/guardd';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openAuthStand, type AuthStand } from '../platform/auth/auth.testing.ts';
import { guardOf, trustOf } from './compose.ts';
import { guardRoutes } from './routes.ts';

let stand: AuthStand;
let guardd: Guardd | undefined;
beforeAll(async () => {
  stand = await openAuthStand({}, async (app, platform) => {
    await app.register(async (versioned) => guardRoutes(versioned, platform), { prefix: '/v1' });
  });
});
afterAll(async () => {
  await guardd?.close();
  await guardOf(stand.platform).end();
  await stand?.close();
});

const certificates = async (): Promise<{ serial: string; role: string; name: string; revokedAt: string | null }[]> =>
  (await stand.local<{ certificates: never[] }>('GET', '/v1/host-certificates')).body.certificates;

test('a host on another machine enrols by its code, once, works by TLS, is rotated, and is revoked', async () => {
  const { config } = stand;
  const runDir = join(config.dataDir, 'host', 'run');
  mkdirSync(runDir, { recursive: true });
  await expect(startGuardd({ runDir, host: 'app-1', listen: { host: '127.0.0.1', port: 0 } })).rejects.toThrow(
    /enrol it/,
  );

  // Enrolment.
  const { code } = (await stand.local<{ code: string }>('POST', '/v1/hosts/app-1/invitation')).body;
  await expect(enrolHere(runDir, 'http://10.0.0.1:8480', code)).rejects.toThrow(/travel in the clear/);
  await expect(enrolHere(runDir, stand.url, `app-2${code.slice(5)}`)).rejects.toThrow(/host.forbidden/);
  const wrongAuthority = `${code.slice(0, -43)}${'A'.repeat(43)}`;
  await expect(enrolHere(runDir, stand.url, wrongAuthority)).rejects.toThrow(/another than the one that was announced/);
  await expect(enrolHere(runDir, stand.url, code)).rejects.toThrow(/host.forbidden/);
  const again = (await stand.local<{ code: string }>('POST', '/v1/hosts/app-1/invitation')).body.code;
  expect((await enrolHere(runDir, stand.url, again)).identity).toMatchObject({ role: 'host', name: 'app-1' });
  guardd = await startGuardd({ runDir, host: 'app-1', listen: { host: '127.0.0.1', port: 0 }, log: () => undefined });

  // The server reaches it: a guard of a configuration that names it.
  await guardOf(stand.platform).end();
  const hosts = { 'app-1': `tls://127.0.0.1:${guardd.tlsPort}` };
  Object.assign(stand.platform.config, { hosts });
  const guard = guardOf(stand.platform);
  await expect.poll(() => guard.levels(), { timeout: 10_000 }).toMatchObject([{ host: 'app-1' }]);
  expect((await guard.stop(null, 'hold', 'p-1')).unreachable).toEqual(['local']);

  // Whoever has the certificate of a lever may stop until it is revoked.
  const lever = join(config.dataDir, 'lever');
  const request = await requestCertificate(lever);
  const { body } = await stand.local<{ certificate: string; authority: string }>('POST', '/v1/host-certificates', {
    name: 'night-desk',
    request,
  });
  const digest = again.slice(-43);
  installCertificate(lever, body.certificate, { certificate: body.authority, digest });
  const at = formatTlsAddress({ host: '127.0.0.1', port: guardd.tlsPort ?? 0, name: 'app-1', credentials: lever });
  const client = await connectGuardd(at);
  expect((await client.ask({ type: 'stop', run: null, lever: 'hold', by: 'night-desk' })).stopped).toEqual([]);
  await expect(client.ask({ type: 'close', run: 'r', epoch: 1 })).rejects.toThrow('role');

  const { serial = '' } = (await certificates()).find(({ role }) => role === 'lever') ?? {};
  const { trust } = trustOf(stand.platform);
  const by = { kind: 'person', id: 'p-1' } as const;
  const revoke = (of: string) =>
    stand.local<{ untold?: string[] }>('POST', `/v1/host-certificates/${of}/revoke`, { reason: 'lost' });
  expect((await revoke(serial)).body).toEqual({ serial, untold: [] });
  await client.gone;
  await expect(connectGuardd(at)).rejects.toMatchObject({ name: 'GuarddUnreachable' });
  expect((await revoke(serial)).status).toBe(404);

  // Rotation: a new certificate, and it still answers.
  const before = (await certificates()).filter(({ role }) => role === 'host').length;
  expect((await stand.local('POST', '/v1/hosts/app-1/rotate')).status).toBe(200);
  expect((await certificates()).filter(({ role }) => role === 'host')).toHaveLength(before + 1);
  expect((await guard.states('app-1', null)).length).toBe(0);

  // A server believes no host that was revoked, and gives it nothing new: it must be invited again.
  for (const { serial: of } of (await certificates()).filter(({ role }) => role === 'host'))
    await trust.revoke(of, 'gone', by);
  const asServer = formatTlsAddress({
    host: '127.0.0.1',
    port: guardd.tlsPort ?? 0,
    name: 'app-1',
    credentials: await trust.ownFolder(),
  });
  await expect(connectGuardd(asServer)).rejects.toThrow(/was revoked/);
  expect((await stand.local('POST', '/v1/hosts/app-1/rotate')).status).toBe(404);
  await trustOf(stand.platform).hosts.refresh();
  expect((await certificates()).filter(({ role, revokedAt }) => role === 'host' && revokedAt === null)).toEqual([]);

  const { rows } = await sql<{ type: string }>`
    select distinct leaf::jsonb ->> 'type' as type from evidence_outbox where leaf::jsonb ->> 'type' like 'guard.%'
    order by 1`.execute(stand.database.db);
  expect(rows.map(({ type }) => type)).toEqual([
    'guard.certificate-issued',
    'guard.certificate-revoked',
    'guard.host-enrolled',
    'guard.host-invited',
  ]);
});
