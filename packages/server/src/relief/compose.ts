import { setTimeout as sleep } from 'node:timers/promises';
import { noticeOf, recipientSecrets, unsealContact } from '#notice';
import type { Platform, Worker } from '#platform';
import { clockQueue } from './clock.ts';
import { createRelief, type ReliefDoor } from './door.ts';

/** The domain as a server is configured. It holds no state of its own: several may be opened. */
export function reliefOf(platform: Platform): ReliefDoor {
  const { db, clock, config } = platform;
  const secrets = recipientSecrets(platform);
  return createRelief({
    db,
    clock,
    institution: config.institution,
    pepper: () => secrets().pepper,
    notices: noticeOf(platform),
    unseal: (claim, sealed) => unsealContact(secrets(), claim, sealed),
  });
}

/** What a changed run comes to when it is assessed again; null = it never was assessed. */
type Reassess = (run: string) => Promise<{ changed: readonly string[]; assessment: string } | null>;

const arrivalMs = 500;
const confirmMs = 2000;
const lookMs = 2000;
const failedMs = 2000;
/** A run is assessed again when nothing came for a moment, and not more often than this while facts keep coming. */
const reassessMs = { quietMs: 2000, everyMs: 60_000 };

/** Links arrived claims, follows what became of results, minds the clocks, and has changed runs assessed again. */
export function reliefWorker(reassessing: (platform: Platform) => Reassess): Worker {
  return async (platform) => {
    const { jobs, log, config } = platform;
    const relief = reliefOf(platform);
    const reassess = reassessing(platform);
    const stopping = new AbortController();
    await jobs.work(clockQueue, async () => {
      const { claims, duties } = await relief.remind();
      if (claims + duties > 0) log.warn({ claims, duties }, 'answers to claims or duties of leaks come to their end');
    });
    await jobs.schedule(clockQueue, '*/10 * * * *', { institution: config.institution }, 'Asia/Seoul');
    const every = async (ms: number, what: string, round: () => Promise<boolean>): Promise<void> => {
      while (!stopping.signal.aborted) {
        const wait = await round().then(
          (more) => (more ? 0 : ms),
          (error: unknown) => {
            if (!stopping.signal.aborted) log.warn({ error }, what);
            return failedMs;
          },
        );
        await sleep(wait, undefined, { signal: stopping.signal }).catch(() => undefined);
      }
    };
    const loops = [
      every(arrivalMs, 'linking arrived claims failed', async () => (await relief.linkArrived()) > 0),
      every(confirmMs, 'following results failed', async () => {
        await relief.confirmTold();
        return false;
      }),
      every(lookMs, 'assessing a changed run again failed', async () => {
        for (const { run, changedAt } of await relief.changedRuns(reassessMs))
          await relief.reassessed({ run, changedAt, ...(await reassess(run)) });
        return false;
      }),
    ];
    return async () => {
      stopping.abort();
      await Promise.all(loops);
    };
  };
}
