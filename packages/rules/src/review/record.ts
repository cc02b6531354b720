/** Records of review: what the applicant declares, how causes were classified, what was sealed. */
import { z } from 'zod';
import { instant, recordKind, sha256Digest } from '#evidence/record';
import { caseActNames } from './casework/event.ts';
import { filingDutyIds } from './filing/duty.ts';

/** The applicant's own statements about fault and consumer loss; null = not stated. */
export const faultDeclared = recordKind(
  'review.fault-declared',
  z.strictObject({
    run: z.string(),
    subject: z.string(),
    intent: z.boolean().nullable(),
    grossNegligence: z.boolean().nullable(),
    privateInterest: z.boolean().nullable(),
    proceduralDefect: z.boolean().nullable(),
    consumerLossSerious: z.boolean().nullable(),
    consumerDamage: z.boolean().nullable(),
    by: z.string(),
    at: instant,
  }),
);

/** A person's classification of a disruption's cause, with the evidence it rests on. */
export const causeClassified = recordKind(
  'review.cause-classified',
  z.strictObject({
    run: z.string(),
    disruption: z.string(),
    cause: z.enum(['work', 'mixed', 'other']),
    evidence: z.array(z.string()),
    by: z.string(),
    at: instant,
  }),
);

/** A dossier was sealed over the half-open index range. */
export const dossierSealed = recordKind(
  'review.dossier-sealed',
  z.strictObject({
    run: z.string(),
    manifest: sha256Digest,
    firstIndex: z.int(),
    endIndex: z.int(),
    /** Left out: the dossier itself. */
    edition: z.enum(['en']).optional(),
    at: instant,
  }),
);

/**
 * Something happened to a case. `digest` is over the event as it is kept (`caseEventDigest`): questions, answers and
 * opinions may name persons, and a ballot is sealed until the chair opens it.
 */
export const caseEventKept = recordKind(
  'review.case-event',
  z.strictObject({
    case: z.string(),
    seq: z.int().min(1),
    act: z.enum(caseActNames),
    digest: sha256Digest,
    by: z.string(),
    at: instant,
  }),
);

/** A member of a committee opened a part of a case. */
export const caseRead = recordKind(
  'review.case-read',
  z.strictObject({ case: z.string(), part: z.string(), by: z.string(), at: instant }),
);

/** A report was filed, or persons were told. `document`: the digest of what was handed over; null = not kept. */
export const dutyFiled = recordKind(
  'review.duty-filed',
  z.strictObject({
    run: z.string(),
    duty: z.enum(filingDutyIds),
    filedAt: instant,
    reference: z.string(),
    document: sha256Digest.nullable(),
    /** Why it was filed after its time; null: it was not late, or no time is set. */
    delayReason: z.string().nullable(),
    by: z.string(),
    at: instant,
  }),
);

/** An individual, also one who left, asked for a copy of what concerns their own acts. `received`: their request, as it was kept. */
export const copyRequested = recordKind(
  'review.copy-requested',
  z.strictObject({
    copy: z.string(),
    run: z.string(),
    person: z.string(),
    received: z.string(),
    by: z.string(),
    at: instant,
  }),
);

/** The copy was sealed and can be fetched; or the request was answered without one, with the reason. */
export const copyAnswered = recordKind(
  'review.copy-answered',
  z.strictObject({
    copy: z.string(),
    run: z.string(),
    manifest: sha256Digest.nullable(),
    refusal: z.string().nullable(),
    by: z.string(),
    at: instant,
  }),
);

/** A report for an auditor was made. `inputs`: digests of what was brought, of a sample its seed and its population. */
export const auditReported = recordKind(
  'review.audit-reported',
  z.strictObject({
    kind: z.enum(['population', 'sample']),
    matched: z.int().min(0).nullable(),
    unmatched: z.int().min(0).nullable(),
    runs: z.int().min(0),
    inputs: z.array(sha256Digest),
    at: instant,
  }),
);
