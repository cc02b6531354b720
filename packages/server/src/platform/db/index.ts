export { baseBackup } from './base-backup.ts';
export { clientConfig, connect, inTransaction, sqlState } from './connect.ts';
export type { DatabaseRole, Db, Tx } from './connect.ts';
export { embeddedFiles, startEmbeddedPostgres } from './embedded.ts';
export type { EmbeddedFiles, EmbeddedPostgres } from './embedded.ts';
export { migrate } from './migrate.ts';
export { listen, lockKey, tryHoldLock } from './session.ts';
export type { HeldLock } from './session.ts';
