/**
 * The journal of an execution host: what guardd writes, fsyncs and hash-chains before and after each effect.
 * The same entries, ingested once, are the run events and the evidence of a run.
 */
import { z } from 'zod';
import { attemptsSoFar, cageLevel, containmentSchema, deniedTraffic } from '#containment/record';
import { instant, recordKind, sha256Digest } from '#evidence/record';

/** A way to stop. `hold`: no further step. `cut`: now, then recover. `abort-all`: also stop the recovery. */
export const lever = z.enum(['hold', 'cut', 'abort-all']);
export type Lever = z.infer<typeof lever>;

export const measureKind = z.enum(['rollback', 'kill-switch', 'module-isolation', 'failover', 'manual-processing']);
export type MeasureKind = z.infer<typeof measureKind>;

/** Why the guard stopped a run. Every arm carries the numbers it was decided on. */
export const trip = z.discriminatedUnion('reason', [
  z.strictObject({ reason: z.literal('outage-limit'), service: z.string(), limitMs: z.int(), observedMs: z.int() }),
  z.strictObject({
    reason: z.literal('service-down'),
    service: z.string(),
    probe: z.string(),
    limitMs: z.int(),
    observedMs: z.int(),
  }),
  z.strictObject({ reason: z.literal('damage-limit'), limitWon: z.int(), observedWon: z.int().nullable() }),
  z.strictObject({ reason: z.literal('records-limit'), limit: z.int(), observed: z.int().nullable() }),
  z.strictObject({ reason: z.literal('personal-credit'), limit: z.int(), observed: z.int().nullable() }),
  z.strictObject({ reason: z.literal('point-of-no-return'), remainingMs: z.int() }),
  z.strictObject({ reason: z.literal('lease-lost'), silentMs: z.int(), graceMs: z.int() }),
  z.strictObject({ reason: z.literal('lever'), lever, by: z.string() }),
  z.strictObject({ reason: z.literal('window-end'), endedAt: instant }),
  z.strictObject({ reason: z.literal('probe-blind'), probe: z.string(), limitMs: z.int(), observedMs: z.int() }),
  z.strictObject({
    reason: z.literal('meter-blind'),
    meter: z.enum(['damage', 'records']),
    limitMs: z.int(),
    observedMs: z.int(),
  }),
  z.strictObject({ reason: z.literal('step-failed'), step: z.string(), outcome: z.string() }),
  /** A test tried to leave its scope; `observed` = packets to destinations outside it. */
  z.strictObject({ reason: z.literal('scope-attempts'), limit: z.int(), observed: z.int() }),
  /** A service answers more slowly than it did before the test began. */
  z.strictObject({
    reason: z.literal('slower'),
    service: z.string(),
    probe: z.string(),
    limitPercent: z.int(),
    observedPercent: z.int(),
    baselineMs: z.number(),
  }),
  /** The cage failed its self-test: what it was to block came through, or what it was to let through did not. */
  z.strictObject({ reason: z.literal('cage-broken'), canary: z.enum(['inside', 'outside']), detail: z.string() }),
  /** The journal cannot grow, so no effect may follow; what is left of its reserve is for the recovery. */
  z.strictObject({ reason: z.literal('journal-unwritable'), code: z.string(), reserveBytes: z.int() }),
]);
export type Trip = z.infer<typeof trip>;

const stepAction = z.enum(['check', 'prepare', 'do', 'undo', 'probe']);
export type StepAction = z.infer<typeof stepAction>;

/** How one action of a step ended. `cut` = stopped by a lever or trip; `unknown` = its end was not seen. */
export const stepOutcome = z.enum(['done', 'already-done', 'not-done', 'failed', 'timeout', 'cut', 'unknown']);
export type StepOutcome = z.infer<typeof stepOutcome>;

const event = <T extends string, S extends z.ZodRawShape>(type: T, data: S) =>
  z.strictObject({ type: z.literal(type), data: z.strictObject(data) });

