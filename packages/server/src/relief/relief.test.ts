import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { readFailedTransactions, type FailedTransaction } from '@breakwater/rules/relief';
import {
  claimDecided,
  claimOpened,
  claimPaid,
  damageLedger,
  leakLedger,
  reliefPrepared,
} from '@breakwater/rules/relief/record';
import { startBank, startLoad } from '@breakwater/sample-bank';
import { manualClock, systemClock, type Clock, type ManualClock } from '#platform/clock';
import { testDatabase, type TestDatabase } from '#platform/db/testing';
import { createRelief, type ReliefDoor } from './index.ts';

const now = new Date('2026-11-29T02:00:00+09:00');
const by = 'p-07';
const why = { by, reason: 'payment' };

let database: TestDatabase;
let institution: string;
let relief: ReliefDoor;
let tests = 0;

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());
/** Relief of a bank to which nothing was announced. */
const reliefFor = (bank: string, clock: Clock): ReliefDoor =>
  createRelief({
    db: database.db,
    clock,
    institution: bank,
    pepper: () => Buffer.alloc(32, 7),
    unseal: (_claim, sealed) => sealed.toString(),
    notices: {
      customersAreNamedBy: () => 'phone',
      tellingsOfPlan: async () => [],
      toldNumber: async () => null,
      announced: async () => ({ company: null, phone: null, services: [] }),
      submit: async () => '',
      sendPrefilled: async () => null,
    },
  });
let clock: ManualClock;
beforeEach(() => {
  institution = `bank-${(tests += 1)}`;
  clock = manualClock(now);
  relief = reliefFor(institution, clock);
});

const kinds = [claimDecided, claimOpened, claimPaid, damageLedger, leakLedger, reliefPrepared];

/** Payloads of the institution's records of a type, in the order they were appended; each must have its declared shape. */
async function evidence(type: string): Promise<Record<string, unknown>[]> {
  const { rows } = await sql<{ leaf: string; payload: string }>`
    select o.leaf, o.payload from evidence_outbox o
    where o.institution = ${institution} order by o.id`.execute(database.db);
  return rows
    .map(({ leaf, payload }) => ({
      type: (JSON.parse(leaf) as { type: string }).type,
      payload: JSON.parse(payload) as Record<string, unknown>,
    }))
    .filter((row) => row.type === type)
    .map(({ payload }) => {
      kinds.find((kind) => kind.type === type)?.payload.parse(payload);
      return payload;
    });
}

const failed = (n: number, change: Partial<FailedTransaction> = {}): FailedTransaction => ({
  id: `t-${n}`,
  at: '2026-11-29T01:20:00+09:00',
  subject: `c-${n % 3}`,
  service: 'transfer',
  krw: 10_000 * n,
  feeKrw: 500,
  reason: 'http-500',
  ...change,
});

describe('preparation', () => {
  test('is recorded once, before the work', async () => {
    const first = await relief.prepare({
      plan: 'p',
      claimsUntil: '2026-12-29T04:00:00+09:00',
      contact: '15881234',
      by,
    });
    expect(await relief.prepare({ plan: 'p', claimsUntil: '2027-12-29T04:00:00+09:00', contact: '1', by })).toEqual(
      first,
    );
    expect(await evidence('relief.prepared')).toEqual([
      { plan: 'p', at: now.toISOString(), claimsUntil: '2026-12-28T19:00:00.000Z', contact: '15881234' },
    ]);
    expect(await relief.preparation('other')).toBe(null);
  });

  test('has its end in the future', async () => {
    await expect(
      relief.prepare({ plan: 'p', claimsUntil: '2026-11-29T02:00:00+09:00', contact: '1', by }),
    ).rejects.toMatchObject({ code: 'relief.claims-until' });
  });
});

