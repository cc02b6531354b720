import type { PlanState } from '@breakwater/rules/plan';
import type { IconName } from '#parts';

export const stateIcons: Readonly<Record<PlanState, IconName>> = {
  draft: 'waiting',
  rehearsed: 'waiting',
  submitted: 'waiting',
  approved: 'done',
  announced: 'done',
  running: 'running',
  observing: 'running',
  closed: 'done',
  returned: 'undo',
  withdrawn: 'failed',
};