/** What an entry tells, by `type`. Durations in ms; `…Mono` are CLOCK_BOOTTIME ms of the entry's `boot`. */
export const journalEvent = z.discriminatedUnion('type', [
  event('run.prepared', {
    planHash: sha256Digest,
    mode: z.enum(['live', 'rehearsal']),
    /** Which stopping level the kernel gives here, e.g. `cgroup-v2+pidns`, `process-group`. */
    level: z.string(),
    budgetMs: z.int(),
    takeoverGraceMs: z.int(),
    clockErrorMs: z.int(),
    windowEnd: instant,
  }),
  event('supervisor.started', { pid: z.int(), because: z.enum(['prepared', 'replaced', 'boot']) }),
  event('epoch.changed', { from: z.int(), owner: z.string() }),
  event('step.begin', { step: z.string(), action: stepAction, digest: sha256Digest }),
  event('step.end', {
    step: z.string(),
    action: stepAction,
    outcome: stepOutcome,
    exitCode: z.int().nullable(),
    durationMs: z.int(),
    /** SHA-256 of standard output and error; the text itself may hold personal data and stays on the host. */
    outputDigest: sha256Digest.nullable(),
  }),
  /**
   * What a patch driver found before its first change, and undoes to: versions, links, states and where old files are kept;
   * never contents. `unavailable` = why there is no undo, in words for the operator; null = there is one.
   */
  event('step.prepared', { step: z.string(), before: z.json(), unavailable: z.string().max(2000).nullable() }),
  event('probe.changed', {
    probe: z.string(),
    service: z.string(),
    state: z.enum(['up', 'down', 'unknown']),
    /** First sample of the streak that decided it. */
    since: instant,
    reason: z.string().nullable(),
  }),
  event('disruption.opened', {
    disruption: z.string(),
    service: z.string(),
    start: instant,
    /** Last sample that was still good: the service may have been down since. */
    earliestStart: instant.nullable(),
    extent: z.enum(['full', 'partial']),
  }),
  event('disruption.closed', {
    disruption: z.string(),
    service: z.string(),
    start: instant,
    end: instant,
    durationMs: z.int(),
  }),
  /** Of `records`, the upper bound counts unclassified ones too; `personalCredit` is the same for the tripwire. */
  event('meter.read', {
    meter: z.enum(['damage', 'records']),
    low: z.int().nullable(),
    high: z.int().nullable(),
    personalCredit: z.strictObject({ low: z.int(), high: z.int().nullable() }).nullable().optional(),
  }),
  event('pnr.set', { step: z.string().nullable(), at: instant.nullable(), remainingMs: z.int().nullable() }),
  event('lease.lost', { silentMs: z.int() }),
  event('lease.renewed', { silentMs: z.int() }),
  event('lever.pulled', { lever, by: z.string(), through: z.enum(['socket', 'file', 'signal', 'orchestrator']) }),
  /** A hold ended; only with two approvals. */
  event('run.resumed', { approvedBy: z.array(z.string()).min(2) }),
  event('run.tripped', { trip }),
  /** A caged test begins. `scope`: digest of the RFC 8785 form of the scope as the run has it. */
  event('cage.opened', {
    step: z.string(),
    level: cageLevel,
    scope: sha256Digest,
    selfTest: z
      .strictObject({ outsideBlocked: z.boolean().nullable(), insideAnswered: z.boolean().nullable() })
      .nullable(),
  }),
  /**
   * What was tried outside the scope since the entry before, at most some 300 ms ago. `packets` counts all of it; of the
   * destinations some are named, new ones first, as soon as the gate's list was read. `cage.closed` has them all.
   */
  event('cage.attempts', { packets: z.int().min(0), attempts: z.array(deniedTraffic), soFar: attemptsSoFar }),
  /** What a tester found, by its fingerprint alone; the finding itself stays on the host. */
  event('cage.finding', { fingerprint: z.string() }),
  /**
   * A caged test is over and its cage is gone. `report`: digest of the whole report as it lies on the host; `containment`:
   * the report, its longest lists cut, with the rows and totals of the whole.
   */
  event('cage.closed', {
    step: z.string(),
    report: sha256Digest,
    containment: containmentSchema,
    totals: z.strictObject({
      allowed: z.int(),
      connections: z.int(),
      denied: z.int(),
      deniedPackets: z.int(),
      findings: z.int(),
    }),
    /** How the tester said it ended; it is believed in nothing else. */
    tester: z.string().nullable(),
  }),
  event('work.stopped', { method: z.string(), latencyMs: z.number() }),
  /**
   * Measured in a rehearsal without touching the service. `detect`: from an injected failure to the probes' word `down`.
   * `stop`: from the lever to the standstill of a process tree. `verify`: from the end of the rollback to the word `up`.
   */
  event('drill.measured', { drill: z.enum(['detect', 'stop', 'verify']), durationMs: z.number() }),
  event('recovery.begin', { measure: measureKind, step: z.string().nullable() }),
  event('recovery.end', {
    measure: measureKind,
    step: z.string().nullable(),
    outcome: stepOutcome,
    durationMs: z.int(),
  }),
  event('run.closed', {
    outcome: z.enum(['completed', 'rolled-back', 'stopped', 'failed']),
    /** null: no probe could say. */
    serviceRestored: z.boolean().nullable(),
    outageMs: z.int(),
    recoveryMs: z.int().nullable(),
  }),
]);
export type JournalEvent = z.infer<typeof journalEvent>;

