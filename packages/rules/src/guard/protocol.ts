/**
 * The words between an orchestrator (or a person's lever) and guardd: one JSON document a line, of at most 2 MiB.
 * Identity is which socket a message came through, or by TLS which certificate was shown; whoever reaches any socket, or
 * holds any certificate of the authority, may stop.
 *
 * Compatibility: `protocol` counts up by one; both sides serve the version before their own.
 */
import { z } from 'zod';
import { cageLevel, findingRecord } from '#containment/record';
import { sha256Digest } from '#evidence/record';
import { journalEntry, journalHead, lever, stepOutcome } from './record.ts';

export const protocolVersion = 1;

/** What guardd needs to know to guard a run with nobody else alive. All durations in ms. */
export const runLimits = z.strictObject({
  /** The plan's own outage limit (never wider than the policy's). */
  outageMs: z.int().positive(),
  damageWon: z.int().min(0),
  records: z.int().min(0),
  personalCredit: z.int().min(0),
  takeoverGraceMs: z.int().min(0),
  windowEndEpochMs: z.int(),
  /** A probe without an answer for this long counts as down and trips. */
  blindAfterMs: z.int().positive(),
  /** How long a service may be down at a stretch, by service; left out: only the point of no return and `outageMs` bound it. */
  serviceDownMs: z.record(z.string(), z.int().positive()).optional(),
  /** How much slower a service may answer while it is tested, by service; left out: it may be as slow as it likes. */
  slowerBy: z
    .record(z.string(), z.strictObject({ percent: z.int().positive(), overMs: z.int().positive() }))
    .optional(),
  /** The stated error of the host's wall clock, taken off wall-clock limits; default 1000. */
  clockErrorMs: z.int().min(0).optional(),
  /** Rehearsed times; an empty list of a step means it may not start live. */
  rehearsed: z.strictObject({
    detectMs: z.int().min(0),
    decideMs: z.int().min(0),
    stopMs: z.int().min(0),
    verifyMs: z.int().min(0),
    reserveMs: z.int().min(0),
    /** Rollback of everything up to and including the step, one value a rehearsal, by step id. */
    rollbackMs: z.record(z.string(), z.array(z.int().min(0))),
    /** Duration of the step's `do`, one value a rehearsal, by step id. */
    stepMs: z.record(z.string(), z.array(z.int().min(0))),
  }),
});
export type RunLimits = z.infer<typeof runLimits>;

const ref = { run: z.string(), epoch: z.int().min(1) };

export const request = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('hello') }),
  z.strictObject({
    type: z.literal('prepare'),
    ...ref,
    owner: z.string(),
    mode: z.enum(['live', 'rehearsal']),
    planHash: sha256Digest,
    /** The plan document; guardd recomputes the hash and refuses another. */
    plan: z.json(),
    limits: runLimits,
  }),
  z.strictObject({ type: z.literal('renew'), ...ref, owner: z.string() }),
  z.strictObject({ type: z.literal('begin'), ...ref, step: z.string() }),
  /** Recovery by a person's or the orchestrator's will: cut, then the plan's measures. */
  z.strictObject({ type: z.literal('rollback'), ...ref, by: z.string() }),
  /** Ends a hold. The orchestrator asks only with two approvals. */
  z.strictObject({ type: z.literal('resume'), ...ref, approvedBy: z.array(z.string()).min(2) }),
  z.strictObject({ type: z.literal('close'), ...ref }),
  z.strictObject({ type: z.literal('stop'), run: z.string().nullable(), lever, by: z.string() }),
  /** Takes back levers for all runs that came through a socket. The orchestrator asks only with two approvals. */
  z.strictObject({ type: z.literal('allow-starts'), approvedBy: z.array(z.string()).min(2) }),
  /** Entries with seq > `after`; with `follow` the connection stays and streams new ones. */
  z.strictObject({ type: z.literal('entries'), run: z.string(), after: z.int().min(-1), follow: z.boolean() }),
  /** Findings of a run's test after the byte `after` of the host's file: need-to-know, so no journal tells them. */
  z.strictObject({ type: z.literal('findings'), run: z.string(), after: z.int().min(0) }),
  z.strictObject({ type: z.literal('status'), run: z.string().nullable() }),
  /** Makes the host's next key, of which the private half stays there. */
  z.strictObject({ type: z.literal('certificate-request') }),
  /** The certificate of that key, and the newest list (CRL) of certificates that count no more; PEM, null: nothing new. */
  z.strictObject({
    type: z.literal('certificate'),
    certificate: z.string().max(16_384).nullable(),
    revocations: z.string().max(1_048_576).nullable(),
  }),
]);
export type Request = z.infer<typeof request>;

