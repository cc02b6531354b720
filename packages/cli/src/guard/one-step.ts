/** From the words of `breakwater guard` to a plan of one step and the limits it runs under. */
import { BreakwaterError, durationMs } from '@breakwater/rules';
import type { RunLimits } from '@breakwater/rules/guard';
import { planHash, requirePlan } from '@breakwater/rules/plan';

/** What `breakwater guard` was asked for. A command is a program with its arguments; no shell reads it. */
export interface Asked {
  readonly command: readonly string[];
  readonly undo: readonly string[];
  /** Tells whether the command has been done already, by exit 0. */
  readonly check: readonly string[] | null;
  readonly probes: readonly string[];
  readonly budgetMs: number;
  readonly undoWithinMs: number;
  readonly everyMs: number;
}

export const step = 'command';
export const host = 'here';
/** Longest time that a guarded command may take. */
const longestMs = 24 * 3_600_000;
const within = 'PT1S';
const streak = 3;

/** Everything that guardd is told to prepare the run. Throws BreakwaterError for addresses or words that no plan may hold. */
export function oneStep(asked: Asked, nowMs: number): { plan: unknown; planHash: string; limits: RunLimits } {
  const end = nowMs + longestMs;
  const plan = {
    schema: 'breakwater.plan/1',
    id: 'guarded-command',
    institution: 'unnamed',
    kind: 'emergency-patch',
    activity: 'other',
    title: { ko: '계획 없이 보호되는 명령', en: 'A command guarded without a plan' },
    author: 'unnamed',
    window: { start: new Date(nowMs).toISOString(), end: new Date(end).toISOString(), observe: 'PT0S' },
    services: ['service'],
    host,
    steps: [
      {
        id: step,
        title: { ko: '명령', en: 'The command' },
        driver: 'command',
        check: { run: asked.check ?? ['false'] },
        do: { run: asked.command },
        undo: { run: asked.undo },
        timeout: `PT${longestMs / 1000}S`,
        onStop: 'cut',
      },
    ],
    probes: asked.probes.map((url, i) => ({
      id: `probe-${i + 1}`,
      service: 'service',
      kind: 'http',
      url,
      expect: { within },
      every: `PT${asked.everyMs / 1000}S`,
      downAfter: streak,
      upAfter: streak,
    })),
    limits: { outage: `PT${asked.budgetMs / 1000}S`, damage: 0, records: 0, personalCredit: 0 },
  };
  requirePlan(plan);
  const seeMs = streak * asked.everyMs;
  return {
    plan,
    planHash: planHash(plan),
    limits: {
      outageMs: asked.budgetMs,
      damageWon: 0,
      records: 0,
      personalCredit: 0,
      takeoverGraceMs: 0,
      windowEndEpochMs: end,
      blindAfterMs: Math.max(10_000, 4 * asked.everyMs),
      clockErrorMs: 0,
      rehearsed: {
        detectMs: seeMs + durationMs(within),
        decideMs: 0,
        stopMs: 500,
        verifyMs: seeMs,
        reserveMs: 0,
        // Nobody rehearsed: the time that was stated for the way back stands in, and the guard's own factor on top.
        rollbackMs: { [step]: [asked.undoWithinMs] },
        stepMs: { [step]: [0] },
      },
    },
  };
}

/**
 * Milliseconds of `90s`, `10m`, `1h`, `500ms` or ISO 8601 (`PT10M`). Throws BreakwaterError `usage.duration`, whose path is
 * the option.
 */
export function readDuration(text: string, option: string): number {
  const [, number, unit] = /^(\d{1,9}(?:\.\d{1,3})?)(ms|s|m|h)$/.exec(text) ?? [];
  const ms =
    number === undefined || unit === undefined
      ? isoMs(text)
      : Math.round(Number(number) * unitMs[unit as keyof typeof unitMs]);
  if (ms !== null && ms > 0 && ms <= longestMs) return ms;
  throw new BreakwaterError(
    'usage.duration',
    `${JSON.stringify(text)} is no duration up to 24 h: write 90s, 10m, 1h or PT10M`,
    option,
  );
}

const unitMs = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const;

function isoMs(text: string): number | null {
  try {
    return durationMs(text);
  } catch {
    return null;
  }
}

/**
 * A command from an option that may be repeated: each time one word, or once a JSON array of words. Throws BreakwaterError
 * `usage.command` when it is neither, or empty.
 */
export function readCommand(words: readonly string[], option: string): string[] {
  const [first = ''] = words;
  if (words.length !== 1 || !first.trimStart().startsWith('[')) {
    if (first.trim() !== '') return [...words];
  } else {
    try {
      const value: unknown = JSON.parse(first);
      if (Array.isArray(value) && value.length > 0 && value.every((word) => typeof word === 'string')) return value;
    } catch {
      // It is told below, as any other wrong use.
    }
  }
  throw new BreakwaterError(
    'usage.command',
    `${option} takes a program and its arguments: ${option} ./undo.sh, or once for each word, or ${option} '["./bankctl","switch","v1"]'`,
    option,
  );
}
