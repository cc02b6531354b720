/** What a demo that was killed left behind: its folder, and every process that was started for it. */
import {
  accessSync,
  constants,
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statfsSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NotChecked } from '../frame.ts';

const prefix = 'bw-demo-';

/** Sockets lie in the demo's folder, and the kernel takes paths of 107 bytes: what is left of them for the folder above. */
const longestPlace = 40;

/** The folder that holds the folders of demos: TMPDIR, or `/tmp` where its path is too long for sockets. */
const place = (): string => (Buffer.byteLength(tmpdir()) <= longestPlace ? tmpdir() : '/tmp');

/** A PostgreSQL, two banks and their logs, with room to spare. */
const neededBytes = 256 * 1024 ** 2;

/** Makes a demo's folder; its name carries the process id, so that a later demo knows whether it still runs. */
export function makeFolder(): string {
  const above = place();
  let free: number;
  try {
    const { bavail, bsize } = statfsSync(above);
    free = bavail * bsize;
    accessSync(above, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new NotChecked(
      'demo.no-folder',
      `no folder can be made in ${above} (${(error as NodeJS.ErrnoException).code}): set TMPDIR to a folder that you may write to`,
      above,
    );
  }
  if (free < neededBytes) {
    throw new NotChecked(
      'demo.no-space',
      `${above} has ${Math.floor(free / 1024 ** 2)} MiB left, and the demo takes up to ${neededBytes / 1024 ** 2} MiB: make room, or set TMPDIR to another folder`,
      above,
    );
  }
  return mkdtempSync(join(above, `${prefix}${process.pid}-`));
}

/** Ends the processes and removes the folders of demos that no longer run. Other people's folders are left alone. */
export function removeLeftovers(): void {
  const above = place();
  for (const name of existsSync(above) ? readdirSync(above) : []) {
    const pid = Number(new RegExp(`^${prefix}(\\d+)-`).exec(name)?.[1] ?? NaN);
    const dir = join(above, name);
    if (Number.isNaN(pid) || isAlive(pid) || !isOurs(dir)) continue;
    endProcessesOf(dir);
    rmSync(dir, { recursive: true, force: true });
  }
}

function isOurs(dir: string): boolean {
  return lstatSync(dir, { throwIfNoEntry: false })?.uid === process.getuid?.();
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
