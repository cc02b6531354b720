/**
 * The brake of a worker: whoever pauses or stops a sending, throws the switch over all of them, or gives it to another
 * gateway does so in the database; every worker looks there several times a second while it submits, and lets nothing more
 * leave. One query answers for all batches that are being submitted.
 */
import type { Db } from '#platform/db';
import type { SendingId, SendingRow } from './sending-store.ts';
import { readLeave } from './steering-store.ts';

/** A batch that is on its way. `signal` aborts when nothing more of it may leave. */
export type Held = { signal: AbortSignal; release(): void };

export type Brake = {
  /** Watches over a batch until it is released. */
  hold(sending: Pick<SendingRow, 'institution' | 'notice' | 'channel' | 'gateway'>): Held;
};

const lookMs = 200;

export function createBrake(db: Db): Brake {
  const watched = new Map<string, { id: SendingId; gateway: number; holders: Set<AbortController> }>();
  let timer: NodeJS.Timeout | null = null;

  const look = async (): Promise<void> => {
    for (const { id, gateway, holders } of watched.values()) {
      const leave = await readLeave(db, id);
      if (leave !== null && leave.state === 'sending' && !leave.halted && leave.gateway === gateway) continue;
      for (const holder of holders) holder.abort();
    }
  };
  const lookAgain = (): void => {
    if (timer !== null || watched.size === 0) return;
    timer = setTimeout(() => {
      // Without the database nobody can say that it shall stop; the answers of the gateway cannot be written either.
      void look()
        .catch(() => undefined)
        .finally(() => {
          timer = null;
          lookAgain();
        });
    }, lookMs);
  };

  return {
    hold({ institution, notice, channel, gateway }) {
      const name = `${notice}\0${channel}\0${gateway}`;
      const controller = new AbortController();
      const entry = watched.get(name) ?? { id: { institution, notice, channel }, gateway, holders: new Set() };
      entry.holders.add(controller);
      watched.set(name, entry);
      lookAgain();
      return {
        signal: controller.signal,
        release() {
          entry.holders.delete(controller);
          if (entry.holders.size === 0) watched.delete(name);
        },
      };
    },
  };
}
