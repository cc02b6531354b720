/** What a cage did and saw: the answer of `breakwater cage run`, and the evidence of a caged test. */
import { z } from 'zod';
import { sha256Digest } from '#evidence/record';

/** How strongly a cage holds, strongest first. `cooperative` holds only tools that obey their proxy settings. */
export const cageLevel = z.enum(['kernel', 'rootless', 'container', 'cooperative']);
export type CageLevel = z.infer<typeof cageLevel>;

export const transport = z.enum(['tcp', 'udp', 'icmp', 'other']);
export type Transport = z.infer<typeof transport>;

/** A destination. `port` is null where the protocol has none. */
const destination = { address: z.string(), port: z.int().min(0).max(65_535).nullable(), protocol: transport };

/** Packets to a destination outside the scope. */
export const deniedTraffic = z.strictObject({ ...destination, packets: z.int().min(0) });
export type DeniedTraffic = z.infer<typeof deniedTraffic>;

/** All that a test tried outside its scope since it began. */
export const attemptsSoFar = z.strictObject({ packets: z.int().min(0), destinations: z.int().min(0) });
export type AttemptsSoFar = z.infer<typeof attemptsSoFar>;

/** Why a cage stopped a test before the test ended by itself, or did not begin it. */
export const cageTrip = z.discriminatedUnion('reason', [
  z.strictObject({ reason: z.literal('attempts'), limit: z.int(), observed: z.int() }),
  z.strictObject({ reason: z.literal('self-test'), canary: z.enum(['inside', 'outside']), detail: z.string() }),
  z.strictObject({ reason: z.literal('proxy-gone') }),
  z.strictObject({ reason: z.literal('window-start'), startsAt: z.string() }),
  z.strictObject({ reason: z.literal('window-end'), endedAt: z.string() }),
  z.strictObject({ reason: z.literal('lease-lost'), silentMs: z.int() }),
  z.strictObject({ reason: z.literal('lever'), by: z.string() }),
]);
export type CageTrip = z.infer<typeof cageTrip>;

/** `breakwater.containment/1`. Counts are those of the gate, never what the tool says. */
export const containmentSchema = z.strictObject({
  schema: z.literal('breakwater.containment/1'),
  level: cageLevel,
  /** False when nobody authorised the scope: a run by hand. */
  signed: z.boolean(),
  outcome: z.enum(['exited', 'stopped', 'window-closed', 'lease-lost', 'refused']),
  /** Of the tool; null when it was killed or never started. */
  exitCode: z.int().nullable(),
  trip: cageTrip.nullable(),
  allowed: z.array(z.strictObject({ ...destination, connections: z.int() })),
  denied: z.array(deniedTraffic),
  /** Packets inside the scope that a cap dropped: these probes tell nothing about their target. */
  lostToCap: z.strictObject({ packets: z.int() }),
  bytes: z.strictObject({ out: z.int(), in: z.int() }),
  /** From the decision to stop to the moment when nothing could leave any more; null when it ended by itself. */
  stoppedAfterMs: z.number().nullable(),
  selfTest: z
    .strictObject({ outsideBlocked: z.boolean().nullable(), insideAnswered: z.boolean().nullable(), rounds: z.int() })
    .optional(),
  /** What this level does not hold, in words; empty for `kernel`. */
  notHeld: z.array(z.strictObject({ ko: z.string(), en: z.string() })).optional(),
  /** Artefacts of the cage by name: rule set, counters, sets, packets, HTTP exchanges. */
  evidence: z.array(z.strictObject({ name: z.string(), bytes: z.int(), digest: sha256Digest })).optional(),
  startedAt: z.string().optional(),
  endedAt: z.string().optional(),
});
export type Containment = z.infer<typeof containmentSchema>;
export type AllowedTraffic = Containment['allowed'][number];
