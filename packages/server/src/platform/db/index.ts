export { clientConfig, connect, inTransaction, sqlState } from './connect.ts';
export type { ConnectOptions, DatabaseRole, Db, TransactionOptions, Tx } from './connect.ts';
export { startEmbeddedPostgres } from './embedded.ts';
export type { EmbeddedOptions, EmbeddedPostgres } from './embedded.ts';
export { migrate, migrationsFolder } from './migrate.ts';
export { listen, lockKey, tryHoldLock } from './session.ts';
export type { HeldLock, ListenOptions, Listener } from './session.ts';
