/** Records of runs as the orchestrator saw them; what happened on the host is in the guard's journal records. */
import { z } from 'zod';
import { instant, recordKind, sha256Digest } from '#evidence/record';
import { startsReasons } from './starts.ts';

export const runMode = z.enum(['live', 'rehearsal']);

export const runRequested = recordKind(
  'run.requested',
  z.strictObject({
    run: z.string(),
    plan: z.string(),
    planHash: sha256Digest,
    mode: runMode,
    host: z.string(),
    by: z.string(),
    at: instant,
  }),
);

/** The start gate's answer, with every override: a waived rule, by whom and why. */
export const runGated = recordKind(
  'run.gated',
  z.strictObject({
    run: z.string(),
    planHash: sha256Digest,
    ready: z.boolean(),
    findings: z.array(
      z.strictObject({ rule: z.string(), severity: z.enum(['error', 'warning']), unknown: z.boolean() }),
    ),
    overrides: z.array(z.strictObject({ rule: z.string(), by: z.string(), reason: z.string() })),
  }),
);

/** A worker owns the run from now on under `epoch`; an older owner's effects are refused. */
export const runClaimed = recordKind(
  'run.claimed',
  z.strictObject({
    run: z.string(),
    epoch: z.int().min(1),
    owner: z.string(),
    because: z.enum(['start', 'takeover', 'recovery']),
  }),
);

export const runStarted = recordKind(
  'run.started',
  z.strictObject({ run: z.string(), planHash: sha256Digest, at: instant }),
);

/** The last word of the orchestrator about a run; `journalSeq` = entries ingested. */
export const runEnded = recordKind(
  'run.ended',
  z.strictObject({
    run: z.string(),
    outcome: z.enum(['completed', 'rolled-back', 'stopped', 'failed', 'refused']),
    at: instant,
    observedUntil: instant.nullable(),
    journalSeq: z.int().nullable(),
  }),
);

/** A step was asked for, before the host was told; what the host then did is in its journal. */
export const runStepBegun = recordKind(
  'run.step-begun',
  z.strictObject({ run: z.string(), step: z.string(), attempt: z.int().min(1), epoch: z.int().min(1) }),
);

/** How a step ended, by the journal entry `journalSeq`. */
export const runStepEnded = recordKind(
  'run.step-ended',
  z.strictObject({ run: z.string(), step: z.string(), outcome: z.string(), journalSeq: z.int().min(0) }),
);

/** The host did not do what the orchestrator asked, with its numbers. */
export const runRefused = recordKind(
  'run.refused',
  z.strictObject({ run: z.string(), step: z.string().nullable(), refusal: z.json() }),
);

/** Something was asked of a running run: to stop, to roll back, to go on after a hold (with the signed statement's hash). */
export const runAsked = recordKind(
  'run.asked',
  z.strictObject({
    run: z.string(),
    what: z.enum(['stop', 'rollback', 'resume']),
    lever: z.enum(['hold', 'cut', 'abort-all']).nullable(),
    by: z.string(),
    approval: sha256Digest.nullable(),
  }),
);

/** Starts are forbidden for the whole company; again with the same `ban` when the reason was said later. */
export const startsForbidden = recordKind(
  'run.starts-forbidden',
  z.strictObject({
    ban: z.string(),
    by: z.string(),
    reason: z.enum(startsReasons).nullable(),
    note: z.string().max(500).nullable(),
  }),
);

/** One person signed that starts are allowed again (with the signed statement's hash). */
export const startsReleaseSigned = recordKind(
  'run.starts-release-signed',
  z.strictObject({ ban: z.string(), person: z.string(), approval: sha256Digest }),
);

/** Two persons did: starts are allowed again. */
export const startsAllowed = recordKind(
  'run.starts-allowed',
  z.strictObject({ ban: z.string(), by: z.array(z.string()) }),
);
