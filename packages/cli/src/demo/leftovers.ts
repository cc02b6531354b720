/** What a demo that was killed left behind: its folder, and every process that was started for it. */
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const prefix = 'bw-demo-';

/** Start of the name of a demo's folder; it carries the process id, so that a later demo knows whether it still runs. */
export const folderPrefix = (): string => join(tmpdir(), `${prefix}${process.pid}-`);

/** Ends the processes and removes the folders of demos that no longer run. Other people's folders are left alone. */
export function removeLeftovers(): void {
  for (const name of readdirSync(tmpdir())) {
    const pid = Number(new RegExp(`^${prefix}(\\d+)-`).exec(name)?.[1] ?? NaN);
    if (Number.isNaN(pid) || isAlive(pid)) continue;
    const dir = join(tmpdir(), name);
    endProcessesOf(dir);
    rmSync(dir, { recursive: true, force: true });
  }
}

/** Kills every process whose command line or environment names the folder. */
export function endProcessesOf(dir: string): void {
  for (const pid of readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)) {
    if (pid === process.pid || !(names(`/proc/${pid}/cmdline`, dir) || names(`/proc/${pid}/environ`, dir))) continue;
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended meanwhile.
    }
  }
}

function names(file: string, dir: string): boolean {
  try {
    return readFileSync(file, 'utf8').includes(dir);
  } catch {
    return false;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
