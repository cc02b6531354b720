/** Inventory: what an institution has, and the component versions that matches are about. */
export { keepComponentVersions, keepPackages, lockMatching, renewKeys, revisionOf } from './component-store.ts';
export { listServices, sightingsOn } from './report.ts';
export { importInventory, type MatchNew } from './workflow.ts';
