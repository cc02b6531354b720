import { describe, expect, test } from 'vitest';
import { hashLeaf, formatDigest, leafBytes } from '../evidence/index.ts';
import type { DisclosedRecord, EvidenceRecord, Leaf } from '../evidence/record.ts';
import type { JournalEvent, Trip } from '../guard/record.ts';
import {
  LATE_MS,
  adverseFacts,
  adverseKinds,
  checkIds,
  keyHolds,
  keysSchema,
  manifestSchema,
  openForRun,
  recordPath,
  runSubjects,
  timelineOf,
  tripWords,
  verificationOf,
} from './index.ts';

const HASH = `sha256:${'a'.repeat(64)}`;
const OTHER = `sha256:${'b'.repeat(64)}`;
const AT = '2026-11-15T01:00:00+09:00';

interface Row {
  readonly type: string;
  readonly payload: object;
  readonly subjects?: Record<string, string>;
  readonly at?: string;
  readonly receivedAt?: string;
  readonly institution?: string;
}

function log(...rows: Row[]): DisclosedRecord[] {
  return rows.map(({ type, payload, subjects = {}, at = AT, receivedAt = at, institution = 'bank' }, index) => ({
    schema: 'breakwater.record/1',
    index,
    leaf: {
      schema: 'breakwater.leaf/1',
      type,
      institution,
      subjects,
      actor: { kind: 'system', id: 'test' },
      at,
      receivedAt,
      commitment: HASH,
    },
    salt: `${'A'.repeat(43)}=`,
    payload: payload as DisclosedRecord['payload'],
  }));
}

let seq = 0;
function journal(event: JournalEvent, at = AT, run = 'r-1'): Row {
  seq += 1;
  const payload = {
    schema: 'breakwater.journal/1',
    run,
    host: 'core-7',
    seq,
    epoch: 1,
    at,
    mono: 0,
    boot: 'b',
    event,
    prev: null,
    hash: HASH,
  };
  return { type: 'guard.journal', payload, subjects: { run, host: 'core-7' }, at };
}

const clock = (time: string): string => `2026-11-15T${time}+09:00`;
const plan = (steps: string[]): Row => ({
  type: 'plan.submitted',
  subjects: { plan: 'p' },
  payload: {
    plan: 'p',
    revision: 1,
    planHash: HASH,
    author: 'p-03',
    document: { steps: steps.map((id) => ({ id })), advisories: ['A-1'] },
  },
});
const rehearsed = (stepDigests: Record<string, string>, passed = true, run = 'rehearsal-1'): Row => ({
  type: 'plan.rehearsed',
  subjects: { plan: 'p', run },
  payload: {
    run,
    planHash: HASH,
    host: 'staging',
    at: AT,
    passed,
    stepDigests,
    stepMs: {},
    rollbackMs: { a: 9_500 },
    detectMs: 1,
    stopMs: 1,
    verifyMs: 1,
  },
});
const requested = (run = 'r-1', mode = 'live'): Row => ({
  type: 'run.requested',
  subjects: { run, plan: 'p' },
  payload: { run, plan: 'p', planHash: HASH, mode, host: 'core-7', by: 'p-03', at: AT },
});
const begun = (step: string, digest: string): Row =>
  journal({ type: 'step.begin', data: { step, action: 'do', digest } });
const ended = (step: string, outcome: 'done' | 'not-done' | 'failed' | 'timeout', action: 'do' | 'check' = 'do'): Row =>
  journal({ type: 'step.end', data: { step, action, outcome, exitCode: 0, durationMs: 10, outputDigest: null } });
const probe = (state: 'up' | 'down' | 'unknown', since: string, id = 'home'): Row =>
  journal({ type: 'probe.changed', data: { probe: id, service: 'web', state, since, reason: null } }, since);
const delivered = (change: object): Row => ({
  type: 'notice.delivered',
  payload: {
    notice: 'n-1',
    plan: 'p',
    channel: 'sms',
    at: AT,
    fields: [],
    announced: { start: AT, end: AT, services: [] },
    content: HASH,
    intended: 100,
    submitted: 100,
    delivered: 100,
    failed: 0,
    ...change,
  },
});

