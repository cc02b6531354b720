/**
 * Slots: what tells the cages of one machine apart. The number of a slot gives its links, addresses, namespaces and groups
 * their names, and its folder says who owns it, so that what a killed owner left is found and taken away.
 */
import {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { parseLine } from '../../lines.ts';

const home = '/run/breakwater/cages';
const slots = 16_384;

const recordSchema = z.object({
  pid: z.int(),
  /** Start of the process in clock ticks since boot: the same number later is another process. */
  born: z.string(),
  name: z.string(),
  /** Inode of the network namespace that the cage's uplink lies in. */
  uplink: z.number(),
  /** Settings of the uplink that were changed, with the value before any cage changed them. */
  changed: z.record(z.string(), z.string()),
  cgroups: z.array(z.string()),
});
export type SlotRecord = z.infer<typeof recordSchema>;

export interface Slot {
  readonly number: number;
  /** Its folder under /run: record, files that are bound into the cage, the writable folder. */
  readonly folder: string;
  /** Namespaces and links by name. */
  readonly tool: string;
  readonly gate: string;
  readonly link: string;
}

function slotOf(number: number): Slot {
  const name = `bwc${number}`;
  return { number, folder: join(home, String(number)), tool: `${name}-tool`, gate: `${name}-gate`, link: name };
}

/** Takes a free slot for this process. */
export function takeSlot(name: string): Slot {
  mkdirSync(home, { recursive: true, mode: 0o755 });
  const first = (process.pid * 7) % slots;
  for (let i = 0; i < slots; i++) {
    const slot = slotOf((first + i) % slots);
    try {
      mkdirSync(slot.folder, { mode: 0o755 });
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'EEXIST') continue;
      throw error;
    }
    writeRecord(slot, {
      pid: process.pid,
      born: bornOf(process.pid) ?? '',
      name,
      uplink: ownNamespace(),
      changed: {},
      cgroups: [],
    });
    return slot;
  }
  throw new Error('every slot for a cage is taken');
}

export function writeRecord(slot: Slot, record: SlotRecord): void {
  writeFileSync(join(slot.folder, 'owner.json'), JSON.stringify(record), { mode: 0o600 });
}

/** Null while a slot is being made, or when its record was lost with its owner. */
export function readRecord(slot: Slot): SlotRecord | null {
  try {
    return recordSchema.parse(parseLine(readFileSync(join(slot.folder, 'owner.json'), 'utf8')));
  } catch {
    return null;
  }
}

export function releaseSlot(slot: Slot): void {
  rmSync(slot.folder, { recursive: true, force: true });
}

/** A slot without a record is being made; after this long its maker is dead. */
const unwrittenMs = 10_000;

/** Slots with their records; `alive` tells whether the owner still runs. */
export function listSlots(): { readonly slot: Slot; readonly record: SlotRecord | null; readonly alive: boolean }[] {
  let names: string[];
  try {
    names = readdirSync(home);
  } catch {
    return [];
  }
  return names.flatMap((name) => {
    if (!/^\d{1,5}$/.test(name)) return [];
    const slot = slotOf(Number(name));
    const record = readRecord(slot);
    const alive = record === null ? youngerThan(slot.folder, unwrittenMs) : bornOf(record.pid) === record.born;
    return [{ slot, record, alive }];
  });
}

function youngerThan(path: string, ms: number): boolean {
  try {
    return Date.now() - statSync(path).mtimeMs < ms;
  } catch {
    return true;
  }
}

/** When the process was born, in ticks since boot; null when there is none, or only what is left of one. */
export function bornOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? null : (fields[19] ?? null);
  } catch {
    return null;
  }
}

export function ownNamespace(): number {
  return statSync('/proc/self/ns/net').ino;
}

const lockFile = join(home, 'lock');
const lockPatienceMs = 15_000;

/** Runs `work` while no other process does: settings of the uplink are shared by all cages there. */
export async function alone<T>(work: () => Promise<T>): Promise<T> {
  mkdirSync(home, { recursive: true, mode: 0o755 });
  const until = Date.now() + lockPatienceMs;
  while (!tryLock()) {
    if (Date.now() > until) throw new Error(`${lockFile} is held by another process`);
    await sleep(3);
  }
  try {
    return await work();
  } finally {
    unlinkSync(lockFile);
  }
}

function tryLock(): boolean {
  try {
    const file = openSync(lockFile, 'wx', 0o600);
    writeSync(file, `${process.pid} ${bornOf(process.pid) ?? ''}`);
    closeSync(file);
    return true;
  } catch {
    breakDeadLock();
    return false;
  }
}

function breakDeadLock(): void {
  try {
    const [pid = '', born = ''] = readFileSync(lockFile, 'utf8').split(' ');
    const written = born !== '';
    if (written ? bornOf(Number(pid)) !== born : !youngerThan(lockFile, unwrittenMs)) unlinkSync(lockFile);
  } catch {
    // Released in between.
  }
}
