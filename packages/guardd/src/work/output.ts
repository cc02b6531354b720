/** What an action said, kept on the host up to a cap: it may hold personal data, so only its digest leaves. */
import { createHash } from 'node:crypto';
import { closeSync, openSync, writeSync } from 'node:fs';

const maxBytes = 1024 * 1024;

export interface Output {
  take(chunk: Buffer): void;
  end(): void;
  /** Bytes kept so far. */
  readonly kept: readonly Buffer[];
}

/**
 * Keeps the first MiB in the file `path` (mode 0600) and in memory; the rest is dropped. A file that cannot be written
 * (disk full) is given up: the digest is of what was said, not of what was stored.
 */
export function keepOutput(path: string): Output {
  let file: number | null = tryOpen(path);
  const kept: Buffer[] = [];
  let size = 0;
  const close = (): void => {
    if (file !== null) closeSync(file);
    file = null;
  };
  return {
    kept,
    take(chunk) {
      const part = chunk.subarray(0, maxBytes - size);
      if (part.length === 0) return;
      size += part.length;
      kept.push(part);
      try {
        if (file !== null) writeSync(file, part);
      } catch {
        close();
      }
    },
    end: close,
  };
}

function tryOpen(path: string): number | null {
  try {
    return openSync(path, 'w', 0o600);
  } catch {
    return null;
  }
}

/** SHA-256 of everything kept, in the order of `outputs`; null when nothing was said. */
export function digestOfOutputs(outputs: readonly Output[]): string | null {
  const hash = createHash('sha256');
  let size = 0;
  for (const { kept } of outputs) {
    for (const chunk of kept) {
      size += chunk.length;
      hash.update(chunk);
    }
  }
  return size === 0 ? null : `sha256:${hash.digest('hex')}`;
}
