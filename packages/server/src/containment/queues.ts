import { z } from 'zod';
import { queue } from '#platform/jobs';

/** Tells one webhook of one page. Retried over a day: a page that is late is better than none. */
export const deliverPage = queue({
  name: 'containment.deliver-page',
  payload: z.strictObject({ institution: z.string(), page: z.int().min(1), webhook: z.string() }),
  expireSeconds: 30,
  retries: 30,
  retryDelaySeconds: 1,
});
