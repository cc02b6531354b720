/** Runs: an event log with a fencing epoch each, the start gate, and the workers that own them. */
export { runnerOf } from './compose.ts';
export { createRunner } from './runner.ts';
export type { Runner } from './runner.ts';
export { pullLever } from './levers.ts';
export { openRuns } from './store.ts';