describe('adverse facts', () => {
  const cases: [string, Row[], object[]][] = [
    ['nothing', [plan(['a']), rehearsed({ a: HASH }), requested(), begun('a', HASH), ended('a', 'done')], []],
    [
      'a start gate overridden',
      [
        {
          type: 'run.gated',
          payload: {
            run: 'r-1',
            planHash: HASH,
            ready: true,
            findings: [],
            overrides: [{ rule: 'x', by: 'p-17', reason: 'why' }],
          },
        },
      ],
      [{ kind: 'override', index: 0, rule: 'x', by: 'p-17', reason: 'why' }],
    ],
    [
      'messages that failed',
      [delivered({ delivered: 97, failed: 3 })],
      [{ kind: 'failed-delivery', index: 0, delivered: 97, failed: 3 }],
    ],
    [
      'messages of which nobody knows',
      [delivered({ delivered: null, failed: null })],
      [{ kind: 'failed-delivery', delivered: null }],
    ],
    ['only the newest state of a sending', [delivered({ delivered: 3 }), delivered({})], []],
    [
      'a probe that did not know, until it knew',
      [
        probe('unknown', clock('01:00:05')),
        probe('unknown', clock('01:00:06'), 'other'),
        probe('up', clock('01:00:09')),
      ],
      [
        { kind: 'probe-gap', index: 0, probe: 'home', from: clock('01:00:05'), until: clock('01:00:09'), ms: 4_000 },
        { kind: 'probe-gap', index: 1, probe: 'other', until: null, ms: null },
      ],
    ],
    [
      'a step that nobody rehearsed',
      [plan(['a', 'b']), rehearsed({ a: HASH })],
      [{ kind: 'unrehearsed-step', index: 0, step: 'b' }],
    ],
    [
      'a step that was rehearsed in another form',
      [plan(['a']), rehearsed({ a: HASH }), begun('a', OTHER)],
      [{ kind: 'unrehearsed-step', index: 2, step: 'a' }],
    ],
    [
      'a step that only a failed rehearsal had',
      [plan(['a']), rehearsed({ a: HASH }, false)],
      [
        { kind: 'unrehearsed-step', step: 'a' },
        { kind: 'failed-rehearsal', index: 1 },
      ],
    ],
    [
      'a clock that was known to be off, and one that was found to be',
      [
        journal({
          type: 'run.prepared',
          data: {
            planHash: HASH,
            mode: 'live',
            level: 'x',
            budgetMs: 1,
            takeoverGraceMs: 1,
            clockErrorMs: 12,
            windowEnd: AT,
          },
        }),
        {
          type: 'guard.alarm',
          payload: {
            host: 'core-7',
            run: 'r-1',
            kind: 'clock-offset',
            detail: '2 s',
            ingestedSeq: null,
            promisedSeq: null,
            at: AT,
          },
        },
        {
          type: 'guard.alarm',
          payload: {
            host: 'core-7',
            run: 'r-1',
            kind: 'journal-cut',
            detail: 'cut',
            ingestedSeq: 3,
            promisedSeq: 5,
            at: AT,
          },
        },
      ],
      [
        { kind: 'clock-offset', index: 0, errorMs: 12 },
        { kind: 'clock-offset', index: 1, errorMs: null, detail: '2 s' },
        { kind: 'journal-alarm', index: 2, alarm: 'journal-cut' },
      ],
    ],
    [
      'steps and recoveries that did not end well',
      [
        ended('a', 'timeout'),
        ended('a', 'not-done', 'check'),
        journal({ type: 'recovery.end', data: { measure: 'rollback', step: 'a', outcome: 'failed', durationMs: 1 } }),
        journal({ type: 'recovery.end', data: { measure: 'rollback', step: 'b', outcome: 'done', durationMs: 1 } }),
      ],
      [
        { kind: 'failed-step', index: 0, outcome: 'timeout' },
        { kind: 'failed-recovery', index: 2, outcome: 'failed' },
      ],
    ],
    [
      'what happened in a rehearsal, not at all',
      [requested('r-1', 'rehearsal'), ended('a', 'failed'), probe('unknown', AT)],
      [],
    ],
    [
      'a record that reached the log late, beyond the limit only',
      [
        { ...requested(), receivedAt: new Date(Date.parse(AT) + LATE_MS).toISOString() },
        { ...requested(), receivedAt: new Date(Date.parse(AT) + LATE_MS + 1).toISOString() },
      ],
      [{ kind: 'late-record', index: 1, type: 'run.requested', ms: LATE_MS + 1 }],
    ],
  ];
  test.each(cases)('of %s', (_, rows, want) => {
    const found = adverseFacts(log(...rows));
    expect(found).toHaveLength(want.length);
    expect(found).toMatchObject(want);
  });

  test('an approval by the author of the plan', () => {
    const decided = {
      planHash: HASH,
      decision: 'approve',
      person: 'p-03',
      role: 'r',
      at: AT,
      expires: AT,
      nonce: 'n',
      key: HASH,
      signature: 'AA==',
    };
    const found = adverseFacts(
      log(
        { type: 'plan.decided', payload: { ...decided, author: true } },
        { type: 'plan.decided', payload: { ...decided, author: false } },
      ),
    );
    expect(found).toMatchObject([{ kind: 'author-approval', index: 0, person: 'p-03' }]);
  });

  test('come in the order in which they are printed, and every kind can be', () => {
    const kinds = cases.flatMap(([, rows]) => adverseFacts(log(...rows)).map(({ kind }) => kind));
    expect(new Set([...kinds, 'author-approval'])).toEqual(new Set(adverseKinds));
    const all = adverseFacts(log(...cases.flatMap(([, rows]) => rows))).map(({ kind }) => adverseKinds.indexOf(kind));
    expect(all).toEqual(all.toSorted((a, b) => a - b));
  });
});

