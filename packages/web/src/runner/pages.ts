/** Pages of runs, loaded when one is opened. */
export { RunPage } from './RunPage.tsx';
export { RunsPage } from './RunsPage.tsx';
