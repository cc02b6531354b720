/** Runs: an event log with a fencing epoch each, the start gate, and the workers that own them. */
import type { Platform, Stop } from '#platform';
import { createRunner, type Runner, type RunnerOptions } from './runner.ts';

export { windowNotOpen } from './gate.ts';
export { createRunner } from './runner.ts';
export type { Requested, RunRequest, SignedWaiver, Stopped } from './requests.ts';
export type { Runner, RunnerOptions } from './runner.ts';
export type { RunRow } from './store.ts';
