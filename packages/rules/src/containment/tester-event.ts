/**
 * What a tester says while it works in its cage. It is believed in nothing: what was touched is counted by the gate, and every
 * text is data from a tool or its target, capped here and made harmless at every exit.
 */
import { z } from 'zod';
import { instant, sha256Digest } from '#evidence/record';
import { findingRecord } from './finding.ts';
import { transport } from './report.ts';

const text = (most: number): z.ZodString => z.string().max(most);

/** What came back to a probe. */
export const probeResult = z.enum([
  /** Something listens there, or answered. */
  'answered',
  /** The target itself refused. */
  'refused',
  /** Nothing came back, and no gate was in the way. */
  'silent',
  /** The scope or the approval function did not allow it: this says nothing about the target. */
  'not-allowed',
  /** A cap dropped it: this says nothing about the target. */
  'lost-to-cap',
  /** The tester could not probe: a fault of its own. */
  'failed',
]);
export type ProbeResult = z.infer<typeof probeResult>;

/** How a tester ended. A model that will not go on is an outcome, not an error. */
export const testerOutcome = z.enum(['completed', 'stopped', 'model-refused', 'budget-spent', 'failed']);
export type TesterOutcome = z.infer<typeof testerOutcome>;

const at = { at: instant };

export const testerEvent = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('probe'),
    ...at,
    /** Which probe: tcp-connect, tls-inspect, http-get, nmap-port. */
    probe: text(64).min(1),
    asset: text(255).min(1),
    protocol: transport,
    port: z.int().min(0).max(65_535).nullable(),
    result: probeResult,
    detail: text(1000).optional(),
    /** SHA-256 of the artefact that holds what was sent and what came back. */
    evidence: sha256Digest.optional(),
  }),
  z.strictObject({ kind: z.literal('finding'), ...at, finding: findingRecord }),
  z.strictObject({
    kind: z.literal('progress'),
    ...at,
    /** 0 to 1; null when the tool does not know. */
    done: z.number().min(0).max(1).nullable(),
    detail: text(1000),
  }),
  z.strictObject({
    kind: z.literal('log'),
    ...at,
    level: z.enum(['debug', 'info', 'warn', 'error']),
    text: text(4096),
  }),
  z.strictObject({
    kind: z.literal('outcome'),
    ...at,
    outcome: testerOutcome,
    /** Of the tool; null when it has none or was killed. */
    exitCode: z.int().nullable(),
    detail: text(1000),
  }),
]);
export type TesterEvent = z.infer<typeof testerEvent>;
