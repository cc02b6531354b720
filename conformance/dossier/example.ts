/**
 * A whole small log about one emergency patch that goes bad and is rolled back: records as every domain writes them,
 * with deterministic keys, salts and times, so that the same dossier comes out of it every time.
 *
 * The keys are made from public seeds: nothing signed by them proves anything outside tests.
 */
import { createPrivateKey, createPublicKey, hash, sign, type KeyObject } from 'node:crypto';
import { packDecisionStatement, statementBytes } from '@breakwater/rules';
import {
  COSIGNATURE_V1,
  ED25519,
  type EvidenceRecord,
  type NoteSignature,
  type Tile,
  TILE_WIDTH,
  commit,
  cosignature,
  cosignedMessage,
  encodeBase64,
  formatCheckpoint,
  formatDigest,
  formatNote,
  formatVerifierKey,
  growTree,
  hashLeaf,
  leafBytes,
  verifierKey,
} from '@breakwater/rules/evidence';
import type { Actor, EvidenceEntry, Leaf } from '@breakwater/rules/evidence/record';
import { headMessage, sealEntry } from '@breakwater/rules/guard';
import type { JournalEntry, JournalEvent } from '@breakwater/rules/guard/record';
import { approvalBytes, planHash, stepDigest } from '@breakwater/rules/plan';
import type { Keys } from '@breakwater/rules/review';
import { provingTiles } from '@breakwater/verify';

/** An Ed25519 key from a name. */
export function testKey(name: string): { privateKey: KeyObject; pem: string; raw: Uint8Array; digest: string } {
  const seed = hash('sha256', `breakwater example ${name}`, 'buffer');
  const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]);
  const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  const publicKey = createPublicKey(privateKey);
  const spki = publicKey.export({ format: 'der', type: 'spki' });
  return {
    privateKey,
    pem: publicKey.export({ format: 'pem', type: 'spki' }).toString(),
    raw: new Uint8Array(spki.subarray(12)),
    digest: `sha256:${hash('sha256', spki, 'hex')}`,
  };
}

const signed = (name: string, message: Uint8Array): string =>
  sign(null, message, testKey(name).privateKey).toString('base64');

export const origin = 'log.hanbit-bank.example/breakwater';
const institution = 'hanbit-bank';
const run = 'run-2026-11-15-transfer';
const host = 'core-7';
const persons = { 'p-03': 'operations', 'p-11': 'auditor', 'p-17': 'ciso' } as const;
type Person = keyof typeof persons;

/** Minutes and seconds after the start of the work, 2026-11-15 01:00 KST. */
const START = Date.parse('2026-11-15T01:00:00+09:00');
const iso = (seconds: number): string => new Date(START + seconds * 1000).toISOString();
const HOUR = 3600;
const DAY = 24 * HOUR;

const steps = [
  {
    id: 'drain',
    title: { ko: '이체 서비스 접속 비우기', en: 'Drain the transfer service' },
    driver: 'command',
    check: { run: ['./bankctl', 'is', 'transfer', 'drained'] },
    do: { run: ['./bankctl', 'drain', 'transfer'] },
    undo: { run: ['./bankctl', 'undrain', 'transfer'] },
    wayBack: 'undo',
    timeout: 'PT30S',
    onStop: 'finish',
  },
  {
    id: 'switch',
    title: { ko: '새 버전으로 전환', en: 'Switch to the new version' },
    driver: 'command',
    check: { run: ['./bankctl', 'is', 'transfer', 'v2'] },
    do: { run: ['./bankctl', 'switch', 'transfer', 'v2'] },
    undo: { run: ['./bankctl', 'switch', 'transfer', 'v1'] },
    wayBack: 'undo',
    timeout: 'PT30S',
    onStop: 'finish',
  },
];

