/**
 * Containment: what security tests tried, reported and found, who was told, and who may know. The guard hands over what its
 * journal tells, in the commit that takes the entry.
 */
export { containmentOf } from './compose.ts';
export type { ContainmentDoor } from './compose.ts';
