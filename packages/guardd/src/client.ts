/** The way to guardd for an orchestrator and for a lever: one connection, typed by the protocol. */
import { connect, type Socket } from 'node:net';
import {
  answerLine,
  answers,
  protocolVersion,
  type AnswerTo,
  type Host,
  type Refusal,
  type Request,
} from '@breakwater/rules/guard';
import type { JournalEntry } from '@breakwater/rules/guard/record';
import { bootId } from './clock.ts';
import { BadLine, formatLine, parseLine, readLines } from './lines.ts';
import { reachSocket } from './socket-path.ts';
import { connectTls, readTlsAddress, type TlsAddress } from './trust/tls.ts';

/** guardd answered: it does not do what was asked, and why. Text for people: `refusalText` of rules/guard. */
export class GuarddRefused extends Error {
  override readonly name = 'GuarddRefused';
  readonly refusal: Refusal;
  constructor(refusal: Refusal) {
    super(`guardd refused: ${refusal.reason}`);
    this.refusal = refusal;
  }
}

/** No answer: guardd is not there, the connection broke, or it took longer than the timeout. What was asked may have been done. */
export class GuarddUnreachable extends Error {
  override readonly name = 'GuarddUnreachable';
}

/** Every request but `entries`, which has its own two methods. */
export type Asked = Exclude<Request, { type: 'entries' }>;

export interface GuarddClient {
  /** What the host said of itself when the connection was made. */
  readonly host: Host;
  /** The host's wall clock minus ours when the connection was made, ms; exact to half the round trip. */
  readonly clockOffsetMs: number;
  /**
   * Asks and waits for the answer. `timeoutMs` defaults to 5 s, to 20 s for `prepare`, and to no limit for `begin`, which
   * answers when the step has ended. Rejects with GuarddRefused or GuarddUnreachable.
   */
  ask<R extends Asked>(request: R, options?: { timeoutMs?: number }): Promise<AnswerTo<R['type']>>;
  /** The entries of a run with seq > `after` that are on the host's disk now. Rejects as `ask`. */
  entries(run: string, after: number): Promise<JournalEntry[]>;
  /**
   * The same, and every later one as it is fsynced. Ends when the connection is closed by `end` or `signal`;
   * throws GuarddUnreachable when it breaks, GuarddRefused when the run is not known.
   */
  follow(run: string, after: number, signal?: AbortSignal): AsyncIterable<JournalEntry>;
  /** Resolves when the connection is gone, for whatever reason. */
  readonly gone: Promise<void>;
  end(): void;
}

export interface ConnectOptions {
  /** For connecting and for `hello`, ms. Default 2000. */
  readonly timeoutMs?: number;
  /** Name of the machine that asks, for the host's log. */
  readonly from?: string;
}

interface Pending {
  entry(entry: JournalEntry): void;
  ok(value: unknown): void;
  fail(error: Error): void;
}

const answerTimeoutMs = 5000;
/** A supervisor is started and every probe asked once before `prepare` is answered. */
const prepareTimeoutMs = 20_000;

/**
 * Connects to one of guardd's sockets, or by TLS to an address as `formatTlsAddress` writes it. Rejects with
 * GuarddUnreachable or (protocol too far apart) GuarddRefused.
 */
export async function connectGuardd(address: string, options: ConnectOptions = {}): Promise<GuarddClient> {
  const timeoutMs = options.timeoutMs ?? 2000;
  const tls = readTlsAddress(address);
  const socket = tls === null ? await open(address, timeoutMs) : await openTls(tls, timeoutMs);
  const wire = new Wire(socket, options.from ?? 'local');
  try {
    const asked = Date.now();
    const host = await wire.ask({ type: 'hello' }, timeoutMs);
    const answered = Date.now();
    return clientOver(wire, host, Date.parse(host.wall) - (asked + answered) / 2);
  } catch (error) {
    wire.end();
    throw error;
  }
}

function clientOver(wire: Wire, host: Host, clockOffsetMs: number): GuarddClient {
  wire.clockOffsetMs = -clockOffsetMs;
  return {
    host,
    clockOffsetMs,
    ask: (request, { timeoutMs } = {}) => wire.ask(request, timeoutMs ?? patienceOf(request)),
    entries: async (run, after) => {
      const entries: JournalEntry[] = [];
      await wire.send({ type: 'entries', run, after, follow: false }, answerTimeoutMs, (entry) => entries.push(entry));
      return entries;
    },
    follow: (run, after, signal) => followed(wire, run, after, signal),
    gone: wire.gone,
    end: () => wire.end(),
  };
}

function patienceOf({ type }: Request): number | null {
  if (type === 'begin') return null;
  return type === 'prepare' ? prepareTimeoutMs : answerTimeoutMs;
}

