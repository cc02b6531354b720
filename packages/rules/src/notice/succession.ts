/** What may follow on a notice of the same work, and what must be told again by text message. */
import { canonicalJson } from '#evidence';
import { windowsOf, type Notice } from './document.ts';
import { spellWindows } from './wording.ts';

export type NoticeKind = Notice['kind'];

interface Succession {
  /** Kinds that may come next. */
  readonly next: readonly NoticeKind[];
  /** Whether it changes what customers were told of timing or scope, so that it is sent again by text message. */
  readonly tellsAgain: boolean;
}

const begun: readonly NoticeKind[] = ['extension', 'disruption', 'end', 'result'];
const announced: readonly NoticeKind[] = [
  'reminder',
  'change',
  'postponement',
  'extension',
  'cancel',
  'start',
  'disruption',
  'end',
];

/** The chain of a work's notices. `null` is its beginning. */
export const successions: Readonly<Record<NoticeKind, Succession>> = {
  advance: { next: announced, tellsAgain: true },
  reminder: { next: announced, tellsAgain: false },
  change: { next: announced, tellsAgain: true },
  postponement: { next: announced, tellsAgain: true },
  start: { next: begun, tellsAgain: false },
  extension: { next: begun, tellsAgain: true },
  disruption: { next: begun, tellsAgain: true },
  cancel: { next: ['advance'], tellsAgain: true },
  end: { next: ['result', 'extension', 'disruption'], tellsAgain: false },
  result: { next: ['result'], tellsAgain: false },
};

/** Kinds that may come after the last notice of a work; null = none was published yet. */
export function mayFollow(last: NoticeKind | null): readonly NoticeKind[] {
  return last === null ? ['advance', 'start', 'disruption'] : successions[last].next;
}

/** A part of a notice that customers read, and how it was before. Null = it was, or is, not there. */
export interface NoticeChange {
  readonly part: 'timing' | 'scope' | 'details' | 'alternative-channels' | 'website' | 'sms';
  readonly before: string | null;
  readonly after: string | null;
}

const parts: Readonly<
  Record<NoticeChange['part'], (notice: Notice, language: 'ko' | 'en') => string | null | undefined>
> = {
  timing: (notice, language) =>
    language === 'ko'
      ? notice.fields.timing
      : spellWindows(windowsOf(notice).map(({ start, end }) => ({ start: Date.parse(start), end: Date.parse(end) })))
          .en,
  scope: ({ fields, services, serviceNames }, language) =>
    language === 'ko' ? fields.scope : services.map((service) => serviceNames?.[service]?.en ?? service).join(', '),
  details: ({ fields }, language) => (language === 'ko' ? fields.details : null),
  'alternative-channels': ({ fields }) =>
    fields.alternativeChannels?.map(({ name, opens, closes }) => `${name} ${opens}~${closes}`).join(', '),
  website: ({ texts }, language) => texts.website?.[language],
  sms: ({ texts }, language) => (language === 'ko' ? texts.sms : null),
};

/** What customers read differently in `after`, part by part. In English, what is written in Korean only is left out. */
export function noticeChanges(before: Notice, after: Notice, language: 'ko' | 'en' = 'ko'): NoticeChange[] {
  return Object.entries(parts).flatMap(([part, textOf]) => {
    const [old, now] = [textOf(before, language) ?? null, textOf(after, language) ?? null];
    return old === now ? [] : [{ part: part as NoticeChange['part'], before: old, after: now }];
  });
}

/** True when the window or the services differ: that is told again by text message, whatever the kind says. */
export function changesTimingOrScope(before: Notice, after: Notice): boolean {
  const told = (notice: Notice): string =>
    canonicalJson({
      windows: windowsOf(notice).map(({ start, end }) => [Date.parse(start), Date.parse(end)]),
      services: [...notice.services].toSorted((a, b) => (a < b ? -1 : 1)),
    });
  return told(before) !== told(after);
}

/**
 * True when a notice must be sent by text message: the first of its work, one whose kind says so, one that changes what was
 * told, or the end of what people were told went wrong.
 */
export function mustBeSent(before: Notice | null, after: Notice): boolean {
  const isRelief = after.kind === 'end' && (before?.kind === 'disruption' || before?.kind === 'extension');
  return isRelief || before === null || successions[after.kind].tellsAgain || changesTimingOrScope(before, after);
}

/**
 * The versions of a chain (oldest first) that customers may still rely on: those since the last one that changed timing or
 * scope, or cancelled. Empty after a cancellation, and once the work ended.
 */
export function inForce<T>(versions: readonly T[], documentOf: (version: T) => Notice): readonly T[] {
  return versions.reduce<readonly T[]>((held, version) => {
    const document = documentOf(version);
    if (['cancel', 'end', 'result'].includes(document.kind)) return [];
    const last = held.at(-1);
    return last === undefined || changesTimingOrScope(documentOf(last), document) ? [version] : [...held, version];
  }, []);
}
