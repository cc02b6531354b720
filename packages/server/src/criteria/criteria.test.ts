import { randomBytes, sign } from 'node:crypto';
import {
  type Assessment,
  type Facts,
  type PackDecisionStatement,
  type PolicyPack,
  assess as assessFacts,
  getPack,
  statementBytes,
} from '@breakwater/rules';
import { packDigest } from '@breakwater/rules/criteria';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { after, before, journalDrafts, run } from '../../../../conformance/dossier/course.ts';
import { testKey } from '../../../../conformance/dossier/trust.ts';
import { evidenceLog, recordsAbout } from '#evidence';
import { type SignedEnrolment, enrolKey, foundKeys, keyDigest } from '#platform/auth';
import { type Http, createHttp } from '#platform/http';
import { createLog, createMetrics } from '#platform/telemetry';
import { type TestPlatform, institution, testPlatform } from '../review/review.testing.ts';
import { assessRun, assessmentsOf, decidePack, importPack, knownPacks, packFor, sealedRun } from './index.ts';
import { criteriaRoutes } from './routes.ts';

const asOf = '2026-11-17T00:00:00+09:00';
/** Everything that happened in the example, from the plan to the last declaration. */
const exampleEntries = () => [...before(), ...journalDrafts(0), ...after()];
const persons = { 'p-11': 'auditor', 'p-17': 'ciso', 'p-21': 'legal' } as const;
type Person = keyof typeof persons;

let at: TestPlatform;
beforeAll(async () => {
  at = await testPlatform();
  await at.append(exampleEntries());
  await evidenceLog(at.platform).open();
  await evidenceLog(at.platform).flush();
  const { db } = at.platform;
  await foundKeys(db, institution, [enrolment('p-11', 'p-17'), enrolment('p-17', 'p-11')], at.clock.now());
  await enrolKey(db, institution, enrolment('p-21', 'p-17'), at.clock.now());
});
afterAll(() => at.close());

function enrolment(who: Person, by: Person): SignedEnrolment {
  const statement = {
    schema: 'breakwater.enrolment/1' as const,
    institution,
    person: who,
    role: persons[who],
    publicKey: testKey(who).pem,
    enrolledBy: by,
    from: '2026-11-01T00:00:00+09:00',
    to: '2027-11-01T00:00:00+09:00',
    nonce: randomBytes(16).toString('hex'),
  };
  const signed = (name: Person): string =>
    sign(null, statementBytes(statement), testKey(name).privateKey).toString('base64');
  return { statement, enroller: { key: keyDigest(testKey(by).pem), signature: signed(by) }, possession: signed(who) };
}

function decision(who: Person, digest: string, changes: Partial<PackDecisionStatement> = {}) {
  const statement: PackDecisionStatement = {
    schema: 'breakwater.pack-decision/1',
    pack: 'kr-fsc-2026-06-30',
    digest,
    decision: 'approve',
    person: who,
    role: persons[who],
    at: at.clock.now().toISOString(),
    nonce: randomBytes(16).toString('hex'),
    ...changes,
  };
  const signature = sign(null, statementBytes(statement), testKey(who).privateKey).toString('base64');
  return { statement, signature: { key: testKey(who).digest, signature } };
}

/** The Korean pack with another version; `hours` is its outage bound. */
function officialText(version: string, hours = 4) {
  const pack = structuredClone(getPack('kr-fsc-2026-06-30')) as {
    version: string;
    criteria: { id: string; bound: { value: number } | null }[];
  };
  pack.version = version;
  for (const { id, bound } of pack.criteria)
    if (id === 'minor.outage' && bound !== null) bound.value = hours * 3_600_000;
  return pack;
}

const take = (document: unknown, by = 'p-03') =>
  importPack(at.platform.db, institution, { document, by }, at.clock.now());
const decide = ({ statement, signature }: ReturnType<typeof decision>) =>
  decidePack(at.platform.db, institution, statement, signature, at.clock.now());
const assess = async (pack: string | null, when = asOf) =>
  assessRun(at.platform.db, await sealedRun(at.platform.db, institution, run), { pack, asOf: when }, at.clock.now());

