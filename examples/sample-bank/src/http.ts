/** The little HTTP that the services need: JSON in, JSON out, exact paths, a cap on bodies. */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { Socket } from 'node:net';

export type Asked = { query: URLSearchParams; body: unknown; header: (name: string) => string | undefined };
export type Answer = { status: number; body: unknown; headers?: Record<string, string> };
/** Routes by `METHOD /path`. */
export type Routes = Record<string, (asked: Asked) => Answer | Promise<Answer>>;

const maxBodyBytes = 256 * 1024;

/** A server over `routes`; `before` may answer in their place (null = go on). */
export function serveRoutes(
  routes: Routes,
  before: (connection: Socket) => Promise<Answer | null> = async () => null,
): Server {
  return createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://bank');
    const route = routes[`${request.method} ${url.pathname}`];
    const header = (name: string): string | undefined => {
      const value = request.headers[name];
      return Array.isArray(value) ? value[0] : value;
    };
    const answer = async (): Promise<Answer> => {
      const early = await before(request.socket);
      if (early !== null) return early;
      if (route === undefined) return { status: 404, body: { error: 'not-found' } };
      const body = request.method === 'POST' ? await readJson(request) : null;
      return await route({ query: url.searchParams, body, header });
    };
    void answer()
      .catch((error: unknown): Answer =>
        error instanceof BadRequest
          ? { status: error.status, body: { error: error.message } }
          : { status: 500, body: { error: 'internal' } },
      )
      .then(({ status, body, headers }) => {
        if (response.destroyed) return;
        response.writeHead(status, { 'content-type': 'application/json', ...headers });
        response.end(JSON.stringify(body));
      });
  });
}

/** A request that the asker has to mend. */
export class BadRequest extends Error {
  readonly status: number;

  constructor(message: string, status = 400) {
    super(message);
    this.status = status;
  }
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBodyBytes) throw new BadRequest('body-too-large', 413);
    chunks.push(chunk);
  }
  if (size === 0) return null;
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    throw new BadRequest('body-not-json');
  }
}

/** A text field of a JSON body. */
export function textField(body: unknown, name: string): string {
  const value = typeof body === 'object' && body !== null ? (body as Record<string, unknown>)[name] : undefined;
  if (typeof value !== 'string' || value === '' || value.length > 200) throw new BadRequest(`${name}-missing`);
  return value;
}

/** A positive amount of won of a JSON body. */
export function wonField(body: unknown, name: string): number {
  const value = typeof body === 'object' && body !== null ? (body as Record<string, unknown>)[name] : undefined;
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value <= 0) throw new BadRequest(`${name}-not-won`);
  return value;
}