describe('the time line', () => {
  test('tells what happened in the order of time, in both languages, without pulse or rehearsals', () => {
    const rows = timelineOf(
      log(
        journal(
          {
            type: 'run.tripped',
            data: { trip: { reason: 'outage-limit', service: 'web', limitMs: 1_000, observedMs: 1_500 } },
          },
          clock('01:00:09'),
        ),
        journal({ type: 'meter.read', data: { meter: 'damage', low: 0, high: 0 } }, clock('01:00:01')),
        requested(),
        { type: 'run.started', payload: { run: 'r-1', planHash: HASH, at: clock('01:00:02') }, at: clock('01:00:02') },
        requested('r-2', 'rehearsal'),
        { ...journal({ type: 'lease.lost', data: { silentMs: 1 } }, clock('01:00:03'), 'r-2') },
      ),
    );
    expect(rows.map(({ index, ko }) => [index, ko])).toEqual([
      [2, '실행 요청(core-7)'],
      [3, '실행 시작'],
      [0, '트립: 장애 한도 도달(web, 1.5초 / 한도 1초)'],
    ]);
    expect(rows.at(-1)).toMatchObject({
      en: 'Trip: outage limit (web, 1.5 s of 1 s)',
      source: 'core-7',
      at: clock('01:00:09'),
    });
  });

  test('leaves withheld records and records of kinds it does not know out', () => {
    const [record] = log(requested());
    const withheld: EvidenceRecord = { schema: 'breakwater.record/1', index: 1, leafHash: HASH };
    expect(
      timelineOf([...(record === undefined ? [] : [record]), withheld, ...log({ type: 'other.thing', payload: {} })]),
    ).toHaveLength(1);
  });

  test('has words for every reason to trip, with its numbers', () => {
    const trips: Trip[] = [
      { reason: 'service-down', service: 'web', probe: 'p', limitMs: 1, observedMs: 2 },
      { reason: 'damage-limit', limitWon: 30_000_000, observedWon: null },
      { reason: 'records-limit', limit: 1_000, observed: 1_001 },
      { reason: 'personal-credit', limit: 0, observed: null },
      { reason: 'point-of-no-return', remainingMs: 0 },
      { reason: 'lease-lost', silentMs: 500, graceMs: 5_000 },
      { reason: 'lever', lever: 'cut', by: 'p-03' },
      { reason: 'window-end', endedAt: AT },
      { reason: 'probe-blind', probe: 'p', limitMs: 1, observedMs: 2 },
      { reason: 'meter-blind', meter: 'damage', limitMs: 1, observedMs: 2 },
      { reason: 'step-failed', step: 'a', outcome: 'failed' },
    ];
    const words = trips.map(tripWords);
    expect(new Set(words.map(({ ko }) => ko)).size).toBe(trips.length);
    expect(words[1]).toEqual({
      ko: '손해 한도 도달(알 수 없음 / 한도 30,000,000원)',
      en: 'damage limit (KRW unknown of 30,000,000)',
    });
    for (const { ko, en } of words) expect([ko, en].join()).not.toMatch(/undefined|null|NaN/);
  });
});

