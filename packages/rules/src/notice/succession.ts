/** What may follow on a notice of the same work, and what must be told again by text message. */
import { canonicalJson } from '#evidence';
import type { Notice } from './document.ts';

export type NoticeKind = Notice['kind'];

interface Succession {
  /** Kinds that may come next. */
  readonly next: readonly NoticeKind[];
  /** Whether it changes what customers were told of timing or scope, so that it is sent again by text message. */
  readonly tellsAgain: boolean;
}

const begun: readonly NoticeKind[] = ['extension', 'end', 'result'];
const announced: readonly NoticeKind[] = ['reminder', 'change', 'postponement', 'extension', 'cancel', 'start', 'end'];

/** The chain of a work's notices. `null` is its beginning. */
export const successions: Readonly<Record<NoticeKind, Succession>> = {
  advance: { next: announced, tellsAgain: true },
  reminder: { next: announced, tellsAgain: false },
  change: { next: announced, tellsAgain: true },
  postponement: { next: announced, tellsAgain: true },
  start: { next: begun, tellsAgain: false },
  extension: { next: begun, tellsAgain: true },
  cancel: { next: ['advance'], tellsAgain: true },
  end: { next: ['result', 'extension'], tellsAgain: false },
  result: { next: ['result'], tellsAgain: false },
};

/** Kinds that may come after the last notice of a work; null = none was published yet. */
export function mayFollow(last: NoticeKind | null): readonly NoticeKind[] {
  return last === null ? ['advance', 'start'] : successions[last].next;
}

/** A part of a notice that customers read, and how it was before. Null = it was, or is, not there. */
export interface NoticeChange {
  readonly part: 'timing' | 'scope' | 'details' | 'alternative-channels' | 'website' | 'sms';
  readonly before: string | null;
  readonly after: string | null;
}

const parts: Readonly<Record<NoticeChange['part'], (notice: Notice) => string | null | undefined>> = {
  timing: ({ fields }) => fields.timing,
  scope: ({ fields }) => fields.scope,
  details: ({ fields }) => fields.details,
  'alternative-channels': ({ fields }) =>
    fields.alternativeChannels?.map(({ name, opens, closes }) => `${name} ${opens}~${closes}`).join(', '),
  website: ({ texts }) => texts.website?.ko,
  sms: ({ texts }) => texts.sms,
};

/** What customers read differently in `after`, part by part. */
export function noticeChanges(before: Notice, after: Notice): NoticeChange[] {
  return Object.entries(parts).flatMap(([part, textOf]) => {
    const [old, now] = [textOf(before) ?? null, textOf(after) ?? null];
    return old === now ? [] : [{ part: part as NoticeChange['part'], before: old, after: now }];
  });
}

/** True when the window or the services differ: that is told again by text message, whatever the kind says. */
export function changesTimingOrScope(before: Notice, after: Notice): boolean {
  const told = ({ window, services }: Notice): string =>
    canonicalJson({
      start: Date.parse(window.start),
      end: Date.parse(window.end),
      services: [...services].toSorted((a, b) => (a < b ? -1 : 1)),
    });
  return told(before) !== told(after);
}
