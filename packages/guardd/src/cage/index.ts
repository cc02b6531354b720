export type { AttemptsSeen, Cage, CageMount, CageOptions, Program, StartOptions } from './cage.ts';
export { findCageLevels, type LevelFound } from './level.ts';
export { openCage } from './open.ts';
export { CageLacking, CageRefused, CageUnavailable } from './refused.ts';
export { takePlace } from './rootless/index.ts';
