/** Relief: prepared before the work, carried out for whom it harmed; the ledgers of damage and of leaked records. */
export { reliefOf } from './compose.ts';
export type { ReliefRefusal } from './refusal.ts';
export type { Damage, ReliefOptions } from './workflow.ts';
export type { AttestedDamage, ClaimFigures, ClaimFilter, ClaimState } from './store.ts';
export { createRelief } from './door.ts';
export type { Claim, Leaks, Opened, Preparation, ReliefDoor } from './door.ts';
