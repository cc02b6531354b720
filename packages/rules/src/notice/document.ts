/** A notice to customers, `breakwater.notice/1`: what is announced, on which channels, in which words. */
import { z } from 'zod';
import { instant } from '#evidence/record';
import { conform } from '../shape.ts';
import { alternativeChannelSchema } from './alternative-channel.ts';
import type { noticeField } from './record.ts';

const text = z.string().max(20_000).nullish();
const bilingualText = z.strictObject({ ko: text, en: text });
const names = z.strictObject({ ko: z.string().min(1).max(200), en: z.string().min(1).max(200) });
const identifiers = z.array(z.string().max(128)).max(200);

const windowSchema = z.strictObject({ start: instant, end: instant });

/** As in a plan, but what is blank is a finding of the lint rather than no notice at all. */
const announcedChannel = z.strictObject({
  name: z.string().max(200),
  service: z.string().max(128),
  opens: alternativeChannelSchema.shape.opens,
  closes: alternativeChannelSchema.shape.closes,
});

/**
 * `breakwater.notice/1`. What may be blank is optional here: whether it is there is judged by the lint, so that an
 * unfinished notice can be looked at. `timing`, `scope` and `details` are Korean text.
 */
export const noticeSchema = z
  .strictObject({
    schema: z.literal('breakwater.notice/1'),
    kind: z.enum([
      'advance',
      'reminder',
      'change',
      'extension',
      'postponement',
      'cancel',
      'start',
      'disruption',
      'end',
      'result',
    ]),
    work: z.enum(['emergency-patch', 'security-test', 'other']),
    window: windowSchema,
    /** A series: one notice for the dated windows of a work that is done in parts. `window` then spans them all. */
    windows: z.array(windowSchema).min(1).max(200).nullish(),
    /** Services the notice names. */
    services: identifiers,
    /** Services of the plan it announces. Left out: not compared. */
    planServices: identifiers.nullish(),
    title: bilingualText.nullish(),
    /** What customers call the services. */
    serviceNames: z.record(z.string(), names).nullish(),
    texts: z.strictObject({ website: bilingualText.nullish(), sms: text }),
    fields: z.strictObject({
      timing: text,
      scope: text,
      details: text,
      alternativeChannels: z.array(announcedChannel).max(50).nullish(),
    }),
    /** Number the text messages come from. */
    sender: text,
    company: z.strictObject({ phone: text, name: names.nullish() }).nullish(),
    /** Numbers the company registered as senders. Left out: not judged. */
    registeredSenders: z.array(z.string().max(40)).max(1000).nullish(),
  })
  .meta({ id: 'breakwater.notice/1', title: 'Notice to customers' });
export type Notice = z.infer<typeof noticeSchema>;
export type NoticeWindow = Notice['window'];

/** The windows that a notice announces: those of a series, or its only one. */
export function windowsOf({ window, windows }: Pick<Notice, 'window' | 'windows'>): readonly NoticeWindow[] {
  return windows ?? [window];
}

/** The announced window in which [start, end] (epoch ms) lies as a whole; null = in none, so it was not announced. */
export function windowAround(
  notice: Pick<Notice, 'window' | 'windows'>,
  start: number,
  end: number,
): NoticeWindow | null {
  return windowsOf(notice).find((one) => Date.parse(one.start) <= start && end <= Date.parse(one.end)) ?? null;
}

/** The value as a notice. Throws BreakwaterError `notice.*` with the JSON Pointer of the fault; `place` adds line and column. */
export function readNotice(value: unknown, place?: (pointer: string) => string): Notice {
  return conform(noticeSchema, begun(value), place === undefined ? { name: 'notice' } : { name: 'notice', place });
}

/** A notice whose texts nobody began yet is unfinished, not something else; `cancellation` is read as `cancel`. */
function begun(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  try {
    const { services, texts, fields, kind } = value as Record<string, unknown>;
    const named = kind === 'cancellation' ? { kind: 'cancel' } : {};
    return { ...value, ...named, services: services ?? [], texts: texts ?? {}, fields: fields ?? {} };
  } catch {
    // A getter of a script threw: what the value is then, its shape says.
    return value;
  }
}

/** True when there is nothing in it to read: absent, blank, or only characters that show nothing (Hangul fillers). */
export function isBlank(value: string | null | undefined): boolean {
  return !/[\p{L}\p{N}\p{S}\p{P}]/u.test((value ?? '').replace(/[\u115f\u1160\u3164\uffa0]/g, ''));
}

/** Which of the four mandatory contents a notice holds (FSC decision of 2026-06-30: timing, scope, details, alternative channels). */
export function noticeFields(notice: Notice): z.infer<typeof noticeField>[] {
  const { timing, scope, details, alternativeChannels } = notice.fields;
  const present = {
    timing: !isBlank(timing),
    scope: !isBlank(scope),
    details: !isBlank(details),
    'alternative-channels': (alternativeChannels ?? []).some(({ name }) => !isBlank(name)),
  } as const;
  return (['timing', 'scope', 'details', 'alternative-channels'] as const).filter((field) => present[field]);
}
