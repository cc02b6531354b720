import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JournalEntry, JournalEvent } from '#guard/record';
import {
  applyRunEvent,
  nextMove,
  refusalMeans,
  stepEndOf,
  type RunCourse,
  type RunEventBody,
  type RunView,
} from './index.ts';

const hash = `sha256:${'a'.repeat(64)}`;
const at = '2026-11-29T01:00:00.000Z';
const course: RunCourse = { steps: ['a', 'b', 'c'], observeMs: 0 };

/** The log of a run in a test: appended to under an epoch, as the database would take it. */
class Log {
  view: RunView | null = null;
  epoch = 0;
  readonly run = 'r1';

  append(epoch: number, body: RunEventBody): boolean {
    if (epoch !== this.epoch) return false;
    this.view = applyRunEvent(this.view, { run: this.run, seq: (this.view?.seq ?? -1) + 1, epoch, at, ...body });
    return true;
  }

  claim(owner: string): number {
    this.epoch += 1;
    this.append(this.epoch, {
      type: 'run.claimed',
      data: { run: this.run, epoch: this.epoch, owner, because: 'takeover' },
    });
    return this.epoch;
  }
}

/**
 * A host as the protocol promises it: refuses an older epoch, journals before it acts, resolves a step that was begun and
 * not ended by its check. `applied` is what the real world went through.
 */
class Host {
  readonly journal: JournalEvent[] = [];
  readonly applied: string[] = [];
  readonly checkedBeforeDo: boolean[] = [];
  epoch = 0;
  private next = 0;

  prepare(epoch: number): void {
    this.epoch = Math.max(this.epoch, epoch);
    if (this.journal.length === 0) {
      this.journal.push({
        type: 'run.prepared',
        data: {
          planHash: hash,
          mode: 'live',
          level: 'test',
          budgetMs: 1,
          takeoverGraceMs: 1,
          clockErrorMs: 0,
          windowEnd: at,
        },
      });
    }
  }

  /** `dies`: the supervisor is killed in the middle of the effect, before or after it took place. */
  begin(epoch: number, step: string, dies: 'no' | 'before' | 'after'): 'ok' | 'epoch-stale' | 'step-order' {
    if (epoch < this.epoch) return 'epoch-stale';
    this.epoch = epoch;
    if (course.steps[this.next] !== step) return 'step-order';
    if (this.applied.includes(step)) {
      this.end(step, 'check', 'already-done');
      this.next += 1;
      return 'ok';
    }
    this.end(step, 'check', 'not-done');
    this.journal.push({ type: 'step.begin', data: { step, action: 'do', digest: hash } });
    if (dies !== 'before') this.applied.push(step);
    if (dies === 'no') {
      this.end(step, 'do', 'done');
      this.next += 1;
    } else {
      this.end(step, 'do', 'unknown');
    }
    return 'ok';
  }

  close(): void {
    this.journal.push({
      type: 'run.closed',
      data: { outcome: 'completed', serviceRestored: true, outageMs: 0, recoveryMs: null },
    });
  }

  rollback(): void {
    this.journal.push({
      type: 'run.closed',
      data: { outcome: 'rolled-back', serviceRestored: true, outageMs: 0, recoveryMs: 0 },
    });
  }

  private end(step: string, action: 'check' | 'do', outcome: 'done' | 'already-done' | 'not-done' | 'unknown'): void {
    this.journal.push({
      type: 'step.end',
      data: { step, action, outcome, exitCode: null, durationMs: 1, outputDigest: null },
    });
  }
}

function requestedLog(): Log {
  const log = new Log();
  log.append(0, {
    type: 'run.requested',
    data: { run: 'r1', plan: 'p', planHash: hash, mode: 'live', host: 'local', by: 'p-1', at },
  });
  log.append(0, { type: 'run.gated', data: { run: 'r1', planHash: hash, ready: true, findings: [], overrides: [] } });
  return log;
}

/** Takes what the host journalled into the log: entry and, where it ends a step, the step's end. */
function ingest(log: Log, host: Host): void {
  for (let seq = (log.view?.journalSeq ?? -1) + 1; seq < host.journal.length; seq += 1) {
    const event = host.journal[seq]!;
    const entry: JournalEntry = {
      schema: 'breakwater.journal/1',
      run: 'r1',
      host: 'local',
      seq,
      epoch: log.epoch,
      at,
      mono: seq,
      boot: 'b',
      event,
      prev: null,
      hash,
    };
    log.append(log.epoch, { type: 'guard.entry', data: entry });
    const end = stepEndOf(entry);
    if (end !== null) log.append(log.epoch, end);
  }
}

/**
 * Makes one move of the owner with `epoch`, stopping at `cut` (0 = before its event, 1 = after it and before the host,
 * 2 = whole). `stale`: the host's entries come in between the decision and its event.
 */
function make(log: Log, host: Host, epoch: number, cut: number, dies: 'no' | 'before' | 'after', stale = false): void {
  if (cut > 1 && !stale) ingest(log, host);
  const move = nextMove(log.view!, course, Date.parse(at));
  if (stale) ingest(log, host);
  if (cut === 0) return;
  switch (move.move) {
    case 'start':
      log.append(epoch, { type: 'run.started', data: { run: 'r1', planHash: hash, at } });
      return;
    case 'prepare':
      host.prepare(epoch);
      return;
    case 'begin':
      if (!log.append(epoch, { type: 'step.begin', data: { step: move.step, attempt: move.attempt } })) return;
      if (cut > 1) host.begin(epoch, move.step, dies);
      return;
    case 'rollback':
      host.rollback();
      return;
    case 'close':
      host.close();
      return;
    case 'end':
      log.append(epoch, {
        type: 'run.ended',
        data: { run: 'r1', outcome: move.outcome, at, observedUntil: null, journalSeq: null },
      });
      return;
    default:
      return;
  }
}

