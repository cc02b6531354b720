/** What the pages of notices compute: pure, so that it is tested without a browser. */
import type { Schemas } from '@breakwater/client/browser';
import { lintNotice, type Lint, type Notice } from '@breakwater/rules/notice';

type Finding = Lint['findings'][number];
export type Sending = {
  state: string;
  intended: number;
  submitted: number;
  accepted: number;
  delivered: number | null;
  arrived: number;
  failed: number | null;
  unknown: number;
  suppressed: number;
};

/** An instant as `<input type="datetime-local">` spells it, in Korean time. */
export function koreanInput(instant: string): string {
  return new Date(Date.parse(instant) + 9 * 3_600_000).toISOString().slice(0, 16);
}

/** What was typed there, as an instant in Korean time; null while it is not whole. */
export function fromKoreanInput(text: string): string | null {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?$/.test(text) ? `${text.slice(0, 16)}:00+09:00` : null;
}

/**
 * The lint of a document as it is being written. Which senders are registered is known to the server alone: what it said
 * of the sender at the last save stands while the sender is the same.
 */
export function lintWhileWriting(document: Notice, saved: { document: Notice; lint: Lint }, now: Date): Lint {
  const live = lintNotice(document, now.toISOString());
  const ofServer =
    document.sender === saved.document.sender
      ? saved.lint.findings.filter(({ rule }) => rule === 'sender.unregistered')
      : [];
  const known = live.findings.some(({ rule }) => rule === 'sender.unregistered');
  const findings = known ? live.findings : [...live.findings, ...ofServer];
  return { ...live, findings, ok: !findings.some(({ severity }) => severity === 'error') };
}

/** The findings whose place lies at or below a JSON Pointer, errors first. */
export function findingsAt(findings: readonly Finding[], ...pointers: readonly string[]): Finding[] {
  return findings
    .filter(({ path }) => pointers.some((pointer) => path === pointer || path.startsWith(`${pointer}/`)))
    .toSorted((a, b) => Number(b.severity === 'error') - Number(a.severity === 'error'));
}

export interface RulerPart {
  readonly what: 'sending' | 'lead' | 'window';
  /** Shares of the width, 0 to 1. */
  readonly from: number;
  readonly to: number;
}

export interface Ruler {
  readonly now: number;
  readonly latestStart: number;
  readonly start: number;
  readonly parts: readonly RulerPart[];
  readonly isLate: boolean;
}

/**
 * The schedule ruler on one axis of time: sending as late as it may begin, the lead time, the work. It begins at now or the
 * latest start, whichever is earlier. All in epoch ms.
 */
export function rulerOf({
  now,
  latestStart,
  leadMs,
  windowStart,
  windowEnd,
}: {
  now: number;
  latestStart: number;
  leadMs: number;
  windowStart: number;
  windowEnd: number;
}): Ruler {
  const leadFrom = windowStart - leadMs;
  const begin = Math.min(now, latestStart);
  const last = Math.max(windowEnd, now);
  const margin = (last - begin) * 0.02;
  const span = Math.max(1, last - begin + 2 * margin);
  const at = (ms: number): number => Math.min(1, Math.max(0, (ms - begin + margin) / span));
  return {
    now: at(now),
    latestStart: at(latestStart),
    start: at(windowStart),
    isLate: now > latestStart,
    parts: [
      { what: 'sending', from: at(latestStart), to: at(leadFrom) },
      { what: 'lead', from: at(leadFrom), to: at(windowStart) },
      { what: 'window', from: at(windowStart), to: at(windowEnd) },
    ],
  };
}

export interface DeliveryRow {
  readonly what:
    | 'intended'
    | 'submitted'
    | 'accepted'
    | 'delivered'
    | 'failed'
    | 'unknownReceipt'
    | 'suppressed'
    | 'viewed';
  /** Null = not settled yet. */
  readonly count: number | null;
  /** Reported so far, where the count is not settled. */
  readonly soFar: number | null;
  /** Of the intended, 0 to 1. */
  readonly share: number;
}

/** What became of a sending: each figure by itself, never merged. */
export function deliveryRows(sending: Sending): DeliveryRow[] {
  const { intended, submitted, accepted, delivered, arrived, failed, unknown, suppressed } = sending;
  const share = (count: number): number => (intended === 0 ? 0 : Math.min(1, count / intended));
  const row = (what: DeliveryRow['what'], count: number | null, soFar: number | null = null): DeliveryRow => ({
    what,
    count,
    soFar,
    share: share(count ?? soFar ?? 0),
  });
  return [
    row('intended', intended),
    row('submitted', submitted),
    row('accepted', accepted),
    row('delivered', delivered, arrived),
    row('failed', failed, null),
    row('unknownReceipt', unknown),
    row('suppressed', suppressed),
  ];
}

type Listed = Schemas['ListedNotice'];

/** The notices of one work, oldest first, and the one before a given one. */
export function chainOf(notices: readonly Listed[], id: string): { chain: Listed[]; before: Listed | null } {
  const chain = notices.toSorted((a, b) => Date.parse(a.submittedAt) - Date.parse(b.submittedAt));
  const at = chain.findIndex(({ notice }) => notice === id);
  return { chain, before: chain.slice(0, Math.max(0, at)).findLast(({ website }) => website !== null) ?? null };
}
