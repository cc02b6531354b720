/** Records of notices to consumers: what was published or sent, when, to how many, and what arrived. */
import { z } from 'zod';
import { instant, recordKind, sha256Digest } from '#evidence/record';

export const noticeChannel = z.enum(['website', 'sms', 'push', 'email', 'alimtalk']);
export const noticeField = z.enum(['timing', 'scope', 'details', 'alternative-channels']);
const announced = z.strictObject({
  start: instant,
  end: instant,
  services: z.array(z.string()),
  /** The windows of a series, which `start` and `end` span. Left out = that span is the window. */
  windows: z.array(z.strictObject({ start: instant, end: instant })).optional(),
});
export type Announced = z.infer<typeof announced>;

/** A notice put on the public site: from `at` on, anyone could read it. */
export const noticePublished = recordKind(
  'notice.published',
  z.strictObject({
    notice: z.string(),
    plan: z.string(),
    /** Left out in older records, as `version` and `hash` are. */
    kind: z.string().optional(),
    channel: z.literal('website'),
    at: instant,
    fields: z.array(noticeField),
    announced,
    /** Of the page's bytes. */
    content: sha256Digest,
    url: z.string(),
    /** Of the notice's document, and of the one that it follows; null = it is the first of its work. */
    document: sha256Digest.optional(),
    previous: sha256Digest.nullable().optional(),
    /** Its place in the chain of its work, and the hash of the chain up to it (`versionHash`). */
    version: z.int().min(1).optional(),
    hash: sha256Digest.optional(),
  }),
);

/** The state of one sending. The newest record of a `notice` and `channel` replaces older ones. */
export const noticeDelivered = recordKind(
  'notice.delivered',
  z.strictObject({
    notice: z.string(),
    plan: z.string(),
    channel: noticeChannel.exclude(['website']),
    /** When the last message was handed to the gateway. */
    at: instant,
    fields: z.array(noticeField),
    announced,
    content: sha256Digest,
    intended: z.int().min(0),
    submitted: z.int().min(0),
    delivered: z.int().min(0).nullable(),
    failed: z.int().min(0).nullable(),
    /** Submitted again because an answer was lost: the most that can have arrived twice. Left out in older records. */
    resubmitted: z.int().min(0).optional(),
  }),
);

/** A notice was written down; its document by digest (SHA-256 over the RFC 8785 form). */
export const noticeSubmitted = recordKind(
  'notice.submitted',
  z.strictObject({
    notice: z.string(),
    plan: z.string(),
    kind: z.string(),
    document: sha256Digest,
    by: z.string(),
    at: instant,
  }),
);

/** The telephone numbers of a sending can no longer be read by anyone. */
export const recipientsErased = recordKind(
  'notice.recipients-erased',
  z.strictObject({
    notice: z.string(),
    plan: z.string(),
    channel: noticeChannel,
    count: z.int().min(0),
    by: z.string(),
    at: instant,
  }),
);
