import { closeSync, openSync } from 'node:fs';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { basename, dirname, join } from 'node:path';
import { pipeline, Readable } from 'node:stream';

/** Longest path that the kernel takes for a Unix socket, in bytes. */
const longestSocketPath = 107;

/**
 * `fetch` through a Unix socket; the host of the request's address is ignored. The body of the answer is a stream, so
 * server-sent events arrive as they are sent. Rejects when nobody answers there.
 */
export async function fetchOverSocket(socket: string, request: Request): Promise<Response> {
  const { pathname, search } = new URL(request.url);
  const isStreamed = request.headers.get('content-type') === 'text/csv';
  const body = request.body === null || isStreamed ? null : Buffer.from(await request.arrayBuffer());
  const { path, release } = reach(socket);
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    const call = httpRequest(
      {
        socketPath: path,
        path: `${pathname}${search}`,
        method: request.method,
        headers: {
          ...Object.fromEntries(request.headers),
          ...(body === null ? {} : { 'content-length': body.length }),
        },
        signal: request.signal,
        agent: false,
      },
      resolve,
    );
    call.on('error', reject);
    // A list is as long as it is: it goes as it comes, and its end is seen there. A server that refuses it early says why.
    if (isStreamed && request.body !== null) pipeline(Readable.fromWeb(request.body), call, () => undefined);
    else call.end(body ?? undefined);
  }).finally(release);
  const status = answer.statusCode ?? 0;
  const empty = status === 204 || status === 304 || request.method === 'HEAD';
  const headers = Object.entries(answer.headersDistinct).flatMap(([name, values]) =>
    (values ?? []).map((value): [string, string] => [name, value]),
  );
  return new Response(empty ? null : (Readable.toWeb(answer) as ReadableStream), { status, headers });
}

/** A name of the socket that the kernel takes, however deep its folder lies. */
function reach(socket: string): { path: string; release: () => void } {
  if (Buffer.byteLength(socket) <= longestSocketPath) return { path: socket, release: () => undefined };
  const folder = openSync(dirname(socket), 'r');
  return { path: join('/proc/self/fd', String(folder), basename(socket)), release: () => closeSync(folder) };
}
