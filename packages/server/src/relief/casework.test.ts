import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { defaultReliefPolicy, type FailedTransaction } from '@breakwater/rules/relief';
import * as records from '@breakwater/rules/relief/record';
import { manualClock, type ManualClock } from '#platform/clock';
import { testDatabase, type TestDatabase } from '#platform/db/testing';
import { inTransaction } from '#platform/db';
import { createRelief, type ReliefDoor } from './index.ts';

const by = 'p-07';
const now = new Date('2026-11-29T02:00:00+09:00');
const dayMs = 86_400_000;
const customers = [['phone', '01000000001'] as const, ['token', 'cust-1'] as const];
const kinds = new Map(Object.values(records).map((kind) => [kind.type, kind]));

let database: TestDatabase;
let institution: string;
let clock: ManualClock;
let relief: ReliefDoor;
let tests = 0;
/** Messages to numbers: what became of each. */
let messages: Map<string, string>;
let namedBy: 'phone' | 'token';
let sent: { document: { texts: { sms?: string } }; numbers: string[] }[];

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());
beforeEach(() => {
  institution = `case-${(tests += 1)}`;
  clock = manualClock(now);
  messages = new Map();
  namedBy = 'phone';
  sent = [];
  const documents: { texts: { sms?: string } }[] = [];
  relief = createRelief({
    db: database.db,
    clock,
    institution,
    pepper: () => Buffer.alloc(32, 7),
    unseal: (_claim, sealed) => sealed.toString(),
    notices: {
      customersAreNamedBy: () => namedBy,
      tellingsOfPlan: async () => [
        { notice: 'n-web', channel: 'website', at: '2026-11-28T10:00:00.000Z' },
        { notice: 'n-sms', channel: 'sms', at: '2026-11-28T10:30:00.000Z' },
      ],
      toldNumber: async (_notice, number) => {
        const state = messages.get(number);
        return state === undefined ? null : { state, submittedAt: '2026-11-28T10:30:00.000Z' };
      },
      announced: async () => ({ company: { ko: '한빛은행', en: 'Hanbit Bank' }, phone: '15881234', services: [] }),
      submit: async (value) => {
        documents.push(value as never);
        return `n-result-${documents.length}`;
      },
      sendPrefilled: async (_id, numbers) => {
        sent.push({ document: documents.at(-1) ?? { texts: {} }, numbers: await all(numbers) });
        return null;
      },
    },
  });
});

/** Payloads of the institution's records of a kind; each has its declared shape. */
async function evidence(type: string): Promise<Record<string, unknown>[]> {
  const { rows } = await sql<{ leaf: string; payload: string }>`
    select leaf, payload from evidence_outbox where institution = ${institution} order by id`.execute(database.db);
  return rows
    .filter(({ leaf }) => (JSON.parse(leaf) as { type: string }).type === type)
    .map(({ payload }) => kinds.get(type)?.payload.parse(JSON.parse(payload)) as Record<string, unknown>);
}

/** A plan with a live run, and a disruption of it that a host told. */
async function liveRun(run: string, { end = '2026-11-29T04:00:00+09:00' } = {}): Promise<void> {
  const document = {
    kind: 'emergency-patch',
    services: ['transfer'],
    window: { start: '2026-11-29T01:00:00+09:00', end },
    probes: [{ service: 'transfer' }, { service: 'atm' }],
    notice: {
      alternativeChannels: [
        { name: 'ATM', service: 'atm', opens: '00:00', closes: '24:00' },
        { name: '고객센터', service: 'call-centre', opens: '00:00', closes: '24:00' },
      ],
    },
  };
  const hash = `sha256:${Buffer.from(run.padEnd(32, '0')).toString('hex').slice(0, 64)}`;
  await inTransaction(database.db, async (tx) => {
    await sql`insert into plan_revision (institution, plan, revision, plan_hash, author, document, submitted_by, submitted_at)
      values (${institution}, ${`plan-${run}`}, 1, ${hash}, 'p-03', ${JSON.stringify(document)}, 'p-03', ${now})`.execute(
      tx,
    );
    await sql`insert into plan_run (institution, plan_hash, run) values (${institution}, ${hash}, ${`${institution}-${run}`})`.execute(
      tx,
    );
    for (const [id, service, start, stop] of [
      ['d-1', 'transfer', '2026-11-29T01:20:00+09:00', '2026-11-29T01:50:00+09:00'],
      ['d-2', 'atm', '2026-11-29T01:45:00+09:00', '2026-11-29T01:55:00+09:00'],
    ] as const)
      await sql`insert into guard_disruption (institution, run, disruption, service, start_at, end_at)
        values (${institution}, ${`${institution}-${run}`}, ${id}, ${service}, ${start}, ${stop})`.execute(tx);
  });
}