/** One line of the journal. `hash` = SHA-256 over the RFC 8785 form of the entry without `hash`. */
export const journalEntry = z.strictObject({
  schema: z.literal('breakwater.journal/1'),
  run: z.string(),
  host: z.string(),
  seq: z.int().min(0),
  epoch: z.int().min(0),
  at: instant,
  /** CLOCK_BOOTTIME in ms: comparable only within one `boot`. */
  mono: z.number(),
  boot: z.string(),
  event: journalEvent,
  prev: sha256Digest.nullable(),
  hash: sha256Digest,
});
export type JournalEntry = z.infer<typeof journalEntry>;

/** Evidence of one ingested journal entry. */
export const journalRecord = recordKind('guard.journal', journalEntry);

/** Something about a host's journal that must not pass unseen: a cut tail, a broken chain, a head that does not verify. */
export const guardAlarm = recordKind(
  'guard.alarm',
  z.strictObject({
    host: z.string(),
    run: z.string(),
    kind: z.enum(['journal-cut', 'journal-fork', 'head-invalid', 'clock-offset', 'host-key-changed']),
    detail: z.string(),
    /** Entries taken so far, and what the host promised. */
    ingestedSeq: z.int().nullable(),
    promisedSeq: z.int().nullable(),
    at: instant,
  }),
);
export type GuardAlarm = z.infer<typeof guardAlarm.payload>;

/** An execution host whose key signs journal heads from now on. A later record of the same host replaces it. */
export const hostEnrolled = recordKind(
  'guard.host-enrolled',
  z.strictObject({
    host: z.string(),
    /** SPKI PEM. */
    publicKey: z.string(),
    key: sha256Digest,
    by: z.string(),
    at: instant,
  }),
);

/** A one-time code was given out, by which a host may enrol itself. */
export const hostInvited = recordKind(
  'guard.host-invited',
  z.strictObject({ host: z.string(), by: z.string(), until: instant }),
);

/** A certificate by which somebody is known between servers and execution hosts. `role`: server, host or lever. */
export const certificateIssued = recordKind(
  'guard.certificate-issued',
  z.strictObject({ serial: z.string(), role: z.string(), name: z.string(), by: z.string(), notAfter: instant }),
);

/** A certificate counts no more. */
export const certificateRevoked = recordKind(
  'guard.certificate-revoked',
  z.strictObject({ serial: z.string(), role: z.string(), name: z.string(), by: z.string(), reason: z.string() }),
);

/** Head of a journal, signed by the host's enrolled key at each lease renewal, so that a cut tail shows. */
export const journalHead = z.strictObject({
  run: z.string(),
  host: z.string(),
  seq: z.int(),
  hash: sha256Digest,
  /** Ed25519 over the RFC 8785 form of `{domain:'breakwater.journal-head/1',run,host,seq,hash}`, base64. */
  signature: z.base64(),
});
export type JournalHead = z.infer<typeof journalHead>;

/** A head put into the log: at the latest one at the end of a run, so that an offline verifier sees a cut tail too. */
export const journalHeadRecord = recordKind('guard.journal-head', journalHead);
