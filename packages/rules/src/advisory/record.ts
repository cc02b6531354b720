/** Records of advisories and of the proof that an authority disseminated them. */
import { z } from 'zod';
import { instant, recordKind, sha256Digest } from '#evidence/record';

export const advisoryReceived = recordKind(
  'advisory.received',
  z.strictObject({
    advisory: z.string(),
    /** FSC, FSS, FSI, or another body. */
    disseminatedBy: z.string(),
    receivedAt: instant,
    proof: z.enum(['proven', 'attested', 'absent']),
    vulnerabilities: z.array(z.string()),
    document: sha256Digest.nullable(),
  }),
);

const matchCounts = { total: z.int().min(0), added: z.int().min(0), removed: z.int().min(0) };

/** An advisory was kept, new or in a newer revision, and matched. */
export const advisoryImported = recordKind(
  'advisory.imported',
  z.strictObject({
    advisory: z.string(),
    format: z.string(),
    publisher: z.string(),
    revision: z.string(),
    document: sha256Digest,
    source: z.string(),
    vulnerabilities: z.array(z.string()),
    withdrawn: z.boolean(),
    matches: z.strictObject(matchCounts),
  }),
);

const matchRun = z.strictObject({ kind: z.string(), changed: z.int().min(0), ...matchCounts });

/** Everything, or the packages of an order that changed, was matched anew. */
export const matchesRenewed = recordKind('advisory.matches-renewed', matchRun);

/** A full run found that the kept matches were not what the rule gives, and put them right: an alarm. */
export const matchesDrifted = recordKind('advisory.matches-drifted', matchRun);

/** A list of signals was taken in: exploited vulnerabilities, or odds of exploitation. */
export const signalsTaken = recordKind(
  'advisory.signals-taken',
  z.strictObject({
    kind: z.enum(['kev', 'epss']),
    release: z.string(),
    document: sha256Digest,
    entries: z.int().min(0),
    changed: z.int().min(0),
  }),
);

/** What an author says of products was taken in. */
export const vexTaken = recordKind(
  'advisory.vex-taken',
  z.strictObject({ format: z.string(), document: sha256Digest, statements: z.int().min(0) }),
);

/** A public key was pinned to an authority, or counts no longer. */
export const authorityKeyPinned = recordKind(
  'advisory.key-pinned',
  z.strictObject({ authority: z.string(), fingerprint: z.string(), from: instant, until: instant.nullable() }),
);
export const authorityKeyRevoked = recordKind(
  'advisory.key-revoked',
  z.strictObject({ authority: z.string(), fingerprint: z.string() }),
);

/** What an authority sent was kept with the verdict at its receipt. */
export const disseminationReceived = recordKind(
  'advisory.dissemination-received',
  z.strictObject({
    advisory: z.string(),
    authority: z.string(),
    channel: z.string(),
    document: sha256Digest,
    sha512: z.string().regex(/^sha512:[0-9a-f]{128}$/),
    fingerprint: z.string().nullable(),
    proof: z.enum(['proven', 'absent']),
    doubt: z.string().nullable(),
    receivedAt: instant,
    vulnerabilities: z.array(z.string()),
  }),
);

/** A named person read these ids in a document that no signature proves. */
export const disseminationTranscribed = recordKind(
  'advisory.dissemination-transcribed',
  z.strictObject({ advisory: z.string(), vulnerabilities: z.array(z.string()) }),
);
