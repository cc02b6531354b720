import { createPublicKey, hash } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { EvidenceRecord } from '@breakwater/rules/evidence';
import { approvalBytes } from '@breakwater/rules/plan';
import { readContainer, verifyDossier } from '@breakwater/verify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { after, before, journalDrafts, run } from '../../../../conformance/dossier/course.ts';
import { hashOfPlan, plan } from '../../../../conformance/dossier/plan.ts';
import { keys } from '../../../../conformance/dossier/trust.ts';
import { assessmentsOf } from '#criteria';
import { evidenceLog, recordsAbout } from '#evidence';
import { type Http, createHttp } from '#platform/http';
import { createLog, createMetrics } from '#platform/telemetry';
import {
  classifyCause,
  declareFault,
  dossierBytes,
  dossiersOf,
  exportDossier,
  renderDossier,
  trustOf,
} from './index.ts';
import { makeAuthenticator } from '../platform/auth/authenticator.testing.ts';
import { type TestPlatform, institution, testPlatform } from './review.testing.ts';
import { reviewRoutes } from './routes.ts';

const asOf = '2026-11-17T00:00:00+09:00';
/** Everything that happened in the example, from the plan to the last declaration. */
const exampleEntries = () => [...before(), ...journalDrafts(0), ...after()];
let at: TestPlatform;
beforeAll(async () => {
  at = await testPlatform();
  const entries = exampleEntries();
  const foreign = (name: string) =>
    entries
      .filter(({ type }) => type === 'run.requested')
      .map((entry) => ({
        ...entry,
        subjects: { run: name },
        payload: { ...(entry.payload as object), run: name, by: 'secret-of-another-run' },
      }));
  await at.append(foreign('old'));
  await at.append(entries.slice(0, 10));
  await at.append(
    [
      {
        type: 'run.requested',
        actor: { kind: 'system', id: 'x' },
        at: '2026-10-01T00:00:00Z',
        subjects: { run },
        payload: { secret: 'of another bank' },
      },
    ],
    'other-bank',
  );
  await at.append(foreign('other'));
  await at.append(entries.slice(10));
});
afterAll(() => at.close());

const exported = () => exportDossier(at.platform, { run, pack: null, asOf });
const recordsIn = (zip: Uint8Array): EvidenceRecord[] =>
  readContainer(zip)
    .filter(({ path }) => path.startsWith('records/'))
    .map(({ bytes }) => JSON.parse(new TextDecoder().decode(bytes)) as EvidenceRecord);

