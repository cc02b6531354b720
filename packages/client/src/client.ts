import createFetchClient, { type Client as FetchClient } from 'openapi-fetch';
import type { components, paths } from './generated/api.ts';

/** Shapes of the API by their names. */
export type Schemas = components['schemas'];

/** A typed client: `client.GET('/readyz')`. Answers that are no success are thrown as ServerError. */
export type Client = FetchClient<paths>;

/**
 * The server answered, and not with success. `status` 409 with a code `refused.…` is a no; other 4xx are bad input;
 * 5xx mean that it could not be done. `body` is the whole answer.
 */
export class ServerError extends Error {
  readonly status: number;
  readonly code: string;
  readonly path: string;
  readonly body: unknown;
  /** The message in Korean, where there is one. */
  readonly ko: string | null;
  /** Short form of the request's id: a person quotes it, the log has the cause under it. Null: the answer had none. */
  readonly reference: string | null;

  constructor(
    status: number,
    code: string,
    message: string,
    path: string,
    body: unknown,
    more: { ko?: string | null; requestId?: string | null } = {},
  ) {
    super(message);
    this.name = 'ServerError';
    this.status = status;
    this.code = code;
    this.path = path;
    this.body = body;
    this.ko = more.ko ?? null;
    this.reference = more.requestId?.slice(-8).toUpperCase() ?? null;
  }

  /** What it says, in the language of the reader where the server gave it. */
  say(language: 'ko' | 'en'): string {
    return language === 'ko' && this.ko !== null ? this.ko : this.message;
  }
}

/** What the addresses of the API begin with. */
export const apiVersion = '/v1';

/** A client whose calls go through `call`. Nothing is sent until a call. */
export function clientThrough(baseUrl: string, call: (request: Request) => Promise<Response>): Client {
  const client = createFetchClient<paths>({ baseUrl: `${baseUrl}${apiVersion}`, fetch: call });
  client.use({
    async onResponse({ response }) {
      if (!response.ok) throw await serverError(response);
    },
  });
  return client;
}

/** What an answer that is no success says. */
export async function serverError(response: Response): Promise<ServerError> {
  const body: unknown = await response.json().catch(() => null);
  const problem = (body ?? {}) as Partial<Record<'code' | 'detail' | 'path' | 'ko', unknown>>;
  const text = (value: unknown, otherwise: string): string => (typeof value === 'string' ? value : otherwise);
  const detail = text(problem.detail, `the server answered ${response.status}`);
  return new ServerError(response.status, text(problem.code, 'server.answer'), detail, text(problem.path, ''), body, {
    ko: typeof problem.ko === 'string' ? problem.ko : null,
    requestId: response.headers.get('x-request-id'),
  });
}