const filed = (change: Partial<Parameters<ReliefDoor['file']>[0]> = {}) =>
  relief.file({
    run: null,
    subject: 'tel-1',
    service: 'transfer',
    occurredAt: '2026-11-29T01:30:00+09:00',
    reference: null,
    amount: { low: 0, high: 30_000 },
    by: 'consumer',
    ...change,
  });
const byForm = (name: string, number: string) => ({
  form: {
    name,
    basis: 'fee' as const,
    alternative: 'failed' as const,
    evidence: [],
    contact: () => Buffer.from(number),
    lookupKey: () => name,
  },
});
const failedTransaction = (n: number, krw: number): FailedTransaction => ({
  id: `t-${n}`,
  at: '2026-11-29T01:30:00+09:00',
  subject: `s-${n}`,
  service: 'transfer',
  krw,
  feeKrw: 500,
});
async function all<T>(items: AsyncIterable<T> | Iterable<T>): Promise<T[]> {
  const read: T[] = [];
  for await (const item of items) read.push(item);
  return read;
}
const refusal = (act: Promise<unknown>): Promise<unknown> =>
  act.then(
    () => 'done',
    (error: { refusal?: { reason: string }; code?: string }) => error.refusal?.reason ?? error.code,
  );

describe('an arrived claim', () => {
  test('finds its disruption, what its customer was told before, and how the alternatives stood', async () => {
    await liveRun('r');
    const run = `${institution}-r`;
    messages.set('01000000001', 'delivered');
    const { claim } = await filed(byForm('f-1', '01000000001'));
    expect((await relief.claim(claim)).run).toBe(null);
    expect(await relief.linkArrived()).toBe(1);
    expect((await relief.claim(claim)).run).toBe(run);
    expect((await relief.casework(claim)).link).toMatchObject({
      run,
      disruption: { id: 'd-1', service: 'transfer' },
      distanceMs: 0,
      notices: [
        { notice: 'n-web', told: 'published' },
        { notice: 'n-sms', told: 'delivered', at: '2026-11-28T10:30:00.000Z' },
      ],
      alternatives: [
        { service: 'atm', watched: 'measured', downMs: 300_000 },
        { service: 'call-centre', watched: 'nobody', downMs: null },
      ],
    });
    expect(await evidence('relief.claim-assigned')).toMatchObject([{ claim, run, amount: { low: 0, high: 30_000 } }]);
    expect(await relief.damage(run)).toMatchObject({ customer: { low: 0, high: 30_000 } });
    expect(await relief.linkArrived()).toBe(0);
    expect(JSON.stringify(await evidence('relief.claim-linked'))).not.toMatch(/0100000|tel-/);
  });

  test('that no disruption matches stays of no run, is looked at again, and can be given one', async () => {
    await liveRun('r');
    const run = `${institution}-r`;
    const { claim } = await filed({ service: 'cards' });
    expect(await relief.linkArrived()).toBe(1);
    expect(await relief.linkArrived()).toBe(0);
    expect((await relief.claims({ unmatched: true })).claims.map(({ id }) => id)).toEqual([claim]);
    clock.advance(61_000);
    expect(await relief.linkArrived()).toBe(1);
    await relief.assign({ claim, run, by });
    expect(await refusal(relief.assign({ claim, run, by }))).toBe('claim.assigned');
    await relief.linkArrived();
    expect((await relief.casework(claim)).link).toMatchObject({ run, disruption: null });
  });

  test('of a rehearsal does not exist: what happened to a stand-in harmed nobody', async () => {
    await sql`insert into guard_disruption (institution, run, disruption, service, start_at)
      values (${institution}, 'rehearsal-1', 'd-1', 'transfer', '2026-11-29T01:20:00+09:00')`.execute(database.db);
    const { claim } = await filed();
    await relief.linkArrived();
    expect((await relief.claim(claim)).run).toBe(null);
  });

  test('of the same customer about the same minute is the same claim, raised to the larger amount', async () => {
    const first = await filed();
    expect(await filed({ amount: { low: 0, high: 90_000 } })).toEqual({ claim: first.claim, merged: true });
    expect(await filed({ amount: { low: 0, high: 10 } })).toEqual({ claim: first.claim, merged: true });
    expect((await filed({ subject: 'tel-2' })).merged).toBe(false);
    expect((await filed({ occurredAt: '2026-11-29T01:31:00+09:00' })).merged).toBe(false);
    expect((await relief.claim(first.claim)).amount).toEqual({ low: 0, high: 90_000 });
    expect(await evidence('relief.claim-amended')).toMatchObject([{ claim: first.claim, amount: { high: 90_000 } }]);
  });

  test('under one name is filed once, also by two at a time', async () => {
    const twice = await Promise.all([filed({ once: 'k-1', subject: 'a' }), filed({ once: 'k-1', subject: 'a' })]);
    expect(new Set(twice.map(({ claim }) => claim)).size).toBe(1);
    expect(await evidence('relief.claim-opened')).toHaveLength(1);
  });
});

