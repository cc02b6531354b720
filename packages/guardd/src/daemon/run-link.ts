/**
 * The daemon's side of one run: its supervisor, wherever it is just now, and a mirror of its journal. The run goes on
 * without the daemon; the link finds it again.
 */
import { connect, type Socket } from 'node:net';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { foldJournal, type Refusal, type Request } from '@breakwater/rules/guard';
import type { JournalEntry } from '@breakwater/rules/guard/record';
import type { RunLayout } from '../layout.ts';
import { keptFindings } from './kept-findings.ts';
import { formatLine, parseLine, readLines } from '../lines.ts';
import { codeOf, type Log } from '../log.ts';
import { Refused } from '../refused.ts';
import { processState } from '../sentinel.ts';
import { reachSocket } from '../socket-path.ts';
import { readJournal } from '../supervisor/journal.ts';
import type { Forwarded } from '../supervisor/control.ts';

/** A supervisor's answer, or an entry of its journal. */
type FromSupervisor =
  | { readonly id: number; readonly ok: unknown }
  | { readonly id: number; readonly refused: Refusal }
  | { readonly id: number; readonly entry: JournalEntry };

interface Pending {
  resolve(ok: unknown): void;
  reject(error: Error): void;
}

export interface RunLinkOptions {
  readonly run: string;
  readonly layout: RunLayout;
  readonly log: Log;
  /** Starts a sentinel, which starts a supervisor. */
  startSentinel(because: 'prepared' | 'replaced' | 'boot'): void;
}

const followId = 0;
const reconnectMs = 25;
/** Time for a sentinel to bring a supervisor back before the daemon looks after the sentinel itself. */
const patienceMs = 2500;
/** A connected supervisor is asked for its state this often. */
const askEveryMs = 1000;

export class RunLink {
  readonly run: string;
  readonly #options: RunLinkOptions;
  readonly #entries: JournalEntry[] = [];
  readonly #followers = new Set<(entry: JournalEntry) => void>();
  readonly #pending = new Map<number, Pending>();
  #socket: Socket | null = null;
  #connected = Promise.withResolvers<void>();
  #lastId = followId;
  #ended = false;

  constructor(options: RunLinkOptions) {
    this.run = options.run;
    this.#options = options;
    this.#readFile();
  }

  /** True when the run is closed and nothing watches it any more. */
  get over(): boolean {
    return this.#closed && this.#socket === null;
  }

