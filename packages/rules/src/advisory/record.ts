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
