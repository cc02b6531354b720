/** When the sending of a notice must begin so that everyone is told in time, and when nobody should be woken by it. */
import { spellDuration } from '../duration.ts';
import { spellInstant } from './wording.ts';

export interface SendingPlan {
  /** Epoch ms. */
  readonly windowStart: number;
  /** How long before the start everyone is to be told, ms. A setting of the company: the decision of 2026-06-30 names none. */
  readonly leadMs: number;
  readonly recipients: number;
  /** Messages a second by the contract with the gateway. */
  readonly perSecond: number;
  readonly now: number;
}

export interface SendingSchedule {
  /** How long the sending takes at the contracted rate, ms. */
  readonly sendingMs: number;
  /** Latest epoch ms at which it may begin: start - lead - recipients / rate. */
  readonly latestStart: number;
  readonly inTime: boolean;
  /** How much too late it is, ms; 0 when it is in time. */
  readonly lateMs: number;
  /** How many are told before the lead time begins, and before the work starts, if it begins now. */
  readonly reachedInTime: number;
  readonly reachedBeforeStart: number;
  /** The arithmetic in words, for who approves. */
  readonly words: { readonly ko: string; readonly en: string };
}

/** Whether a sending that begins now tells everyone in time. `recipients` and `perSecond` are whole and not negative. */
export function scheduleSending({ windowStart, leadMs, recipients, perSecond, now }: SendingPlan): SendingSchedule {
  const sendingMs = recipients === 0 ? 0 : perSecond === 0 ? Infinity : Math.ceil((recipients / perSecond) * 1000);
  const latestStart = windowStart - leadMs - sendingMs;
  const reachedBy = (at: number): number =>
    Math.min(recipients, Math.floor((Math.max(0, at - now) / 1000) * perSecond));
  const lateMs = Math.max(0, now - latestStart);
  const reachedBeforeStart = reachedBy(windowStart);
  const begin = Number.isFinite(latestStart) ? spellInstant(latestStart) : null;
  const [lead, sending] = [
    spellDuration(leadMs),
    Number.isFinite(sendingMs) ? spellDuration(roundedUp(sendingMs)) : null,
  ];
  const rate = perSecond.toLocaleString('ko-KR');
  const count = recipients.toLocaleString('ko-KR');
  const reached = reachedBeforeStart.toLocaleString('ko-KR');
  return {
    sendingMs,
    latestStart,
    inTime: lateMs === 0,
    lateMs,
    reachedInTime: reachedBy(windowStart - leadMs),
    reachedBeforeStart,
    words: {
      ko: `작업 시작 ${spellInstant(windowStart).ko} - 사전 안내 ${lead.ko} - ${count}명 ÷ 초당 ${rate}건${sending === null ? '' : `(${sending.ko})`} = 발송 시작 기한 ${begin?.ko ?? '없음'}. 지금 시작하면 작업 전까지 ${reached}명에게 발송됩니다.`,
      en: `start ${spellInstant(windowStart).en} - lead time ${lead.en} - ${count} recipients ÷ ${rate}/s${sending === null ? '' : ` (${sending.en})`} = sending begins by ${begin?.en ?? 'no time'}. Begun now, it reaches ${reached} before the work.`,
    },
  };
}

function roundedUp(ms: number): number {
  return Math.ceil(ms / 1000) * 1000;
}

const hour = 3_600_000;
const koreaOffset = 9 * hour;
/** From 21:00 to 08:00 advertising needs a consent of its own (Network Act Art. 50(3)); a notice is none, and still wakes people. */
export const quietHours = { from: 21, to: 8 } as const;

/** Parts of [from, to), epoch ms, that lie in the quiet hours, Korean time. */
export function quietWithin(from: number, to: number): { start: number; end: number }[] {
  if (!(to > from)) return [];
  const found: { start: number; end: number }[] = [];
  const firstMidnight = Math.floor((from + koreaOffset) / (24 * hour)) * 24 * hour - koreaOffset;
  for (let midnight = firstMidnight - 24 * hour; midnight < to; midnight += 24 * hour) {
    const start = Math.max(from, midnight + quietHours.from * hour);
    const end = Math.min(to, midnight + (24 + quietHours.to) * hour);
    if (start < end) found.push({ start, end });
  }
  return found;
}
