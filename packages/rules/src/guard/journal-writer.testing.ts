/** Journals for tests: entries sealed into a chain, one ms-stamped event after the other. */
import { sealEntry } from './chain.ts';
import type { JournalEntry, JournalEvent } from './record.ts';

export const startMs = Date.parse('2026-11-29T01:00:00Z');

/** An event at `ms` after the start; `boot`, `wall` and `epoch` stand for what came before when left out. */
export interface Told {
  readonly ms: number;
  readonly event: JournalEvent;
  readonly boot?: string;
  /** Offset of the wall clock from the truth, ms. */
  readonly wall?: number;
  readonly epoch?: number;
}

export const prepared: JournalEvent = {
  type: 'run.prepared',
  data: {
    planHash: `sha256:${'0'.repeat(64)}`,
    mode: 'live',
    level: 'cgroup-v2+pidns',
    budgetMs: 60_000,
    takeoverGraceMs: 5_000,
    clockErrorMs: 1_000,
    windowEnd: '2026-11-29T04:00:00Z',
  },
};

export const begin = (step: string, action: 'check' | 'do' | 'undo'): JournalEvent => ({
  type: 'step.begin',
  data: { step, action, digest: `sha256:${'1'.repeat(64)}` },
});

export const end = (
  step: string,
  action: 'check' | 'do' | 'undo',
  outcome: Extract<JournalEvent, { type: 'step.end' }>['data']['outcome'],
): JournalEvent => ({
  type: 'step.end',
  data: { step, action, outcome, exitCode: null, durationMs: 1, outputDigest: null },
});

/** The journal of a run that begins with `run.prepared` at 0. */
export function journalOf(told: readonly Told[]): JournalEntry[] {
  const entries: JournalEntry[] = [];
  let [boot, wall, epoch] = ['b1', 0, 1];
  for (const { ms, event, ...given } of [{ ms: 0, event: prepared } as Told, ...told]) {
    boot = given.boot ?? boot;
    wall = given.wall ?? wall;
    epoch = given.epoch ?? epoch;
    entries.push(
      sealEntry({
        schema: 'breakwater.journal/1',
        run: 'r1',
        host: 'local',
        seq: entries.length,
        epoch,
        at: new Date(startMs + ms + wall).toISOString(),
        mono: 10_000 + ms,
        boot,
        event,
        prev: entries.at(-1)?.hash ?? null,
      }),
    );
  }
  return entries;
}
