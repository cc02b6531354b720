import { expect, test } from 'vitest';
import { runLimits } from '#guard';
import { base, build, changed } from './cases/case.ts';
import { requirePlanContext, requirePlan } from './read.ts';
import { runLimitsOf } from './limits.ts';

const { plan, context } = build({ note: '', want: [] });
const known = requirePlanContext(context) ?? {};

test('guardd is told the limits of the plan and the rehearsed times of its steps', () => {
  const told = runLimitsOf(requirePlan(plan), known);
  expect(runLimits.parse(told)).toEqual(told);
  expect(told).toMatchObject({
    outageMs: 3_600_000,
    damageWon: 30_000_000,
    records: 0,
    personalCredit: 0,
    takeoverGraceMs: 5_000,
    windowEndEpochMs: Date.parse('2026-11-29T04:00:00+09:00'),
    rehearsed: {
      rollbackMs: { drain: [20_000, 25_000, 22_000], switch: [60_000, 90_000, 80_000] },
      stepMs: { drain: [5_000, 6_000, 5_500], switch: [20_000, 22_000, 21_000] },
      detectMs: 2_500,
      stopMs: 180,
    },
  });
});

test('a service may have a limit of its own', () => {
  const narrow = requirePlan(changed(base.plan, { set: { '/limits/serviceDown': { transfer: 'PT5M' } } }));
  expect(runLimitsOf(narrow, known).serviceDownMs).toEqual({ transfer: 300_000 });
  expect(() => requirePlan(changed(base.plan, { set: { '/limits/serviceDown': { cards: 'PT5M' } } }))).toThrow(
    /not among/,
  );
});

test('a policy narrows limits and never widens them', () => {
  const policy = { limits: { outage: 'PT10M', damage: 99_000_000, records: 5, personalCredit: 3 } };
  expect(runLimitsOf(requirePlan(plan), { ...known, policy })).toMatchObject({
    outageMs: 600_000,
    damageWon: 30_000_000,
    records: 0,
    personalCredit: 0,
  });
});

test('a rehearsal of other steps, on another host or too long ago tells nothing', () => {
  const changedPlan = requirePlan(changed(base.plan, { set: { '/steps/1/timeout': 'PT31S' } }));
  expect(runLimitsOf(changedPlan, known).rehearsed.rollbackMs).toEqual({ drain: [20_000, 25_000, 22_000], switch: [] });
  const elsewhere = known.rehearsals?.map((one) => ({ ...one, host: 'laptop' })) ?? [];
  expect(runLimitsOf(requirePlan(plan), { ...known, rehearsals: elsewhere }).rehearsed.rollbackMs).toEqual({
    drain: [],
    switch: [],
  });
  expect(runLimitsOf(requirePlan(plan), { ...known, now: '2027-03-01T00:00:00Z' }).rehearsed.rollbackMs).toEqual({
    drain: [],
    switch: [],
  });
});

test('without rehearsals the probes tell how long detection takes, and no step may start', () => {
  const told = runLimitsOf(requirePlan(plan), {});
  expect(told.rehearsed).toMatchObject({ detectMs: 2_500, verifyMs: 1_500, rollbackMs: { drain: [], switch: [] } });
});
