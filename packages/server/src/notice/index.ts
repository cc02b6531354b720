/** Notices: what customers are told before, during and after a work, and the proof that they were told. */
import type { Worker } from '#platform';
import { noticeOf } from './compose.ts';
import { sendBatch } from './queues.ts';

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
export const noticeQueues = [sendBatch] as const;

/** Submits messages, reads reports and keeps the public pages true. */
export const noticeWorker: Worker = (platform) => noticeOf(platform).work();
