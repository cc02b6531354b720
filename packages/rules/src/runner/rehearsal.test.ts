import { expect, test } from 'vitest';
import type { JournalEntry, JournalEvent } from '#guard/record';
import { rehearsalTimes, type RehearsalCourse } from './index.ts';

const hash = (c: string): string => `sha256:${c.repeat(64)}`;
const course: RehearsalCourse = {
  steps: [
    { id: 'a', digest: hash('a'), undone: true },
    { id: 'b', digest: hash('b'), undone: true },
  ],
  detectMs: 1500,
  verifyMs: 1500,
};

function journal(events: readonly (readonly [ms: number, event: JournalEvent])[]): JournalEntry[] {
  return events.map(([ms, event], seq) => ({
    schema: 'breakwater.journal/1',
    run: 'r1',
    host: 'staging',
    seq,
    epoch: 1,
    at: new Date(Date.UTC(2026, 10, 29) + ms).toISOString(),
    mono: ms,
    boot: 'b1',
    event,
    prev: null,
    hash: hash('0'),
  }));
}

const done = (step: string, durationMs: number): JournalEvent => ({
  type: 'step.end',
  data: { step, action: 'do', outcome: 'done', exitCode: 0, durationMs, outputDigest: null },
});
const back = (step: string, durationMs: number, outcome: 'done' | 'failed' = 'done'): JournalEvent => ({
  type: 'step.end',
  data: { step, action: 'undo', outcome, exitCode: 0, durationMs, outputDigest: null },
});
const rolledBack = (durationMs: number, outcome: 'done' | 'failed' = 'done'): JournalEvent => ({
  type: 'recovery.end',
  data: { measure: 'rollback', step: null, outcome, durationMs },
});
const closed = (serviceRestored: boolean | null): JournalEvent => ({
  type: 'run.closed',
  data: { outcome: 'rolled-back', serviceRestored, outageMs: 0, recoveryMs: 700 },
});
const stopped: JournalEvent = { type: 'work.stopped', data: { method: 'cgroup.kill', latencyMs: 2.4 } };

test('rolling back up to a step takes the undoing of it and of all before it, and what a rollback takes besides', () => {
  const entries = journal([
    [0, done('a', 100)],
    [200, done('b', 300)],
    [600, stopped],
    [700, back('b', 400)],
    [1100, back('a', 250)],
    [1400, rolledBack(700)],
    [1500, closed(true)],
  ]);
  expect(rehearsalTimes(entries, course)).toEqual({
    passed: true,
    stepDigests: { a: hash('a'), b: hash('b') },
    stepMs: { a: 100, b: 300 },
    rollbackMs: { a: 300, b: 700 },
    detectMs: 1500,
    stopMs: 3,
    verifyMs: 1500,
  });
});

test('a step whose way back failed, and all after it, have no rollback time', () => {
  const entries = journal([
    [0, done('a', 100)],
    [200, done('b', 300)],
    [700, back('b', 400)],
    [1100, back('a', 250, 'failed')],
    [1400, rolledBack(700, 'failed')],
    [1500, closed(true)],
  ]);
  expect(rehearsalTimes(entries, course)).toMatchObject({ passed: false, rollbackMs: {} });
});

test('a rehearsal without a word that services are back has not passed', () => {
  const rest: readonly (readonly [number, JournalEvent])[] = [
    [0, done('a', 100)],
    [200, done('b', 300)],
    [700, back('b', 400)],
    [1100, back('a', 250)],
    [1400, rolledBack(700)],
  ];
  expect(rehearsalTimes(journal([...rest, [1500, closed(null)]]), course).passed).toBe(false);
  expect(rehearsalTimes(journal(rest), course).passed).toBe(false);
  expect(rehearsalTimes(journal([...rest, [1500, closed(true)]]), course).passed).toBe(true);
});

test('what drills measured counts when it is longer than the probes promise', () => {
  const drill = (which: 'detect' | 'stop' | 'verify', durationMs: number): JournalEvent => ({
    type: 'drill.measured',
    data: { drill: which, durationMs },
  });
  const entries = journal([
    [0, done('a', 100)],
    [200, done('b', 300)],
    [210, drill('detect', 4000.2)],
    [220, drill('stop', 12)],
    [1500, back('b', 400)],
    [1900, back('a', 250)],
    [2000, rolledBack(700)],
    [7000, drill('verify', 2500)],
    [7100, closed(true)],
  ]);
  expect(rehearsalTimes(entries, course)).toMatchObject({ detectMs: 4001, stopMs: 12, verifyMs: 2500 });
});

test('a test that was stopped has nothing to undo: its way back is measured with the first rehearsal', () => {
  const tested: RehearsalCourse = { ...course, steps: [{ id: 't', digest: hash('t'), undone: false, test: true }] };
  const entries = journal([
    [0, done('t', 900)],
    [1000, closed(true)],
  ]);
  expect(rehearsalTimes(entries, tested)).toMatchObject({ passed: true, stepMs: { t: 900 }, rollbackMs: { t: 0 } });
});

test('a test after a step goes back as far as the step does', () => {
  const tested: RehearsalCourse = {
    ...course,
    steps: [...course.steps.slice(0, 1), { id: 't', digest: hash('t'), undone: false, test: true }],
  };
  const entries = journal([
    [0, done('a', 100)],
    [100, done('t', 900)],
    [1100, back('a', 250)],
    [1400, rolledBack(300)],
    [1500, closed(true)],
  ]);
  expect(rehearsalTimes(entries, tested)).toMatchObject({ passed: true, rollbackMs: { a: 300, t: 300 } });
});