describe('a pack that a company loads', () => {
  test('is used once two persons other than the importer approved it', async () => {
    const { digest, verdict } = await take(officialText('2'), 'p-17');
    expect(verdict.approved).toBe(false);
    await expect(assess(digest)).rejects.toMatchObject({ code: 'pack.not-approved' });
    expect((await decide(decision('p-17', digest))).verdict).toMatchObject({ approved: false, persons: [] });
    expect((await decide(decision('p-11', digest))).verdict).toMatchObject({ approved: false, persons: ['p-11'] });
    expect((await decide(decision('p-11', digest))).verdict).toMatchObject({ approved: false, persons: ['p-11'] });
    expect((await decide(decision('p-21', digest))).verdict).toEqual({ approved: true, persons: ['p-11', 'p-21'] });
    expect((await assess(digest)).assessment.pack).toMatchObject({ version: '2', digest });
  });

  test('is the same when it is loaded twice, and another when a word differs', async () => {
    const [first, again, other] = [
      await take(officialText('3')),
      await take(officialText('3'), 'p-99'),
      await take(officialText('3', 5)),
    ];
    expect(again.digest).toBe(first.digest);
    expect(other.digest).not.toBe(first.digest);
    const digests = (await knownPacks(at.platform.db, institution, at.clock.now())).map(({ digest }) => digest);
    expect(new Set(digests).size).toBe(digests.length);
    expect(digests).toEqual(expect.arrayContaining([first.digest, other.digest, packDigest(getPack('sg-mas-trm'))]));
  });

  test('is not used while one person returns it', async () => {
    const { digest } = await take(officialText('4'));
    await decide(decision('p-11', digest));
    await decide(decision('p-17', digest));
    const { verdict } = await decide(decision('p-21', digest, { decision: 'return' }));
    expect(verdict).toMatchObject({ approved: false, reason: 'returned', by: 'p-21' });
  });

  test('is refused with the place of what is wrong', async () => {
    await expect(take({ ...officialText('5'), extra: 1 })).rejects.toMatchObject({
      code: 'pack.unknown-key',
      path: '/extra',
    });
    await expect(take('nothing')).rejects.toMatchObject({ code: expect.stringMatching(/^pack\./) });
  });

  test('takes no decision that was not signed by an enrolled key for this very pack', async () => {
    const { digest } = await take(officialText('6'));
    const good = decision('p-11', digest);
    await expect(decide({ ...good, statement: { ...good.statement, decision: 'return' } })).rejects.toMatchObject({
      code: 'key.signature',
    });
    await expect(decide(decision('p-11', digest, { role: 'ciso' }))).rejects.toMatchObject({ code: 'approval.role' });
    await expect(decide(decision('p-11', digest, { person: 'p-17' }))).rejects.toMatchObject({
      code: 'key.not-theirs',
    });
    await expect(decide(decision('p-11', digest, { pack: 'sg-mas-trm' }))).rejects.toMatchObject({
      code: 'pack.changed',
    });
    await expect(decide(decision('p-11', `sha256:${'0'.repeat(64)}`))).rejects.toMatchObject({
      code: 'pack.not-found',
    });
    await decide(good);
    await expect(decide(good)).rejects.toMatchObject({ code: 'statement.used' });
  });
});