describe('an exported dossier', () => {
  test('verifies with the policy of the server and the keys of the persons', async () => {
    const { zip, row } = await exported();
    const { policy } = await trustOf(at.platform, run);
    const { checks, result } = await verifyDossier(zip, { policy, keys });
    expect(checks.filter((check) => check.result !== 'passed')).toEqual([]);
    expect(result).toBe('passed');
    expect(row).toMatchObject({ run, firstIndex: 4 });
    expect(await dossierBytes(at.platform, row.manifest)).toEqual(Buffer.from(zip));
  });

  test('holds a range without a gap, and nothing of other runs or institutions but that it is there', async () => {
    const { zip, row } = await exported();
    const records = recordsIn(zip);
    expect(records.map(({ index }) => index)).toEqual(
      Array.from({ length: row.endIndex - row.firstIndex }, (_, i) => row.firstIndex + i),
    );
    expect(new TextDecoder().decode(zip)).not.toContain('secret');
    expect(records.filter((record) => 'leafHash' in record)).toHaveLength(2);
    for (const record of records) if ('leaf' in record) expect(record.leaf.institution).toBe(institution);
  });

  test('holds the record of its own assessment, and its sealing is recorded after it', async () => {
    const { zip, row, assessment } = await exported();
    const made = (await assessmentsOf(at.platform.db, institution, run)).find(
      (one) => one.assessment.facts === assessment.facts,
    );
    expect(recordsIn(zip)).toContainEqual(
      expect.objectContaining({
        payload: expect.objectContaining({ run, facts: assessment.facts, assessment: made?.digest }),
      }),
    );
    await evidenceLog(at.platform).flush();
    const sealed = (await recordsAbout(at.platform.db, { run })).filter(
      (record) => 'leaf' in record && record.leaf.type === 'review.dossier-sealed',
    );
    expect(sealed.at(-1)).toMatchObject({
      payload: { run, manifest: row.manifest, firstIndex: row.firstIndex, endIndex: row.endIndex },
    });
    expect(sealed.at(-1)?.index).toBeGreaterThanOrEqual(row.endIndex);
  });

  test('has a PDF that anyone renders again from its members to the same bytes', async () => {
    const { zip, pdf } = await exported();
    const members = readContainer(zip).filter(
      ({ path }) => path !== 'dossier.pdf' && path !== 'manifest.json' && !path.startsWith('seal/'),
    );
    expect(Buffer.from(await renderDossier(members)).equals(Buffer.from(pdf))).toBe(true);
  });

  test('stays as it was when another is exported, and a changed or lost file is not given out', async () => {
    const [first, second] = [await exported(), await exported()];
    const listed = (await dossiersOf(at.platform, run)).map(({ manifest }) => manifest);
    expect(listed).toEqual(expect.arrayContaining([first.row.manifest, second.row.manifest]));
    const file = join(at.platform.config.dataDir, 'dossiers', second.row.file);
    await writeFile(file, 'something else');
    await expect(dossierBytes(at.platform, second.row.manifest)).rejects.toMatchObject({ code: 'dossier.unavailable' });
    await rm(file);
    await expect(dossierBytes(at.platform, second.row.manifest)).rejects.toMatchObject({ code: 'dossier.unavailable' });
    expect(await dossierBytes(at.platform, first.row.manifest)).toEqual(Buffer.from(first.zip));
  });

  test.each([
    ['an unknown run', { run: 'no-such-run', pack: null, asOf }, 'run.not-found'],
    ['an unknown pack', { run, pack: 'no-such-pack', asOf }, 'pack.unknown'],
    ['a time that is none', { run, pack: null, asOf: 'yesterday' }, /^as-of\./],
  ])('is refused for %s', async (_, request, code) => {
    await expect(exportDossier(at.platform, request)).rejects.toMatchObject({ code: expect.stringMatching(code) });
  });
});

describe('declarations', () => {
  test('change the facts of the next dossier, and both statements stay in the log', async () => {
    const declared = {
      intent: false,
      grossNegligence: null,
      privateInterest: true,
      proceduralDefect: false,
      consumerLossSerious: false,
      consumerDamage: true,
    };
    await declareFault(
      at.platform.db,
      institution,
      { run, subject: institution, declared, by: 'p-17' },
      at.clock.now(),
    );
    await classifyCause(
      at.platform.db,
      institution,
      { run, disruption: 'd-1', cause: 'mixed', evidence: ['probe'], by: 'p-17' },
      at.clock.now(),
    );
    const { zip, assessment } = await exported();
    const finding = assessment.findings.find(({ criterion }) => criterion === 'general.gross-negligence');
    expect(finding?.status).not.toBe('met');
    const statements = recordsIn(zip).filter(
      (record) => 'leaf' in record && record.leaf.type === 'review.fault-declared',
    );
    expect(statements).toHaveLength(2);
  });
});

