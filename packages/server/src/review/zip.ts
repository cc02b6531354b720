import { type ZipOptions, zipSync } from 'fflate';

/** Local time, as the zip writer reads it: the earliest that a zip can state, on every machine. */
const TIME = new Date(1980, 0, 1);

/** A zip of members in their order. Stored and timeless by default: then the same members give the same bytes. */
export function zipOf(members: Readonly<Record<string, Uint8Array>>, options: ZipOptions = {}): Uint8Array {
  return zipSync(members, { level: 0, mtime: TIME, ...options });
}
