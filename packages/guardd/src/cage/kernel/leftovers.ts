/** Takes away what cages of dead owners left: namespaces, links, rules, groups, mounts, folders. */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { attempt } from '../command.ts';
import { enter, removeNamespaces } from './network.ts';
import { removeGroups } from './limits.ts';
import { alone, listSlots, ownNamespace, releaseSlot, type Slot, type SlotRecord } from './slot.ts';
import { closeUplink } from './uplink.ts';

/** Gives the names of what was taken away. */
export async function removeLeftovers(): Promise<readonly string[]> {
  const dead = listSlots().filter(({ alive }) => !alive);
  const removed: string[] = [];
  for (const { slot, record } of dead) {
    await alone(async () => {
      // Another process may have come first.
      if (!existsSync(slot.folder)) return;
      await takeAway(slot, record);
      removed.push(slot.link);
    });
  }
  return removed;
}

async function takeAway(slot: Slot, record: SlotRecord | null): Promise<void> {
  for (const folder of record?.cgroups ?? []) kill(folder);
  await attempt(['umount', '-l', join(slot.folder, 'out')]);
  if (record === null || record.uplink === ownNamespace()) await closeUplink(slot);
  else await closeElsewhere(slot, record.uplink);
  await removeNamespaces(slot);
  await removeGroups(record?.cgroups ?? []);
  releaseSlot(slot);
}

/** The uplink of that cage was another namespace: its rules are deleted there when it still has a name. */
async function closeElsewhere(slot: Slot, inode: number): Promise<void> {
  const listed = (await attempt(['ip', 'netns', 'list'])) ?? '';
  for (const [name = ''] of listed.split('\n').map((line) => line.split(' '))) {
    if (name === '') continue;
    const at = await attempt(['stat', '-L', '-c', '%i', `/run/netns/${name}`]);
    if (at === null || Number(at) !== inode) continue;
    await attempt([...enter(name), 'nft', 'delete', 'table', 'inet', slot.link]);
    await attempt(['ip', '-n', name, 'link', 'del', slot.link]);
  }
}

function kill(folder: string): void {
  try {
    writeFileSync(join(folder, 'cgroup.kill'), '1');
  } catch {
    // Version 1, or gone.
  }
}
