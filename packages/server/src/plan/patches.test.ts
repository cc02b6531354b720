import type { ExceptionDecisionStatement } from '@breakwater/rules';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { matchComponents } from '#advisory';
import { takeFile } from '../advisory/intake.ts';
import { importInventory } from '#inventory';
import { inTransaction } from '#platform/db';
import { testDatabase, type TestDatabase } from '#platform/db/testing';
import { foundKeys } from '#platform/auth';
import { enrolment, newNonce, newPerson, signStatement } from '../run-stand.testing.ts';
import { askException, decideException, finishException } from './exceptions.ts';
import { ageingReport } from './patch-report.ts';
import { findPatch, moveByPlan, openPatch, verifyPatch, verifyPatches, withdrawPatch } from './patches.ts';

const day = 86_400_000;
const begun = Date.parse('2026-12-01T00:00:00Z');
const on = (days: number): Date => new Date(begun + days * day);
const runner = { kind: 'system', id: 'runner' } as const;
let database: TestDatabase;

beforeAll(async () => {
  database = await testDatabase();
}, 60_000);
afterAll(async () => database?.drop());

/** A bank with one hole in `npm/left` below 2.0.0, on the assets that are named. */
async function bank(institution: string, assets: readonly string[]): Promise<{ exposure: string }> {
  const advisory = {
    schema_version: '1.7.0',
    id: 'CVE-2026-1001',
    modified: '2026-11-01T00:00:00Z',
    affected: [
      {
        package: { ecosystem: 'npm', name: 'left' },
        ranges: [{ type: 'SEMVER', events: [{ introduced: '0' }, { fixed: '2.0.0' }] }],
      },
    ],
  };
  const origin = { source: 'test', by: { kind: 'person', id: 'p-17' }, at: on(0), readers: null } as const;
  await takeFile(database.db, institution, Buffer.from(JSON.stringify(advisory)), origin);
  for (const asset of assets) await have(institution, asset, '1.0.0', on(0));
  const { rows } = await ageingReport(database.db, institution, {}, on(0));
  return { exposure: rows[0]?.exposure ?? '' };
}

/** Imports what an asset has, as the server does. */
function have(institution: string, asset: string, version: string, at: Date): Promise<unknown> {
  const components = [{ 'bom-ref': 'c', name: 'left', purl: `pkg:npm/left@${version}` }];
  const bytes = Buffer.from(JSON.stringify({ bomFormat: 'CycloneDX', specVersion: '1.6', components }));
  const request = { bytes, format: null, source: null, asset, distro: null, mapping: null, by: 'p-17', apply: true };
  return importInventory(database.db, institution, request, at, async (tx, arrived, now) => {
    const { added } = await matchComponents(tx, institution, arrived.added, now);
    await verifyPatches(tx, institution, { asset: arrived.asset }, now);
    return added;
  });
}

const open = (institution: string, plan: string, exposure: string, assets: string[] | null = null, at = on(1)) =>
  openPatch(
    database.db,
    institution,
    { 'track*': 10, track: 10, attend: 10, act: 10 },
    { plan, exposures: [exposure], assets, by: 'p-03' },
    at,
  );

const executed = (institution: string, plan: string, at: Date) =>
  inTransaction(database.db, (tx) =>
    moveByPlan(
      tx,
      institution,
      plan,
      { type: 'executed', at: at.toISOString(), run: 'r-1', workEndedAt: new Date(at.getTime() - 1000).toISOString() },
      runner,
    ),
  );

const stateOf = async (institution: string, plan: string): Promise<string> =>
  (await findPatch(database.db, institution, plan)).view.state;

async function evidenceOf(institution: string): Promise<string[]> {
  const { rows } = await sql<{ type: string }>`
    select leaf::json->>'type' as type from evidence_outbox where institution = ${institution} and leaf like '%"plan.%' order by 1`.execute(
    database.db,
  );
  return rows.map(({ type }) => type);
}

