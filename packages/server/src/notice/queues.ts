import { z } from 'zod';
import { queue } from '#platform/jobs';

const payload = z.strictObject({
  institution: z.string(),
  notice: z.string(),
  channel: z.enum(['sms', 'email']),
  batch: z.int().min(1),
});
export type SendBatch = z.infer<typeof payload>;

/** Looks at the public pages as a stranger would. */
export const lookAtSite = queue({
  name: 'notice.look-at-site',
  payload: z.strictObject({ institution: z.string() }),
  expireSeconds: 300,
  retries: 1,
  retryDelaySeconds: 10,
});

/** Submits one batch of recipients. */
export const sendBatch = queue({
  name: 'notice.send-batch',
  payload,
  expireSeconds: 600,
  retries: 30,
  retryDelaySeconds: 1,
});
