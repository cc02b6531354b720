/** What the lint says about a notice. */
import { z } from 'zod';

export const noticeRules = [
  'field.missing',
  'field.placeholder',
  'window.order',
  'window.past',
  'window.weekday',
  'scope.mismatch',
  'channel.in-scope',
  'channel.closed',
  'text.url',
  'text.advert',
  'text.charset',
  'text.too-long',
  'text.vulnerability-detail',
  'sender.unregistered',
  'phone.missing',
] as const;
export type NoticeRule = (typeof noticeRules)[number];

const findingSchema = z.strictObject({
  rule: z.enum(noticeRules),
  /** An `error` keeps the notice from being approved; a `warning` is for the author to weigh. */
  severity: z.enum(['error', 'warning']),
  /** JSON Pointer into the notice. */
  path: z.string(),
  message: z.strictObject({ ko: z.string(), en: z.string() }),
});
export type NoticeFinding = Readonly<z.infer<typeof findingSchema>>;

/** `breakwater.lint/1`. `bytes` are EUC-KR bytes of the text alone; `ok` = no finding is an error. */
export const lintSchema = z.strictObject({
  schema: z.literal('breakwater.lint/1'),
  ok: z.boolean(),
  sms: z.strictObject({ type: z.enum(['SMS', 'LMS']), bytes: z.int().min(0) }),
  findings: z.array(findingSchema),
});
export type Lint = z.infer<typeof lintSchema>;

/** A text of the notice that customers read, and where it stands. */
export interface NoticeText {
  readonly path: string;
  readonly text: string;
  readonly isMessage: boolean;
}

export function finding(
  rule: NoticeRule,
  severity: NoticeFinding['severity'],
  path: string,
  ko: string,
  en: string,
): NoticeFinding {
  return { rule, severity, path, message: { ko, en } };
}