describe('a large decision', () => {
  test('waits for a second person, and is not made by the first alone', async () => {
    const { claim } = await filed({ run: 'r', amount: { low: 0, high: 5_000_000 } });
    const decide = () =>
      relief.decide({ claim, decision: 'accepted', amount: 2_000_000, by, code: 'price-difference', reason: null });
    expect(await decide()).toEqual({ state: 'waiting' });
    expect(await refusal(decide())).toBe('claim-proposed-already');
    expect(await relief.claim(claim)).toMatchObject({ state: 'open', proposal: { by, amount: 2_000_000 } });
    expect((await relief.claims({ proposed: true })).claims).toHaveLength(1);
    const statement = {
      schema: 'breakwater.claim-decision/1',
      institution,
      claim,
      decision: 'accepted',
      amount: 2_000_000,
      verdict: 'approve',
      person: by,
      role: 'consumer-officer',
      at: now.toISOString(),
      nonce: '0'.repeat(32),
    } as const;
    const signature = { key: `sha256:${'0'.repeat(64)}`, signature: Buffer.alloc(64).toString('base64') };
    expect(await refusal(relief.second(statement, signature))).toBe('claim-second-person');
    expect(await refusal(relief.second({ ...statement, person: 'p-08', amount: 1 }, signature))).toBe(
      'claim-other-decision',
    );
    expect(await refusal(relief.second({ ...statement, person: 'p-08' }, signature))).toMatch(/^key\./);
    expect((await relief.claim(claim)).state).toBe('open');
    expect(await evidence('relief.claim-decided')).toEqual([]);
  });

  test('has a reason that belongs to it', async () => {
    const { claim } = await filed({ run: 'r' });
    const decide = (code: 'duplicate' | 'fee-refund') =>
      relief.decide({ claim, decision: 'accepted', amount: 500, by, code, reason: null });
    expect(await refusal(decide('duplicate'))).toBe('claim.code');
    expect(await decide('fee-refund')).toEqual({ state: 'decided' });
    expect(await evidence('relief.claim-decided')).toMatchObject([{ code: 'fee-refund', amount: 500 }]);
  });
});

