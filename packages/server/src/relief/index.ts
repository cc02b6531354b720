/** Relief: prepared before the work, carried out for whom it harmed; the ledgers of damage and of leaked records. */
export { createRelief } from './door.ts';
export type { ReliefDoor } from './door.ts';
