/** Notices: what customers are told before, during and after a work, and the proof that they were told. */
import type { Platform, Worker } from '#platform';
import { noticeOf } from './compose.ts';
import { setTimeout as sleep } from 'node:timers/promises';
import { lookAtSite, sendBatch } from './queues.ts';
import type { RunInSight } from './follow.ts';

export { httpGateway } from './channels/http-gateway.ts';
export { noticeOf, recipientSecrets } from './compose.ts';
export { mobileNumber } from './address.ts';
export { openRecipientSecrets, sealContact, unsealContact, type RecipientSecrets } from './recipients.ts';
export { sitePage } from './site/frame.ts';
export { html, type Html } from './site/html.ts';
export type { Language } from './site/words.ts';
export { createNotice } from './door.ts';
export type { NoticeDoor } from './door.ts';

/** Queues that `startJobs` must know. */
export const noticeQueues = [sendBatch, lookAtSite] as const;

export type { RunInSight } from './follow.ts';

const followMs = 2000;

/**
 * Submits messages, reads reports, keeps the public pages true and looks at them, and follows the works that run: the runner
 * is known to whoever composes the server, so `runsInSight` is given.
 */
export function noticeWorker(runsInSight: (platform: Platform) => Promise<readonly RunInSight[]>): Worker {
  return async (platform) => {
    const notice = noticeOf(platform);
    const stop = await notice.work();
    await notice.beginDesk();
    const stopping = new AbortController();
    const following = (async () => {
      while (!stopping.signal.aborted) {
        await runsInSight(platform)
          .then((runs) => notice.follow(runs))
          .catch((error: unknown) => platform.log.warn({ error }, 'following the runs for their notices failed'));
        await sleep(followMs, undefined, { signal: stopping.signal }).catch(() => undefined);
      }
    })();
    return async () => {
      stopping.abort();
      await following;
      await stop();
    };
  };
}