describe('a decided claim', () => {
  const decided = async (): Promise<string> => {
    const { claim } = await filed({ run: 'r', ...byForm('f-1', '01000000001') });
    await relief.linkArrived();
    await relief.decide({ claim, decision: 'accepted', amount: 5000, by, code: 'in-part', reason: null });
    return claim;
  };

  test('that is appealed is open again, for no less than was paid, and is decided anew', async () => {
    const claim = await decided();
    await relief.pay({ claim, amount: 5000, payment: 'x', by });
    await relief.appeal({ claim, amount: { low: 0, high: 20_000 }, by: 'consumer' });
    expect(await relief.claim(claim)).toMatchObject({ state: 'open', amount: { low: 5000, high: 20_000 }, appeals: 1 });
    expect(await relief.damage('r')).toMatchObject({ customer: { low: 5000, high: 20_000 } });
    expect(await refusal(relief.appeal({ claim, amount: null, by }))).toBe('claim-still-open');
    const again = (amount: number) =>
      relief.decide({ claim, decision: 'accepted', amount, by, code: 'price-difference', reason: null });
    expect(await refusal(again(4999))).toBe('claim-below-paid');
    await again(8000);
    await relief.pay({ claim, amount: 3000, payment: 'y', by });
    expect(await relief.claim(claim)).toMatchObject({ state: 'paid', paidAmount: 8000 });
    expect((await evidence('relief.claim-reopened')).length).toBe(1);
  });

  test.each(customers)(
    'is told by one text message to a %s, which names neither claim nor amount',
    async (kind, address) => {
      namedBy = kind;
      await liveRun('r');
      const run = `${institution}-r`;
      const { claim } = await filed({ subject: 'cust-1', ...(kind === 'phone' ? byForm('f-1', address) : {}) });
      messages.set(address, 'submitted');
      await relief.linkArrived();
      expect((await relief.casework(claim)).link?.notices[1]).toMatchObject({ notice: 'n-sms', told: 'on-its-way' });
      await relief.decide({ claim, decision: 'accepted', amount: 5000, by, code: 'in-part', reason: null });
      expect(await relief.tellResults({ run, by })).toEqual({ notice: 'n-result-1', claims: 1 });
      expect(sent).toMatchObject([{ numbers: [address] }]);
      expect(sent[0]?.document.texts.sms).not.toMatch(/c-[0-9a-f]|5,?000|http/);
      expect(await relief.tellResults({ run, by })).toEqual({ notice: null, claims: 0 });
      expect(await relief.confirmTold()).toBe(0);
      messages.set(address, 'delivered');
      expect(await relief.confirmTold()).toBe(1);
      expect([(await relief.claim(claim)).toldAt, (await relief.casework(claim)).dueBy]).toEqual([
        now.toISOString(),
        null,
      ]);
      expect(await evidence('relief.contact-read')).toHaveLength(kind === 'phone' ? 1 : 0);
      expect(await evidence('relief.claim-told')).toMatchObject([{ claim, channel: 'sms', reference: 'n-result-1' }]);
    },
  );

  test('whose message did not arrive is not told, and can be sent again', async () => {
    await liveRun('r');
    const run = `${institution}-r`;
    await filed({ ...byForm('f-1', '01000000001') });
    await relief.linkArrived();
    const [claim] = (await relief.claims({ run })).claims;
    await relief.decide({ claim: claim?.id ?? '', decision: 'refused', amount: 0, by, code: 'no-loss', reason: null });
    await relief.tellResults({ run, by });
    messages.set('01000000001', 'failed');
    expect(await relief.confirmTold()).toBe(0);
    expect((await relief.events({ run })).map(({ kind }) => kind)).toContain('result-not-delivered');
    expect(await relief.tellResults({ run, by })).toMatchObject({ claims: 1 });
  });

  test('leaves for the payment system masked, as text and no formula, and that is evidence', async () => {
    const { claim } = await filed({ run: 'r', subject: '=cmd()' });
    await relief.decide({ claim, decision: 'accepted', amount: 5000, by, code: 'in-part', reason: null });
    const read = async (masked: boolean): Promise<string> =>
      (await all(relief.exportPayments({ run: 'r', by, masked }))).join('');
    expect(await read(true)).toContain(`"${claim}","r","***()","5000","2026-11-29T02:00:00+09:00","p-07","","in-part"`);
    expect(await read(false)).toContain(`"'=cmd()"`);
    expect(await evidence('relief.claims-exported')).toMatchObject([{ count: 1, amount: 5000 }, { count: 1 }]);
  });

  test('keeps the stages of a complaint elsewhere, each once', async () => {
    const claim = await decided();
    const stage = { claim, authority: 'fss', case: '2026-1234', by } as const;
    for (const one of ['filed', 'filed', 'proposal']) await relief.escalate({ ...stage, stage: one });
    expect((await relief.casework(claim)).escalations.map(({ stage: at }) => at)).toEqual(['filed', 'proposal']);
    expect(await evidence('relief.claim-escalated')).toHaveLength(2);
  });
});

