import { describe, expect, test } from 'vitest';
import { ageOf, applyEntry, foldJournal, hasEffect, lastEffect } from './index.ts';
import { begin, end, journalOf, startMs } from './journal-writer.testing.ts';
import { runAfter } from './limits.testing.ts';
import type { JournalEvent } from './record.ts';

const at = (ms: number): string => new Date(startMs + ms).toISOString();
const changed = (state: 'up' | 'down' | 'unknown', since: number): JournalEvent => ({
  type: 'probe.changed',
  data: { probe: 'p', service: 's', state, since: at(since), reason: null },
});

describe('the fold of a host’s journal', () => {
  test('is the same entry by entry as all at once', () => {
    const entries = journalOf([
      { ms: 5, event: begin('a', 'do') },
      { ms: 9, event: end('a', 'do', 'done') },
    ]);
    expect(entries.reduce<ReturnType<typeof foldJournal>>((run, entry) => applyEntry(run, entry), null)).toEqual(
      foldJournal(entries),
    );
    expect(foldJournal([])).toBeNull();
  });

  test('refuses a journal that does not begin with the preparation', () => {
    expect(() => foldJournal(journalOf([{ ms: 1, event: begin('a', 'do') }]).slice(1))).toThrow(RangeError);
  });

  test.each([
    ['done', 'yes'],
    ['already-done', 'already'],
    ['not-done', 'no'],
    ['failed', 'maybe'],
    ['timeout', 'maybe'],
    ['cut', 'maybe'],
    ['unknown', 'maybe'],
  ] as const)('a do that ended %s was done: %s', (outcome, did) => {
    const run = runAfter({ ms: 1, event: begin('a', 'do') }, { ms: 2, event: end('a', 'do', outcome) });
    expect(run.steps['a']?.did).toBe(did);
    expect(run.openAction).toBeNull();
  });

  test('a do that was begun and not ended is open, and may have been done', () => {
    const run = runAfter({ ms: 1, event: begin('a', 'do') });
    expect(run.openAction).toEqual({ step: 'a', action: 'do' });
    expect(run.steps['a']?.did).toBe('maybe');
    expect(lastEffect(run)).toBe('a');
  });

  test('what a check found done before is not ours to undo', () => {
    const run = runAfter({ ms: 1, event: begin('a', 'check') }, { ms: 2, event: end('a', 'check', 'already-done') });
    expect(run.steps['a']?.did).toBe('already');
    expect(hasEffect(run, 'a')).toBe(false);
  });

  test('a check after a do whose end was not seen does not turn our effect into somebody else’s', () => {
    const run = runAfter(
      { ms: 1, event: begin('a', 'do') },
      { ms: 2, event: begin('a', 'check') },
      { ms: 3, event: end('a', 'check', 'already-done') },
    );
    expect(run.steps['a']).toMatchObject({ did: 'maybe', checked: 'already-done' });
    expect(run.failed).toBeNull();
  });

  test('a failure counts only while the work goes on', () => {
    expect(runAfter({ ms: 1, event: end('a', 'do', 'failed') }).failed).toEqual({ step: 'a', outcome: 'failed' });
    expect(runAfter({ ms: 1, event: end('a', 'check', 'timeout') }).failed).toEqual({ step: 'a', outcome: 'timeout' });
    expect(runAfter({ ms: 1, event: end('a', 'check', 'cut') }).failed).toBeNull();
    expect(runAfter({ ms: 1, event: end('a', 'do', 'cut') }).failed).not.toBeNull();
    const recovering = { ms: 0, event: { type: 'recovery.begin', data: { measure: 'rollback', step: null } } } as const;
    expect(runAfter(recovering, { ms: 1, event: end('a', 'undo', 'failed') }).failed).toBeNull();
  });

  test('undoing is counted, so that no undo is repeated for ever', () => {
    const run = runAfter(
      { ms: 1, event: end('a', 'do', 'done') },
      { ms: 2, event: begin('a', 'undo') },
      { ms: 3, event: end('a', 'undo', 'failed') },
      { ms: 4, event: begin('a', 'undo') },
    );
    expect(run.steps['a']).toMatchObject({ undone: 'maybe', undos: 2, checked: null });
  });

  test('a hold ends with its approvals or with a trip', () => {
    const pulled = {
      ms: 1,
      event: { type: 'lever.pulled', data: { lever: 'hold', by: 'p-1', through: 'file' } },
    } as const;
    expect(runAfter(pulled).held).toEqual({ by: 'p-1' });
    const resumed = runAfter(pulled, { ms: 2, event: { type: 'run.resumed', data: { approvedBy: ['p-2', 'p-3'] } } });
    expect(resumed).toMatchObject({ held: null, pulled: [] });
    const trip = { reason: 'lever', lever: 'cut', by: 'p-1' } as const;
    expect(runAfter(pulled, { ms: 2, event: { type: 'run.tripped', data: { trip } } })).toMatchObject({
      held: null,
      trip,
      trippedAge: 2,
    });
  });

  test('keeps the first trip', () => {
    const first = { reason: 'lever', lever: 'cut', by: 'p-1' } as const;
    const second = { reason: 'step-failed', step: 'a', outcome: 'failed' } as const;
    const run = runAfter(
      { ms: 1, event: { type: 'run.tripped', data: { trip: first } } },
      { ms: 2, event: { type: 'run.tripped', data: { trip: second } } },
    );
    expect(run).toMatchObject({ trip: first, trippedAge: 1 });
  });

  test('gives spells of probes back in ages, also over a wall clock that jumped', () => {
    const run = runAfter(
      { ms: 2_500, event: changed('down', 1_000) },
      {
        ms: 9_500,
        wall: 3_600_000,
        event: {
          ...changed('up', 8_000),
          data: { probe: 'p', service: 's', state: 'up', since: at(8_000 + 3_600_000), reason: null },
        } as JournalEvent,
      },
    );
    expect(run.spells).toEqual([{ probe: 'p', kind: 'down', start: 1_000, end: 8_000 }]);
  });

  test('knows a disruption that is still open', () => {
    const opened = {
      type: 'disruption.opened',
      data: { disruption: 'd1', service: 's', start: at(1_000), earliestStart: null, extent: 'full' },
    } as const;
    const closed = {
      type: 'disruption.closed',
      data: { disruption: 'd1', service: 's', start: at(1_000), end: at(4_000), durationMs: 3_000 },
    } as const;
    expect(runAfter({ ms: 2_000, event: opened }).disruptions).toMatchObject([{ startAge: 1_000, endAge: null }]);
    expect(runAfter({ ms: 2_000, event: opened }, { ms: 6_000, event: closed }).disruptions).toMatchObject([
      { startAge: 1_000, endAge: 4_000 },
    ]);
  });

  test('a lost lease is silent since before it was noticed', () => {
    const lost = { ms: 5_000, event: { type: 'lease.lost', data: { silentMs: 450 } } } as const;
    expect(runAfter(lost).leaseLostSince).toBe(4_550);
    expect(
      runAfter(lost, { ms: 6_000, event: { type: 'lease.renewed', data: { silentMs: 1_450 } } }).leaseLostSince,
    ).toBeNull();
  });

  test('its age goes on over a reboot', () => {
    const run = runAfter({
      ms: 60_000,
      event: { type: 'supervisor.started', data: { pid: 1, because: 'boot' } },
      boot: 'b2',
    });
    expect(ageOf(run, { wall: startMs + 61_000, mono: 71_000, boot: 'b2' })).toBe(61_000);
  });
});

