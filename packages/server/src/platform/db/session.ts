import { createHash } from 'node:crypto';
import pg from 'pg';
import { clientConfig, type ConnectOptions } from './connect.ts';

/** The advisory lock number of a name: the same in every process, and no list of numbers to keep. */
export function lockKey(name: string): bigint {
  return createHash('sha256').update(`breakwater:${name}`).digest().readBigInt64BE(0);
}

/** A lock held by a connection of its own: it is given up when `release` is called, and lost when the connection is. */
export type HeldLock = {
  release(): Promise<void>;
  /** Runs a statement on the connection that holds the lock; it fails when the lock is gone. */
  query(text: string, values: readonly unknown[]): Promise<unknown>;
  /** Aborts when the connection is lost, and with it the lock: whoever relied on it must stop. */
  lost: AbortSignal;
};

/** Takes the session-level advisory lock `name`, or returns null at once when another session holds it. */
export async function tryHoldLock(url: string, name: string, options: ConnectOptions = {}): Promise<HeldLock | null> {
  const client = new pg.Client(clientConfig(url, options));
  const lost = new AbortController();
  client.on('error', () => lost.abort());
  client.on('end', () => lost.abort());
  await client.connect();
  const key = lockKey(name).toString();
  const { rows } = await client.query<{ held: boolean }>('select pg_try_advisory_lock($1::bigint) as held', [key]);
  if (rows[0]?.held !== true) {
    await client.end();
    return null;
  }
  return {
    lost: lost.signal,
    query: (text, values) => client.query(text, [...values]),
    release: () => client.end(),
  };
}

export type Listener = { close(): Promise<void> };

export type ListenOptions = ConnectOptions & {
  /** Called with the payload of each notification. */
  onNotify: (channel: string, payload: string) => void;
  /** Called after each connection, the first included: what was sent before is lost, so look at the tables now. */
  onConnect: () => void;
};

const reconnectMs = 200;

/** Listens on channels over a connection of its own and reconnects, every 200 ms, until closed. */
export function listen(url: string, channels: readonly string[], options: ListenOptions): Listener {
  const closing = new AbortController();
  let client: pg.Client | null = null;
  const loop = async (): Promise<void> => {
    while (!closing.signal.aborted) {
      client = new pg.Client(clientConfig(url, options));
      await listenOnce(client, channels, options).catch((error: unknown) => options.onLost?.(asError(error)));
      if (!closing.signal.aborted) await sleep(reconnectMs, closing.signal);
    }
  };
  const done = loop();
  return {
    async close() {
      closing.abort();
      await client?.end().catch(() => undefined);
      await done;
    },
  };
}

/** Resolves when the connection has ended in order, rejects when it broke or could not be made. */
async function listenOnce(client: pg.Client, channels: readonly string[], options: ListenOptions): Promise<void> {
  const ended = new Promise<void>((resolve, reject) => {
    client.on('end', () => resolve());
    client.on('error', reject);
  });
  ended.catch(() => undefined);
  client.on('notification', ({ channel, payload }) => options.onNotify(channel, payload ?? ''));
  await client.connect();
  for (const channel of channels) await client.query(`listen ${client.escapeIdentifier(channel)}`);
  options.onConnect();
  await ended;
}

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