test('clocks say each step once, and stop when the result was told', async () => {
  const { claim } = await filed({ run: 'r' });
  const kindsNow = async (): Promise<string[]> => (await relief.events({ run: 'r' })).map(({ kind }) => kind);
  const none = { claims: 0, duties: 0 };
  expect(await relief.remind()).toEqual(none);
  clock.advance(10 * dayMs);
  expect([await relief.remind(), await relief.remind()]).toEqual([{ ...none, claims: 1 }, none]);
  expect(await relief.due(new Date(now.getTime() + 16 * dayMs).toISOString(), 10)).toMatchObject([{ claim }]);
  clock.advance(5 * dayMs);
  await relief.remind();
  expect(await kindsNow()).toEqual(['claim-due', 'claim-overdue']);
  await relief.decide({ claim, decision: 'refused', amount: 0, by, code: 'no-loss', reason: null });
  expect(await relief.told({ claims: [claim], channel: 'letter', reference: 'L-1', by })).toBe(1);
  clock.advance(dayMs);
  expect(await relief.remind()).toEqual(none);
});

describe('the damage ledger', () => {
  test('keeps every revision of a row with its evidence, and raises each step of the limit once', async () => {
    const evidenceItem = { source: 'card centre', digest: `sha256:${'a'.repeat(64)}`, obtainedAt: now.toISOString() };
    const add = (change: object) =>
      relief.recordDamage({
        run: 'r',
        type: 'company',
        state: 'estimated',
        amount: { low: 0, high: 60_000_000 },
        evidence: [evidenceItem],
        by,
        ...change,
      } as never);
    const { row } = await add({});
    await add({ type: 'thirdParty', amount: { low: 1, high: 45_000_000 } });
    expect(await add({ row, state: 'paid', amount: { low: 1_000_000, high: 1_000_000 } })).toEqual({
      row,
      revision: 2,
    });
    await add({ type: 'thirdParty', amount: { low: 60_000_000, high: 60_000_000 } });
    expect(await refusal(add({ row: 'd-none' }))).toBe('damage.not-found');
    expect(await refusal(add({ row, type: 'goodwill' }))).toBe('damage.type');
    const { totals, step, rows } = await relief.damageLedger('r');
    expect(totals).toMatchObject({ upper: { low: 61_000_001, high: 106_000_000 }, settled: 1_000_000 });
    expect([step, rows.length, rows[0]?.evidence]).toEqual([100, 3, [evidenceItem]]);
    const steps = (await evidence('relief.damage-step-reached')).map(({ step: reached }) => reached);
    expect(steps).toEqual([50, 80, 100, 50, 80, 100]);
    expect(await evidence('relief.damage-row')).toHaveLength(4);
  });

  test('takes proactive claims as estimated and filed ones as claimed', async () => {
    await relief.openProactive({ run: 'r', transactions: [failedTransaction(1, 10_000)], complete: true, by });
    await filed({ run: 'r' });
    expect((await relief.damageLedger('r')).totals).toMatchObject({
      upper: { low: 500, high: 40_500 },
      best: { low: 500, high: 10_500 },
      settled: 0,
    });
  });
});

