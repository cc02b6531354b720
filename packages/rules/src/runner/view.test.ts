import { describe, expect, test } from 'vitest';
import type { JournalEvent, StepOutcome } from '#guard/record';
import { applyRunEvent, foldRun, runCan, type RunEvent, type RunEventBody, type RunView } from './index.ts';
import type { StepState } from './view.ts';

const hash = `sha256:${'a'.repeat(64)}`;
const at = '2026-11-29T01:00:00.000Z';

/** A log from bodies: numbers and times are given by position. */
function log(bodies: readonly RunEventBody[], epoch = 1): RunEvent[] {
  return bodies.map((body, seq) => ({ run: 'r1', seq, epoch, at, ...body }));
}

const requested: RunEventBody = {
  type: 'run.requested',
  data: { run: 'r1', plan: 'p', planHash: hash, mode: 'live', host: 'local', by: 'p-1', at },
};
const gated: RunEventBody = {
  type: 'run.gated',
  data: { run: 'r1', planHash: hash, ready: true, findings: [], overrides: [] },
};
const claimed: RunEventBody = { type: 'run.claimed', data: { run: 'r1', epoch: 1, owner: 'w1', because: 'start' } };
const started: RunEventBody = { type: 'run.started', data: { run: 'r1', planHash: hash, at } };
const entry = (seq: number, event: JournalEvent): RunEventBody => ({
  type: 'guard.entry',
  data: {
    schema: 'breakwater.journal/1',
    run: 'r1',
    host: 'local',
    seq,
    epoch: 1,
    at,
    mono: seq,
    boot: 'b',
    event,
    prev: null,
    hash,
  },
});
const prepared = entry(0, {
  type: 'run.prepared',
  data: {
    planHash: hash,
    mode: 'live',
    level: 'cgroup-v2',
    budgetMs: 1,
    takeoverGraceMs: 1,
    clockErrorMs: 0,
    windowEnd: at,
  },
});
const opening = [requested, gated, claimed, started, prepared];

function fold(bodies: readonly RunEventBody[]): RunView {
  const view = foldRun(log(bodies));
  if (view === null) throw new Error('no events');
  return view;
}

