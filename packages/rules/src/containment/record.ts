/** Shapes of containment that other domains keep in their records, and its own records. */
import { z } from 'zod';
import { instant, recordKind, sha256Digest } from '#evidence/record';
import { attemptsSoFar, cageLevel, deniedTraffic } from './report.ts';

export { findingRecord } from './finding.ts';
export { attemptsSoFar, cageLevel, cageTrip, containmentSchema, deniedTraffic } from './report.ts';
export type { AttemptsSoFar, CageLevel, CageTrip, Containment, DeniedTraffic } from './report.ts';

/** What a test tried outside its scope since the record before, as its gate counted it; of many destinations some are named. */
export const attemptsSeen = recordKind(
  'containment.attempts-seen',
  z.strictObject({
    run: z.string(),
    at: instant,
    packets: z.int().min(0),
    attempts: z.array(deniedTraffic),
    soFar: attemptsSoFar,
  }),
);

/** A cage is gone and its report is kept. `report`: SHA-256 of its RFC 8785 form. */
export const cageReported = recordKind(
  'containment.cage-reported',
  z.strictObject({
    run: z.string(),
    step: z.string(),
    tools: z.array(z.string()),
    level: cageLevel,
    report: sha256Digest,
  }),
);

/** Findings were kept, by fingerprint alone. `source`: SHA-256 of the file they came from; null = from the test itself. */
export const findingsKept = recordKind(
  'containment.findings-kept',
  z.strictObject({ run: z.string(), source: sha256Digest.nullable(), fingerprints: z.array(z.string()) }),
);

/** An alert left for somebody who is to be told. */
export const pageSent = recordKind(
  'containment.page-sent',
  z.strictObject({ page: z.int(), kind: z.literal('attempt'), run: z.string(), webhooks: z.array(z.string()) }),
);

/** Something that is need-to-know was done. `digest`: SHA-256 over the RFC 8785 form of its salt and details, kept apart. */
export const needToKnow = recordKind('containment.need-to-know', z.strictObject({ digest: sha256Digest }));
