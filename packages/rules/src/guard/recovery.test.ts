import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nextRecovery, type RecoveryCourse, type RecoveryMove, type RunOnHost, type Verification } from './index.ts';
import { applyEntry } from './journal.ts';
import { begin, end, journalOf, type Told } from './journal-writer.testing.ts';
import { runAfter } from './limits.testing.ts';
import type { JournalEvent, StepOutcome } from './record.ts';

const step = (id: string, more: Partial<RecoveryCourse['steps'][number]> = {}): RecoveryCourse['steps'][number] => ({
  id,
  undo: true,
  check: true,
  commitPoint: false,
  test: false,
  ...more,
});
const course: RecoveryCourse = {
  steps: [step('a'), step('b'), step('c')],
  measures: [
    { kind: 'failover', id: null, services: ['s'] },
    { kind: 'module-isolation', id: null, services: ['s'] },
  ],
};
const done = (...ids: readonly string[]): Told[] => ids.map((id, i) => ({ ms: i, event: end(id, 'do', 'done') }));
/** A host that carries recovery out: what its checks and probes answer, and where it crashes. */
interface World {
  readonly undoOutcome: (step: string, attempt: number) => StepOutcome | 'crash';
  readonly check: (step: string) => 'already-done' | 'not-done' | 'failed';
  readonly verdicts: (effects: number) => Verification['verdict'];
}

/** Plays recovery to its end over the fold of its own journal, as the supervisor does, and tells the moves. */
function play(begun: RunOnHost, plan: RecoveryCourse, world: World): { moves: RecoveryMove[]; events: JournalEvent[] } {
  let run = begun;
  const events: JournalEvent[] = [];
  const moves: RecoveryMove[] = [];
  let verdict: Verification['verdict'] = 'pending';
  let effects = 0;
  const tell = (event: JournalEvent): void => {
    events.push(event);
    const [, entry] = journalOf([{ ms: events.length, event }]);
    if (entry !== undefined) run = applyEntry(run, { ...entry, seq: run.lastSeq + 1 });
  };
  const recovery = (type: 'begin' | 'end', of: string | null, outcome: StepOutcome = 'done'): void =>
    tell(
      type === 'begin'
        ? { type: 'recovery.begin', data: { measure: 'rollback', step: of } }
        : { type: 'recovery.end', data: { measure: 'rollback', step: of, outcome, durationMs: 1 } },
    );
  for (let turn = 0; turn < 200; turn++) {
    const move = nextRecovery(run, plan, { verdict, notUp: verdict === 'restored' ? [] : ['s'] });
    moves.push(move);
    switch (move.move) {
      case 'begin-rollback':
        recovery('begin', null);
        break;
      case 'undo': {
        tell(begin(move.step, 'undo'));
        const outcome = world.undoOutcome(move.step, run.steps[move.step]?.undos ?? 0);
        effects++;
        verdict = 'pending';
        tell(end(move.step, 'undo', outcome === 'crash' ? 'unknown' : outcome));
        if (outcome === 'done') recovery('end', move.step);
        break;
      }
      case 'check':
        tell(begin(move.step, 'check'));
        tell(end(move.step, 'check', world.check(move.step)));
        break;
      case 'count-undone':
        tell(end(move.step, 'undo', 'already-done'));
        break;
      case 'leave':
        recovery('begin', move.step);
        recovery('end', move.step, 'unknown');
        break;
      case 'end-rollback':
        recovery('end', null, move.outcome);
        break;
      case 'verify':
        verdict = world.verdicts(effects);
        break;
      case 'measure':
        tell({ type: 'recovery.begin', data: { measure: move.measure.kind, step: move.measure.id } });
        tell({
          type: 'recovery.end',
          data: { measure: move.measure.kind, step: move.measure.id, outcome: 'done', durationMs: 1 },
        });
        effects++;
        verdict = 'pending';
        break;
      case 'close':
        return { moves, events };
    }
  }
  throw new Error('recovery does not end');
}

const well: World = { undoOutcome: () => 'done', check: () => 'already-done', verdicts: () => 'restored' };
const words = (moves: readonly RecoveryMove[]): string[] =>
  moves.map((move) =>
    [move.move, 'step' in move ? move.step : 'measure' in move ? move.measure.kind : null].filter(Boolean).join(' '),
  );

