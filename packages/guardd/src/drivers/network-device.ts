/**
 * The driver `network-device`: configuration of network equipment through its command line. Before the change the device is
 * told to take it back by itself; only who reaches it again on a new connection and finds what was wanted ends that.
 */
import { createHash } from 'node:crypto';
import type { PatchAction } from '@breakwater/rules/plan';
import { durationMs } from '@breakwater/rules';
import { Failed } from './answer.ts';
import { openDialogue, type Dialogue } from './device-dialogue.ts';
import { dialects, type Change, type Dialect } from './device-dialects.ts';
import type { Machine } from './machine.ts';
import type { PatchDriver } from './patch-driver.ts';

type DeviceAction = PatchAction<'network-device'>;

interface DeviceBefore {
  /** The name under which the device itself keeps its former configuration. */
  readonly saved: string;
  /** SHA-256 of that configuration without what changes by itself. */
  readonly digest: string;
}

export const networkDeviceDriver: PatchDriver<DeviceAction, DeviceBefore> = {
  check: (what, machine) =>
    talk(what, machine, async (dialogue, dialect) => isAsWanted(what, await dialect.configuration(dialogue))),
  prepare: (what, machine, { run, step }) =>
    talk(what, machine, async (dialogue, dialect) => {
      const saved = `breakwater-${createHash('sha256').update(`${run}/${step}`).digest('hex').slice(0, 12)}`;
      await dialect.save(dialogue, saved);
      return { before: { saved, digest: digestOf(dialect, await dialect.configuration(dialogue)) }, unavailable: null };
    }),
  async do(what, machine) {
    await talk(what, machine, (dialogue, dialect) => dialect.change(dialogue, changeOf(what)));
    await confirmed(what, machine, async (dialogue, dialect) => {
      const configuration = await dialect.configuration(dialogue);
      if (!isAsWanted(what, configuration))
        throw new Failed('the device took the lines, but its configuration does not hold what is expected');
    });
  },
  async undo(what, machine, { saved, digest }) {
    const back = await talk(what, machine, async (dialogue, dialect) => {
      await dialect.disarm(dialogue, changeOf(what));
      if (digestOf(dialect, await dialect.configuration(dialogue)) === digest) return false;
      await dialect.restore(dialogue, saved, changeOf(what));
      return true;
    });
    if (!back) return;
    await confirmed(what, machine, async (dialogue, dialect) => {
      if (digestOf(dialect, await dialect.configuration(dialogue)) !== digest)
        throw new Failed('the device does not have its former configuration');
    });
  },
  differs: (what, machine, { digest }) =>
    talk(
      what,
      machine,
      async (dialogue, dialect) => digestOf(dialect, await dialect.configuration(dialogue)) !== digest,
    ),
};

/** Comes back on a new connection, looks, and only then ends the device's own undo. */
async function confirmed(
  what: DeviceAction,
  machine: Machine,
  look: (dialogue: Dialogue, dialect: Dialect) => Promise<void>,
): Promise<void> {
  const again = await machine.again();
  try {
    await talk(what, again, async (dialogue, dialect) => {
      await look(dialogue, dialect);
      await dialect.confirm(dialogue, changeOf(what));
    });
  } finally {
    again.close();
  }
}

async function talk<T>(
  { dialect }: DeviceAction,
  machine: Machine,
  of: (dialogue: Dialogue, dialect: Dialect) => Promise<T>,
): Promise<T> {
  const spoken = dialects[dialect];
  const dialogue = await openDialogue(await machine.dialogue(), spoken.prompt);
  try {
    for (const line of spoken.greeting) await dialogue.say(line);
    return await of(dialogue, spoken);
  } finally {
    dialogue.close();
  }
}

function changeOf({ lines, revertAfter, revertBy = 'reload', save = true }: DeviceAction): Change {
  return { lines, save, revertBy, minutes: durationMs(revertAfter) / 60_000 };
}

function isAsWanted({ lines, expect = lines }: DeviceAction, configuration: readonly string[]): boolean {
  const held = new Set(configuration.map((line) => line.trim()));
  return expect.every((line) => held.has(line.trim()));
}

function digestOf({ changesByItself }: Dialect, configuration: readonly string[]): string {
  const lasting = configuration.filter((line) => line.trim() !== '' && !changesByItself.test(line));
  return `sha256:${createHash('sha256').update(lasting.join('\n')).digest('hex')}`;
}
