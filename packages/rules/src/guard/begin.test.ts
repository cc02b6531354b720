import { describe, expect, test } from 'vitest';
import { mayBegin, type BeginFacts } from './index.ts';
import { end } from './journal-writer.testing.ts';
import { limits, runAfter } from './limits.testing.ts';
import type { JournalEvent } from './record.ts';

const facts: BeginFacts = {
  now: 10_000,
  steps: ['a', 'b', 'c'],
  outageMs: 0,
  leaseSilentMs: 100,
  windowEnd: 10_000_000,
  windowEndEpochMs: limits.windowEndEpochMs,
  startsForbidden: null,
  busy: null,
  test: null,
  stopping: false,
};
const done = (step: string): { ms: number; event: JournalEvent } => ({ ms: 1, event: end(step, 'do', 'done') });
const tell = (event: JournalEvent): { ms: number; event: JournalEvent } => ({ ms: 1, event });

describe('a step may begin', () => {
  test('in its turn, in time, with room to turn back', () => {
    expect(mayBegin(runAfter(), limits, 'a', facts)).toBeNull();
    expect(mayBegin(runAfter(done('a')), limits, 'b', facts)).toBeNull();
  });

  // Budget 60 s, way back of a at most 9 s, 5 s of detecting, stopping, verifying and reserve: 46 s of room, a takes up to 3 s.
  test.each([
    ['its last millisecond', 43_000, null],
    ['one later', 43_001, { reason: 'would-cross-pnr', step: 'a', stepMs: 3_000, remainingMs: 2_999 }],
  ])('while it ends before the point of no return: %s', (_, outageMs, refusal) => {
    expect(mayBegin(runAfter(), limits, 'a', { ...facts, outageMs })).toEqual(refusal);
  });

  test('in a rehearsal without rehearsed times', () => {
    const rehearsal = { ...runAfter(done('a'), done('b')), mode: 'rehearsal' } as const;
    expect(mayBegin(rehearsal, limits, 'c', facts)).toBeNull();
  });

  test('though it is a test that takes longer than there is room, because a test can be cut', () => {
    const test = { step: 'a', lacking: null };
    expect(mayBegin(runAfter(), limits, 'a', { ...facts, outageMs: 45_999, test })).toBeNull();
    expect(mayBegin(runAfter(), limits, 'a', { ...facts, outageMs: 46_001, test })).toMatchObject({
      reason: 'would-cross-pnr',
      stepMs: 0,
    });
  });

  test('over a step that somebody had done already', () => {
    expect(mayBegin(runAfter({ ms: 1, event: end('a', 'check', 'already-done') }), limits, 'b', facts)).toBeNull();
  });
});

describe('a step may not begin', () => {
  const closed = tell({
    type: 'run.closed',
    data: { outcome: 'stopped', serviceRestored: null, outageMs: 0, recoveryMs: null },
  });
  const tripped = tell({ type: 'run.tripped', data: { trip: { reason: 'lever', lever: 'cut', by: 'x' } } });
  const held = tell({ type: 'lever.pulled', data: { lever: 'hold', by: 'p-1', through: 'socket' } });
  const recovering = tell({ type: 'recovery.begin', data: { measure: 'rollback', step: null } });
  const forbidden = { by: 'uid:0', since: '2026-11-29T00:00:00Z' };

  test.each([
    ['of a closed run', runAfter(closed), 'a', {}, { reason: 'run-closed', run: 'r1', outcome: 'stopped' }],
    ['of a tripped run', runAfter(tripped), 'a', {}, { reason: 'tripped', trip: 'lever' }],
    ['of a rehearsal that goes back', runAfter(recovering), 'a', {}, { reason: 'tripped', trip: 'recovery' }],
    ['while the run is being stopped', runAfter(), 'a', { stopping: true }, { reason: 'tripped', trip: 'stopping' }],
    [
      'where starts are forbidden',
      runAfter(),
      'a',
      { startsForbidden: forbidden },
      { reason: 'starts-forbidden', ...forbidden },
    ],
    ['of a held run', runAfter(held), 'a', {}, { reason: 'held', by: 'p-1' }],
    ['that the plan does not know', runAfter(), 'z', {}, { reason: 'step-unknown', step: 'z' }],
    ['beside another', runAfter(), 'a', { busy: 'a' }, { reason: 'step-busy', step: 'a' }],
    ['out of turn', runAfter(), 'b', {}, { reason: 'step-order', step: 'b', expected: 'a' }],
    ['twice', runAfter(done('a')), 'a', {}, { reason: 'step-order', step: 'a', expected: 'b' }],
    [
      'after the last',
      runAfter(done('a'), done('b'), done('c')),
      'a',
      {},
      { reason: 'step-order', step: 'a', expected: null },
    ],
    [
      'after half a second of silence',
      runAfter(),
      'a',
      { leaseSilentMs: 450 },
      { reason: 'lease-lost', silentMs: 450 },
    ],
    [
      'when the window is over',
      runAfter(),
      'a',
      { windowEnd: 10_000 },
      { reason: 'window-over', endedEpochMs: limits.windowEndEpochMs },
    ],
    [
      'that is a test, before it is known how fast services answer without it',
      runAfter(),
      'a',
      { test: { step: 'a', lacking: { probe: 'p1', answers: 4 } } },
      { reason: 'baseline-unknown', probe: 'p1', answers: 4, needed: 5 },
    ],
    [
      'whose way back was never rehearsed',
      runAfter(done('a'), done('b')),
      'c',
      {},
      { reason: 'unrehearsed', step: 'c' },
    ],
  ])('%s', (_, run, step, more, refusal) => {
    expect(mayBegin(run, limits, step, { ...facts, ...more })).toEqual(refusal);
  });
});