  get #closed(): boolean {
    return this.#entries.some(({ event }) => event.type === 'run.closed');
  }

  get entries(): readonly JournalEntry[] {
    return this.#entries;
  }

  /** Findings of the run's test after the byte `after`, and where to go on. */
  findings(after: number): ReturnType<typeof keptFindings> {
    return keptFindings(this.#options.layout.cage, after);
  }

  /** Hands over every entry after `after`, and with `follow` every later one until `until` resolves. */
  follow(after: number, each: (entry: JournalEntry) => void, until: Promise<void> | null): number {
    for (const entry of this.#entries) if (entry.seq > after) each(entry);
    if (until !== null) {
      this.#followers.add(each);
      void until.then(() => this.#followers.delete(each));
    }
    return this.#entries.at(-1)?.seq ?? -1;
  }

  /** Keeps a connection to the supervisor for as long as there is one. `firstly`: what to start when there is none. */
  async keep(firstly: 'prepared' | 'replaced' | 'boot' | null): Promise<void> {
    if (firstly !== null) this.#start(firstly);
    let since = performance.now();
    do {
      if (await this.#stayConnected()) since = performance.now();
      else if (performance.now() - since > patienceMs) {
        this.#replaceSentinel();
        since = performance.now();
      }
      if (!this.#closed) await sleep(reconnectMs);
    } while (!this.#ended && !this.#closed);
    this.#connected.promise.catch(() => undefined);
    this.#connected.reject(this.#gone());
  }

  /** Stops looking for the supervisor; the run goes on without the daemon. */
  end(): void {
    this.#ended = true;
    this.#socket?.destroy();
  }

  /** Asks the supervisor. Rejects with Refused, also when no supervisor answers within `withinMs` (null = wait). */
  async ask(request: Forwarded['request'], through: Forwarded['through'], withinMs: number | null): Promise<unknown> {
    if (this.over) throw this.#gone();
    const asked = this.#connected.promise.then(() => this.#send(request, through));
    if (withinMs === null) return asked;
    const late = new Error('late');
    const timer = Promise.withResolvers<never>();
    const clock = setTimeout(() => timer.reject(late), withinMs);
    try {
      return await Promise.race([asked, timer.promise]);
    } catch (error) {
      if (error !== late) throw error;
      asked.catch(() => undefined);
      throw new Refused({
        reason: 'host-unfit',
        code: 'no-supervisor',
        detail: `no supervisor answered to ${request.type} within ${withinMs} ms`,
      });
    } finally {
      clearTimeout(clock);
    }
  }

  /** Why the supervisor does not answer: the run is closed, or it will be replaced. */
  #gone(): Refused {
    const closed = this.#closed ? foldJournal(this.#entries)?.closed : null;
    if (closed) return new Refused({ reason: 'run-closed', run: this.run, outcome: closed.outcome });
    const detail = 'the supervisor ended while it was asked; another takes its place';
    return new Refused({ reason: 'host-unfit', code: 'supervisor-gone', detail });
  }

  #send(request: Request, through: Forwarded['through']): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const id = ++this.#lastId;
      this.#pending.set(id, { resolve, reject });
      this.#socket?.write(formatLine({ id, request, through }));
    });
  }

  /** Connects, follows the journal, and answers true when the connection is gone; false when there is none to be had. */
  async #stayConnected(): Promise<boolean> {
    const socket = await openSocket(this.#options.layout.socket);
    if (socket === null) return false;
    this.#socket = socket;
    readLines(
      socket,
      (line) => this.#take(parseLine(line) as FromSupervisor),
      () => socket.destroy(),
    );
    const after = this.#entries.at(-1)?.seq ?? -1;
    socket.write(
      formatLine({
        id: followId,
        request: { type: 'entries', run: this.run, after, follow: true },
        through: 'orchestrator',
      }),
    );
    this.#connected.resolve();
    const watching = this.#watchOver();
    return new Promise((resolve) => {
      socket.once('close', () => {
        clearInterval(watching);
        this.#socket = null;
        this.#connected = Promise.withResolvers();
        this.#readFile();
        for (const pending of this.#pending.values()) pending.reject(this.#gone());
        this.#pending.clear();
        resolve(true);
      });
    });
  }

  /** A supervisor that is silent is its sentinel's to replace; where the sentinel cannot, both are ended here. */
  #watchOver(): NodeJS.Timeout {
    let heardAt = performance.now();
    return setInterval(() => {
      this.#send({ type: 'status', run: this.run }, 'orchestrator').then(
        () => (heardAt = performance.now()),
        () => undefined,
      );
      const sentinel = this.#sentinelPid();
      if (performance.now() - heardAt < patienceMs || (sentinel !== null && processState(sentinel) === 'alive')) return;
      this.#options.log('supervisor-ended', { run: this.run });
      const started = this.#entries.findLast(({ event }) => event.type === 'supervisor.started')?.event;
      const supervisor = started?.type === 'supervisor.started' ? started.data.pid : null;
      for (const pid of [sentinel, supervisor]) if (pid !== null && this.#isOurs(pid)) kill(pid);
    }, askEveryMs);
  }

  /** A pid may have been given to somebody else since it was written down. */
  #isOurs(pid: number): boolean {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(this.#options.layout.folder);
    } catch {
      return false;
    }
  }

  #take(message: FromSupervisor): void {
    if ('entry' in message) return this.#add(message.entry);
    const pending = this.#pending.get(message.id);
    this.#pending.delete(message.id);
    if ('ok' in message) pending?.resolve(message.ok);
    else pending?.reject(new Refused(message.refused));
  }

  #add(entry: JournalEntry): void {
    if (entry.seq !== (this.#entries.at(-1)?.seq ?? -1) + 1) return;
    this.#entries.push(entry);
    for (const each of this.#followers) each(entry);
  }

  /** What a supervisor that is gone left on the disk. */
  #readFile(): void {
    try {
      for (const entry of readJournal(readFileSync(this.#options.layout.journal)).entries) this.#add(entry);
    } catch {
      // There is no journal yet.
    }
  }

  /** Supervisor and sentinel are both gone, or stopped: whoever is left is ended, and a new pair begins. */
  #replaceSentinel(): void {
    const pid = this.#sentinelPid();
    if (pid !== null && processState(pid) === 'alive') return;
    this.#options.log('sentinel-restarted', { run: this.run });
    if (pid !== null && processState(pid) === 'stopped' && this.#isOurs(pid)) kill(pid);
    this.#start('replaced');
  }

  /** A sentinel that cannot be started now is tried again when the patience is over. */
  #start(because: 'prepared' | 'replaced' | 'boot'): void {
    try {
      this.#options.startSentinel(because);
    } catch (error) {
      this.#options.log('sentinel-not-started', { run: this.run, code: codeOf(error) });
    }
  }

  #sentinelPid(): number | null {
    try {
      return Number(readFileSync(this.#options.layout.sentinelPid, 'utf8').trim());
    } catch {
      return null;
    }
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself.
  }
}

function openSocket(path: string): Promise<Socket | null> {
  return new Promise((resolve) => {
    let reached;
    try {
      reached = reachSocket(path);
    } catch {
      return resolve(null);
    }
    const { release } = reached;
    const socket = connect(reached.path);
    socket.once('connect', () => {
      release();
      socket.removeAllListeners('error');
      socket.on('error', () => socket.destroy());
      resolve(socket);
    });
    socket.once('error', () => {
      release();
      resolve(null);
    });
  });
}
