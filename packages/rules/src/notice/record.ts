/** Records of notices to consumers: what was published or sent, when, to how many, and what arrived. */
import { z } from 'zod';
import { assertion } from '../assertion.ts';
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
    /** Of those intended: kept from being sent to for a recorded reason; seen; with a certificate. Left out in older records. */
    suppressed: z.int().min(0).optional(),
    viewed: z.int().min(0).optional(),
    certified: z.int().min(0).optional(),
    /** Of the list of recipients as it was read, line by line. */
    list: sha256Digest.nullable().optional(),
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

/** One look at a public page: what a stranger would have read. */
export const siteFetched = recordKind(
  'notice.site-fetched',
  z.strictObject({
    notice: z.string(),
    plan: z.string(),
    url: z.string(),
    at: instant,
    /** Null = no answer came. */
    status: z.int().nullable(),
    body: sha256Digest.nullable(),
    /** The `Date` header as it was served. */
    servedAt: z.string().nullable(),
    /** SHA-256 fingerprint of the server's certificate; null without TLS. */
    certificate: z.string().nullable(),
    asPublished: z.boolean(),
    failure: z.string().nullable(),
  }),
);

/** A draft was begun or saved; its document by digest. */
export const noticeDrafted = recordKind(
  'notice.drafted',
  z.strictObject({
    draft: z.string(),
    plan: z.string(),
    revision: z.int().min(1),
    kind: z.string(),
    document: sha256Digest,
    by: z.string(),
    at: instant,
  }),
);

/** A draft became a notice, or was given up (null). */
export const draftEnded = recordKind(
  'notice.draft-ended',
  z.strictObject({ draft: z.string(), plan: z.string(), notice: z.string().nullable(), by: z.string(), at: instant }),
);

/** A person's signed decision about a notice. */
export const noticeDecided = recordKind(
  'notice.decided',
  z.strictObject({
    notice: z.string(),
    plan: z.string(),
    document: sha256Digest,
    decision: z.enum(['approve', 'return']),
    /** Why an emergency goes on although not everybody is told in time. */
    waiver: z.string().nullable(),
    person: z.string(),
    role: z.string(),
    at: instant,
    nonce: z.string(),
    key: sha256Digest,
    /** Over the RFC 8785 form of the `breakwater.notice-decision/1` statement with these fields. */
    signature: z.base64(),
    webauthn: assertion.optional(),
  }),
);

/** Text messages go out between 21:00 and 08:00, and why. */
export const quietHoursOverridden = recordKind(
  'notice.quiet-hours-overridden',
  z.strictObject({ notice: z.string(), plan: z.string(), why: z.string(), by: z.string(), at: instant }),
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

/** What became of the messages of one batch, as the root of a Merkle tree. The newest record of a `batch` replaces older ones. */
export const batchSealed = recordKind(
  'notice.batch-sealed',
  z.strictObject({
    notice: z.string(),
    plan: z.string(),
    channel: noticeChannel.exclude(['website']),
    batch: z.int().min(1),
    leaves: z.int().min(1),
    root: sha256Digest,
    /** 1 for the first; more when reports came after it. */
    seal: z.int().min(1),
    at: instant,
  }),
);

/** Somebody held, released or ended sendings. `notice` and `plan` are null when it was all of them. */
export const sendingSteered = recordKind(
  'notice.steered',
  z.strictObject({
    notice: z.string().nullable(),
    plan: z.string().nullable(),
    act: z.enum(['pause', 'resume', 'halt', 'release']),
    reason: z.string().nullable(),
    by: z.string(),
    at: instant,
  }),
);

/** The gateway of a sending did not get on; another takes those who are left. */
export const gatewaySwitched = recordKind(
  'notice.gateway-switched',
  z.strictObject({
    notice: z.string(),
    plan: z.string(),
    channel: noticeChannel.exclude(['website']),
    from: z.string(),
    to: z.string(),
    silentMs: z.int().min(0),
    at: instant,
  }),
);

/** Numbers were added to those that get no notices, or taken out, with the reason. */
export const suppressionChanged = recordKind(
  'notice.suppression-changed',
  z.strictObject({
    act: z.enum(['add', 'remove']),
    reason: z.string().nullable(),
    count: z.int().min(0),
    by: z.string(),
    at: instant,
  }),
);

/** The end of the retention of a sending: nobody can say any more whether a number was in its list. */
export const listForgotten = recordKind(
  'notice.list-forgotten',
  z.strictObject({ notice: z.string(), plan: z.string(), channel: noticeChannel, by: z.string(), at: instant }),
);
