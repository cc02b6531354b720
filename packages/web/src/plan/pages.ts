/** Plans: the list, one plan, its rehearsals, and what changed between revisions. */
export { DifferencePage } from './DifferencePage.tsx';
export { NewPlanPage } from './NewPlanPage.tsx';
export { PlanPage } from './PlanPage.tsx';
export { PlansPage } from './PlansPage.tsx';
export { RehearsalPage } from './RehearsalPage.tsx';
