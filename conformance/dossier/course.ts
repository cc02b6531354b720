/** What happened in the example, as every domain records it: an emergency patch that goes bad and is rolled back. */
import { hash } from 'node:crypto';
import type { Actor, EvidenceEntry } from '@breakwater/rules/evidence/record';
import { headMessage, sealEntry } from '@breakwater/rules/guard';
import type { JournalEntry, JournalEvent } from '@breakwater/rules/guard/record';
import { approvalBytes } from '@breakwater/rules/plan';
import { digests, hashOfPlan, institution, plan } from './plan.ts';
import { DAY, HOUR, type Person, START, host, iso, persons, signed, testKey } from './trust.ts';

export const run = 'run-2026-11-15-transfer';
const at = {
  announced: { start: '2026-11-15T01:00:00+09:00', end: '2026-11-15T04:00:00+09:00', services: ['transfer'] },
};
const allFields = ['timing', 'scope', 'details', 'alternative-channels'];

export type Draft = Omit<EvidenceEntry, 'institution'>;
const person = (id: string): Actor => ({ kind: 'person', id });
export const system: Actor = { kind: 'system', id: 'breakwater' };

/** An entry that happened so many seconds after the start. */
export function draft(
  type: string,
  seconds: number,
  actor: Actor,
  subjects: Record<string, string>,
  payload: unknown,
): Draft {
  return { type, at: iso(seconds), actor, subjects, payload: payload as Draft['payload'] };
}

function decided(who: Person, seconds: number): Draft {
  const payload = {
    planHash: hashOfPlan,
    decision: 'approve' as const,
    person: who,
    role: persons[who],
    at: iso(seconds),
    expires: iso(7 * DAY),
    nonce: hash('sha256', `${who} ${seconds}`, 'hex'),
  };
  return draft(
    'plan.decided',
    seconds,
    person(who),
    { plan: plan.id },
    {
      ...payload,
      key: testKey(who).digest,
      signature: signed(who, approvalBytes(payload)),
      author: who === plan.author,
    },
  );
}

function rehearsed(n: number): Draft {
  return draft(
    'plan.rehearsed',
    -3 * DAY + n * HOUR,
    { kind: 'host', id: 'staging' },
    { plan: plan.id },
    {
      run: `rehearsal-${n}`,
      planHash: hashOfPlan,
      host: 'staging',
      at: iso(-3 * DAY + n * HOUR),
      passed: true,
      stepDigests: digests,
      stepMs: { drain: 3_900 + 120 * n, switch: 7_400 + 300 * n },
      rollbackMs: { drain: 2_100 + 90 * n, switch: 8_800 + 250 * n },
      detectMs: 1_500,
      stopMs: 40,
      verifyMs: 1_500,
    },
  );
}

/** Before the work: keys, advisory, plan, rehearsals, approvals, relief, notices. */
export function before(): Draft[] {
  const enrolled = (who: Person, by: Person, seconds: number): Draft =>
    draft(
      'auth.key-enrolled',
      seconds,
      person(by),
      { person: who },
      {
        key: testKey(who).digest,
        person: who,
        role: persons[who],
        publicKey: testKey(who).pem,
        enrolledBy: by,
        from: iso(-30 * DAY),
        to: iso(335 * DAY),
      },
    );
  return [
    enrolled('p-17', 'p-11', -29 * DAY),
    enrolled('p-11', 'p-17', -29 * DAY + 60),
    enrolled('p-03', 'p-17', -29 * DAY + 120),
    draft(
      'advisory.received',
      -4 * DAY,
      system,
      { advisory: 'FSI-2026-0142' },
      {
        advisory: 'FSI-2026-0142',
        disseminatedBy: 'FSI',
        receivedAt: iso(-4 * DAY),
        proof: 'proven',
        vulnerabilities: ['CVE-2026-1234'],
        document: `sha256:${hash('sha256', 'FSI-2026-0142', 'hex')}`,
      },
    ),
    draft(
      'plan.submitted',
      -3 * DAY - HOUR,
      person('p-03'),
      { plan: plan.id },
      {
        plan: plan.id,
        revision: 1,
        planHash: hashOfPlan,
        author: 'p-03',
        document: plan,
      },
    ),
    ...[1, 2, 3].map(rehearsed),
    decided('p-17', -2 * DAY),
    decided('p-11', -2 * DAY + 900),
    decided('p-03', -2 * DAY + 1_000),
    draft(
      'relief.prepared',
      -2 * DAY + 1_800,
      person('p-17'),
      { plan: plan.id },
      {
        plan: plan.id,
        at: iso(-2 * DAY + 1_800),
        claimsUntil: iso(30 * DAY),
        contact: '15881234',
      },
    ),
    draft(
      'notice.published',
      -1.6 * DAY,
      system,
      { plan: plan.id, notice: 'n-1' },
      {
        notice: 'n-1',
        plan: plan.id,
        channel: 'website',
        at: iso(-1.6 * DAY),
        fields: allFields,
        ...at,
        content: `sha256:${hash('sha256', 'n-1 website', 'hex')}`,
        url: 'https://notice.hanbit-bank.example/ko/notices/n-1',
      },
    ),
    draft(
      'notice.delivered',
      -1.5 * DAY,
      system,
      { plan: plan.id, notice: 'n-1' },
      {
        notice: 'n-1',
        plan: plan.id,
        channel: 'sms',
        at: iso(-1.5 * DAY),
        fields: allFields,
        ...at,
        content: `sha256:${hash('sha256', 'n-1 sms', 'hex')}`,
        intended: 118_000,
        submitted: 118_000,
        delivered: 117_300,
        failed: 700,
      },
    ),
    draft(
      'run.requested',
      -600,
      person('p-03'),
      { run, plan: plan.id },
      {
        run,
        plan: plan.id,
        planHash: hashOfPlan,
        mode: 'live',
        host,
        by: 'p-03',
        at: iso(-600),
      },
    ),
    draft(
      'run.gated',
      -2,
      system,
      { run, plan: plan.id },
      {
        run,
        planHash: hashOfPlan,
        ready: true,
        findings: [{ rule: 'window.protected-day', severity: 'error', unknown: false }],
        overrides: [
          {
            rule: 'window.protected-day',
            by: 'p-17',
            reason: '월말 결산일이나 공격이 이미 확인되어 미룰 수 없습니다.',
          },
        ],
      },
    ),
    draft('run.claimed', -1, system, { run }, { run, epoch: 1, owner: 'worker-1', because: 'start' }),
    draft('run.started', 0, system, { run, plan: plan.id }, { run, planHash: hashOfPlan, at: iso(0) }),
  ];
}