/** Why guardd did not do what was asked, with its numbers. One union, mapped to words in one place. */
export const refusal = z.discriminatedUnion('reason', [
  z.strictObject({ reason: z.literal('epoch-stale'), epoch: z.int(), current: z.int() }),
  z.strictObject({ reason: z.literal('run-unknown'), run: z.string() }),
  z.strictObject({ reason: z.literal('run-exists'), run: z.string() }),
  z.strictObject({ reason: z.literal('run-closed'), run: z.string(), outcome: z.string() }),
  z.strictObject({ reason: z.literal('plan-hash'), expected: z.string(), actual: z.string() }),
  z.strictObject({ reason: z.literal('step-unknown'), step: z.string() }),
  z.strictObject({ reason: z.literal('step-order'), step: z.string(), expected: z.string().nullable() }),
  z.strictObject({ reason: z.literal('step-busy'), step: z.string() }),
  z.strictObject({ reason: z.literal('held'), by: z.string() }),
  z.strictObject({ reason: z.literal('tripped'), trip: z.string() }),
  z.strictObject({ reason: z.literal('lease-lost'), silentMs: z.int() }),
  z.strictObject({ reason: z.literal('unrehearsed'), step: z.string() }),
  z.strictObject({ reason: z.literal('would-cross-pnr'), step: z.string(), stepMs: z.int(), remainingMs: z.int() }),
  z.strictObject({ reason: z.literal('window-over'), endedEpochMs: z.int() }),
  z.strictObject({ reason: z.literal('starts-forbidden'), by: z.string(), since: z.string() }),
  z.strictObject({ reason: z.literal('role'), socket: z.string(), type: z.string() }),
  z.strictObject({ reason: z.literal('malformed'), path: z.string(), message: z.string() }),
  z.strictObject({ reason: z.literal('protocol'), theirs: z.int(), ours: z.int() }),
  /** A run is closed when all of its steps are done or none is; otherwise it is rolled back. */
  z.strictObject({ reason: z.literal('steps-left'), done: z.int(), of: z.int() }),
  /** A test may begin only when it is known how fast a service answers without it. */
  z.strictObject({ reason: z.literal('baseline-unknown'), probe: z.string(), answers: z.int(), needed: z.int() }),
  /** The host cannot guard this run: no space for its journal, no supervisor comes up, a driver is missing. */
  z.strictObject({ reason: z.literal('host-unfit'), code: z.string(), detail: z.string() }),
]);
export type Refusal = z.infer<typeof refusal>;

/** A caged test as the guard sees it now. */
const testState = z.strictObject({
  level: cageLevel,
  running: z.boolean(),
  /** New connections inside the scope, and destinations outside it that were tried; null: not counted at this level. */
  connections: z.int().nullable(),
  attempts: z.int(),
  findings: z.int(),
  /** Of the probes: what answering took before, and takes now; null: too few answers to say. */
  responses: z.array(
    z.strictObject({
      probe: z.string(),
      service: z.string(),
      baselineMs: z.number().nullable(),
      recentMs: z.number().nullable(),
    }),
  ),
});

