/** Runs: their list, one of them, its wall display and replay. */
export { Levers, type LeverState } from './Levers.tsx';
export { runWords } from './words.ts';