export const plan = {
  schema: 'breakwater.plan/1',
  id: 'transfer-openssl-2026-11',
  institution,
  kind: 'emergency-patch',
  urgency: 'planned',
  activity: 'software-patch',
  title: { ko: '이체 서비스 보안 패치', en: 'Security patch of the transfer service' },
  author: 'p-03',
  advisories: ['FSI-2026-0142'],
  fixes: ['CVE-2026-1234'],
  otherChanges: false,
  window: { start: '2026-11-15T01:00:00+09:00', end: '2026-11-15T04:00:00+09:00', observe: 'PT24H' },
  services: ['transfer'],
  host,
  steps,
  probes: [
    {
      id: 'transfer-journey',
      service: 'transfer',
      kind: 'http',
      url: 'http://10.77.0.2:8081/transfer/selftest',
      expect: { status: 200, within: 'PT1S' },
      every: 'PT0.5S',
      downAfter: 3,
      upAfter: 3,
    },
  ],
  meters: {
    damage: { kind: 'http-json', url: 'http://10.77.0.2:8090/failed-amount', pointer: '/krw', every: 'PT1S' },
    records: { kind: 'none', attestedBy: 'p-17' },
  },
  limits: { outage: 'PT1H', damage: 30_000_000, records: 0, personalCredit: 0, takeoverGrace: 'PT5S' },
  measures: [
    { kind: 'kill-switch' },
    { kind: 'rollback' },
    {
      kind: 'module-isolation',
      driver: 'command',
      do: { run: ['./bankctl', 'isolate', 'transfer'] },
      undo: { run: ['./bankctl', 'rejoin', 'transfer'] },
    },
    {
      kind: 'manual-processing',
      card: { ko: '영업점 수기 접수', en: 'Branches take orders by hand' },
      capacityPerHour: 1200,
    },
  ],
  rehearse: { host: 'staging', atLeast: 3 },
  notice: {
    leadTime: 'PT24H',
    channels: ['website', 'sms'],
    services: ['transfer'],
    alternativeChannels: [{ name: 'ATM', service: 'atm', opens: '00:00', closes: '24:00' }],
  },
  relief: { claimsUntil: 'P30D', contact: '15881234' },
  approvals: { needed: 2 },
};

const hashOfPlan = planHash(plan);
const digests = Object.fromEntries(steps.map((step) => [step.id, stepDigest(step)]));
const at = {
  announced: { start: '2026-11-15T01:00:00+09:00', end: '2026-11-15T04:00:00+09:00', services: ['transfer'] },
};
const allFields = ['timing', 'scope', 'details', 'alternative-channels'];

type Draft = Omit<EvidenceEntry, 'institution'>;
const person = (id: string): Actor => ({ kind: 'person', id });
const system: Actor = { kind: 'system', id: 'breakwater' };

