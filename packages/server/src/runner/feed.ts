/** What consoles watch of a run: its events as they are written, and what its host says now. One look serves all watchers. */
import type { RunState } from '@breakwater/rules/guard';
import type { RunEvent } from '@breakwater/rules/runner';
import { Signal } from './signal.ts';

/** New events since the item before, and the host as it answered then. */
export interface FeedItem {
  readonly events: readonly RunEvent[];
  /** Null: it does not answer, or the run has ended. */
  readonly host: RunState | null;
  /** When the host was asked, RFC 3339. */
  readonly at: string;
  /** Last event of the log so far. */
  readonly seq: number;
  readonly ended: boolean;
}

export interface FeedSources {
  /** Events with a higher number than `after`. */
  events(run: string, after: number): Promise<RunEvent[]>;
  host(run: string): Promise<RunState | null>;
  /** Calls back when the run's events grew, until the returned function is called. */
  onGrown(run: string, told: () => void): () => void;
  now(): Date;
}

export interface Feeds {
  /**
   * The run after event `after` (-1: from its beginning), then what is new whenever something is, and at least twice a
   * second what its host says. Ends with the run, or when the signal aborts. Rejects when the events cannot be read.
   */
  watch(run: string, after: number, signal: AbortSignal): AsyncIterable<FeedItem>;
}

const lookEveryMs = 500;

/** Looks at one run for as long as anybody watches it. */
class Feed {
  readonly #sources: FeedSources;
  readonly #run: string;
  readonly #watchers = new Set<Signal>();
  readonly #changed = new Signal();
  #events: RunEvent[] = [];
  #last: Omit<FeedItem, 'events'> | null = null;
  #failure: unknown = null;

  constructor(sources: FeedSources, run: string) {
    this.#sources = sources;
    this.#run = run;
  }

  get watched(): boolean {
    return this.#watchers.size > 0;
  }

  async *watch(after: number, signal: AbortSignal): AsyncGenerator<FeedItem> {
    const told = new Signal();
    const abort = (): void => told.raise();
    signal.addEventListener('abort', abort);
    this.#watchers.add(told);
    if (this.#watchers.size === 1) void this.#look();
    let seen = after;
    try {
      while (!signal.aborted) {
        if (this.#failure !== null) throw this.#failure;
        if (this.#last !== null) {
          const last = this.#last;
          // A run's events are numbered from 0 without gaps.
          const events = this.#events.slice(seen + 1);
          seen = events.at(-1)?.seq ?? seen;
          yield { ...last, events };
          if (last.ended) return;
        }
        await told.wait(lookEveryMs * 4);
      }
    } finally {
      this.#watchers.delete(told);
      this.#changed.raise();
      signal.removeEventListener('abort', abort);
    }
  }

  async #look(): Promise<void> {
    const forget = this.#sources.onGrown(this.#run, () => this.#changed.raise());
    try {
      while (this.watched && this.#last?.ended !== true) {
        const events = await this.#sources.events(this.#run, this.#events.length - 1);
        this.#events.push(...events);
        const ended = this.#events.some(({ type }) => type === 'run.ended');
        const host = ended ? null : await this.#sources.host(this.#run);
        const at = this.#sources.now().toISOString();
        this.#last = { host, at, seq: this.#events.length - 1, ended };
        for (const told of this.#watchers) told.raise();
        await this.#changed.wait(lookEveryMs);
      }
    } catch (error) {
      this.#failure = error;
      for (const told of this.#watchers) told.raise();
    } finally {
      forget();
    }
  }
}

export function createFeeds(sources: FeedSources): Feeds {
  const feeds = new Map<string, Feed>();
  return {
    async *watch(run, after, signal) {
      let feed = feeds.get(run);
      if (feed === undefined || !feed.watched) {
        feed = new Feed(sources, run);
        feeds.set(run, feed);
      }
      try {
        yield* feed.watch(after, signal);
      } finally {
        if (!feed.watched && feeds.get(run) === feed) feeds.delete(run);
      }
    },
  };
}
