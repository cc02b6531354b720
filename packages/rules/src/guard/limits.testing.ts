/** Limits and runs for tests. */
import { foldJournal, type RunOnHost } from './journal.ts';
import { journalOf, type Told } from './journal-writer.testing.ts';
import type { RunLimits } from './protocol.ts';

export const limits: RunLimits = {
  outageMs: 60_000,
  damageWon: 30_000_000,
  records: 100,
  personalCredit: 0,
  takeoverGraceMs: 5_000,
  windowEndEpochMs: Date.parse('2026-11-29T04:00:00Z'),
  blindAfterMs: 10_000,
  serviceDownMs: { transfer: 20_000 },
  rehearsed: {
    detectMs: 1500,
    decideMs: 0,
    stopMs: 500,
    verifyMs: 2_000,
    reserveMs: 1_000,
    rollbackMs: {
      a: [4_000, 5_000, 6_000],
      b: [8_000, 9_000, 10_000],
      c: [],
    },
    stepMs: {
      a: [2_000, 2_000, 2_000],
      b: [10_000, 10_000, 12_000],
      c: [100],
    },
  },
};

/** The run after these events; throws when there is none. */
export function runAfter(...told: readonly Told[]): RunOnHost {
  const run = foldJournal(journalOf(told));
  if (run === null) throw new Error('no run');
  return run;
}