/** The journal of the host: seconds after the start, and what happened. */
function journal(readings: number): [number, JournalEvent][] {
  const reading = (i: number): [number, JournalEvent] => [
    10 + (i * 40) / Math.max(1, readings),
    { type: 'meter.read', data: { meter: 'damage', low: 0, high: 0 } },
  ];
  const step = (
    id: string,
    action: 'check' | 'do',
    from: number,
    ms: number,
    outcome: 'not-done' | 'done',
  ): [number, JournalEvent][] => [
    [from, { type: 'step.begin', data: { step: id, action, digest: digests[id] ?? '' } }],
    [
      from + ms / 1000,
      {
        type: 'step.end',
        data: { step: id, action, outcome, exitCode: outcome === 'done' ? 0 : 1, durationMs: ms, outputDigest: null },
      },
    ],
  ];
  return [
    [
      1,
      {
        type: 'run.prepared',
        data: {
          planHash: hashOfPlan,
          mode: 'live',
          level: 'cgroup-v2+pidns',
          budgetMs: 3_600_000,
          takeoverGraceMs: 5_000,
          clockErrorMs: 12,
          windowEnd: plan.window.end,
        },
      },
    ],
    [1.1, { type: 'supervisor.started', data: { pid: 4711, because: 'prepared' } }],
    ...step('drain', 'check', 2, 120, 'not-done'),
    ...step('drain', 'do', 3, 4_020, 'done'),
    ...step('switch', 'check', 8, 110, 'not-done'),
    ...Array.from({ length: readings }, (_, i) => reading(i)),
    ...step('switch', 'do', 52, 7_700, 'done'),
    [
      64.2,
      {
        type: 'probe.changed',
        data: { probe: 'transfer-journey', service: 'transfer', state: 'down', since: iso(62.7), reason: 'status 500' },
      },
    ],
    [
      64.2,
      {
        type: 'disruption.opened',
        data: { disruption: 'd-1', service: 'transfer', start: iso(62.7), earliestStart: iso(62.2), extent: 'full' },
      },
    ],
    [70, { type: 'meter.read', data: { meter: 'damage', low: 1_200_000, high: 3_000_000 } }],
    [
      94.2,
      {
        type: 'run.tripped',
        data: {
          trip: {
            reason: 'service-down',
            service: 'transfer',
            probe: 'transfer-journey',
            limitMs: 30_000,
            observedMs: 30_000,
          },
        },
      },
    ],
    [94.25, { type: 'work.stopped', data: { method: 'cgroup.kill', latencyMs: 31 } }],
    [94.4, { type: 'recovery.begin', data: { measure: 'rollback', step: 'switch' } }],
    [
      103.6,
      { type: 'recovery.end', data: { measure: 'rollback', step: 'switch', outcome: 'done', durationMs: 9_200 } },
    ],
    [103.7, { type: 'recovery.begin', data: { measure: 'rollback', step: 'drain' } }],
    [105.9, { type: 'recovery.end', data: { measure: 'rollback', step: 'drain', outcome: 'done', durationMs: 2_200 } }],
    [
      106.4,
      {
        type: 'probe.changed',
        data: {
          probe: 'transfer-journey',
          service: 'transfer',
          state: 'unknown',
          since: iso(106.1),
          reason: 'no answer in 1 s',
        },
      },
    ],
    [
      108.2,
      {
        type: 'probe.changed',
        data: { probe: 'transfer-journey', service: 'transfer', state: 'up', since: iso(106.7), reason: null },
      },
    ],
    [
      108.2,
      {
        type: 'disruption.closed',
        data: { disruption: 'd-1', service: 'transfer', start: iso(62.7), end: iso(106.7), durationMs: 44_000 },
      },
    ],
    [
      110,
      {
        type: 'run.closed',
        data: { outcome: 'rolled-back', serviceRestored: true, outageMs: 44_000, recoveryMs: 11_500 },
      },
    ],
  ];
}