describe('a patch', () => {
  test('is closed by the import that no longer shows its exposure, and not before', async () => {
    const { exposure } = await bank('closing', ['web-01', 'web-02']);
    expect(await open('closing', 'fix-left', exposure)).toMatchObject({
      dueAt: on(10).toISOString(),
      exposures: [{ vulnerability: 'CVE-2026-1001', component: 'npm/left', assets: ['web-01', 'web-02'] }],
    });
    await have('closing', 'web-01', '2.0.0', on(2));
    expect(await stateOf('closing', 'fix-left')).toBe('planned');
    await have('closing', 'web-01', '1.0.0', on(3));
    await executed('closing', 'fix-left', on(4));
    await have('closing', 'web-01', '1.5.0', on(5));
    const stale = await findPatch(database.db, 'closing', 'fix-left');
    expect(stale.view).toMatchObject({
      state: 'executed',
      targets: [{ asset: 'web-01', state: 'still-exposed' }, { state: 'waiting' }],
    });
    await have('closing', 'web-01', '2.0.0', on(6));
    expect(await stateOf('closing', 'fix-left')).toBe('verified');
    await have('closing', 'web-02', '2.0.1', on(7));
    expect(await stateOf('closing', 'fix-left')).toBe('closed');
    expect(await evidenceOf('closing')).toEqual([
      ...Array.from({ length: 5 }, () => 'plan.patch-moved'),
      'plan.patch-opened',
    ]);
    expect((await ageingReport(database.db, 'closing', {}, on(8))).closed).toMatchObject({
      patches: 1,
      inTime: 1,
      late: 0,
    });
  });

  test('is closed by a newer matching of an inventory that is new already', async () => {
    const { exposure } = await bank('observed', ['web-01']);
    await open('observed', 'fix-left', exposure);
    await have('observed', 'web-01', '2.0.0', on(2));
    await executed('observed', 'fix-left', new Date(on(2).getTime() - 500));
    expect(await stateOf('observed', 'fix-left')).toBe('closed');
    await expect(verifyPatch(database.db, 'observed', 'fix-left', on(3))).rejects.toMatchObject({
      refusal: { reason: 'patch-not-now', state: 'closed' },
    });
  });

  test('takes what is there, once, and is given up only before it is executed', async () => {
    const { exposure } = await bank('opening', ['web-01', 'web-02']);
    await open('opening', 'ring-1', exposure, ['web-01']);
    await expect(open('opening', 'ring-1', exposure, ['web-02'])).rejects.toMatchObject({ code: 'patch.exists' });
    await expect(open('opening', 'all', exposure)).rejects.toMatchObject({ code: 'patch.target-exists' });
    await expect(open('opening', 'x', 'CVE-2026-9 in 1')).rejects.toMatchObject({
      code: 'patch.exposure-not-found',
      path: '/exposures/0',
    });
    await expect(open('opening', 'x', exposure, ['db-9'])).rejects.toMatchObject({ code: 'patch.asset-not-found' });
    const withdrawal = { plan: 'ring-1', reason: 'another way was found', by: 'p-03' };
    expect((await withdrawPatch(database.db, 'opening', withdrawal, on(2))).view.state).toBe('withdrawn');
    await open('opening', 'all', exposure);
    await executed('opening', 'all', on(3));
    await expect(withdrawPatch(database.db, 'opening', { ...withdrawal, plan: 'all' }, on(4))).rejects.toMatchObject({
      refusal: { reason: 'patch-not-now', state: 'executed' },
    });
  });
});

describe('the report of ages', () => {
  test('tells what is overdue, what is excepted, and what nobody has planned', async () => {
    const { exposure } = await bank('ageing', ['web-01']);
    const limits = { act: 10, attend: 10, 'track*': 10, track: 10 };
    const at = async (days: number) => {
      const { rows, totals } = await ageingReport(database.db, 'ageing', limits, on(days));
      return { row: rows[0], total: totals.find(({ open: count }) => count > 0) };
    };
    expect(await at(9)).toMatchObject({
      row: { ageDays: 9, overdueDays: null, patch: null },
      total: { open: 1, overdue: 0, unplanned: 1 },
    });
    expect(await at(12)).toMatchObject({ row: { overdueDays: 2 }, total: { overdue: 1 } });
    const asked = await askException(
      database.db,
      'ageing',
      { exposures: [exposure], reason: 'no fix yet', meanwhile: 'isolated', until: on(20).toISOString(), by: 'p-03' },
      on(11),
    );
    const [ciso, officer] = [newPerson('p-17', 'ciso'), newPerson('p-21', 'compliance')];
    await foundKeys(
      database.db,
      'ageing',
      [enrolment('ageing', ciso, officer), enrolment('ageing', officer, ciso)],
      on(0),
    );
    const word = async (by: typeof ciso, more: Partial<ExceptionDecisionStatement> = {}) => {
      const statement: ExceptionDecisionStatement = {
        schema: 'breakwater.exception-decision/1',
        institution: 'ageing',
        exception: asked.id,
        digest: asked.digest,
        decision: 'approve',
        person: by.id,
        role: by.role,
        at: on(11).toISOString(),
        nonce: newNonce(),
        ...more,
      };
      return decideException(database.db, 'ageing', statement, signStatement(by, statement), on(11));
    };
    await expect(word(ciso, { digest: `sha256:${'0'.repeat(64)}` })).rejects.toMatchObject({
      refusal: { reason: 'exception-other' },
    });
    expect((await word(ciso)).state).toBe('asked');
    expect(await at(12)).toMatchObject({ row: { exception: null }, total: { overdue: 1 } });
    expect((await word(officer)).state).toBe('in-force');
    expect(await at(12)).toMatchObject({ row: { exception: { id: asked.id } }, total: { overdue: 0, excepted: 1 } });
    expect(await at(20)).toMatchObject({ row: { exception: null }, total: { overdue: 1 } });
    await expect(word(officer)).rejects.toMatchObject({ refusal: { reason: 'exception-not-now' } });
    const end = { id: asked.id, reason: 'the fix came', by: 'p-03' };
    expect((await finishException(database.db, 'ageing', end, on(13))).state).toBe('ended');
    expect(await evidenceOf('ageing')).toEqual([
      'plan.exception-asked',
      'plan.exception-decided',
      'plan.exception-decided',
      'plan.exception-ended',
    ]);
  });
});
