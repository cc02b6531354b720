import { z } from 'zod';
import { queue } from '#platform/jobs';

const payload = z.strictObject({
  institution: z.string(),
  notice: z.string(),
  channel: z.enum(['sms', 'email']),
  batch: z.int().min(1),
});
export type SendBatch = z.infer<typeof payload>;

/** Submits one batch of recipients. */
export const sendBatch = queue({
  name: 'notice.send-batch',
  payload,
  expireSeconds: 600,
  retries: 30,
  retryDelaySeconds: 1,
});
