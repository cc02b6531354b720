/** What the lint says about a notice. */

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

export interface NoticeFinding {
  readonly rule: NoticeRule;
  /** An `error` keeps the notice from being approved; a `warning` is for the author to weigh. */
  readonly severity: 'error' | 'warning';
  /** JSON Pointer into the notice. */
  readonly path: string;
  readonly message: { readonly ko: string; readonly en: string };
}

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