function draft(type: string, seconds: number, actor: Actor, subjects: Record<string, string>, payload: unknown): Draft {
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
function before(): Draft[] {
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

function journalDrafts(readings: number): Draft[] {
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
function after(): Draft[] {
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

export interface ExampleOptions {
  /** Meter readings in the journal, to make it as long as wanted. Default 0. */
  readonly readings?: number;
  /** Records of other works that stand in the log before this one. Default 5. */
  readonly earlier?: number;
  /** More drafts at the end. */
  readonly more?: readonly Draft[];
}

export interface ExampleLog {
  readonly records: readonly EvidenceRecord[];
  readonly first: number;
  /** Of a tree of `size` leaves, signed and cosigned. */
  checkpoint(size: number, witness?: boolean): string;
  tiles(first: number, end: number, size: number): Tile[];
}

/** All records of the work, in the log, and how to prove them. */
export function exampleLog(options: ExampleOptions = {}): ExampleLog {
  const { readings = 0, earlier = 5, more = [] } = options;
  const others = Array.from({ length: earlier }, (_, i) =>
    draft(
      'run.requested',
      -40 * DAY + i,
      system,
      { run: `other-${i}` },
      {
        run: `other-${i}`,
        plan: 'other',
        planHash: hashOfPlan,
        mode: 'rehearsal',
        host,
        by: 'p-03',
        at: iso(-40 * DAY + i),
      },
    ),
  );
  const inside = draft(
    'run.requested',
    -300,
    system,
    { run: 'other-inside' },
    { run: 'other-inside', plan: 'other', planHash: hashOfPlan, mode: 'rehearsal', host, by: 'p-03', at: iso(-300) },
  );
  const drafts = [...others, ...before(), inside, ...journalDrafts(readings), ...after(), ...more];
  const opened = drafts.map(recordOf);
  const hashes = opened.map(({ leaf }) => hashLeaf(leafBytes(leaf)));
  const records = opened.map((record, index): EvidenceRecord => {
    const withheld = record.leaf.subjects['run']?.startsWith('other-') === true;
    return withheld
      ? { schema: 'breakwater.record/1', index, leafHash: formatDigest(hashes[index] as Uint8Array) }
      : record;
  });
  const trees = new Map<number, ReturnType<typeof growTree>>();
  const treeOf = (size: number): ReturnType<typeof growTree> => {
    const tree = trees.get(size) ?? growTree(0, [], hashes.slice(0, size));
    trees.set(size, tree);
    return tree;
  };
  return {
    records,
    first: earlier,
    checkpoint(size, witness = true) {
      const text = formatCheckpoint({ origin, size, root: treeOf(size).root });
      return formatNote({ text, signatures: [logSignature(text), ...(witness ? [witnessSignature(text)] : [])] });
    },
    tiles(first, end, size) {
      const { tiles } = treeOf(size);
      return provingTiles(first, end, size).map((name) => {
        const whole = tiles.find(({ level, index }) => level === name.level && index === name.index);
        if (whole === undefined) throw new Error(`no tile ${name.level}/${name.index} of ${TILE_WIDTH}`);
        return { ...name, data: whole.data.subarray(0, name.width * 32) };
      });
    },
  };
}

function recordOf(
  entry: Draft,
  index: number,
): { schema: 'breakwater.record/1'; index: number; leaf: Leaf; salt: string; payload: Draft['payload'] } {
  const salt = new Uint8Array(hash('sha256', `salt ${index}`, 'buffer'));
  const leaf: Leaf = {
    schema: 'breakwater.leaf/1',
    type: entry.type,
    institution,
    subjects: entry.subjects,
    actor: entry.actor,
    at: entry.at,
    receivedAt: new Date(Date.parse(entry.at) + 40).toISOString(),
    commitment: commit(salt, entry.payload),
  };
  return { schema: 'breakwater.record/1', index, leaf, salt: encodeBase64(salt), payload: entry.payload };
}

const logKey = verifierKey(origin, ED25519, testKey('log').raw);
const witnessName = 'witness.auditor.example';
const witnessKey = verifierKey(witnessName, COSIGNATURE_V1, testKey('witness').raw);

/** Signs the text of a note as the example's log. */
export function logSignature(text: string): NoteSignature {
  return {
    name: origin,
    id: logKey.id,
    signature: new Uint8Array(sign(null, Buffer.from(text), testKey('log').privateKey)),
  };
}

function witnessSignature(text: string): NoteSignature {
  const time = BigInt(Math.floor(START / 1000) + 2 * DAY);
  const signature = new Uint8Array(sign(null, cosignedMessage(text, time), testKey('witness').privateKey));
  return { name: witnessName, id: witnessKey.id, signature: cosignature(time, signature) };
}

/** The policy that a verifier is given: this log, and its witness. */
export const policy = `log ${formatVerifierKey(logKey)}\nwitness auditor ${formatVerifierKey(witnessKey)}\nquorum auditor\n`;

/** The keys that a verifier is given: the persons' and the host's. */
export const keys: Keys = {
  schema: 'breakwater.keys/1',
  keys: [
    ...(Object.keys(persons) as Person[]).map((who) => ({
      person: who as string,
      role: persons[who] as string,
      publicKey: testKey(who).pem,
      from: iso(-30 * DAY),
      to: iso(335 * DAY),
      revoked: null,
    })),
    {
      person: host,
      role: 'host',
      publicKey: testKey(`host ${host}`).pem,
      from: iso(-30 * DAY),
      to: null,
      revoked: null,
    },
  ],
};

/** A signed decision about a pack, as its record holds it. */
export function packDecided(who: Person, pack: string, digest: string, seconds = 2 * DAY): Draft {
  const statement = packDecisionStatement.parse({
    schema: 'breakwater.pack-decision/1',
    pack,
    digest,
    decision: 'approve',
    person: who,
    role: persons[who],
    at: iso(seconds),
    nonce: hash('sha256', `${who} ${digest}`, 'hex'),
  });
  const { schema: _, ...payload } = statement;
  return draft(
    'criteria.pack-decided',
    seconds,
    person(who),
    { pack },
    { ...payload, key: testKey(who).digest, signature: signed(who, statementBytes(statement)) },
  );
}

/** The record of an assessment. */
export function assessedDraft(payload: unknown, seconds = 2 * DAY): Draft {
  return draft('criteria.assessed', seconds, system, { run }, payload);
}

export { run, START };
