import { useEffect, useMemo, useSyncExternalStore } from 'react';
import { ServerError } from '@breakwater/client/browser';
import type { RunState } from '@breakwater/rules/guard';
import { applyRunEvent, type RunEvent, type RunView } from '@breakwater/rules/runner';
import { listen } from '#api';

/** A run as this page has heard of it. */
export interface RunHeard {
  readonly events: readonly RunEvent[];
  /** What follows from the events; null before the first. */
  readonly view: RunView | null;
  /** What the host said last. */
  readonly host: RunState | null;
  /** When that was: on the page's own clock (ms of `performance.now`), and by the server's (ms since the epoch). */
  readonly heardAt: number | null;
  readonly serverAt: number | null;
  readonly link: 'opening' | 'open' | 'broken' | 'ended' | 'refused';
  readonly error: Error | null;
}

const unheard: RunHeard = {
  events: [],
  view: null,
  host: null,
  heardAt: null,
  serverAt: null,
  link: 'opening',
  error: null,
};

interface RunStore {
  get(): RunHeard;
  subscribe(changed: () => void): () => void;
  start(signal: AbortSignal): void;
}

function createRunStore(run: string): RunStore {
  let heard = unheard;
  const watchers = new Set<() => void>();
  const change = (changes: Partial<RunHeard>): void => {
    heard = { ...heard, ...changes };
    for (const changed of watchers) changed();
  };
  const take = (added: readonly RunEvent[]): void => {
    const news = added.filter(({ seq }) => seq > (heard.view?.seq ?? -1));
    let { view } = heard;
    for (const event of news) view = applyRunEvent(view, event);
    change({ events: [...heard.events, ...news], view });
  };
  return {
    get: () => heard,
    subscribe(changed) {
      watchers.add(changed);
      return () => watchers.delete(changed);
    },
    start(signal) {
      const listener = {
        heard(message: { event: string; data: unknown } | null): void {
          if (message?.event === 'log') take(message.data as RunEvent[]);
          if (message?.event !== 'now') return change({ link: 'open', error: null });
          const { host, at } = message.data as { host: RunState | null; at: string };
          change({ host, heardAt: performance.now(), serverAt: Date.parse(at), link: 'open', error: null });
        },
        lost(error: Error): void {
          const isRefused = error instanceof ServerError && error.status < 500;
          change({ link: isRefused ? 'refused' : 'broken', error });
        },
        ended(): void {
          change({ link: 'ended', error: null });
        },
      };
      void listen(`/v1/runs/${encodeURIComponent(run)}/feed`, listener, signal);
    },
  };
}

/** A run, live until it ends; taken up again where it was when the connection breaks. */
export function useRunFeed(run: string): RunHeard {
  const store = useMemo(() => createRunStore(run), [run]);
  useEffect(() => {
    const closing = new AbortController();
    store.start(closing.signal);
    return () => closing.abort();
  }, [store]);
  return useSyncExternalStore(store.subscribe, store.get);
}
