import { describe, expect, test } from 'vitest';
import { BreakwaterError } from '../error.ts';
import type { EvidenceRecord } from '../evidence/record.ts';
import { assess, factsFromRecords, getPack } from './index.ts';
import { canonicalDigest } from './pack.ts';

const HASH = `sha256:${'a'.repeat(64)}`;
const PLAN = `sha256:${'b'.repeat(64)}`;

/** Records of a log as a dossier opens them; only what the facts read is real. */
function log(rows: readonly (readonly [type: string, payload: unknown])[]): EvidenceRecord[] {
  return rows.map(([type, payload], index) => ({
    schema: 'breakwater.record/1',
    index,
    leaf: {
      schema: 'breakwater.leaf/1',
      type,
      institution: 'saebyeok-bank',
      subjects: {},
      actor: { kind: 'system', id: 'test' },
      at: '2026-08-12T02:00:00+09:00',
      receivedAt: '2026-08-12T02:00:00+09:00',
      commitment: HASH,
    },
    salt: `${'A'.repeat(43)}=`,
    payload: payload as never,
  }));
}

/** The record as one about a plan. */
const ofPlan =
  (id: string) =>
  (record: EvidenceRecord): EvidenceRecord =>
    'leaf' in record ? { ...record, leaf: { ...record.leaf, subjects: { plan: id } } } : record;

const at = (clock: string): string => `2026-08-12T${clock}+09:00`;
let seq = 0;
const journal = (clock: string, type: string, data: unknown, run = 'r-1') =>
  [
    'guard.journal',
    {
      schema: 'breakwater.journal/1',
      run,
      host: 'local',
      seq: seq++,
      epoch: 1,
      at: at(clock),
      mono: 0,
      boot: 'b',
      event: { type, data },
      prev: null,
      hash: HASH,
    },
  ] as const;

const announced = { start: at('02:00:00'), end: at('04:00:00'), services: ['transfer'] };
const fields = ['timing', 'scope', 'details', 'alternative-channels'];
const plan = {
  schema: 'breakwater.plan/1',
  kind: 'emergency-patch',
  activity: 'software-patch',
  services: ['transfer'],
  advisories: ['FSI-2026-0311'],
  fixes: ['CVE-2026-40001'],
  otherChanges: false,
  measures: [{ kind: 'kill-switch' }, { kind: 'rollback' }],
  window: { start: at('02:00:00'), end: at('04:00:00') },
};
const decided = (person: string, decision: string, clock: string, author = false) =>
  [
    'plan.decided',
    {
      planHash: PLAN,
      decision,
      person,
      role: 'ciso',
      at: at(clock),
      expires: at('23:00:00'),
      nonce: 'n',
      key: HASH,
      signature: 'AA==',
      author,
    },
  ] as const;

