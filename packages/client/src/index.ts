import createFetchClient, { type Client as FetchClient } from 'openapi-fetch';
import type { components, paths } from './generated/api.ts';

export type { Json } from './generated/api.ts';
import { fetchOverSocket } from './socket.ts';

/** What the addresses of the API begin with. */
const apiVersion = '/v1';

/** Shapes of the API by their names. */
export type Schemas = components['schemas'];

/** A typed client: `client.GET('/readyz')`. Answers that are no success are thrown as ServerError. */
export type Client = FetchClient<paths>;

/** Where the server is: its Unix socket, or its address with the token of its run folder. */
export type Server = { socket: string } | { url: string; token: string };

/**
 * The server answered, and not with success. `status` 409 with a code `refused.…` is a no; other 4xx are bad input;
 * 5xx mean that it could not be done. `body` is the whole answer.
 */
export class ServerError extends Error {
  readonly status: number;
  readonly code: string;
  readonly path: string;
  readonly body: unknown;

  constructor(status: number, code: string, message: string, path: string, body: unknown) {
    super(message);
    this.name = 'ServerError';
    this.status = status;
    this.code = code;
    this.path = path;
    this.body = body;
  }
}

/** No server answered. */
export class ServerAway extends Error {
  constructor(server: Server, cause: unknown) {
    super(`no server answers at ${'socket' in server ? server.socket : server.url}`, { cause });
    this.name = 'ServerAway';
  }
}

/** Makes a client of the server. Nothing is sent until a call. */
export function createClient(server: Server): Client {
  const client = createFetchClient<paths>({
    baseUrl: `${'socket' in server ? 'http://localhost' : server.url}${apiVersion}`,
    fetch: (request) => call(server, request),
  });
  client.use({
    async onResponse({ response }) {
      if (!response.ok) throw await serverError(response);
    },
  });
  return client;
}

async function call(server: Server, request: Request): Promise<Response> {
  try {
    if ('socket' in server) return await fetchOverSocket(server.socket, request);
    request.headers.set('authorization', `Bearer ${server.token}`);
    return await fetch(request);
  } catch (error) {
    if (request.signal.aborted) throw error;
    throw new ServerAway(server, error);
  }
}

async function serverError(response: Response): Promise<ServerError> {
  const body: unknown = await response.json().catch(() => null);
  const problem = (body ?? {}) as Partial<Record<'code' | 'detail' | 'path', unknown>>;
  const text = (value: unknown, otherwise: string): string => (typeof value === 'string' ? value : otherwise);
  const detail = text(problem.detail, `the server answered ${response.status}`);
  return new ServerError(response.status, text(problem.code, 'server.answer'), detail, text(problem.path, ''), body);
}