describe('the state of a run', () => {
  test('is nothing before the first event', () => {
    expect(foldRun([])).toBeNull();
  });

  test('goes from requested over ready and starting to working', () => {
    expect(fold([requested]).phase).toBe('requested');
    expect(fold([requested, gated]).phase).toBe('ready');
    expect(fold([requested, gated, claimed, started])).toMatchObject({ phase: 'starting', host: null, owner: 'w1' });
    expect(fold(opening)).toMatchObject({ phase: 'working', host: { level: 'cgroup-v2' } });
  });

  test('a step is begun until its end is recorded, and remembers under which lease', () => {
    const begun = fold([...opening, { type: 'step.begin', data: { step: 's1', attempt: 1 } }]);
    expect(begun.steps['s1']).toMatchObject({ state: 'begun', attempts: 1, epoch: 1 });
    const done = fold([
      ...opening,
      { type: 'step.begin', data: { step: 's1', attempt: 1 } },
      entry(1, {
        type: 'step.end',
        data: { step: 's1', action: 'do', outcome: 'done', exitCode: 0, durationMs: 40, outputDigest: null },
      }),
      { type: 'step.end', data: { step: 's1', outcome: 'done', journalSeq: 1 } },
    ]);
    expect(done.steps['s1']).toMatchObject({ state: 'done', endedAt: at });
  });

  test('a step that a new owner asked for again while its end was on its way stays done', () => {
    const late = fold([
      ...opening,
      { type: 'step.begin', data: { step: 's1', attempt: 1 } },
      { type: 'step.end', data: { step: 's1', outcome: 'done', journalSeq: 0 } },
      { type: 'step.begin', data: { step: 's1', attempt: 2 } },
    ]);
    expect(late.steps['s1']).toMatchObject({ state: 'done', attempts: 2 });
  });

  describe('a step that was asked for and never ended', () => {
    const asked: RunEventBody = { type: 'step.begin', data: { step: 's1', attempt: 1 } };
    const began = (seq: number, action: 'check' | 'do' | 'undo') =>
      entry(seq, { type: 'step.begin', data: { step: 's1', action, digest: hash } });
    const ended = (seq: number, action: 'check' | 'do' | 'undo', outcome: StepOutcome) =>
      entry(seq, {
        type: 'step.end',
        data: { step: 's1', action, outcome, exitCode: null, durationMs: 1, outputDigest: null },
      });
    const closed = (seq: number) =>
      entry(seq, {
        type: 'run.closed',
        data: { outcome: 'stopped', serviceRestored: true, outageMs: 0, recoveryMs: 1 },
      });
    const recovery = (seq: number) => entry(seq, { type: 'recovery.begin', data: { measure: 'rollback', step: null } });

    test.each<[string, StepState, RunEventBody[]]>([
      [
        'a cut came between its check and its effect',
        'cut',
        [began(1, 'check'), ended(2, 'check', 'not-done'), closed(3)],
      ],
      ['its check was cut', 'cut', [began(1, 'check'), ended(2, 'check', 'cut'), recovery(3)]],
      ['the run was stopped before the host began it', 'cut', [closed(1)]],
      ['its check failed', 'failed', [began(1, 'check'), ended(2, 'check', 'failed'), closed(3)]],
      ['nobody saw its effect end', 'unresolved', [began(1, 'do'), closed(2)]],
      ['its effect was undone', 'undone', [began(1, 'do'), began(2, 'undo'), ended(3, 'undo', 'done'), closed(4)]],
    ])('does not go on for ever when %s', (_, state, entries) => {
      expect(fold([...opening, asked, ...entries]).steps['s1']?.state).toBe(state);
    });

    test('is not known when the run ends without a word of its host', () => {
      const end: RunEventBody = {
        type: 'run.ended',
        data: { run: 'r1', outcome: 'refused', at, observedUntil: null, journalSeq: null },
      };
      expect(fold([requested, gated, claimed, started, asked, end]).steps['s1']?.state).toBe('unresolved');
    });

    test('is still begun while its host works on it', () => {
      expect(fold([...opening, asked, began(1, 'do')]).steps['s1']?.state).toBe('begun');
    });
  });

  test('a trip stands above a hold', () => {
    const tripped = fold([
      ...opening,
      entry(1, { type: 'run.tripped', data: { trip: { reason: 'lever', lever: 'cut', by: 'p-1' } } }),
      entry(2, { type: 'lever.pulled', data: { lever: 'hold', by: 'p-2', through: 'socket' } }),
    ]);
    expect(tripped.phase).toBe('tripped');
  });

  test('a hold is ended by the host only, and approvals of an older hold do not count for a new one', () => {
    const hold = (seq: number) =>
      entry(seq, { type: 'lever.pulled', data: { lever: 'hold', by: 'p-2', through: 'socket' } });
    const asked = (by: string): RunEventBody => ({ type: 'resume.asked', data: { by, approval: hash } });
    expect(fold([...opening, hold(1), asked('p-2'), asked('p-2')]).resumeApprovals).toEqual(['p-2']);
    const resumed = [
      ...opening,
      hold(1),
      asked('p-2'),
      asked('p-3'),
      entry(2, { type: 'run.resumed', data: { approvedBy: ['p-2', 'p-3'] } }),
    ];
    expect(fold(resumed)).toMatchObject({ phase: 'working', resumeApprovals: [] });
    expect(fold([...resumed, asked('p-2'), hold(3)]).resumeApprovals).toEqual([]);
  });

  test('a lever that was asked for stays asked until the host has journalled it', () => {
    const asked = [...opening, { type: 'stop.asked', data: { lever: 'cut', by: 'p-1' } } satisfies RunEventBody];
    expect(fold(asked).leversAsked).toEqual([{ lever: 'cut', by: 'p-1' }]);
    const pulled = [
      ...asked,
      entry(1, { type: 'lever.pulled', data: { lever: 'cut', by: 'p-1', through: 'orchestrator' } }),
    ];
    expect(fold(pulled).leversAsked).toEqual([]);
  });

  test('a log with a gap, a repetition or a missing journal entry is refused', () => {
    const events = log(opening);
    expect(() => foldRun(events.filter(({ seq }) => seq !== 2))).toThrow(RangeError);
    expect(() => applyRunEvent(fold(opening), { ...events[4]!, seq: 4 })).toThrow(RangeError);
    expect(() => fold([...opening, entry(2, { type: 'lease.renewed', data: { silentMs: 1 } })])).toThrow(
      /journal entry 2 follows 0/,
    );
    expect(() => foldRun(log([gated]))).toThrow(/first event/);
  });
});

describe('permitted actions', () => {
  test('stopping is allowed in every phase', () => {
    expect(runCan.stop.phases).toHaveLength(9);
    expect(runCan.stop.approvals).toBe(0);
  });

  test('start and resume need two persons; resume needs a hold', () => {
    expect([runCan.start.approvals, runCan.resume.approvals]).toEqual([2, 2]);
    expect(runCan.resume({ phase: 'held' })).toBe(true);
    expect(runCan.resume({ phase: 'working' })).toBe(false);
    expect(runCan.rollback({ phase: 'closed' })).toBe(false);
  });
});
