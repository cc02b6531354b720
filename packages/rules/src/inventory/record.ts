/** Records of imports into the inventory. */
import { z } from 'zod';
import { recordKind, sha256Digest } from '#evidence/record';

const counts = z.strictObject({ added: z.int().min(0), changed: z.int().min(0), gone: z.int().min(0) });

/** What a source says was taken into the inventory. */
export const inventoryImported = recordKind(
  'inventory.imported',
  z.strictObject({
    source: z.string(),
    format: z.string(),
    document: sha256Digest,
    asset: z.string().nullable(),
    components: counts,
    services: counts,
    modules: counts,
    assets: counts,
    listeners: counts,
    /** Matches that the components brought. */
    matches: z.int().min(0),
  }),
);

/** Dates at which support ends were taken from a document. */
export const endOfLifeRecorded = recordKind(
  'inventory.end-of-life-recorded',
  z.strictObject({ document: sha256Digest, entries: z.int().min(0) }),
);