describe('the leak ledger', () => {
  const entry = {
    source: 'review of access logs',
    discoveredAt: '2026-11-29T01:00:00+09:00',
    awareAt: '2026-11-29T01:30:00+09:00',
    cause: 'work',
    kind: 'exfiltration',
    illegalExternalAccess: null,
    records: { low: 1200, high: 1500 },
    persons: { low: 1100, high: 1500 },
    fields: ['name', 'memo-2'],
  };
  test('classifies by the table, starts its clocks, and is classified again when the table changes', async () => {
    const none = { low: 0, high: 0 };
    await relief.recordLeaks({
      run: 'r',
      leaks: { personalCredit: none, other: none, unclassified: none },
      attestedBy: 'p-17',
    });
    const leak = await relief.enterLeak({ run: 'r', entry, by });
    expect(leak).toMatchObject({ class: 'unclassified', fields: [{ class: 'other' }, { class: 'unclassified' }] });
    expect(leak.duties.map(({ duty, status }) => `${duty} ${status}`)).toEqual([
      'credit-leak-notice possible',
      'pipc-report possible',
      'subject-notice possible',
    ]);
    await relief.setPolicy(
      {
        ...defaultReliefPolicy,
        fields: { ...defaultReliefPolicy.fields, 'memo-2': { class: 'other', special: false } },
      },
      by,
    );
    const [now1] = await relief.leaks('r');
    expect(now1?.class).toBe('other');
    expect(now1?.duties.map(({ duty, status }) => `${duty} ${status}`)).toEqual([
      'credit-leak-notice lapsed',
      'pipc-report due',
      'subject-notice due',
    ]);
    expect((await evidence('relief.leaks')).at(-1)).toMatchObject({
      other: { records: { low: 1200, high: 1500 }, persons: { low: 1100 } },
      unclassified: none,
      accessOnly: false,
    });
    await relief.finishDuty({
      leak: leak.id,
      duty: 'pipc-report',
      doneAt: now.toISOString(),
      reference: 'PIPC-1',
      by,
    });
    expect(
      await refusal(
        relief.finishDuty({ leak: leak.id, duty: 'pipc-report', doneAt: now.toISOString(), reference: 'x', by }),
      ),
    ).toBe('leak.no-duty');
    clock.advance(3 * dayMs);
    expect(await relief.remind()).toMatchObject({ duties: 1 });
    expect((await relief.events({ run: 'r' })).map(({ kind }) => kind)).toContain('leak-duty-overdue');
    expect((await relief.draftLeakNotice(leak.id, { company: null, phone: null })).sms).toContain('성명');
  });

  test('refuses what is no entry with its place', async () => {
    await expect(
      relief.enterLeak({ run: 'r', entry: { ...entry, records: { low: 5, high: 1 } }, by }),
    ).rejects.toMatchObject({
      path: '/records',
    });
    await expect(
      relief.enterLeak({ run: 'r', entry: { ...entry, discoveredAt: '2027-11-29T01:00:00+09:00' }, by }),
    ).rejects.toMatchObject({ code: 'leak.future' });
  });
});

test('late facts are taken for a year, then refused until somebody extends it with a reason', async () => {
  await liveRun('r');
  const run = `${institution}-r`;
  expect(await relief.lateFactsUntil(run)).toBe('2027-11-28T19:00:00.000Z');
  clock.advance(366 * dayMs);
  const attest = () => relief.attestDamage({ run, parts: { company: { low: 1, high: 1 } }, by });
  expect(await refusal(attest())).toBe('late-facts-over');
  expect(await refusal(filed({ run }))).toBe('late-facts-over');
  const until = new Date(clock.now().getTime() + dayMs).toISOString();
  await relief.extendLateFacts({ run, until, reason: 'a court asks', by });
  expect(await refusal(attest())).toBe('done');
  expect(await evidence('relief.late-facts-extended')).toMatchObject([{ run, reason: 'a court asks' }]);
});

test('what is erased takes pseudonym, transaction and telephone number with it; amounts and proofs stay', async () => {
  const { claim } = await filed({ reference: 'T-9', run: 'r', ...byForm('f-9', '01000000009') });
  await relief.linkArrived();
  expect(await relief.erase('r', by)).toBe(1);
  const { rows } = await sql<{ row: string }>`
    select to_jsonb(c)::text as row from relief_claim c where institution = ${institution}
    union all select to_jsonb(f)::text from relief_claim_form f where institution = ${institution}
    union all select to_jsonb(s)::text from relief_claim_subject s where institution = ${institution}`.execute(
    database.db,
  );
  expect(rows.map(({ row }) => row).join()).not.toMatch(/tel-1|T-9|01000000009|3031303030/);
  expect(await relief.claim(claim)).toMatchObject({ amount: { high: 30_000 } });
  expect(await relief.payee(claim, { by, reason: 'payment' })).toBe(null);
});