describe('recovery', () => {
  test('undoes what was done, last first, and then asks the probes', () => {
    const { moves } = play(runAfter(...done('a', 'b')), course, well);
    expect(words(moves)).toEqual(['begin-rollback', 'undo b', 'undo a', 'end-rollback', 'verify', 'close']);
    expect(moves.at(-1)).toEqual({ move: 'close', outcome: 'rolled-back', serviceRestored: true });
  });

  test('undoes a step that was cut in the middle as well', () => {
    const { moves } = play(runAfter(...done('a'), { ms: 9, event: end('b', 'do', 'cut') }), course, well);
    expect(words(moves)).toContain('undo b');
  });

  test('does not undo what was found done before this run', () => {
    const run = runAfter({ ms: 1, event: end('a', 'check', 'already-done') }, ...done('b'));
    expect(words(play(run, course, well).moves)).toEqual([
      'begin-rollback',
      'undo b',
      'end-rollback',
      'verify',
      'close',
    ]);
  });

  test('closes a run that did nothing as stopped, with what the probes say', () => {
    for (const [verdict, serviceRestored] of [
      ['restored', true],
      ['unknown', null],
    ] as const) {
      const { moves } = play(runAfter(), course, { ...well, verdicts: () => verdict });
      expect(moves.at(-1)).toEqual({ move: 'close', outcome: 'stopped', serviceRestored });
    }
  });

  test('isolates, and fails over after that, while a service is still down', () => {
    const { moves } = play(runAfter(...done('a')), course, { ...well, verdicts: () => 'down' });
    expect(words(moves)).toEqual([
      'begin-rollback',
      'undo a',
      'end-rollback',
      'verify',
      'measure module-isolation',
      'verify',
      'measure failover',
      'verify',
      'close',
    ]);
    expect(moves.at(-1)).toEqual({ move: 'close', outcome: 'failed', serviceRestored: false });
  });

  test('does not isolate or fail over blindly', () => {
    const { moves } = play(runAfter(...done('a')), course, { ...well, verdicts: () => 'unknown' });
    expect(moves.at(-1)).toEqual({ move: 'close', outcome: 'rolled-back', serviceRestored: null });
    expect(words(moves)).not.toContain('measure module-isolation');
  });

  test('only uses a measure that serves what is down', () => {
    const elsewhere: RecoveryCourse = { ...course, measures: [{ kind: 'failover', id: 'cards', services: ['cards'] }] };
    expect(words(play(runAfter(...done('a')), elsewhere, { ...well, verdicts: () => 'down' }).moves)).not.toContain(
      'measure failover',
    );
  });

  test('stops at a commit point: it and what was before it stay', () => {
    const committed: RecoveryCourse = {
      ...course,
      steps: [step('a'), step('b', { commitPoint: true, undo: false }), step('c')],
    };
    const { moves } = play(runAfter(...done('a', 'b', 'c')), committed, well);
    expect(words(moves)).toEqual(['begin-rollback', 'undo c', 'end-rollback', 'verify', 'close']);
    expect(moves.at(-1)).toMatchObject({ outcome: 'rolled-back' });
  });

  test('asks the check of a commit point that was cut before it takes it for passed', () => {
    const committed: RecoveryCourse = { ...course, steps: [step('a'), step('b', { commitPoint: true, undo: false })] };
    const run = runAfter(...done('a'), { ms: 9, event: end('b', 'do', 'cut') });
    expect(words(play(run, committed, { ...well, check: () => 'not-done' }).moves)).toEqual([
      'check b',
      'begin-rollback',
      'undo a',
      'end-rollback',
      'verify',
      'close',
    ]);
    expect(words(play(run, committed, well).moves)).toEqual(['check b', 'verify', 'close']);
  });

  test('a step without a way back that the guard can go leaves the run stopped when services are back otherwise', () => {
    const manual: RecoveryCourse = { ...course, steps: [step('a', { undo: false })] };
    const failedOver: World = { ...well, verdicts: (effects) => (effects === 0 ? 'down' : 'restored') };
    expect(play(runAfter(...done('a')), manual, failedOver).moves.at(-1)).toEqual({
      move: 'close',
      outcome: 'stopped',
      serviceRestored: true,
    });
    expect(play(runAfter(...done('a')), manual, { ...well, verdicts: () => 'down' }).moves.at(-1)).toMatchObject({
      outcome: 'failed',
    });
  });

  describe('of a caged test', () => {
    const tested: RecoveryCourse = {
      ...course,
      steps: [step('a'), step('t', { undo: false, check: false, test: true })],
    };
    const alone: RecoveryCourse = { ...tested, steps: tested.steps.slice(1) };
    const cut: Told = { ms: 9, event: end('t', 'do', 'cut') };

    test('undoes nothing of the test, and what was done before it', () => {
      expect(words(play(runAfter(cut), alone, well).moves)).toEqual(['verify', 'close']);
      expect(play(runAfter(cut), alone, well).moves.at(-1)).toEqual({
        move: 'close',
        outcome: 'stopped',
        serviceRestored: true,
      });
      const { moves } = play(runAfter(...done('a'), cut), tested, well);
      expect(words(moves)).toEqual(['begin-rollback', 'undo a', 'end-rollback', 'verify', 'close']);
      expect(moves.at(-1)).toMatchObject({ outcome: 'rolled-back' });
    });

    test('isolates and fails over while a service that it hurt stays down, and says when it does not come back', () => {
      const { moves } = play(runAfter(cut), alone, { ...well, verdicts: () => 'down' });
      expect(words(moves)).toContain('measure module-isolation');
      expect(moves.at(-1)).toEqual({ move: 'close', outcome: 'failed', serviceRestored: false });
    });
  });

  describe('of an undo whose end nobody saw', () => {
    const cut = runAfter(
      ...done('a'),
      { ms: 5, event: begin('a', 'undo') },
      { ms: 6, event: end('a', 'undo', 'unknown') },
    );

    test('asks its check first, and undoes again when the effect is still there', () => {
      expect(words(play(cut, course, well).moves).slice(0, 3)).toEqual(['begin-rollback', 'check a', 'undo a']);
    });

    test('does not undo again when the effect is gone and services are back', () => {
      const { moves } = play(cut, course, { ...well, check: () => 'not-done' });
      expect(words(moves)).not.toContain('undo a');
      expect(moves.at(-1)).toEqual({ move: 'close', outcome: 'rolled-back', serviceRestored: true });
    });

    test('undoes again when the effect is gone but services are not back: it may have been done by half', () => {
      const { moves } = play(cut, course, {
        ...well,
        check: () => 'not-done',
        verdicts: (effects) => (effects === 0 ? 'down' : 'restored'),
      });
      expect(words(moves)).toContain('undo a');
      expect(moves.at(-1)).toMatchObject({ outcome: 'rolled-back' });
    });

    test('leaves it, and says so, when nobody can tell', () => {
      for (const plan of [course, { ...course, steps: [step('a', { check: false })] }]) {
        const { moves } = play(cut, plan, { ...well, check: () => 'failed' });
        expect(words(moves)).not.toContain('undo a');
        expect(words(moves)).toContain('leave a');
        expect(moves.at(-1)).toMatchObject({ outcome: 'stopped', serviceRestored: true });
      }
    });
  });
});

