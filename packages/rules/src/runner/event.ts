/**
 * The events of one run: everything the orchestrator decided, was asked, or learned from the execution host.
 * A run's state is the fold over them and nothing else, so any worker that reads them can go on.
 */
import { z } from 'zod';
import { instant, sha256Digest } from '#evidence/record';
import { refusal } from '#guard';
import { guardAlarm, journalEntry, lever, stepOutcome } from '#guard/record';
import { runClaimed, runEnded, runGated, runRequested, runStarted } from './record.ts';

const event = <T extends string, S extends z.ZodType>(type: T, data: S) =>
  z.strictObject({ type: z.literal(type), data });

export const runEventBody = z.discriminatedUnion('type', [
  event('run.requested', runRequested.payload),
  event('run.gated', runGated.payload),
  event('run.claimed', runClaimed.payload),
  /** Committed before guardd is asked to prepare: from here on the host may have been touched. */
  event('run.started', runStarted.payload),
  /** Committed before guardd is asked to begin the step. */
  event('step.begin', z.strictObject({ step: z.string(), attempt: z.int().min(1) })),
  /** Committed after the host's entry about the end was ingested; `journalSeq` is that entry. */
  event('step.end', z.strictObject({ step: z.string(), outcome: stepOutcome, journalSeq: z.int().min(0) })),
  /** guardd did not do what was asked. `step` is null when the refused request was not about a step. */
  event('guard.refused', z.strictObject({ step: z.string().nullable(), refusal })),
  /** One ingested journal entry of the host. */
  event('guard.entry', journalEntry),
  event('guard.alarm', guardAlarm.payload),
  event('stop.asked', z.strictObject({ lever, by: z.string() })),
  event('rollback.asked', z.strictObject({ by: z.string() })),
  event('resume.asked', z.strictObject({ by: z.string(), approval: sha256Digest })),
  event('run.ended', runEnded.payload),
]);
export type RunEventBody = z.infer<typeof runEventBody>;
export type RunEventType = RunEventBody['type'];

/** An event as it stands in the log of its run: `seq` counts from 0 without gaps, `epoch` is the lease it was written under. */
export const runEvent = z.intersection(
  z.object({ run: z.string(), seq: z.int().min(0), epoch: z.int().min(0), at: instant }),
  runEventBody,
);
export type RunEvent = { run: string; seq: number; epoch: number; at: string } & RunEventBody;
