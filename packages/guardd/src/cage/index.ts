export type { Cage, CageMount, CageOptions, Program, StartOptions } from './cage.ts';
export { CageUnavailable, findCageLevels, type LevelFound } from './level.ts';
export { openCage } from './open.ts';
export { CageRefused } from './refused.ts';
export { removeLeftovers } from './kernel/leftovers.ts';
