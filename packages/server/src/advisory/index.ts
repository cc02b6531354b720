/** Advisories: what is known to be affected and what an authority disseminated, with its proof; what of the inventory is exposed. */
export { exposuresOf, type Exposure } from './exposure.ts';
export { matchComponents } from './matching.ts';
export { advisoryWorker, pollFeeds, rematch } from './worker.ts';
export { receiveDissemination, transcribe } from './dissemination.ts';
export { advisoriesFor } from './workflow.ts';
