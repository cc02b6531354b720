/** Records of relief: preparation, claims, and the two ledgers (damage, leaked records). */
import { z } from 'zod';
import { instant, recordKind, sha256Digest } from '#evidence/record';
import { damageStates, damageTypes, evidenceItem } from './damage.ts';
import { decisions, escalationStages, reasonCodeNames } from './decision.ts';
import { leakClasses, leakEntrySchema } from './leak.ts';
import { leakDutyNames } from './leak-duty.ts';

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

/** A claim that was opened without a run belongs to this one, found by its disruption or by a person. */
export const claimAssigned = recordKind(
  'relief.claim-assigned',
  z.strictObject({
    claim: z.string(),
    run: z.string(),
    source: z.enum(['proactive', 'filed']),
    amount: wonRange,
    at: instant,
  }),
);

/** What a claim may come to changed: somebody claimed the same for more. */
export const claimAmended = recordKind(
  'relief.claim-amended',
  z.strictObject({ claim: z.string(), run: z.string().nullable(), amount: wonRange, at: instant }),
);

/** What a claim has to do with: the disruption, what its customer was told before, and how the alternatives stood. */
export const claimLinked = recordKind(
  'relief.claim-linked',
  z.strictObject({
    claim: z.string(),
    run: z.string(),
    disruption: z
      .strictObject({ id: z.string(), service: z.string(), start: instant, end: instant.nullable() })
      .nullable(),
    distanceMs: z.int().min(0).nullable(),
    notices: z.array(
      z.strictObject({ notice: z.string(), channel: z.string(), told: z.string(), at: instant.nullable() }),
    ),
    /** `downMs` null: nobody watched it. */
    alternatives: z.array(
      z.strictObject({ service: z.string(), watched: z.string(), downMs: z.int().min(0).nullable() }),
    ),
    at: instant,
  }),
);

/** A person decided; it counts once a second one has signed the same. */
export const claimProposed = recordKind(
  'relief.claim-proposed',
  z.strictObject({
    claim: z.string(),
    decision: z.enum(decisions),
    amount: won,
    code: z.enum(reasonCodeNames).nullable(),
    by: z.string(),
    at: instant,
  }),
);

/** The second person sent the decision back: the claim is open as before. */
export const claimReturned = recordKind(
  'relief.claim-returned',
  z.strictObject({ claim: z.string(), by: z.string(), at: instant, key: sha256Digest, signature: z.base64() }),
);

/** `second`: who signed it besides, with the key and the signature over `breakwater.claim-decision/1`. */
export const claimDecided = recordKind(
  'relief.claim-decided',
  z.strictObject({
    claim: z.string(),
    decision: z.enum(decisions),
    amount: won,
    code: z.enum(reasonCodeNames).nullable().optional(),
    by: z.string(),
    second: z
      .strictObject({
        person: z.string(),
        role: z.string(),
        at: instant,
        nonce: z.string(),
        key: sha256Digest,
        signature: z.base64(),
      })
      .optional(),
    at: instant,
  }),
);

/** Whoever claimed does not accept the decision: the claim is open again, for what is asked now. */
export const claimReopened = recordKind(
  'relief.claim-reopened',
  z.strictObject({ claim: z.string(), run: z.string().nullable(), amount: wonRange, by: z.string(), at: instant }),
);

/** A complaint about a claim went to the Financial Supervisory Service or to a court. */
export const claimEscalated = recordKind(
  'relief.claim-escalated',
  z.strictObject({
    claim: z.string(),
    to: z.enum(['fss', 'court']),
    /** The number under which it is kept there. */
    case: z.string(),
    stage: z.enum(escalationStages),
    by: z.string(),
    at: instant,
  }),
);

/** The result of a claim was told. */
export const claimTold = recordKind(
  'relief.claim-told',
  z.strictObject({ claim: z.string(), channel: z.string(), reference: z.string(), by: z.string(), at: instant }),
);