/** The journal as records, and the head that the host signed at its end. */
export function journalDrafts(readings: number): Draft[] {
  let previous: JournalEntry | null = null;
  const entries = journal(readings).map(([seconds, event], seq) => {
    const entry: JournalEntry = sealEntry({
      schema: 'breakwater.journal/1',
      run,
      host,
      seq,
      epoch: 1,
      at: iso(seconds),
      mono: 81_000_000 + Math.round(seconds * 1000),
      boot: '0b1c2d3e-boot',
      event,
      prev: previous?.hash ?? null,
    });
    previous = entry;
    return entry;
  });
  const drafts = entries.map((entry) =>
    draft('guard.journal', (Date.parse(entry.at) - START) / 1000, { kind: 'host', id: host }, { run, host }, entry),
  );
  const last = entries.at(-1);
  if (last === undefined) return drafts;
  const head = { run, host, seq: last.seq, hash: last.hash };
  return [
    ...drafts,
    draft(
      'guard.journal-head',
      111,
      { kind: 'host', id: host },
      { run, host },
      { ...head, signature: signed(`host ${host}`, headMessage(head)) },
    ),
  ];
}

/** After the work: the end, ledgers, claims, declarations. */
export function after(): Draft[] {
  const claims = Array.from({ length: 3 }, (_, i) => `c-${i + 1}`);
  const declared = {
    run,
    subject: institution,
    intent: false,
    grossNegligence: false,
    privateInterest: false,
    proceduralDefect: false,
    consumerLossSerious: false,
    consumerDamage: true,
    by: 'p-17',
    at: iso(DAY),
  };
  const range = (low: number, high: number): { low: number; high: number } => ({ low, high });
  return [
    draft(
      'run.ended',
      115,
      system,
      { run },
      { run, outcome: 'rolled-back', at: iso(115), observedUntil: iso(DAY), journalSeq: null },
    ),
    draft(
      'review.cause-classified',
      HOUR,
      person('p-17'),
      { run },
      { run, disruption: 'd-1', cause: 'work', evidence: ['probe transfer-journey'], by: 'p-17', at: iso(HOUR) },
    ),
    draft(
      'relief.damage',
      2 * HOUR,
      person('p-17'),
      { run },
      {
        run,
        at: iso(2 * HOUR),
        customer: range(1_200_000, 3_000_000),
        company: range(400_000, 400_000),
        thirdParty: range(0, 0),
        goodwill: range(0, 0),
        recourse: range(0, 0),
      },
    ),
    draft(
      'relief.leaks',
      2 * HOUR + 60,
      person('p-17'),
      { run },
      {
        run,
        at: iso(2 * HOUR + 60),
        personalCredit: range(0, 0),
        other: range(0, 0),
        unclassified: range(0, 0),
        attestedBy: 'p-17',
      },
    ),
    ...claims.map((claim, i) =>
      draft(
        'relief.claim-opened',
        3 * HOUR + i,
        system,
        { run, claim },
        { claim, run, source: 'proactive', amount: range(400_000, 400_000), at: iso(3 * HOUR + i) },
      ),
    ),
    ...claims.map((claim, i) =>
      draft(
        'relief.claim-decided',
        20 * HOUR + i,
        person('p-11'),
        { run, claim },
        { claim, decision: 'accepted', amount: 400_000, by: 'p-11', at: iso(20 * HOUR + i) },
      ),
    ),
    ...claims.map((claim, i) =>
      draft(
        'relief.claim-paid',
        22 * HOUR + i,
        system,
        { run, claim },
        { claim, amount: 400_000, at: iso(22 * HOUR + i) },
      ),
    ),
    draft('review.fault-declared', DAY, person('p-17'), { run }, declared),
  ];
}
