/** What `breakwater demo --json` prints: a whole run in one document. */
import { z } from 'zod';
import { assessmentSchema } from '#criteria';
import { instant } from '#evidence/record';
import { trip } from '#guard/record';

const count = z.int().min(0);

/** `breakwater.demo/1`. Paths are of this machine; members beyond these may be added. */
export const demoSchema = z
  .looseObject({
    schema: z.literal('breakwater.demo/1'),
    run: z.string(),
    /** How the run ended; `null`: it has not. */
    outcome: z.enum(['rolled-back', 'completed', 'stopped', 'failed', 'refused']).nullable(),
    trip: trip.nullable(),
    outageMs: z.number().min(0).nullable(),
    pnr: z.looseObject({ at: instant.nullable(), remainingMs: z.number().nullable() }).nullable(),
    rehearsals: z.array(z.looseObject({ rollbackMs: z.number().min(0).nullable() })),
    notices: z.looseObject({
      website: z.looseObject({ at: instant, url: z.string() }),
      sms: z.looseObject({ sent: count, delivered: count.nullable() }),
    }),
    claims: z.looseObject({ opened: count, accepted: count, paid: count, paidAmount: count }),
    assessment: assessmentSchema,
    dossier: z.string(),
    pdf: z.string(),
    /** C2SP tlog-policy and breakwater.keys/1, for `verify`. */
    policy: z.string(),
    keys: z.string(),
    verified: z.boolean(),
  })
  .meta({ id: 'breakwater.demo/1', title: 'Outcome of a demo' });

/** @see demoSchema */
export type Demo = z.infer<typeof demoSchema>;
