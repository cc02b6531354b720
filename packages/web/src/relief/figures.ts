/** What the pages of relief compute: pure, so that it is tested without a browser. */
import type { Schemas } from '@breakwater/client/browser';
import { answerDue, type Range } from '@breakwater/rules/relief';
import { exactWon, type Language } from '#words';
import type { SayRelief } from './words.ts';

type Claim = Schemas['Claim'];

export const lanes = ['laneOpen', 'laneSecond', 'laneSettle', 'laneDone'] as const;
export type Lane = (typeof lanes)[number];

/** What a claim waits for. A refused claim waits until its result was told; an accepted one also until it was paid. */
export function laneOf({ state, proposal, toldAt }: Pick<Claim, 'state' | 'proposal' | 'toldAt'>): Lane {
  if (proposal !== null) return 'laneSecond';
  if (state === 'open') return 'laneOpen';
  if (state === 'accepted' || toldAt === null) return 'laneSettle';
  return 'laneDone';
}

const dayMs = 86_400_000;
/** Days before its end at which a deadline needs a look. */
export const soonDays = 5;

export interface Deadline {
  readonly at: number;
  /** Whole days left, rounded down; negative when it is over, rounded so that the first day late is −1. */
  readonly days: number;
  readonly urgency: 'calm' | 'soon' | 'over';
}

/** Until when the result of a claim is told. Null = it was told. */
export function deadlineOf(
  claim: Pick<Claim, 'source' | 'openedAt' | 'toldAt'>,
  policy: { answerWithinDays: number; proactiveWithinDays: number },
  now: number,
): Deadline | null {
  if (claim.toldAt !== null) return null;
  const at = answerDue({ source: claim.source, openedAt: Date.parse(claim.openedAt) }, policy);
  const days = Math.floor((at - now) / dayMs);
  return { at, days, urgency: at <= now ? 'over' : days < soonDays ? 'soon' : 'calm' };
}

/** A range of won in words; unknown is a word, and a range without a bound says so. */
export function sayRange(range: Range | null, say: SayRelief, language: Language): string {
  if (range === null) return say('unknown');
  if (range.high === null) return say('atLeast', { low: exactWon(range.low, language) });
  return range.low === range.high
    ? exactWon(range.low, language)
    : say('between', { low: exactWon(range.low, language), high: exactWon(range.high, language) });
}

/** Counts of a leak in words. */
export function sayCounts(range: Range | null, say: SayRelief, spell: (value: number) => string): string {
  if (range === null) return say('unknown');
  if (range.high === null) return say('atLeast', { low: spell(range.low) });
  return range.low === range.high
    ? spell(range.low)
    : say('between', { low: spell(range.low), high: spell(range.high) });
}

/** Where the upper total stands against the limit. The measure asks for less than the limit: reaching it is passing it. */
export function againstLimit(upper: Range, limit: number): { left: number | null; isOver: boolean } {
  if (upper.high === null) return { left: null, isOver: upper.low >= limit };
  return { left: limit - upper.high, isOver: upper.high >= limit };
}

/** What was typed for an amount, as a range of won. Null = nothing was typed; throws nothing, a wrong text gives null too. */
export function rangeOf(low: string, high: string): Range | null {
  const number = (text: string): number | null =>
    /^\d{1,15}$/.test(text.replaceAll(',', '').trim()) ? Number(text.replaceAll(',', '').trim()) : null;
  const least = number(low);
  return least === null ? null : { low: least, high: number(high) };
}