/** The end of the time to answer is near, or passed: `step` = days before it, or that it is over. */
export const claimReminded = recordKind(
  'relief.claim-reminded',
  z.strictObject({ claim: z.string(), step: z.union([z.int(), z.literal('overdue')]), due: instant, at: instant }),
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

/** A row of the damage ledger, or what it is now: `revises` names the record's row before. */
export const damageRow = recordKind(
  'relief.damage-row',
  z.strictObject({
    row: z.string(),
    run: z.string(),
    type: z.enum(damageTypes),
    state: z.enum(damageStates),
    amount: wonRange,
    evidence: z.array(evidenceItem),
    revision: z.int().min(1),
    by: z.string(),
    at: instant,
  }),
);

/** The damage of a run reached a step of its limit, in percent. */
export const damageStepReached = recordKind(
  'relief.damage-step-reached',
  z.strictObject({ run: z.string(), step: z.int().min(0), limit: won, upper: wonRange, accepted: won, at: instant }),
);

const range = z.strictObject({ low: z.int().min(0), high: z.int().min(0).nullable() }).nullable();
const count = z.union([range, z.strictObject({ records: range, persons: range })]);

/** The leak ledger's state, measured or attested by a named person; the newest record of a run replaces older ones. */
export const leakLedger = recordKind(
  'relief.leaks',
  z.strictObject({
    run: z.string(),
    at: instant,
    personalCredit: count,
    other: count,
    unclassified: count,
    discoveredAt: instant.nullable().optional(),
    accessOnly: z.boolean().nullable().optional(),
    illegalExternalAccess: z.boolean().nullable().optional(),
    sensitiveOrUniqueId: z.boolean().nullable().optional(),
    attestedBy: z.string().nullable(),
  }),
);

/** An entry of the leak ledger as it is now, with the class it has under the table of that day. */
export const leakEntered = recordKind(
  'relief.leak-entered',
  z.strictObject({
    leak: z.string(),
    run: z.string(),
    revision: z.int().min(1),
    entry: leakEntrySchema,
    class: z.enum(leakClasses),
    by: z.string(),
    at: instant,
  }),
);

/** A duty that a leak started was done. */
export const leakDutyDone = recordKind(
  'relief.leak-duty-done',
  z.strictObject({
    leak: z.string(),
    run: z.string(),
    duty: z.enum(leakDutyNames),
    doneAt: instant,
    reference: z.string(),
    by: z.string(),
    at: instant,
  }),
);

/** What the company asks of its relief, by the digest of the policy. */
export const policySet = recordKind(
  'relief.policy-set',
  z.strictObject({ digest: sha256Digest, by: z.string(), at: instant }),
);

/** A fact came after the run was assessed: it is assessed again. `because` is the type of the record that came. */
export const assessmentReopened = recordKind(
  'relief.assessment-reopened',
  z.strictObject({ run: z.string(), because: z.string(), subject: z.string(), at: instant }),
);

/** Late facts of a run are taken for longer. */
export const lateFactsExtended = recordKind(
  'relief.late-facts-extended',
  z.strictObject({ run: z.string(), until: instant, reason: z.string(), by: z.string(), at: instant }),
);

/** Rows left the system for payment or for people: which, how many, and the digest of the file. */
export const claimsExported = recordKind(
  'relief.claims-exported',
  z.strictObject({
    run: z.string().nullable(),
    file: z.enum(['payments', 'claims']),
    count: z.int().min(0),
    amount: won,
    digest: sha256Digest,
    by: z.string(),
    at: instant,
  }),
);

/** How long an alternative channel was down in a work, as a named person attests it. */
export const channelAttested = recordKind(
  'relief.channel-attested',
  z.strictObject({
    run: z.string(),
    service: z.string(),
    start: instant,
    end: instant,
    evidence: z.array(evidenceItem),
    by: z.string(),
    at: instant,
  }),
);

/** Who is to be paid was read. */
export const payeeRead = recordKind(
  'relief.payee-read',
  z.strictObject({ claim: z.string(), by: z.string(), reason: z.string(), at: instant }),
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
