/** Advisories: what an authority disseminated, when the institution received it, and how that is proven. */
export { readAdvisories } from './store.ts';
export type { Advisory, Proof } from './store.ts';
export { advisoriesFor, recordAdvisory } from './workflow.ts';
