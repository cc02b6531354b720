/** Pages of runs, loaded when one is opened. */
export { ReplayPage } from './ReplayPage.tsx';
export { RunPage } from './RunPage.tsx';
export { RunsPage } from './RunsPage.tsx';
export { WallPage } from './WallPage.tsx';
