/** The inner side of level rootless: this process is root of a user namespace whose uplink is pasta. */
import { readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { z } from 'zod';
import { parseLine } from '../../lines.ts';
import type { Ground } from '../kernel/ground.ts';
import { notHeldRootless } from './words.ts';

/** The variable by which {@link enterRootless} tells its inner process what the machine's own network is. */
export const placeVariable = 'BREAKWATER_ROOTLESS';

const placeSchema = z.strictObject({ addresses: z.array(z.string()), broadcast: z.array(z.string()) });
/** What the namespace does not show of the machine around it. */
export type Place = z.infer<typeof placeSchema>;

/** What the outer process says: the uplink is there, it still watches, or a signal that it got. */
export type Order = 'uplink' | 'alive' | 'SIGINT' | 'SIGTERM' | 'SIGHUP';

/** One user alone, root inside, as {@link enterRootless} maps it. */
const oneUser = /^\s*0\s+\d+\s+1\s*$/;

/** What a cage stands on in here; null in a process that was not started by {@link enterRootless}. */
export function rootlessGround(): Ground | null {
  const place = process.env[placeVariable];
  if (place === undefined || !oneUser.test(readFileSync('/proc/self/uid_map', 'utf8'))) return null;
  return { level: 'rootless', user: 0, ...placeSchema.parse(parseLine(place)), notHeld: notHeldRootless };
}

/** After this silence of the outer process its signals may not come either: the test ends. */
const silenceMs = 2000;

/** Resolves when the uplink is there. From then on signals of the outer process come as if they were sent here; its death or silence is SIGHUP. */
export function awaitUplink(): Promise<void> {
  return new Promise((resolve) => {
    const silence = setTimeout(() => signal('SIGHUP'), silenceMs).unref();
    process.on('message', (order: Order) => {
      silence.refresh();
      if (order === 'alive') return;
      if (order !== 'uplink') return signal(order);
      // The outer process waits for this one, not the other way round.
      process.channel?.unref();
      resolve();
    });
    process.on('disconnect', () => signal('SIGHUP'));
  });
}

/** The first process of a namespace gets no signal that it does not listen to: nobody listening, it ends here. */
function signal(name: Exclude<Order, 'uplink' | 'alive'>): void {
  if (!process.emit(name, name)) process.exit(128 + constants.signals[name]);
}
