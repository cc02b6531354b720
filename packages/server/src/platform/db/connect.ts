import { Kysely, PostgresDialect, type Transaction } from 'kysely';
import pg from 'pg';

/** A connection pool. The platform knows no table: a domain's store narrows it to its own tables: `db.withTables<OwnTables>()`. */
export type Db = Kysely<unknown>;

/** A transaction of `Db`; narrowed the same way. Functions that change state take one, so that evidence shares the commit. */
export type Tx = Transaction<unknown>;

/**
 * Whom the statements run as. `breakwater_app` may do what a migration granted it, and only add evidence;
 * `breakwater_sequencer` builds the log; `owner` is the user of the URL, for migrations.
 */
export type DatabaseRole = 'breakwater_app' | 'breakwater_sequencer' | 'owner';

export type ConnectOptions = {
  /** Default `breakwater_app`. */
  role?: DatabaseRole;
  /** Most connections held at once. Default 10; work beyond it waits. */
  max?: number;
  /** Shown in `pg_stat_activity`. Default `breakwater`. */
  name?: string;
  /**
   * PostgreSQL ends a session that leaves a transaction idle for longer, and with it the locks that it holds. Default
   * 60,000; a process that may be stopped in the middle while others wait for its rows takes less.
   */
  idleInTransactionMs?: number;
  /**
   * Parses and plans each statement once a connection and not each time: for a pool of few statements that are run often.
   * Default `false`.
   */
  prepared?: boolean;
  /** Told when an idle connection breaks; the pool opens another by itself. Default: ignored. */
  onLost?: (error: Error) => void;
};

/** Settings of every connection to PostgreSQL: role, time zone, typed values, and a bounded wait for the connection. */
export function clientConfig(url: string, options: ConnectOptions = {}): pg.ClientConfig {
  const role = options.role ?? 'breakwater_app';
  return {
    connectionString: url,
    application_name: options.name ?? 'breakwater',
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    options: `-c timezone=UTC -c idle_in_transaction_session_timeout=${options.idleInTransactionMs ?? 60_000}${role === 'owner' ? '' : ` -c role=${role}`}`,
    types: { getTypeParser: typeParser },
  };
}

/**
 * Opens a pool on the PostgreSQL at `url`. Nothing is connected until the first statement. End it with `db.destroy()`.
 * `bigint` values arrive as numbers; one beyond 2^53 is an error rather than a rounded number.
 */
export function connect(url: string, options: ConnectOptions = {}): Db {
  const Client = options.prepared === true ? PreparingClient : pg.Client;
  const pool = new pg.Pool({
    ...clientConfig(url, options),
    Client,
    max: options.max ?? 10,
    idleTimeoutMillis: 30_000,
  });
  const onLost = options.onLost ?? ((): void => undefined);
  pool.on('error', onLost);
  // A connection that breaks between two statements of a transaction says so itself; unheard, that would end the process.
  pool.on('connect', (client) => client.on('error', onLost));
  return new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) });
}

/** Names every statement that is given as text and values, so that the server keeps its plan. */
class PreparingClient extends pg.Client {
  readonly #names = new Map<string, string>();

  // The signature of `query` is a dozen overloads; only the two-argument form that Kysely uses is changed.
  override query(...given: unknown[]): never {
    const [text, values] = given;
    const query = super.query.bind(this) as (...args: unknown[]) => never;
    if (typeof text !== 'string' || !Array.isArray(values)) return query(...given);
    const name = this.#names.get(text) ?? `s${this.#names.size}`;
    this.#names.set(text, name);
    return query({ name, text, values });
  }
}

const int8 = 20;

function typeParser(oid: number, format?: 'text' | 'binary'): (value: string) => unknown {
  if (oid === int8 && format !== 'binary') return safeInteger;
  return pg.types.getTypeParser(oid, format ?? 'text') as (value: string) => unknown;
}

function safeInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`bigint ${text} from the database is beyond 2^53`);
  return value;
}

export type TransactionOptions = {
  /** Default `read committed`. With `serializable`, a conflict runs `work` again. */
  isolation?: 'read committed' | 'repeatable read' | 'serializable';
};

const conflicts: ReadonlySet<string> = new Set(['40001', '40P01']);
const attempts = 5;

/**
 * Runs `work` in one transaction and commits when it resolves. A serialization conflict or deadlock rolls back and runs
 * `work` again, at most five times, so `work` may have no effect outside the transaction.
 */
export async function inTransaction<T>(
  db: Db,
  work: (tx: Tx) => Promise<T>,
  options: TransactionOptions = {},
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await db
        .transaction()
        .setIsolationLevel(options.isolation ?? 'read committed')
        .execute(work);
    } catch (error) {
      if (attempt === attempts || !conflicts.has(sqlState(error) ?? '')) throw error;
      await new Promise((resolve) => setTimeout(resolve, 5 * 2 ** attempt * Math.random()));
    }
  }
}

/** SQLSTATE of an error that PostgreSQL reported, e.g. `23505` for a unique violation; null for any other error. */
export function sqlState(error: unknown): string | null {
  return error instanceof pg.DatabaseError && error.code !== undefined ? error.code : null;
}