describe('the next move', () => {
  test('an undisturbed run begins each step once, in order, and ends completed', () => {
    const log = requestedLog();
    const host = new Host();
    const epoch = log.claim('w1');
    for (let i = 0; i < 40; i += 1) make(log, host, epoch, 2, 'no');
    expect(host.applied).toEqual(['a', 'b', 'c']);
    expect(log.view).toMatchObject({ phase: 'ended', outcome: 'completed' });
  });

  test('whatever dies whenever, no step takes effect twice and the run ends', () => {
    const disturbance = fc.record({
      cut: fc.constantFrom(0, 1, 2, 2, 2, 2),
      dies: fc.constantFrom('no', 'no', 'no', 'before', 'after'),
      takeover: fc.boolean(),
      zombie: fc.boolean(),
      stale: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(disturbance, { maxLength: 40 }), (disturbances) => {
        const log = requestedLog();
        const host = new Host();
        let epoch = log.claim('w1');
        for (const [i, { cut, dies, takeover, zombie, stale }] of disturbances.entries()) {
          make(log, host, epoch, cut, dies, stale);
          if (!takeover) continue;
          const old = epoch;
          epoch = log.claim(`w${i + 2}`);
          if (log.view?.host !== null) host.prepare(epoch);
          // A paused owner wakes up: neither the log nor the host takes anything from it.
          if (zombie) make(log, host, old, 2, 'no');
        }
        epoch = log.claim('last');
        for (let i = 0; i < 60; i += 1) make(log, host, epoch, 2, 'no');
        expect(new Set(host.applied).size).toBe(host.applied.length);
        expect(log.view?.phase).toBe('ended');
        if (log.view?.outcome === 'completed') expect(host.applied).toEqual(['a', 'b', 'c']);
      }),
      { numRuns: 500 },
    );
  });

  test('a step whose end nobody sees is begun again twice at most, then rolled back', () => {
    const log = requestedLog();
    const host = new Host();
    const epoch = log.claim('w1');
    for (let i = 0; i < 12; i += 1) make(log, host, epoch, 2, 'before');
    expect(host.journal.filter(({ type }) => type === 'step.begin')).toHaveLength(3);
    expect(log.view).toMatchObject({ phase: 'ended', outcome: 'rolled-back' });
  });

  test('a lever that was asked for comes before everything else', () => {
    const log = requestedLog();
    const epoch = log.claim('w1');
    log.append(epoch, { type: 'stop.asked', data: { lever: 'cut', by: 'p-9' } });
    expect(nextMove(log.view!, course, Date.parse(at))).toEqual({ move: 'end', outcome: 'stopped' });
  });

  test('one approval does not end a hold, two persons do', () => {
    const log = requestedLog();
    const host = new Host();
    const epoch = log.claim('w1');
    for (let i = 0; i < 3; i += 1) make(log, host, epoch, 2, 'no');
    host.journal.push({ type: 'lever.pulled', data: { lever: 'hold', by: 'p-1', through: 'socket' } });
    ingest(log, host);
    expect(nextMove(log.view!, course, Date.parse(at))).toEqual({ move: 'wait', for: 'approvals' });
    log.append(epoch, { type: 'resume.asked', data: { by: 'p-1', approval: hash } });
    log.append(epoch, { type: 'resume.asked', data: { by: 'p-1', approval: hash } });
    expect(nextMove(log.view!, course, Date.parse(at))).toEqual({ move: 'wait', for: 'approvals' });
    log.append(epoch, { type: 'resume.asked', data: { by: 'p-2', approval: hash } });
    expect(nextMove(log.view!, course, Date.parse(at))).toEqual({ move: 'resume', approvedBy: ['p-1', 'p-2'] });
  });

  test('a refusal that asking again cannot mend rolls back what was done, or ends a run that was not prepared', () => {
    const log = requestedLog();
    const epoch = log.claim('w1');
    log.append(epoch, { type: 'run.started', data: { run: 'r1', planHash: hash, at } });
    log.append(epoch, {
      type: 'guard.refused',
      data: { step: null, refusal: { reason: 'starts-forbidden', by: 'p-1', since: at } },
    });
    expect(nextMove(log.view!, course, Date.parse(at))).toEqual({ move: 'end', outcome: 'refused' });
    expect(refusalMeans['epoch-stale']).toBe('lost');
  });

  test('a host that does not confirm within 30 s is not waited for', () => {
    const log = requestedLog();
    const epoch = log.claim('w1');
    log.append(epoch, { type: 'run.started', data: { run: 'r1', planHash: hash, at } });
    expect(nextMove(log.view!, course, Date.parse(at) + 30_000)).toEqual({ move: 'prepare' });
    expect(nextMove(log.view!, course, Date.parse(at) + 30_001)).toEqual({ move: 'end', outcome: 'refused' });
  });

  test('services are observed for as long as the plan says before the run is closed', () => {
    const log = requestedLog();
    const host = new Host();
    const epoch = log.claim('w1');
    const watched: RunCourse = { ...course, observeMs: 60_000 };
    for (let i = 0; i < 5; i += 1) make(log, host, epoch, 2, 'no');
    ingest(log, host);
    const end = Date.parse(at);
    expect(nextMove(log.view!, watched, end)).toEqual({ move: 'observe', untilMs: end + 60_000 });
    expect(nextMove(log.view!, watched, end + 60_000)).toEqual({ move: 'close' });
  });
});
