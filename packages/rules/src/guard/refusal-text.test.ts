import { expect, test } from 'vitest';
import {
  leverEffects,
  leversByStrength,
  recoverAfterMs,
  refusal,
  refusalExit,
  refusalHttp,
  refusalText,
  type Refusal,
} from './index.ts';

const examples: readonly Refusal[] = [
  { reason: 'epoch-stale', epoch: 3, current: 4 },
  { reason: 'run-unknown', run: 'r-1' },
  { reason: 'run-exists', run: 'r-1' },
  { reason: 'run-closed', run: 'r-1', outcome: 'rolled-back' },
  { reason: 'plan-hash', expected: 'sha256:a', actual: 'sha256:b' },
  { reason: 'step-unknown', step: 's-1' },
  { reason: 'step-order', step: 's-2', expected: 's-1' },
  { reason: 'step-order', step: 's-2', expected: null },
  { reason: 'step-busy', step: 's-1' },
  { reason: 'held', by: 'p-17' },
  { reason: 'tripped', trip: 'damage-limit' },
  { reason: 'lease-lost', silentMs: 512 },
  { reason: 'unrehearsed', step: 's-1' },
  { reason: 'would-cross-pnr', step: 's-1', stepMs: 90_000, remainingMs: 61_500 },
  { reason: 'window-over', endedEpochMs: Date.parse('2026-11-29T04:00:00Z') },
  { reason: 'starts-forbidden', by: 'uid:0', since: '2026-11-29T00:00:00Z' },
  { reason: 'role', socket: 'lever', type: 'prepare' },
  { reason: 'malformed', path: '/request/run', message: 'not a run' },
  { reason: 'protocol', theirs: 9, ours: 1 },
  { reason: 'steps-left', done: 1, of: 3 },
  { reason: 'baseline-unknown', probe: 'p1', answers: 2, needed: 5 },
  { reason: 'host-unfit', code: 'ENOSPC', detail: 'no space for the journal' },
];

test('every refusal there is has an example here', () => {
  const reasons = refusal.options.map(({ shape }) => shape.reason.value);
  expect([...new Set(examples.map(({ reason }) => reason))].toSorted()).toEqual(reasons.toSorted());
});

test.each(examples)(
  '$reason is said in Korean and English with its numbers, and has a status and an exit code',
  (given) => {
    expect(refusal.parse(given)).toEqual(given);
    const { ko, en } = refusalText(given);
    expect(ko).toMatch(/(?:니다)(?:\([^)]*\))?\.$/);
    expect(en).toMatch(/^[\x20-\x7e]+\.$/);
    for (const value of Object.values(given).filter((one) => typeof one === 'string' && one !== given.reason)) {
      expect(ko).toContain(value);
      expect(en).toContain(value);
    }
    expect([400, 403, 404, 409, 503]).toContain(refusalHttp[given.reason]);
    expect([1, 2, 3]).toContain(refusalExit[given.reason]);
  },
);

test('durations are told in units that people use', () => {
  const { ko, en } = refusalText({ reason: 'would-cross-pnr', step: 's', stepMs: 90_000, remainingMs: 61_500 });
  expect(ko).toContain('1분 30초');
  expect(en).toContain('1 min 1.5 s left');
});

test('a stronger lever does all that a weaker one does', () => {
  expect(leversByStrength).toEqual(['abort-all', 'cut', 'hold']);
  expect(leverEffects.hold).toMatchObject({ stopsWork: false, stopsRecovery: false, recovers: false });
  expect(leverEffects.cut).toMatchObject({ stopsWork: true, stopsRecovery: false, recovers: true });
  expect(leverEffects['abort-all']).toMatchObject({ stopsWork: true, stopsRecovery: true, recovers: false });
});

test('a grace shorter than the lease waits for the lease', () => {
  expect(recoverAfterMs(0)).toBe(450);
  expect(recoverAfterMs(5_000)).toBe(5_000);
});
