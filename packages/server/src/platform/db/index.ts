export { clientConfig, connect, inTransaction, sqlState } from './connect.ts';
export type { DatabaseRole, Db, Tx } from './connect.ts';
export { startEmbeddedPostgres } from './embedded.ts';
export type { EmbeddedPostgres } from './embedded.ts';
export { migrate } from './migrate.ts';
export { listen, lockKey, tryHoldLock } from './session.ts';
export type { HeldLock } from './session.ts';
