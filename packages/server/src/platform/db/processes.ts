import { readFile, readdir, readlink } from 'node:fs/promises';
import { basename } from 'node:path';

/** True while a process with this id exists (a zombie counts as gone). */
export async function isAlive(pid: number): Promise<boolean> {
  try {
    const text = await readFile(`/proc/${pid}/stat`, 'utf8');
    // The name is in parentheses and may itself contain spaces and parentheses; the state follows it.
    const state = text.slice(text.lastIndexOf(')') + 2)[0] ?? 'X';
    return state !== 'Z' && state !== 'X';
  } catch {
    return false;
  }
}

/** Ids of the postgres processes (postmaster and children) that work in this data directory, found by their `cwd`. */
export async function postgresIn(pgdata: string): Promise<number[]> {
  const names = await readdir('/proc');
  const found = await Promise.all(
    names.map(async (name) => {
      const pid = Number(name);
      if (!Number.isInteger(pid)) return null;
      try {
        const [exe, cwd] = await Promise.all([readlink(`/proc/${pid}/exe`), readlink(`/proc/${pid}/cwd`)]);
        // The kernel appends " (deleted)" to the name of a program that was replaced by a newer one.
        return basename(exe.replace(/ \(deleted\)$/, '')) === 'postgres' && cwd === pgdata ? pid : null;
      } catch {
        return null;
      }
    }),
  );
  return found.filter((pid) => pid !== null);
}

/** Waits until none of the processes is alive; false when some still are after `ms`. */
export async function waitGone(pids: () => Promise<readonly number[]>, ms: number): Promise<boolean> {
  const end = performance.now() + ms;
  for (;;) {
    const alive = await Promise.all((await pids()).map(isAlive));
    if (!alive.includes(true)) return true;
    if (performance.now() > end) return false;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Sends a signal; a process that is gone already is no error. */
export function signal(pid: number, name: NodeJS.Signals): void {
  if (pid <= 1) throw new RangeError(`${pid} names more than one process, or the first`);
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
