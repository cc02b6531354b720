/** The manifest of a dossier: what the log's seal is over. */
import { z } from 'zod';

/**
 * `breakwater.manifest/1`. Every member of the zip but the manifest itself and those under `seal/`, with the SHA-256
 * of its bytes in lower-case hex; the origin of the log; the half-open range of the log's indices that `records/`
 * holds; and the version of the rules by which facts and assessment were made.
 */
export const manifestSchema = z
  .strictObject({
    schema: z.literal('breakwater.manifest/1'),
    origin: z.string().min(1).max(1024),
    range: z.strictObject({ first: z.int().min(0), end: z.int().min(0) }),
    rules: z.string().min(1).max(64),
    members: z
      .array(z.strictObject({ path: z.string().min(1).max(255), sha256: z.string().regex(/^[0-9a-f]{64}$/) }))
      .max(65_534),
  })
  .meta({ id: 'breakwater.manifest/1', title: 'Manifest of a dossier' });
export type Manifest = z.infer<typeof manifestSchema>;

/** The member that holds the record at `index` of the log. */
export function recordPath(index: number): string {
  return `records/${String(index).padStart(8, '0')}.json`;
}

/** Members that the manifest does not list: itself and the seal over it. */
export function isSealing(path: string): boolean {
  return path === 'manifest.json' || path.startsWith('seal/');
}
