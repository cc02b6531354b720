/** What `breakwater inventory collect` brings from a machine: outputs of commands as they were, read here and nowhere else. */
import { z } from 'zod';
import { readJsonText } from '../../json.ts';
import { conform } from '../../shape.ts';
import { distroOf } from '../distro.ts';
import { emptySnapshot, type InventorySnapshot } from '../snapshot.ts';
import { readProcNet, readSs } from './listeners.ts';
import { installedComponents } from './packages.ts';

const mostCharacters = 64 * 1024 * 1024;
const output = z
  .string()
  .max(32 * 1024 * 1024)
  .nullable();

/** `breakwater.collected/1`. An output is null when the machine has no such tool. */
export const collectedSchema = z.strictObject({
  schema: z.literal('breakwater.collected/1'),
  host: z.string().min(1).max(253),
  collectedAt: z.iso.datetime({ offset: true }),
  outputs: z.strictObject({ osRelease: output, dpkg: output, rpm: output, apk: output, ss: output, proc: output }),
});
export type Collected = z.infer<typeof collectedSchema>;

/** Reads what was collected. Throws BreakwaterError `collected.*` or `listing.*`. */
export function readCollected(source: string): InventorySnapshot {
  const value = readJsonText(source, 'collected', { mostCharacters });
  const { host, outputs } = conform(collectedSchema, value, { name: 'collected' });
  const distro = releaseOf(outputs.osRelease ?? '');
  const listings = ['dpkg', 'rpm', 'apk'] as const;
  return {
    ...emptySnapshot,
    format: 'collected',
    subject: host,
    distro,
    components: listings.flatMap((listing) => {
      const text = outputs[listing];
      return text === null ? [] : installedComponents(listing, text, distro);
    }),
    listeners: outputs.ss === null ? readProcNet(outputs.proc ?? '') : readSs(outputs.ss),
    notes: distro === null ? ['the release of the system is not known: its packages are undetermined'] : [],
  };
}

/** The release that os-release(5) states. */
function releaseOf(osRelease: string): string | null {
  const field = (name: string): string =>
    new RegExp(`^${name}=(?:"([^"\\n]*)"|'([^'\\n]*)'|(.*))$`, 'm')
      .exec(osRelease)
      ?.slice(1)
      .find((text) => text !== undefined) ?? '';
  return distroOf(`${field('ID')}-${field('VERSION_ID')}`) ?? distroOf(field('VERSION_CODENAME'));
}
