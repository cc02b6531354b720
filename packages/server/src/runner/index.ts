/** Runs: an event log with a fencing epoch each, the start gate, and the workers that own them. */
export { runnerOf } from './compose.ts';
export { windowNotOpen } from './gate.ts';
export { createRunner } from './runner.ts';
export type { Requested, RunRequest, SignedWaiver, Stopped } from './requests.ts';
export type { Runner, RunnerOptions, RunStatus } from './runner.ts';
export type { RunRow } from './store.ts';
