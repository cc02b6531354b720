import { EventSourceParserStream } from 'eventsource-parser/stream';
import { ServerError, serverError } from '@breakwater/client/browser';

export interface StreamEvent {
  readonly event: string;
  readonly data: unknown;
}

export interface StreamListener {
  /** An event, or null: the server is alive and has nothing to say. */
  heard(event: StreamEvent | null): void;
  /** The connection broke. It is made again, unless the error is the server's no. */
  lost(error: Error): void;
  /** The server has said its last word. */
  ended(): void;
}

const againMs = 500;
const againAtMostMs = 5_000;
/** A connection over which nothing came for this long is dead, whatever it says of itself. */
const silenceMs = 5_000;

/**
 * Listens to a stream of server-sent events until the signal aborts, and takes it up again with `Last-Event-ID` when it
 * breaks or falls silent, so that nothing is missed. Ends by itself at the event `end`, and when the server says no (4xx).
 */
export async function listen(url: string, listener: StreamListener, signal: AbortSignal): Promise<void> {
  let last: string | null = null;
  let pause = againMs;
  const take = (message: { id?: string | undefined; event?: string | undefined; data: string }): boolean => {
    pause = againMs;
    last = message.id ?? last;
    if (message.event === 'end') return false;
    listener.heard({ event: message.event ?? 'message', data: JSON.parse(message.data) as unknown });
    return true;
  };
  while (!signal.aborted) {
    try {
      await listenOnce(url, last, listener, take, signal);
      return listener.ended();
    } catch (error) {
      if (signal.aborted) return;
      listener.lost(error as Error);
      if (error instanceof ServerError && error.status < 500) return;
      await new Promise((resolve) => setTimeout(resolve, pause));
      pause = Math.min(againAtMostMs, pause * 2);
    }
  }
}

/** One connection. Resolves when `take` says that it was the end; rejects when the connection broke. */
async function listenOnce(
  url: string,
  last: string | null,
  listener: StreamListener,
  take: (message: { id?: string | undefined; event?: string | undefined; data: string }) => boolean,
  signal: AbortSignal,
): Promise<void> {
  const silence = new AbortController();
  let timer = setTimeout(() => silence.abort(), silenceMs);
  const alive = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => silence.abort(), silenceMs);
  };
  try {
    const headers = { accept: 'text/event-stream', ...(last === null ? {} : { 'last-event-id': last }) };
    const connection = AbortSignal.any([signal, silence.signal]);
    const response = await fetch(url, { headers, signal: connection, cache: 'no-store' });
    if (!response.ok || response.body === null) throw await serverError(response);
    listener.heard(null);
    const reader = response.body
      .pipeThrough(new TextDecoderStream())
      .pipeThrough(
        new EventSourceParserStream({
          onComment() {
            alive();
            listener.heard(null);
          },
        }),
      )
      .getReader();
    for (;;) {
      const { value, done } = await reader.read();
      if (done) throw new Error('the stream broke off');
      alive();
      if (!take(value)) return;
    }
  } finally {
    clearTimeout(timer);
    silence.abort();
  }
}
