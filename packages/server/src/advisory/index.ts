/** Advisories: what an authority disseminated, when the institution received it, and how that is proven. */
export { advisoriesFor, recordAdvisory } from './workflow.ts';