const before = [
  ['plan.submitted', { plan: 'p-transfer', revision: 1, planHash: PLAN, author: 'p-03', document: plan }],
  [
    'advisory.received',
    {
      advisory: 'FSI-2026-0311',
      disseminatedBy: 'FSI',
      receivedAt: '2026-08-10T10:00:00+09:00',
      proof: 'proven',
      vulnerabilities: ['CVE-2026-40001'],
      document: null,
    },
  ],
  decided('p-03', 'approve', '00:10:00', true),
  decided('p-17', 'approve', '00:11:00'),
  decided('p-18', 'approve', '00:12:00'),
  decided('p-18', 'return', '00:13:00'),
  [
    'plan.rehearsed',
    {
      run: 'r-0',
      planHash: PLAN,
      host: 'staging',
      at: at('01:00:00'),
      passed: true,
      stepDigests: {},
      stepMs: {},
      rollbackMs: { switch: 1800 },
      detectMs: 1,
      stopMs: 1,
      verifyMs: 1,
    },
  ],
  [
    'notice.published',
    {
      notice: 'n-1',
      plan: 'p-transfer',
      channel: 'website',
      at: at('00:00:00'),
      fields,
      announced,
      content: HASH,
      url: '/notices/n-1',
    },
  ],
  [
    'notice.delivered',
    {
      notice: 'n-1',
      plan: 'p-transfer',
      channel: 'sms',
      at: at('00:30:00'),
      fields,
      announced,
      content: HASH,
      intended: 100,
      submitted: 100,
      delivered: 10,
      failed: 0,
    },
  ],
  [
    'notice.delivered',
    {
      notice: 'n-1',
      plan: 'p-transfer',
      channel: 'sms',
      at: at('00:30:00'),
      fields,
      announced,
      content: HASH,
      intended: 100,
      submitted: 100,
      delivered: 99,
      failed: 1,
    },
  ],
  [
    'relief.prepared',
    { plan: 'p-transfer', at: at('00:40:00'), claimsUntil: '2026-09-12T00:00:00+09:00', contact: '15881234' },
  ],
  [
    'run.requested',
    { run: 'r-1', plan: 'p-transfer', planHash: PLAN, mode: 'live', host: 'local', by: 'p-04', at: at('01:59:00') },
  ],
  ['run.started', { run: 'r-1', planHash: PLAN, at: at('02:00:00') }],
] as const;
const course = [
  journal('02:00:00', 'epoch.changed', { from: 0, owner: 'w-1' }),
  journal('02:30:01', 'disruption.opened', {
    disruption: 'd-1',
    service: 'transfer',
    start: at('02:30:00'),
    earliestStart: at('02:29:59.500'),
    extent: 'full',
  }),
  journal('02:31:00', 'recovery.begin', { measure: 'rollback', step: 'switch' }),
  journal('02:32:00', 'recovery.end', { measure: 'rollback', step: 'switch', outcome: 'done', durationMs: 60000 }),
  journal('02:33:00', 'disruption.closed', {
    disruption: 'd-1',
    service: 'transfer',
    start: at('02:30:00'),
    end: at('02:33:00'),
    durationMs: 180000,
  }),
] as const;
const closed = journal('02:40:00', 'run.closed', {
  outcome: 'rolled-back',
  serviceRestored: true,
  outageMs: 180000,
  recoveryMs: 60000,
});
const after = [
  [
    'run.ended',
    {
      run: 'r-1',
      outcome: 'rolled-back',
      at: at('02:41:00'),
      observedUntil: '2026-08-13T02:41:00+09:00',
      journalSeq: 6,
    },
  ],
  [
    'review.cause-classified',
    { run: 'r-1', disruption: 'd-1', cause: 'work', evidence: ['#7'], by: 'p-05', at: at('09:00:00') },
  ],
  [
    'review.fault-declared',
    {
      run: 'r-1',
      subject: 'saebyeok-bank',
      intent: false,
      grossNegligence: null,
      privateInterest: false,
      proceduralDefect: false,
      consumerLossSerious: false,
      consumerDamage: true,
      by: 'p-06',
      at: at('10:00:00'),
    },
  ],
  [
    'relief.damage',
    {
      run: 'r-1',
      at: at('11:00:00'),
      customer: { low: 5000, high: 5000 },
      company: { low: 0, high: 0 },
      thirdParty: { low: 0, high: 0 },
      goodwill: null,
      recourse: null,
    },
  ],
  [
    'relief.leaks',
    {
      run: 'r-1',
      at: at('11:00:00'),
      personalCredit: { low: 0, high: 0 },
      other: { low: 0, high: 0 },
      unclassified: { low: 0, high: 0 },
      attestedBy: 'p-17',
    },
  ],
  [
    'relief.claim-opened',
    { claim: 'c-1', run: 'r-1', source: 'proactive', amount: { low: 5000, high: 5000 }, at: at('02:35:00') },
  ],
  ['relief.claim-opened', { claim: 'c-2', run: 'r-1', source: 'filed', amount: null, at: at('08:00:00') }],
  ['relief.claim-decided', { claim: 'c-1', decision: 'accepted', amount: 5000, by: 'p-07', at: at('12:00:00') }],
  ['relief.claim-decided', { claim: 'c-2', decision: 'refused', amount: 0, by: 'p-07', at: at('12:00:00') }],
  ['relief.claim-paid', { claim: 'c-1', amount: 5000, at: at('13:00:00') }],
] as const;
const whole = [...before, ...course, closed, ...after];