describe('the records about a run', () => {
  const rows = [
    requested('r-1'),
    requested('r-9'),
    plan(['a']),
    rehearsed({ a: HASH }),
    {
      type: 'run.requested',
      subjects: { run: 'rehearsal-1', plan: 'p' },
      payload: { ...requested('rehearsal-1', 'rehearsal').payload },
    },
    {
      type: 'advisory.received',
      subjects: { advisory: 'A-1' },
      payload: {
        advisory: 'A-1',
        disseminatedBy: 'FSI',
        receivedAt: AT,
        proof: 'proven',
        vulnerabilities: [],
        document: null,
      },
    },
    { type: 'advisory.received', subjects: { advisory: 'A-2' }, payload: {} },
    {
      type: 'relief.claim-opened',
      subjects: { claim: 'c-1' },
      payload: { claim: 'c-1', run: 'r-1', source: 'filed', amount: null, at: AT },
    },
    { type: 'relief.claim-decided', subjects: { claim: 'c-1' }, payload: {} },
    { type: 'relief.claim-decided', subjects: { claim: 'c-2' }, payload: {} },
    { type: 'anything.else', subjects: { run: 'r-1' }, payload: {} },
    { type: 'anything.else', subjects: {}, payload: {} },
  ];
  const records = [
    ...log(...rows),
    ...log({ ...requested('r-1'), institution: 'other-bank' }).map((record) => ({ ...record, index: rows.length })),
  ];

  test('stand open; all others and those of another institution stay as bare leaf hashes in their places', () => {
    const opened = openForRun(records, runSubjects(records, 'r-1'));
    expect(opened.map(({ index }) => index)).toEqual(records.map(({ index }) => index));
    expect(opened.flatMap((record) => ('leaf' in record ? [record.index] : []))).toEqual([0, 2, 3, 4, 5, 7, 8, 10]);
    const [, other] = opened;
    const leaf = records[1]?.leaf as Leaf;
    expect(other).toEqual({
      schema: 'breakwater.record/1',
      index: 1,
      leafHash: formatDigest(hashLeaf(leafBytes(leaf))),
    });
  });

  test('are not found for a run that nobody asked for', () => {
    expect(() => runSubjects(records, 'r-0')).toThrow(expect.objectContaining({ code: 'run.not-found', path: '/run' }));
  });
});

describe('keys', () => {
  const key = { person: 'p', role: 'r', publicKey: 'x', from: clock('01:00:00'), to: clock('03:00:00'), revoked: null };
  const at = (time: string): number => Date.parse(clock(time));
  test('hold from their beginning until just before their end or revocation', () => {
    expect([at('00:59:59'), at('01:00:00'), at('02:59:59'), at('03:00:00')].map((time) => keyHolds(key, time))).toEqual(
      [false, true, true, false],
    );
    expect(keyHolds({ ...key, revoked: clock('02:00:00') }, at('02:00:00'))).toBe(false);
    expect(keyHolds({ ...key, to: null }, at('23:00:00'))).toBe(true);
    expect(keysSchema.safeParse({ schema: 'breakwater.keys/1', keys: [key] }).success).toBe(true);
  });
});

describe('a verification', () => {
  const check = (result: 'passed' | 'failed' | 'not-checked') => ({ id: checkIds[0], subject: '', result, detail: '' });
  test.each([
    [[], 'incomplete'],
    [['passed'], 'passed'],
    [['passed', 'not-checked'], 'incomplete'],
    [['not-checked', 'failed', 'passed'], 'failed'],
  ] as const)('of checks %j is %s', (results, want) => {
    expect(verificationOf(results.map(check)).result).toBe(want);
  });
});

test('a manifest names members by path and hash, and nothing else', () => {
  const manifest = {
    schema: 'breakwater.manifest/1',
    origin: 'o',
    range: { first: 0, end: 1 },
    rules: '0.1.0',
    members: [{ path: recordPath(0), sha256: 'a'.repeat(64) }],
  };
  expect(manifestSchema.safeParse(manifest).success).toBe(true);
  expect(manifestSchema.safeParse({ ...manifest, run: 'x' }).success).toBe(false);
  expect(recordPath(7)).toBe('records/00000007.json');
});
