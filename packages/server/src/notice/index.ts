/** Notices: what customers are told before, during and after a work, and the proof that they were told. */
import type { Worker } from '#platform';
import { noticeOf } from './compose.ts';
import { sendBatch } from './queues.ts';

export { GatewayBusy, type Channel, type Message, type Report, type Submitted } from './channels/channel.ts';
export { httpGateway, type HttpGatewayOptions } from './channels/http-gateway.ts';
export { noticeOf, recipientSecrets } from './compose.ts';
export { openRecipientSecrets, type RecipientSecrets } from './recipients.ts';
export type { NoticeRefusal } from './refusal.ts';
export { createNotice } from './door.ts';
export type { NoticeDoor, NoticeOfPlan, NoticeOptions, NoticeStatus, SendingStatus } from './door.ts';

/** Queues that `startJobs` must know. */
export const noticeQueues = [sendBatch] as const;

/** Submits messages, reads reports and keeps the public pages true. */
export const noticeWorker: Worker = (platform) => noticeOf(platform).work();