describe('proactive claims', () => {
  test('one for each failed transaction, also when the list comes twice', async () => {
    const transactions = [1, 2, 3].map((n) => failed(n));
    expect(await relief.openProactive({ run: 'r', transactions, complete: false, by })).toEqual({
      opened: 3,
      repeated: 0,
      outside: 0,
    });
    expect(
      await relief.openProactive({ run: 'r', transactions: [...transactions, failed(4)], complete: false, by }),
    ).toEqual({ opened: 1, repeated: 3, outside: 0 });
    const opened = await evidence('relief.claim-opened');
    expect(opened.map(({ amount, source, run }) => ({ amount, source, run }))).toEqual(
      [10_000, 20_000, 30_000, 40_000].map((krw) => ({
        amount: { low: 500, high: krw + 500 },
        source: 'proactive',
        run: 'r',
      })),
    );
    expect(JSON.stringify(opened)).not.toMatch(/c-[012]"|t-\d/);
    expect(await relief.damage('r')).toMatchObject({ customer: { low: 2000, high: 102_000 }, company: null });
  });

  test('only for what failed while its service was down', async () => {
    const start = Date.parse('2026-11-29T01:20:00+09:00');
    const opened = await relief.openProactive({
      run: 'r',
      transactions: [failed(1), failed(2, { at: '2026-11-29T03:20:00+09:00' }), failed(3, { service: 'cards' })],
      during: [{ service: 'transfer', start, end: start + 10_000 }],
      complete: true,
      by,
    });
    expect(opened).toEqual({ opened: 1, repeated: 0, outside: 2 });
  });

  test('none at all is no damage only when somebody says that these are all', async () => {
    await relief.openProactive({ run: 'r', transactions: [], complete: false, by });
    expect(await relief.damage('r')).toMatchObject({ customer: null });
    await relief.openProactive({ run: 'r', transactions: [], complete: true, by });
    expect(await relief.damage('r')).toMatchObject({ customer: { low: 0, high: 0 } });
    expect((await evidence('relief.damage')).at(-1)).toMatchObject({ customer: { low: 0, high: 0 }, company: null });
  });

  test('more than one commit holds are opened, accepted and paid, and the ledger adds up', async () => {
    const transactions = Array.from({ length: 1203 }, (_, n) =>
      failed(n + 1, { krw: 1000, feeKrw: n % 10 === 0 ? 0 : 500 }),
    );
    await relief.openProactive({ run: 'r', transactions, complete: true, by });
    expect(await relief.acceptProactive({ run: 'r', by })).toEqual({ accepted: 1082, amount: 541_000 });
    expect(await relief.figures('r')).toMatchObject({
      count: 1203,
      open: 121,
      accepted: 1082,
      paid: 0,
      unpaidAmount: 541_000,
    });
    expect(await relief.damage('r')).toMatchObject({ customer: { low: 541_000, high: 541_000 + 121_000 } });
    expect(await relief.payAccepted({ run: 'r', payment: 'batch-1', by })).toEqual({ paid: 1082, amount: 541_000 });
    expect(await relief.figures('r')).toMatchObject({ paid: 1082, paidAmount: 541_000, unpaidAmount: 0 });
    expect(await evidence('relief.claim-paid')).toHaveLength(1082);
    let pages = 0;
    let seen = 0;
    for (let after: string | null = null, done = false; !done; pages++) {
      const page = await relief.claims({ run: 'r' }, { after, limit: 500 });
      seen += page.claims.length;
      after = page.next;
      done = after === null;
    }
    expect([pages, seen]).toEqual([3, 1203]);
  });
});

describe('a claim', () => {
  test('filed for a transaction that has one already is that one', async () => {
    await relief.openProactive({ run: 'r', transactions: [failed(1)], complete: false, by });
    const filed = {
      run: 'r',
      subject: 'c-1',
      service: 'transfer',
      occurredAt: '2026-11-29T01:20:00+09:00',
      amount: null,
      by,
    };
    const merged = await relief.file({ ...filed, reference: 't-1' });
    expect(merged.merged).toBe(true);
    const other = await relief.file({ ...filed, reference: null });
    expect(other.merged).toBe(false);
    const { claims } = await relief.claims({ run: 'r' });
    expect(claims.map(({ id }) => id).toSorted()).toEqual([merged.claim, other.claim].toSorted());
    expect(await relief.damage('r')).toMatchObject({ customer: { low: 500, high: null } });
  });

  test('is decided once, by whoever is first', async () => {
    await relief.openProactive({ run: 'r', transactions: [failed(1)], complete: false, by });
    const [claim] = (await relief.claims({ run: 'r' })).claims;
    const decide = (decision: 'accepted' | 'refused', amount: number) =>
      relief.decide({ claim: claim?.id ?? '', decision, amount, by, code: null, reason: null }).then(
        () => 'done',
        (error: { refusal?: { reason: string }; code?: string }) => error.refusal?.reason ?? error.code,
      );
    const ends = await Promise.all([decide('accepted', 500), decide('refused', 0)]);
    expect(ends.toSorted()).toEqual(['claim-decided-already', 'done']);
    expect(await evidence('relief.claim-decided')).toHaveLength(1);
    expect(await decide('accepted', 0)).toBe('claim.amount');
    expect(await decide('refused', 5)).toBe('claim.amount');
    expect(await decide('accepted', Number.NaN)).toBe('claim.amount');
  });

  test('is paid when it was accepted, in parts if need be, and never beyond', async () => {
    await relief.openProactive({ run: 'r', transactions: [failed(1)], complete: false, by });
    const [claim] = (await relief.claims({ run: 'r' })).claims;
    const pay = (amount: number) => relief.pay({ claim: claim?.id ?? '', amount, payment: 'ref', by });
    await expect(pay(1)).rejects.toMatchObject({ refusal: { reason: 'claim-not-accepted', state: 'open' } });
    await relief.decide({ claim: claim?.id ?? '', decision: 'accepted', amount: 3000, by, code: null, reason: null });
    await pay(1000);
    await expect(pay(2001)).rejects.toMatchObject({
      refusal: { reason: 'claim-overpaid', decidedWon: 3000, paidWon: 1000, offeredWon: 2001 },
    });
    expect((await relief.claims({ run: 'r' })).claims).toMatchObject([{ state: 'accepted', paidAmount: 1000 }]);
    await pay(2000);
    expect((await relief.claims({ run: 'r' })).claims).toMatchObject([
      { state: 'paid', paidAmount: 3000, paidAt: now.toISOString() },
    ]);
    expect((await evidence('relief.claim-paid')).map(({ amount }) => amount)).toEqual([1000, 2000]);
  });

  test('of another institution does not exist here', async () => {
    await relief.openProactive({ run: 'r', transactions: [failed(1)], complete: false, by });
    const [claim] = (await relief.claims({ run: 'r' })).claims;
    const stranger = reliefFor('stranger', manualClock(now));
    await expect(stranger.payee(claim?.id ?? '', why)).rejects.toMatchObject({ code: 'claim.not-found' });
    expect((await stranger.claims({ run: 'r' })).claims).toEqual([]);
  });

  test('keeps whom to pay until that is erased, and even then a transaction has no second claim', async () => {
    await relief.openProactive({ run: 'r', transactions: [failed(1)], complete: false, by });
    const [claim] = (await relief.claims({ run: 'r' })).claims;
    expect(await relief.payee(claim?.id ?? '', why)).toEqual({ subject: 'c-1', reference: 't-1' });
    expect(await relief.erase('r', by)).toBe(1);
    expect(await relief.payee(claim?.id ?? '', why)).toBe(null);
    expect(await relief.openProactive({ run: 'r', transactions: [failed(1)], complete: false, by })).toMatchObject({
      opened: 0,
      repeated: 1,
    });
    expect(await evidence('relief.subjects-erased')).toMatchObject([{ run: 'r', count: 1, by }]);
  });
});

describe('ledgers', () => {
  test('hold what persons attest beside what claims say; the newest record stands', async () => {
    await relief.openProactive({ run: 'r', transactions: [failed(1)], complete: true, by });
    await relief.attestDamage({ run: 'r', parts: { company: { low: 0, high: 200_000 } }, by });
    const damage = await relief.attestDamage({ run: 'r', parts: { thirdParty: { low: 0, high: 0 } }, by });
    expect(damage).toEqual({
      customer: { low: 500, high: 10_500 },
      company: { low: 0, high: 200_000 },
      thirdParty: { low: 0, high: 0 },
      goodwill: null,
      recourse: null,
    });
    expect((await evidence('relief.damage')).at(-1)).toEqual({ run: 'r', at: now.toISOString(), ...damage });
    await relief.recordLeaks({
      run: 'r',
      leaks: { personalCredit: { low: 0, high: 0 }, other: { low: 0, high: 0 }, unclassified: null },
      attestedBy: 'p-17',
    });
    expect(await evidence('relief.leaks')).toMatchObject([{ unclassified: null, attestedBy: 'p-17' }]);
  });

  test('add up however many change the claims of a run at once', async () => {
    await Promise.all(
      Array.from({ length: 8 }, (_, n) =>
        relief.openProactive({ run: 'r', transactions: [failed(n * 2 + 1), failed(n * 2 + 2)], complete: false, by }),
      ),
    );
    const ledgers = await evidence('relief.damage');
    expect(ledgers).toHaveLength(8);
    expect(ledgers.map(({ customer }) => (customer as { low: number }).low)).toEqual(
      [1, 2, 3, 4, 5, 6, 7, 8].map((n) => n * 1000),
    );
  });
});

test('the failed transactions of a bank whose patch went bad become its claims', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'bank-'));
  const bank = await startBank({ dir, name: 'live', behaviour: 'errors-after-0s', privileged: false, customers: 10 });
  try {
    const load = startLoad({ dir, urls: bank.urls, customers: 10, rate: 60 });
    const start = Date.now();
    execFileSync(join(dir, 'bankctl'), ['switch', 'transfer', 'v2'], { cwd: dir });
    await expect.poll(() => load.figures().failed > 5, { timeout: 10_000 }).toBe(true);
    execFileSync(join(dir, 'bankctl'), ['switch', 'transfer', 'v1'], { cwd: dir });
    const figures = await load.stop();
    const answer = await fetch(`${bank.urls.channel}/failed-transactions`, {
      headers: { authorization: `Bearer ${bank.officeToken}` },
    });
    const { transactions } = readFailedTransactions(await answer.json());
    relief = reliefFor(institution, systemClock);
    const opened = await relief.openProactive({
      run: 'r',
      transactions,
      during: [{ service: 'transfer', start, end: Date.now() }],
      complete: true,
      by,
    });
    expect(opened).toEqual({ opened: figures.failed, repeated: 0, outside: 0 });
    expect(await relief.damage('r')).toMatchObject({
      customer: { low: 500 * figures.failed, high: 500 * figures.failed + figures.failedKrw },
    });
  } finally {
    await bank.stop();
    await rm(dir, { recursive: true, force: true });
  }
});
