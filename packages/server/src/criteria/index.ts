/** Criteria: policy packs with their approvals, and assessments of sealed facts that are added to and never replaced. */
export { type SealedRun, sealedRun } from './sealed.ts';
export { readAssessments as assessmentsOf } from './store.ts';
export { type MadeAssessment, assessRun, decidePack, importPack, knownPacks, packFor } from './workflow.ts';
