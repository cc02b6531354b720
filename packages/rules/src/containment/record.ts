/** Shapes of containment that other domains keep in their records. */
export { cageLevel, cageTrip, containmentSchema, transport } from './report.ts';
export type { CageLevel, CageTrip, Containment, DeniedTraffic } from './report.ts';
