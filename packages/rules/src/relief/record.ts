/** Records of relief: preparation, claims, and the two ledgers (damage, leaked records). */
import { z } from 'zod';
import { instant, recordKind } from '#evidence/record';

const won = z.int().min(0);
/** null: unknown. `high` null: no upper bound is known. */
const wonRange = z.strictObject({ low: won, high: won.nullable() }).nullable();

export const reliefPrepared = recordKind(
  'relief.prepared',
  z.strictObject({ plan: z.string(), at: instant, claimsUntil: instant, contact: z.string() }),
);

/** A claim filed by a consumer, or opened by the company from its own failed transactions (proactive). */
export const claimOpened = recordKind(
  'relief.claim-opened',
  z.strictObject({
    claim: z.string(),
    run: z.string().nullable(),
    source: z.enum(['proactive', 'filed']),
    amount: wonRange,
    at: instant,
  }),
);

export const claimDecided = recordKind(
  'relief.claim-decided',
  z.strictObject({
    claim: z.string(),
    decision: z.enum(['accepted', 'refused']),
    amount: won,
    by: z.string(),
    at: instant,
  }),
);

export const claimPaid = recordKind(
  'relief.claim-paid',
  z.strictObject({ claim: z.string(), amount: won, at: instant }),
);

/** The damage ledger's state; the newest record of a run replaces older ones. */
export const damageLedger = recordKind(
  'relief.damage',
  z.strictObject({
    run: z.string(),
    at: instant,
    customer: wonRange,
    company: wonRange,
    thirdParty: wonRange,
    goodwill: wonRange,
    recourse: wonRange,
  }),
);

const count = z.strictObject({ low: z.int().min(0), high: z.int().min(0).nullable() }).nullable();

/** The leak ledger's state, measured or attested by a named person; the newest record of a run replaces older ones. */
export const leakLedger = recordKind(
  'relief.leaks',
  z.strictObject({
    run: z.string(),
    at: instant,
    personalCredit: count,
    other: count,
    unclassified: count,
    attestedBy: z.string().nullable(),
  }),
);

/** The pseudonyms and transaction references of a run's claims can no longer be read by anyone. */
export const subjectsErased = recordKind(
  'relief.subjects-erased',
  z.strictObject({ run: z.string(), count: z.int().min(0), by: z.string(), at: instant }),
);

/** Somebody of the company read the telephone number that a consumer gave with a claim, and why. */
export const contactRead = recordKind(
  'relief.contact-read',
  z.strictObject({ claim: z.string(), count: z.int().min(0), by: z.string(), reason: z.string(), at: instant }),
);