async function* followed(wire: Wire, run: string, after: number, signal?: AbortSignal): AsyncGenerator<JournalEntry> {
  const waiting: JournalEntry[] = [];
  let failure: Error | null = null;
  let wake: () => void = () => undefined;
  const stop = (): void => wake();
  signal?.addEventListener('abort', stop);
  const id = wire.start(
    { type: 'entries', run, after, follow: true },
    {
      entry(entry) {
        waiting.push(entry);
        wake();
      },
      ok: () => undefined,
      fail(error) {
        failure = error;
        wake();
      },
    },
  );
  try {
    while (signal?.aborted !== true) {
      const next = waiting.shift();
      if (next !== undefined) yield next;
      else if (wire.ended) return;
      else if (failure !== null) throw failure;
      else await new Promise<void>((resolve) => (wake = resolve));
    }
  } finally {
    signal?.removeEventListener('abort', stop);
    wire.forget(id);
  }
}

/** Requests and answers over one socket, matched by id. */
class Wire {
  readonly gone: Promise<void>;
  /** True once this side has closed the connection. */
  ended = false;
  clockOffsetMs: number | null = null;
  readonly #socket: Socket;
  readonly #from: string;
  readonly #pending = new Map<number, Pending>();
  #lastId = 0;
  #broken: GuarddUnreachable | null = null;

  constructor(socket: Socket, from: string) {
    this.#socket = socket;
    this.#from = from;
    readLines(
      socket,
      (line) => this.#take(line),
      () => this.#break('guardd sent a line that is too long'),
    );
    this.gone = new Promise((resolve) => socket.once('close', () => resolve()));
    socket.on('error', (error) => this.#break(`the connection to guardd failed: ${error.message}`));
    socket.on('close', () => this.#break('the connection to guardd is closed'));
  }

  async ask<R extends Request>(request: R, timeoutMs: number | null): Promise<AnswerTo<R['type']>> {
    const answer = await this.send(request, timeoutMs, () => undefined);
    const shape = answers[request.type].safeParse(answer);
    if (!shape.success)
      throw new GuarddUnreachable(`guardd gave an answer to ${request.type} that is not in its shape`);
    return shape.data as AnswerTo<R['type']>;
  }

  send(request: Request, timeoutMs: number | null, entry: (entry: JournalEntry) => void): Promise<unknown> {
    return new Promise((resolve, reject) => {
      let timer: NodeJS.Timeout | null = null;
      const settled = (): void => {
        if (timer !== null) clearTimeout(timer);
        this.forget(id);
      };
      const id = this.start(request, {
        entry,
        ok(value) {
          settled();
          resolve(value);
        },
        fail(error) {
          settled();
          reject(error);
        },
      });
      if (timeoutMs === null) return;
      timer = setTimeout(() => {
        this.forget(id);
        reject(new GuarddUnreachable(`guardd did not answer to ${request.type} within ${timeoutMs} ms`));
      }, timeoutMs);
    });
  }

  start(request: Request, pending: Pending): number {
    const id = ++this.#lastId;
    this.#pending.set(id, pending);
    if (this.#broken !== null) {
      const broken = this.#broken;
      queueMicrotask(() => pending.fail(broken));
      return id;
    }
    const { clockOffsetMs } = this;
    this.#socket.write(
      formatLine({ id, protocol: protocolVersion, host: this.#from, boot: bootId(), clockOffsetMs, request }),
    );
    return id;
  }

  forget(id: number): void {
    this.#pending.delete(id);
  }

  end(): void {
    this.ended = true;
    this.#socket.destroy();
  }

  #take(line: string): void {
    let message;
    try {
      message = answerLine.safeParse(parseLine(line));
    } catch (error) {
      if (!(error instanceof BadLine)) throw error;
      return this.#break(`guardd sent a line that is ${error.message}`);
    }
    if (!message.success) return this.#break('guardd sent a line that is not an answer');
    const pending = this.#pending.get(message.data.id);
    if (pending === undefined) return;
    if ('entry' in message.data) pending.entry(message.data.entry);
    else if ('refused' in message.data) pending.fail(new GuarddRefused(message.data.refused));
    else pending.ok(message.data.ok);
  }

  #break(reason: string): void {
    this.#broken ??= new GuarddUnreachable(reason);
    this.#socket.destroy();
    for (const pending of this.#pending.values()) pending.fail(this.#broken);
    this.#pending.clear();
  }
}

async function openTls(address: TlsAddress, timeoutMs: number): Promise<Socket> {
  try {
    return await connectTls(address, timeoutMs);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? `${String(error.code)}: ` : '';
    const why = error instanceof Error ? error.message : String(error);
    throw new GuarddUnreachable(`guardd does not answer at ${address.host}:${address.port}: ${code}${why}`);
  }
}

function open(path: string, timeoutMs: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const unreachable = (reason: string): void =>
      reject(new GuarddUnreachable(`guardd does not answer at ${path}: ${reason}`));
    let reached;
    try {
      reached = reachSocket(path);
    } catch (error) {
      return unreachable(error instanceof Error && 'code' in error ? String(error.code) : String(error));
    }
    const socket = connect(reached.path);
    const timer = setTimeout(() => {
      socket.destroy();
      unreachable(`no connection within ${timeoutMs} ms`);
    }, timeoutMs);
    const { release } = reached;
    socket.once('connect', () => {
      clearTimeout(timer);
      release();
      socket.removeAllListeners('error');
      resolve(socket);
    });
    socket.once('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      release();
      unreachable(error.code ?? error.message);
    });
  });
}
