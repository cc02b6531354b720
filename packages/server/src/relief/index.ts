/** Relief: prepared before the work, carried out for whom it harmed; the ledgers of damage and of leaked records. */
import { clockQueue } from './clock.ts';

export { reliefWorker } from './compose.ts';
export { createRelief } from './door.ts';
export type { ReliefDoor } from './door.ts';

/** Queues that `startJobs` must know. */
export const reliefQueues = [clockQueue] as const;
