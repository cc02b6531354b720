/** Plans: revisions, signed decisions, rehearsal results, and whether a plan is ready. */
export { companyOf } from './compose.ts';
export type { CompanyPolicy } from './policy.ts';
export { verifyPatches } from './patches.ts';
export type { PlanRevision } from './store.ts';
export {
  decidePlan,
  findPlan,
  judgePlan,
  limitsFor,
  planAnnounced,
  planOfRun,
  planRunBegan,
  planRunEnded,
  recordRehearsal,
  submitPlan,
} from './workflow.ts';
export type { Judged, Surroundings } from './workflow.ts';