describe('over HTTP', () => {
  let app: Http;
  beforeAll(async () => {
    const options = {
      log: createLog('silent'),
      metrics: createMetrics(),
      access: { token: 'secret' },
      bodyLimitBytes: 65_536,
      requestTimeoutSeconds: 10,
    };
    app = await createHttp(options);
    reviewRoutes(app, at.platform);
  });
  afterAll(() => app.close());
  const headers = { authorization: 'Bearer secret' };

  test('a dossier is exported, listed and fetched', async () => {
    const made = await app.inject({ method: 'POST', url: `/runs/${run}/dossiers`, headers, payload: { asOf } });
    expect(made.statusCode).toBe(200);
    const { dossier } = made.json<{ dossier: { manifest: string } }>();
    const listed = await app.inject({ url: `/runs/${run}/dossiers`, headers });
    expect(listed.json<{ dossiers: unknown[] }>().dossiers).toContainEqual(dossier);
    const fetched = await app.inject({ url: `/dossiers/${dossier.manifest}`, headers });
    expect(fetched.headers['content-type']).toBe('application/zip');
    const { policy, keys: known } = (await app.inject({ url: `/runs/${run}/trust`, headers })).json<{
      policy: string;
      keys: unknown;
    }>();
    expect(policy).toMatch(/^log /);
    expect(known).toMatchObject({ schema: 'breakwater.keys/1' });
    expect((await verifyDossier(new Uint8Array(fetched.rawPayload), { policy, keys })).result).toBe('passed');
  });

  test('nothing is given to whoever shows no token, and what is not there is 404', async () => {
    expect((await app.inject({ url: `/runs/${run}/dossiers` })).statusCode).toBe(401);
    expect((await app.inject({ url: `/dossiers/sha256:${'0'.repeat(64)}`, headers })).statusCode).toBe(404);
    expect((await app.inject({ method: 'POST', url: '/runs/none/dossiers', headers, payload: {} })).statusCode).toBe(
      404,
    );
    expect(
      (await app.inject({ method: 'POST', url: `/runs/${run}/dossiers`, headers, payload: { pakc: 'x' } })).statusCode,
    ).toBe(400);
  });
});

describe('an approval by passkey', () => {
  const place = { rpId: 'breakwater.bank.example', origin: 'https://breakwater.bank.example' };
  const passkey = makeAuthenticator();
  const keyOf = (where: typeof place) => ({
    person: 'p-21',
    role: 'ciso',
    publicKey: passkey.publicKey,
    webauthn: where,
    from: '2026-01-01T00:00:00Z',
    to: null,
    revoked: null,
  });
  const verified = async (zip: Uint8Array, where: typeof place) => {
    const { policy } = await trustOf(at.platform, run);
    const { checks } = await verifyDossier(zip, { policy, keys: { ...keys, keys: [...keys.keys, keyOf(where)] } });
    return checks.filter(({ result }) => result !== 'passed').map(({ id }) => id);
  };

  test('is exported with what was signed, and verified offline; one of another site, or about another plan, fails', async () => {
    const statement = {
      planHash: hashOfPlan,
      decision: 'approve' as const,
      person: 'p-21',
      role: 'ciso',
      at: '2026-11-13T09:00:00+09:00',
      expires: '2026-12-13T09:00:00+09:00',
      nonce: '1'.repeat(32),
    };
    const der = createPublicKey(passkey.publicKey).export({ type: 'spki', format: 'der' });
    const decided = (nonce: string, about: Parameters<typeof approvalBytes>[0]) => ({
      type: 'plan.decided',
      actor: { kind: 'person' as const, id: 'p-21' },
      at: statement.at,
      subjects: { plan: plan.id },
      payload: {
        ...statement,
        nonce,
        key: `sha256:${hash('sha256', der, 'hex')}`,
        ...passkey.decide(approvalBytes(about), place.origin),
        author: false,
      },
    });
    await at.append([decided(statement.nonce, statement)]);
    const { zip } = await exported();
    expect(recordsIn(zip).filter((record) => JSON.stringify(record).includes('clientDataJSON'))).toHaveLength(1);
    expect(await verified(zip, place)).toEqual([]);
    expect(await verified(zip, { ...place, origin: 'https://evil.example' })).toEqual(['approval']);
    await at.append([
      decided('2'.repeat(32), { ...statement, planHash: `sha256:${'0'.repeat(64)}`, nonce: '2'.repeat(32) }),
    ]);
    expect(await verified((await exported()).zip, place)).toEqual(['approval']);
  });
});
