import { once } from 'node:events';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** One event of a stream. `id` comes back as the last seen id when a client reconnects. */
export type StreamEvent = { id: string; event: string; data: unknown };

export type StreamOptions = {
  /** A comment is sent this often when nothing else is, so that proxies and dead clients are noticed. Default 15,000 ms. */
  keepAliveMs?: number;
};

const open = new WeakMap<object, Map<FastifyRequest, AbortController>>();

/**
 * Answers with server-sent events from `source`. The signal aborts when the client goes or the server stops, and `source`
 * must end then. Resolves when the stream is over. A client that reads slowly slows `source` down; nothing piles up.
 */
export async function streamEvents(
  request: FastifyRequest,
  reply: FastifyReply,
  source: (signal: AbortSignal) => AsyncIterable<StreamEvent>,
  options: StreamOptions = {},
): Promise<void> {
  const abort = new AbortController();
  const streams = open.get(request.server.server) ?? new Map<FastifyRequest, AbortController>();
  open.set(request.server.server, streams);
  streams.set(request, abort);
  const out = reply.raw;
  reply.hijack();
  for (const [name, value] of Object.entries(reply.getHeaders())) if (value !== undefined) out.setHeader(name, value);
  out.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  });
  out.flushHeaders();
  out.on('close', () => abort.abort());
  const keepAlive = setInterval(() => void out.write(':\n\n'), options.keepAliveMs ?? 15_000);
  try {
    for await (const event of source(abort.signal)) {
      if (abort.signal.aborted) break;
      if (!out.write(encodeEvent(event))) await once(out, 'drain', { signal: abort.signal });
    }
  } catch (error) {
    if (!abort.signal.aborted) request.log.error({ error, route: request.routeOptions.url }, 'stream failed');
  } finally {
    clearInterval(keepAlive);
    streams.delete(request);
    out.end();
  }
}

/** Ends every open stream of a server, so that it can close. */
export function endStreams(server: object): void {
  for (const abort of open.get(server)?.values() ?? []) abort.abort();
}

/** Requests whose streams are open now. */
export function streamsOf(server: object): readonly FastifyRequest[] {
  return [...(open.get(server)?.keys() ?? [])];
}

/** Ends the stream of a request. */
export function endStream(request: FastifyRequest): void {
  open.get(request.server.server)?.get(request)?.abort();
}

/** The last event id that a reconnecting client has seen, or null for a new one. */
export function lastEventId(request: FastifyRequest): string | null {
  const id = request.headers['last-event-id'];
  return typeof id === 'string' && id.length <= 128 ? id : null;
}

/** One event on the wire. Line breaks cannot smuggle a second event in: data is JSON, and id and name lose theirs. */
export function encodeEvent({ id, event, data }: StreamEvent): string {
  const line = (text: string): string => text.replace(/[\r\n\0]/g, ' ');
  return `id: ${line(id)}\nevent: ${line(event)}\ndata: ${JSON.stringify(data)}\n\n`;
}
