/** What a tool said, byte for byte, as a file beside its hash. It may hold anything: only the hash leaves the host. */
import { createHash } from 'node:crypto';
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** Of one artefact; what a tool says beyond it is counted and dropped. */
export const maxArtefactBytes = 64 * 1024 * 1024;

export interface KeptArtefact {
  readonly name: string;
  /** Bytes in the file. */
  readonly bytes: number;
  /** Bytes beyond the cap, or that the disk did not take. */
  readonly dropped: number;
  /** SHA-256 of the bytes in the file. */
  readonly digest: string;
}

export interface Artefact {
  take(chunk: Buffer): void;
  end(): KeptArtefact;
}

/** Keeps the first `maxBytes` in `folder/name` (mode 0600). A disk that is full drops the rest; nothing is thrown. */
export function keepArtefact(folder: string, name: string, maxBytes = maxArtefactBytes): Artefact {
  const hash = createHash('sha256');
  let file = tryOpen(folder, name);
  let bytes = 0;
  let dropped = 0;
  const close = (): void => {
    if (file !== null) closeSync(file);
    file = null;
  };
  return {
    take(chunk) {
      const part = file === null ? chunk.subarray(0, 0) : chunk.subarray(0, maxBytes - bytes);
      const written = tryWrite(file, part);
      if (written < part.length) close();
      hash.update(part.subarray(0, written));
      bytes += written;
      dropped += chunk.length - written;
    },
    end() {
      close();
      return { name, bytes, dropped, digest: `sha256:${hash.digest('hex')}` };
    },
  };
}

/** In words, for the outcome of a tester. */
export function sayArtefact({ name, bytes, dropped, digest }: KeptArtefact): string {
  return `${name}: ${bytes} bytes, ${digest}${dropped === 0 ? '' : `, ${dropped} bytes dropped`}`;
}

function tryOpen(folder: string, name: string): number | null {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return openSync(join(folder, name), 'w', 0o600);
  } catch {
    return null;
  }
}

/** Bytes that reached the file. */
function tryWrite(file: number | null, part: Buffer): number {
  let written = 0;
  try {
    while (file !== null && written < part.length) written += writeSync(file, part, written);
  } catch {
    // A full disk: what was written stays and is hashed.
  }
  return written;
}