describe('facts from records', () => {
  test('tell the whole of a run that was rolled back', () => {
    const facts = factsFromRecords(log(whole));
    expect(facts).toMatchObject({
      institution: 'saebyeok-bank',
      awareAt: at('02:30:01'),
      transactionErrorKnownAt: at('02:35:00'),
      work: {
        kind: 'emergency-patch',
        start: at('02:00:00'),
        end: at('02:41:00'),
        observedUntil: '2026-08-13T02:41:00+09:00',
        advisories: [{ id: 'FSI-2026-0311', disseminatedBy: 'FSI', proof: 'proven', covers: 'all' }],
        approvals: [
          { by: 'p-03', author: true },
          { by: 'p-17', author: false },
        ],
      },
      fault: [{ subject: 'saebyeok-bank', intent: false, grossNegligence: null }],
      disruptions: [
        {
          service: 'transfer',
          start: at('02:30:00'),
          end: at('02:33:00'),
          earliestStart: at('02:29:59.500'),
          latestEnd: null,
          cause: 'work',
          evidence: ['#7'],
          extent: 'full',
        },
      ],
      damage: { customer: { low: 5000, high: 5000 }, goodwill: null },
      leaks: { personalCredit: { low: 0, high: 0 } },
      plan: { preTest: { at: at('01:00:00'), passed: true }, measures: ['kill-switch', 'rollback'] },
      recovery: [{ measure: 'rollback', at: at('02:32:00'), succeeded: true }],
      notices: [{ channel: 'website' }, { channel: 'sms', intended: 100, delivered: 99 }],
      relief: {
        preparedAt: at('00:40:00'),
        consumerDamage: true,
        implementedAt: at('13:00:00'),
        claims: { open: 0, accepted: 1, refused: 1, paid: 1, openAmount: { low: 0, high: 0 } },
        claimsUntil: '2026-09-12T00:00:00+09:00',
      },
      consumerLoss: { serious: false },
      history: [],
    });
    const assessment = assess(facts, getPack('kr-fsc-2026-06-30'), '2026-10-01T00:00:00+09:00');
    expect(assessment.contradicted).toEqual([]);
    expect(assessment.open).toEqual(['general.consumer-loss']);
  });

  test('are the same from the same records, and judged the same after a trip through JSON', () => {
    const [facts, again] = [factsFromRecords(log(whole)), factsFromRecords(structuredClone(log(whole)))];
    expect(again).toEqual(facts);
    const pack = getPack('kr-fsc-2026-06-30');
    const asOf = '2026-10-01T00:00:00+09:00';
    expect(assess(JSON.parse(JSON.stringify(facts)), pack, asOf)).toEqual(assess(facts, pack, asOf));
  });

  test('of a security test tell that it used AI, and count a rehearsal of the same tester under another window', () => {
    const tester = { run: ['nmap'], usesAi: true };
    const tested = {
      ...plan,
      kind: 'security-test',
      activity: 'automated-pentest',
      tester,
      advisories: undefined,
      fixes: undefined,
    };
    const digest = canonicalDigest(tester);
    const rows = (rehearsed: string): [string, unknown][] =>
      whole.map(([type, payload]): [string, unknown] => {
        if (type === 'plan.submitted') return [type, { ...payload, document: JSON.parse(JSON.stringify(tested)) }];
        if (type !== 'plan.rehearsed') return [type, payload];
        return [type, { ...payload, planHash: HASH, stepDigests: { tester: rehearsed } }];
      });
    const factsOf = (rehearsed: string): ReturnType<typeof factsFromRecords> =>
      factsFromRecords(log(rows(rehearsed)).map(ofPlan('p-transfer')));
    expect(factsOf(digest)).toMatchObject({
      work: { kind: 'security-test', activity: 'automated-pentest', usesAi: true },
      plan: { preTest: { at: at('01:00:00'), passed: true } },
    });
    expect(factsOf(HASH).plan?.preTest).toBeNull();
    const { findings } = assess(factsOf(digest), getPack('kr-fsc-2026-06-30'), '2026-10-01T00:00:00+09:00');
    expect(findings.find(({ criterion }) => criterion === 'scope.work')).toMatchObject({ status: 'met' });
  });

  test('leave unknown what no record tells', () => {
    const facts = factsFromRecords(log(before));
    expect(facts).toMatchObject({
      disruptions: null,
      recovery: null,
      damage: null,
      leaks: null,
      fault: null,
      awareAt: null,
    });
    expect(facts.work).toMatchObject({ end: null, observedUntil: null });
    expect(facts.relief).toMatchObject({ consumerDamage: null, claims: null, implementedAt: null });
  });

  test('take a journal without its end for incomplete', () => {
    const facts = factsFromRecords(log([...before, ...course, ...after]));
    expect(facts.disruptions).toHaveLength(2);
    expect(facts.disruptions?.at(-1)).toEqual({ start: null, end: null, cause: null });
    const finding = assess(facts, getPack('kr-fsc-2026-06-30'), '2026-10-01T00:00:00+09:00').findings.find(
      ({ criterion }) => criterion === 'minor.outage',
    );
    expect(finding).toMatchObject({ status: 'undetermined', value: { low: 180000, high: null } });
  });

  test('take a journal that an alarm doubts for incomplete', () => {
    const alarm = [
      'guard.alarm',
      {
        host: 'local',
        run: 'r-1',
        kind: 'journal-cut',
        detail: 'x',
        ingestedSeq: 4,
        promisedSeq: 9,
        at: at('03:00:00'),
      },
    ] as const;
    expect(factsFromRecords(log([...whole, alarm])).disruptions).toHaveLength(2);
  });

  test('count time by the steady clock of the host, and keep what its wall clock says as an upper bound', () => {
    const stepped = (end: string, durationMs: number) =>
      factsFromRecords(
        log([
          ...before,
          ...course.slice(0, 4),
          journal('02:33:00', 'disruption.closed', {
            disruption: 'd-1',
            service: 'transfer',
            start: at('02:30:00'),
            end: at(end),
            durationMs,
          }),
          closed,
          ...after,
        ]),
      ).disruptions?.[0];
    expect(stepped('02:33:00', 180001)).toMatchObject({ end: at('02:33:00.001'), latestEnd: null });
    expect(stepped('02:33:00', 179999)).toMatchObject({ end: at('02:32:59.999'), latestEnd: at('02:33:00') });
  });

  test('never mix a rehearsal into the work', () => {
    const rehearsal = [
      [
        'run.requested',
        {
          run: 'r-0',
          plan: 'p-transfer',
          planHash: PLAN,
          mode: 'rehearsal',
          host: 'staging',
          by: 'p-04',
          at: at('00:50:00'),
        },
      ],
      ['run.started', { run: 'r-0', planHash: PLAN, at: at('00:50:00') }],
      journal(
        '00:55:00',
        'disruption.opened',
        { disruption: 'd-0', service: 'transfer', start: at('00:55:00'), earliestStart: null, extent: 'full' },
        'r-0',
      ),
    ] as const;
    const facts = factsFromRecords(log([...rehearsal, ...whole]));
    expect(facts.disruptions).toHaveLength(1);
    expect(facts.history).toEqual([]);
  });

  test('hold earlier live runs as history, unless a record may be missing', () => {
    const earlier = [
      [
        'run.requested',
        { run: 'r-a', plan: 'p-transfer', planHash: PLAN, mode: 'live', host: 'local', by: 'p-04', at: at('00:50:00') },
      ],
      ['run.started', { run: 'r-a', planHash: PLAN, at: at('00:50:00') }],
    ] as const;
    const records = log([...whole, ...earlier]);
    expect(factsFromRecords(records).history).toMatchObject([
      { start: at('00:50:00'), disruptions: null, damage: null },
    ]);
    const withheld = { schema: 'breakwater.record/1', index: records.length, leafHash: HASH } as const;
    expect(factsFromRecords([...records, withheld]).history).toBeNull();
    expect(factsFromRecords(records.map((record) => ({ ...record, index: record.index + 5 }))).history).toBeNull();
  });

  test('count a measure that failed in part as failed, and one without its end as unknown', () => {
    const second = journal('02:32:30', 'recovery.begin', { measure: 'rollback', step: 'prepare' });
    const ended = (outcome: string) =>
      journal('02:33:30', 'recovery.end', { measure: 'rollback', step: 'prepare', outcome, durationMs: 1 });
    const recovered = (rows: readonly (readonly [string, unknown])[]) =>
      factsFromRecords(log([...before, ...course, ...rows, closed])).recovery;
    expect(recovered([second, ended('failed')])).toMatchObject([
      { measure: 'rollback', at: at('02:33:30'), succeeded: false },
    ]);
    expect(recovered([second, ended('unknown')])).toMatchObject([{ succeeded: null }]);
    expect(recovered([second])).toMatchObject([{ succeeded: null }]);
  });

  test('are refused without a live run and its plan', () => {
    expect(() => factsFromRecords([])).toThrow(BreakwaterError);
    expect(() => factsFromRecords(log(whole.slice(1)))).toThrow(expect.objectContaining({ code: 'facts.no-work' }));
  });
});
