/** Lines of evidence: one JSON document each, hashed as they are written, in a file with a cap. */
import { createHash } from 'node:crypto';
import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** An artefact as a containment report names it. */
export interface Evidence {
  readonly name: string;
  readonly bytes: number;
  readonly digest: string;
}

export interface Recorder {
  /** False when the line was not kept: the cap is reached, or the disk does not take it. Nothing is kept after that. */
  record(line: object): boolean;
  /** True once a line was not kept. */
  readonly full: boolean;
  /** Writes to the disk and closes. */
  end(): Evidence;
}

const mostBytes = 256 * 1024 * 1024;

/** Records into `folder/name` (mode 0600), which must be new. Throws what `open` throws. */
export function openRecorder(folder: string, name: string, maxBytes = mostBytes): Recorder {
  const file = openSync(join(folder, name), 'wx', 0o600);
  const hash = createHash('sha256');
  let bytes = 0;
  let full = false;
  let evidence: Evidence | null = null;
  return {
    get full() {
      return full;
    },
    record(line) {
      if (full || evidence !== null) return false;
      const text = Buffer.from(`${JSON.stringify(line)}\n`);
      if (bytes + text.length > maxBytes) {
        full = true;
        return false;
      }
      const written = tryWrite(file, text);
      hash.update(text.subarray(0, written));
      bytes += written;
      full = written < text.length;
      return !full;
    },
    end() {
      if (evidence === null) {
        trySync(file);
        closeSync(file);
        evidence = { name, bytes, digest: `sha256:${hash.digest('hex')}` };
      }
      return evidence;
    },
  };
}

function tryWrite(file: number, text: Buffer): number {
  try {
    return writeSync(file, text);
  } catch {
    return 0;
  }
}

function trySync(file: number): void {
  try {
    fsyncSync(file);
  } catch {
    // A disk that is full: the digest is of what was written.
  }
}
