/** Levers that are files: whoever may write into the folder may stop, with nothing but `touch`. */
import { readdirSync, renameSync, rmSync, statSync, unlinkSync, watch, writeFileSync, type FSWatcher } from 'node:fs';
import { join } from 'node:path';
import { leverEffects, leversByStrength, stoppedFile } from '@breakwater/rules/guard';
import type { Lever } from '@breakwater/rules/guard/record';
import { makeLeverFolder } from '../layout.ts';

/** Looked at this often also where the kernel tells of nothing, ms. */
const pollMs = 50;

export interface LeverFiles {
  stop(): void;
}

/**
 * Calls `pulled` once for each lever file that appears in the folder, the strongest first. Makes the folder, writable by
 * owner and group. `by` names the user that owns the file.
 */
export function watchLevers(folder: string, pulled: (lever: Lever, by: string) => void): LeverFiles {
  makeLeverFolder(folder);
  const seen = new Set<string>();
  const look = (): void => {
    for (const lever of leversIn(folder)) {
      if (seen.has(lever.key)) continue;
      seen.add(lever.key);
      pulled(lever.lever, lever.by);
    }
  };
  let watcher: FSWatcher | null = null;
  try {
    watcher = watch(folder, look);
    watcher.on('error', () => watcher?.close());
  } catch {
    // No inotify watch left: looking every 50 ms is enough.
  }
  const timer = setInterval(look, pollMs);
  look();
  return {
    stop() {
      clearInterval(timer);
      watcher?.close();
    },
  };
}

export interface LeverFile {
  readonly lever: Lever;
  readonly by: string;
  readonly since: string;
  /** Names this very file, so that a lever that is put again acts again. */
  readonly key: string;
}

/** The lever files of a folder, the strongest first; none when it is not there. */
export function leversIn(folder: string): LeverFile[] {
  const names = new Set(namesIn(folder));
  return leversByStrength.flatMap((lever) => {
    const { file } = leverEffects[lever];
    if (!names.has(file)) return [];
    try {
      const { uid, ino, ctimeMs } = statSync(join(folder, file));
      return [{ lever, by: `uid:${uid}`, since: new Date(ctimeMs).toISOString(), key: `${lever} ${ino} ${ctimeMs}` }];
    } catch {
      return [];
    }
  });
}

/** Answers a lever file: `STOPPED` with what was done, whole or not at all. A folder that cannot be written has no answer. */
export function answerLever(
  folder: string,
  answer: Readonly<Record<string, unknown>>,
  name: string = stoppedFile,
): void {
  const path = join(folder, name);
  try {
    writeFileSync(`${path}.new`, `${JSON.stringify(answer)}\n`, { mode: 0o644 });
    renameSync(`${path}.new`, path);
  } catch {
    // The standstill itself does not hang on its being told.
  }
}

/** Takes the answers to levers of before away. */
export function removeAnswers(folder: string): void {
  for (const name of namesIn(folder)) if (name.startsWith(stoppedFile)) rmSync(join(folder, name), { force: true });
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Takes the levers of a folder away that hold the name of who asked for them; an empty one was put by hand and stays. */
export function removeAskedLevers(folder: string): void {
  for (const { lever } of leversIn(folder)) {
    if (statSync(join(folder, leverEffects[lever].file)).size > 0) removeLever(folder, lever);
  }
}

/** Takes the file of a hold away, so that a resumed run is not held again. Throws what unlinking throws. */
export function removeLever(folder: string, lever: Lever): void {
  try {
    unlinkSync(join(folder, leverEffects[lever].file));
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error) || error.code !== 'ENOENT') throw error;
  }
}