describe('of a caged test', () => {
  const opened: JournalEvent = {
    type: 'cage.opened',
    data: { step: 'tester', level: 'kernel', scope: `sha256:${'2'.repeat(64)}`, selfTest: null },
  };
  const attempts = (destinations: number): JournalEvent => ({
    type: 'cage.attempts',
    data: {
      packets: 1,
      attempts: [{ address: '10.0.0.9', port: 22, protocol: 'tcp', packets: 1 }],
      soFar: { packets: 2, destinations },
    },
  });

  test('the attempts outside its scope are counted, and its cage is open until it is closed', () => {
    const run = runAfter({ ms: 1, event: opened }, { ms: 2, event: attempts(1) }, { ms: 3, event: attempts(2) });
    expect(run.cage).toMatchObject({ level: 'kernel', attempts: 2, closed: null });
  });

  test('that ended as cut though nobody cut it, the step has failed', () => {
    const begun = [
      { ms: 1, event: begin('tester', 'do') },
      { ms: 2, event: opened },
    ];
    expect(runAfter(...begun, { ms: 3, event: end('tester', 'do', 'cut') }).failed).toEqual({
      step: 'tester',
      outcome: 'cut',
    });
    const tripped: JournalEvent = { type: 'run.tripped', data: { trip: { reason: 'lever', lever: 'cut', by: 'p-1' } } };
    expect(
      runAfter(...begun, { ms: 3, event: tripped }, { ms: 4, event: end('tester', 'do', 'cut') }).failed,
    ).toBeNull();
  });
});