export const serviceState = z.enum(['up', 'down', 'unknown']);

/** A run as guardd sees it now; what `status --watch` shows. */
export const runState = z.strictObject({
  run: z.string(),
  epoch: z.int(),
  mode: z.enum(['live', 'rehearsal']),
  phase: z.enum(['ready', 'working', 'held', 'tripped', 'recovering', 'observing', 'closed']),
  step: z.string().nullable(),
  outageMs: z.int(),
  outageLimitMs: z.int(),
  damage: z.strictObject({ low: z.int(), high: z.int().nullable() }).nullable(),
  records: z.strictObject({ low: z.int(), high: z.int().nullable() }).nullable(),
  /** Time to the point of no return; null = not running out (all services up) or nothing left to undo. */
  pnrRemainingMs: z.int().nullable(),
  services: z.record(z.string(), serviceState),
  leaseSilentMs: z.int(),
  lastSeq: z.int(),
  /** Only of a run whose test has begun. */
  test: testState.optional(),
});
export type RunState = z.infer<typeof runState>;

export const host = z.strictObject({
  host: z.string(),
  boot: z.string(),
  protocol: z.int(),
  wall: z.string(),
  mono: z.number(),
  /** SPKI PEM of the key that signs journal heads. */
  publicKey: z.string(),
  level: z.string(),
});
export type Host = z.infer<typeof host>;

/** Request and answer lines. `entry` lines of a follow carry the id of their `entries` request. */
export const requestLine = z.strictObject({
  id: z.int(),
  protocol: z.int(),
  host: z.string(),
  boot: z.string(),
  clockOffsetMs: z.number().nullable(),
  request,
});
export const answerLine = z.union([
  z.strictObject({ id: z.int(), ok: z.json() }),
  z.strictObject({ id: z.int(), refused: refusal }),
  z.strictObject({ id: z.int(), entry: journalEntry }),
]);
export const renewAnswer = z.strictObject({ head: journalHead.nullable(), state: runState });

/** What one run answered to a lever. `latencyMs`: from the lever to a standstill; null when nothing was running. */
export const stopAnswer = z.strictObject({
  run: z.string(),
  method: z.string(),
  latencyMs: z.number().nullable(),
});
export type StopAnswer = z.infer<typeof stopAnswer>;

const stated = z.strictObject({ state: runState });

/** The `ok` of each request. */
export const answers = {
  hello: host,
  /** Idempotent: the same run and plan hash again is answered alike; a higher epoch takes the run over. */
  prepare: z.strictObject({ level: z.string(), state: runState }),
  renew: renewAnswer,
  /** Sent when the step has ended, however long that takes; the journal tells it as well. */
  begin: z.strictObject({ step: z.string(), outcome: stepOutcome, state: runState }),
  rollback: stated,
  resume: stated,
  /** Idempotent: a run that is closed already is answered alike. `head` = the signed last entry of the whole journal. */
  close: z.strictObject({ state: runState, head: journalHead.nullable().optional() }),
  stop: z.strictObject({ stopped: z.array(stopAnswer) }),
  /** `held`: a lever stays that somebody put there by hand; who put it there takes it away. */
  'allow-starts': z.strictObject({ held: z.boolean() }),
  /** After the `entry` lines; with `follow` it comes once, when everything so far was sent, and the stream goes on. */
  entries: z.strictObject({ lastSeq: z.int() }),
  /** `next`: where to go on; the same as `after` when there is nothing more now. */
  findings: z.strictObject({ findings: z.array(findingRecord), next: z.int().min(0) }),
  status: z.strictObject({ runs: z.array(runState) }),
  'certificate-request': z.strictObject({ request: z.string() }),
  certificate: z.strictObject({ notAfter: z.string() }),
} as const satisfies Record<Request['type'], z.ZodType>;
export type AnswerTo<T extends Request['type']> = z.infer<(typeof answers)[T]>;
