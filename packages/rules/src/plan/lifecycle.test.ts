import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { planCan, planState, planStates, type PlanLife } from './lifecycle.ts';

const fresh: PlanLife = {
  withdrawn: false,
  submitted: false,
  returned: false,
  approvals: 0,
  approvalsNeeded: 2,
  rehearsals: 0,
  rehearsalsNeeded: 3,
  announced: false,
  run: 'none',
};

describe('the state of a plan follows from what happened', () => {
  test.each<[string, Partial<PlanLife>]>([
    ['draft', {}],
    ['draft', { rehearsals: 2 }],
    ['rehearsed', { rehearsals: 3 }],
    ['submitted', { submitted: true, approvals: 1 }],
    ['approved', { submitted: true, approvals: 2 }],
    ['announced', { submitted: true, approvals: 2, announced: true }],
    ['submitted', { submitted: true, announced: true }],
    ['returned', { submitted: true, approvals: 2, returned: true }],
    ['withdrawn', { submitted: true, approvals: 2, withdrawn: true }],
    ['running', { withdrawn: true, run: 'running' }],
    ['observing', { run: 'observing' }],
    ['closed', { run: 'ended' }],
  ])('%s from %j', (state, life) => {
    expect(planState({ ...fresh, ...life })).toBe(state);
  });
});

describe('what may be done', () => {
  test('stopping is permitted in every state and waits for nobody', () => {
    expect(planCan.stop.states).toEqual(planStates);
    expect(planCan.stop.approvals).toBe(0);
  });

  test('only an approved plan starts', () => {
    expect(planStates.filter((state) => planCan.start({ state }))).toEqual(['approved', 'announced']);
    expect(planCan.start.approvals).toBeNull();
  });

  test('a plan that runs, ran or was withdrawn is not edited', () => {
    expect(planStates.filter((state) => !planCan.edit({ state }))).toEqual([
      'running',
      'observing',
      'closed',
      'withdrawn',
    ]);
  });

  test('a plan that is not approved never starts, whatever else happened to it', () => {
    const life = fc.record({
      withdrawn: fc.boolean(),
      submitted: fc.boolean(),
      returned: fc.boolean(),
      approvals: fc.nat(3),
      approvalsNeeded: fc.integer({ min: 1, max: 3 }),
      rehearsals: fc.nat(4),
      rehearsalsNeeded: fc.integer({ min: 1, max: 4 }),
      announced: fc.boolean(),
      run: fc.constantFrom('none' as const, 'running' as const, 'observing' as const, 'ended' as const),
    });
    fc.assert(
      fc.property(life, (given) => {
        const may = planCan.start({ state: planState(given) });
        const approved =
          given.submitted &&
          !given.returned &&
          !given.withdrawn &&
          given.approvals >= given.approvalsNeeded &&
          given.run === 'none';
        expect(may).toBe(approved);
      }),
    );
  });
});
