/** An exception: an exposure that is left as it is until a day, because somebody said why and two others agreed. */
import { z } from 'zod';

/** The project's own bound: what is to stay longer is asked for anew. */
export const longestExceptionDays = 365;

/** Persons besides who asked that must agree. */
export const approvalsOfException = 2;

export const exceptionStates = ['asked', 'in-force', 'returned', 'expired', 'ended'] as const;
export type ExceptionState = (typeof exceptionStates)[number];

export const exceptionDecision = z.enum(['approve', 'return']);

/** One person's standing word on an exception. */
export interface ExceptionWord {
  readonly person: string;
  readonly decision: z.infer<typeof exceptionDecision>;
  readonly at: string;
}

/** Where an exception stands at `now`: one person's return ends it, and so does its day, whoever agreed. */
export function exceptionState(
  exception: { readonly askedBy: string; readonly until: string; readonly endedAt: string | null },
  words: readonly ExceptionWord[],
  now: string,
): ExceptionState {
  if (exception.endedAt !== null) return 'ended';
  if (words.some(({ decision }) => decision === 'return')) return 'returned';
  if (Date.parse(exception.until) <= Date.parse(now)) return 'expired';
  const agreed = new Set(words.map(({ person }) => person).filter((person) => person !== exception.askedBy));
  return agreed.size >= approvalsOfException ? 'in-force' : 'asked';
}

/** States in which it may be decided, and in which it may be ended before its day. */
export const exceptionCan = {
  decide: { states: ['asked'] as readonly ExceptionState[] },
  end: { states: ['asked', 'in-force'] as readonly ExceptionState[] },
};