describe('assessments', () => {
  test('stand beside each other: another pack adds one, the same question none', async () => {
    const before = (await assessmentsOf(at.platform.db, institution, run)).length;
    const [first, again] = [
      await assess('kr-fsc-2026-06-30', '2026-11-18T00:00:00+09:00'),
      await assess('kr-fsc-2026-06-30', '2026-11-18T00:00:00+09:00'),
    ];
    expect([first.isNew, again.isNew, again.digest]).toEqual([true, false, first.digest]);
    const other = await assess('sg-mas-trm');
    const all = await assessmentsOf(at.platform.db, institution, run);
    expect(all).toHaveLength(before + 2);
    expect(all.find(({ digest }) => digest === first.digest)?.assessment).toEqual(first.assessment);
    expect(all.find(({ digest }) => digest === other.digest)?.assessment.pack.id).toBe('sg-mas-trm');
  });

  test('leave a record with the hashes of everything they rest on', async () => {
    const { assessment, digest } = await assess('kr-fsc-2026-06-30');
    await evidenceLog(at.platform).flush();
    const { id, version, digest: pack } = assessment.pack;
    const recorded = await recordsAbout(at.platform.db, { run });
    expect(recorded).toContainEqual(
      expect.objectContaining({
        payload: { run, facts: assessment.facts, pack: { id, version, digest: pack }, asOf, assessment: digest },
      }),
    );
  });

  test('of the pack in force at the start of the work, when none is named', async () => {
    const { facts } = await assess('kr-fsc-2026-06-30');
    expect((await packFor(at.platform.db, institution, null, facts, at.clock.now())).jurisdiction).toBe('KR');
  });

  test('are not made of a run that the log does not hold', async () => {
    await expect(sealedRun(at.platform.db, institution, 'none')).rejects.toMatchObject({
      code: 'run.not-found',
    });
    await expect(sealedRun(at.platform.db, 'other-bank', run)).rejects.toMatchObject({ code: 'run.not-found' });
  });
});

describe('over HTTP', () => {
  let app: Http;
  const headers = { authorization: 'Bearer secret' };
  beforeAll(async () => {
    const options = {
      log: createLog('silent'),
      metrics: createMetrics(),
      access: { token: 'secret' },
      bodyLimitBytes: 65_536,
      requestTimeoutSeconds: 10,
    };
    app = await createHttp(options);
    criteriaRoutes(app, at.platform);
  });
  afterAll(() => app.close());

  test('a pack is loaded, decided and listed', async () => {
    const loaded = await app.inject({
      method: 'POST',
      url: '/packs',
      headers,
      payload: { document: officialText('7'), by: 'p-03' },
    });
    expect(loaded.json()).toMatchObject({ version: '7', origin: 'imported', approved: false, approvedBy: [] });
    const { digest } = loaded.json<{ digest: string }>();
    for (const who of ['p-11', 'p-17'] as const) {
      const { statement, signature } = decision(who, digest);
      const answer = await app.inject({
        method: 'POST',
        url: '/packs/decisions',
        headers,
        payload: { ...statement, ...signature },
      });
      expect(answer.statusCode, answer.body).toBe(200);
    }
    const listed = await app.inject({ url: '/packs', headers });
    expect(listed.json<{ packs: unknown[] }>().packs).toContainEqual(
      expect.objectContaining({ digest, approved: true, approvedBy: ['p-11', 'p-17'] }),
    );
  });

  test('a run is assessed, and all its assessments are listed', async () => {
    const made = await app.inject({ method: 'POST', url: `/runs/${run}/assessments`, headers, payload: { asOf } });
    expect(made.statusCode, made.body).toBe(200);
    const listed = await app.inject({ url: `/runs/${run}/assessments`, headers });
    expect(listed.json<{ assessments: { digest: string }[] }>().assessments.map(({ digest }) => digest)).toContain(
      made.json<{ digest: string }>().digest,
    );
    const { digest } = made.json<{ digest: string }>();
    const opened = (await app.inject({ url: `/assessments/${digest}`, headers })).json<{
      run: string;
      facts: Facts;
      pack: PolicyPack;
      assessment: Assessment;
    }>();
    expect(opened.run).toBe(run);
    expect(assessFacts(opened.facts, opened.pack, asOf)).toEqual(opened.assessment);
    expect((await app.inject({ url: '/assessments', headers })).json()).toMatchObject({ assessments: [{ run }] });
    expect((await app.inject({ url: `/assessments/sha256:${'0'.repeat(64)}`, headers })).statusCode).toBe(404);
  });

  test('bad input is told with its place', async () => {
    const bad = await app.inject({
      method: 'POST',
      url: '/packs',
      headers,
      payload: { document: { schema: 'breakwater.pack/1' }, by: 'p-03' },
    });
    expect(bad.statusCode).toBe(400);
    expect(bad.json()).toMatchObject({ code: expect.stringMatching(/^pack\./) });
    expect((await app.inject({ method: 'POST', url: '/runs/none/assessments', headers, payload: {} })).statusCode).toBe(
      404,
    );
  });
});
