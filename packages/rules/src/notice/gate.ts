/** Whether a work may start as far as its notices go: by what arrived and when, not by what was meant to be sent. */
import { spellDuration } from '../duration.ts';

/** Silence of a sending after which somebody is told, and after which the next gateway takes over (company's own measure, no source). */
export const stalledAfterMs = 60_000;

/** A sending by text message as its receipts tell it. */
export interface SendingReceipts {
  readonly intended: number;
  readonly delivered: number;
  /** Without a receipt so far: neither delivered nor lost. */
  readonly unknown: number;
  /** Epoch ms at which the needed share had arrived; null = it has not. */
  readonly coveredAt: number | null;
  /** Nothing moved for {@link stalledAfterMs} although messages wait. */
  readonly stalled: boolean;
}

export interface GateAsk {
  /** Epoch ms. */
  readonly windowStart: number;
  readonly now: number;
  /** How long before the start everyone is to be told, ms. A setting of the company: the decision of 2026-06-30 names none. */
  readonly leadMs: number;
  /** Share of the intended messages that must have arrived, 0 to 1. A setting of the company. */
  readonly coverage: number;
  /** Epoch ms since when the public page could be read; null = it cannot. */
  readonly publishedAt: number | null;
  /** Null = nothing was sent. */
  readonly sending: SendingReceipts | null;
}

export type GateStatus = 'met' | 'not-met' | 'unknown';
type Words = { readonly ko: string; readonly en: string };

/** One condition with the numbers it was decided on. */
export interface GateFinding {
  readonly what: 'website' | 'coverage' | 'lead' | 'progress';
  readonly status: GateStatus;
  readonly words: Words;
}

/** The start gate's answer: `met` only when every finding is. */
export interface NoticeGate {
  readonly status: GateStatus;
  readonly findings: readonly GateFinding[];
}

/** Judges the gate of one work. */
export function judgeGate(ask: GateAsk): NoticeGate {
  const findings = [website(ask), coverage(ask), lead(ask), progress(ask)];
  const worst = (['not-met', 'unknown'] as const).find((status) => findings.some((one) => one.status === status));
  return { status: worst ?? 'met', findings };
}

function website({ publishedAt, windowStart, leadMs }: GateAsk): GateFinding {
  if (publishedAt === null) {
    return said('website', 'not-met', '홈페이지에 게시되지 않았습니다.', 'it is not on the website');
  }
  const given = windowStart - publishedAt;
  return said(
    'website',
    given >= leadMs ? 'met' : 'not-met',
    `홈페이지: ${leadOf(given, leadMs).ko}`,
    `website: ${leadOf(given, leadMs).en}`,
  );
}

/** Receipts that are still to come can only add: below the share with all of them it is not met, above it without them it is met. */
function coverage({ sending, coverage: needed }: GateAsk): GateFinding {
  if (sending === null) return said('coverage', 'not-met', '문자를 발송하지 않았습니다.', 'no text message was sent');
  const { intended, delivered, unknown } = sending;
  const low = intended === 0 ? 0 : delivered / intended;
  const high = intended === 0 ? 0 : (delivered + unknown) / intended;
  const status = intended > 0 && low >= needed ? 'met' : high < needed || intended === 0 ? 'not-met' : 'unknown';
  const [d, n, u] = [delivered, intended, unknown].map((count) => count.toLocaleString('ko-KR'));
  return said(
    'coverage',
    status,
    `도달 ${d} / 대상 ${n}(${percent(low)}), 미확인 ${u}, 필요 ${percent(needed)}`,
    `${d} of ${n} delivered (${percent(low)}), ${u} unknown, ${percent(needed)} needed`,
  );
}

/** From the receipt that completed the needed share to the start. */
function lead({ sending, windowStart, now, leadMs }: GateAsk): GateFinding {
  if (sending?.coveredAt === null || sending === null) {
    const left = windowStart - now;
    const isLost = left < leadMs;
    return said(
      'lead',
      isLost ? 'not-met' : 'unknown',
      `필요한 비율이 아직 도달하지 않았습니다. 작업까지 ${spellDuration(Math.max(0, left)).ko}, 필요 ${spellDuration(leadMs).ko}`,
      `the needed share has not arrived: ${spellDuration(Math.max(0, left)).en} to the start, ${spellDuration(leadMs).en} needed`,
    );
  }
  const given = windowStart - sending.coveredAt;
  const words = leadOf(given, leadMs);
  return said('lead', given >= leadMs ? 'met' : 'not-met', `문자: ${words.ko}`, `text messages: ${words.en}`);
}

function progress({ sending }: GateAsk): GateFinding {
  const seconds = stalledAfterMs / 1000;
  return sending?.stalled === true
    ? said(
        'progress',
        'unknown',
        `발송이 ${seconds}초 넘게 멈춰 있습니다. 미확인 ${sending.unknown.toLocaleString('ko-KR')}건`,
        `the sending has not moved for ${seconds} s: ${sending.unknown.toLocaleString('ko-KR')} unknown`,
      )
    : said('progress', 'met', '멈춘 발송이 없습니다.', 'no sending stands still');
}

function leadOf(given: number, needed: number): Words {
  const [had, wanted] = [spellDuration(roundedDown(given)), spellDuration(needed)];
  return { ko: `작업 ${had.ko} 전, 필요 ${wanted.ko}`, en: `${had.en} before the start, ${wanted.en} needed` };
}

/** A lead is shown to the unsafe side: never longer than it was. */
function roundedDown(ms: number): number {
  return Math.floor(ms / 1000) * 1000;
}

function percent(share: number): string {
  return `${(Math.floor(share * 1000) / 10).toFixed(1)}%`;
}

function said(what: GateFinding['what'], status: GateStatus, ko: string, en: string): GateFinding {
  return { what, status, words: { ko, en } };
}