describe('whatever fails on the way', () => {
  const outcomes = fc.constantFrom<StepOutcome | 'crash'>('done', 'failed', 'timeout', 'crash');
  const world = fc.record({
    undos: fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.tuple(outcomes, outcomes)),
    checks: fc.dictionary(
      fc.constantFrom('a', 'b', 'c'),
      fc.constantFrom<'already-done' | 'not-done' | 'failed'>('already-done', 'not-done', 'failed'),
    ),
    verdicts: fc.array(fc.constantFrom<Verification['verdict']>('restored', 'down', 'unknown'), {
      minLength: 1,
      maxLength: 12,
    }),
    ends: fc.array(fc.constantFrom<StepOutcome>('done', 'cut', 'failed', 'unknown'), { maxLength: 3 }),
    checkable: fc.boolean(),
  });

  test('recovery ends, no undo runs twice without its check in between, and restored is only said when probes said so', () => {
    fc.assert(
      fc.property(world, ({ undos, checks, verdicts, ends, checkable }) => {
        let asked = 0;
        const plan = { ...course, steps: course.steps.map((one) => ({ ...one, check: checkable })) };
        const run = runAfter(
          ...ends.map((outcome, i): Told => ({ ms: i, event: end(['a', 'b', 'c'][i] ?? 'a', 'do', outcome) })),
        );
        const { moves, events } = play(run, plan, {
          undoOutcome: (id, attempt) => undos[id]?.[Math.min(attempt - 1, 1)] ?? 'done',
          check: (id) => checks[id] ?? 'already-done',
          verdicts: () => verdicts[asked++ % verdicts.length] ?? 'unknown',
        });
        for (const id of ['a', 'b', 'c']) {
          const mine = events
            .filter((event) => event.type === 'step.begin' && event.data.step === id)
            .map((event) => (event.type === 'step.begin' ? event.data.action : ''));
          mine.forEach((action, i) => {
            if (action === 'undo' && mine.slice(0, i).includes('undo')) expect(mine[i - 1]).toBe('check');
          });
          expect(mine.filter((action) => action === 'undo').length).toBeLessThanOrEqual(2);
        }
        const undone = moves.flatMap((move) => (move.move === 'undo' ? [move.step] : []));
        expect([...new Set(undone)]).toEqual([...new Set(undone)].toSorted().toReversed());
        const closing = moves.at(-1);
        if (closing?.move === 'close' && closing.serviceRestored === true) expect(verdicts).toContain('restored');
      }),
    );
  });
});
