/** One HTTP request held against what its answer must be, within a time by the monotonic clock. */
import { request as requestHttp, type IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import { canonicalJson } from '@breakwater/rules/evidence';
import type { HttpCall, HttpExpect } from '../guarded-plan.ts';

/**
 * What came of it. `met`: the answer is as expected. `unmet`: there was another answer. `failed`: the target gave none.
 * `unasked`: this host could not ask. `reason` is a short code without personal data.
 */
export interface HttpOutcome {
  readonly outcome: 'met' | 'unmet' | 'failed' | 'unasked';
  readonly reason: string | null;
  readonly body: Buffer;
}

export interface HttpOptions {
  readonly withinMs: number;
  readonly targets: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  readonly headers?: Readonly<Record<string, string>>;
}

const maxBodyBytes = 1024 * 1024;

/** Errors that say something of this host, not of the target. */
const ours: ReadonlySet<string> = new Set([
  'EMFILE',
  'ENFILE',
  'ENOMEM',
  'ENOBUFS',
  'EADDRNOTAVAIL',
  'ENETDOWN',
  'ENETUNREACH',
  'EAI_AGAIN',
  'EAI_SYSTEM',
  'ERR_INVALID_URL',
  'EACCES',
  'EPERM',
]);

/** Sends the request. Never rejects. Redirects are answers like any other. */
export async function callHttp(call: HttpCall, options: HttpOptions): Promise<HttpOutcome> {
  try {
    const { status, body } = await exchange(call, options);
    const reason = unmet(call.expect ?? {}, status, body);
    return { outcome: reason === null ? 'met' : 'unmet', reason, body };
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : 'failed';
    return { outcome: ours.has(reason) ? 'unasked' : 'failed', reason, body: Buffer.alloc(0) };
  }
}

/** The address on this host of an address in the plan. Throws TypeError for one that is no URL. */
export function targetOf(url: string, targets: Readonly<Record<string, string>>): URL {
  const asked = new URL(url);
  const instead = targets[asked.origin];
  return instead === undefined ? asked : new URL(`${asked.pathname}${asked.search}`, instead);
}

function exchange(call: HttpCall, options: HttpOptions): Promise<{ status: number; body: Buffer }> {
  return new Promise((resolve, reject) => {
    const url = targetOf(call.url, options.targets);
    const body = call.body === undefined ? null : Buffer.from(JSON.stringify(call.body));
    const request = (url.protocol === 'https:' ? requestHttps : requestHttp)(url, {
      method: call.method ?? 'GET',
      agent: false,
      headers: {
        ...(body === null ? {} : { 'content-type': 'application/json', 'content-length': body.length }),
        ...call.headers,
        ...options.headers,
      },
    });
    const stop = (code: string): void => {
      request.destroy(Object.assign(new Error(code), { code }));
    };
    const timer = setTimeout(() => stop('timeout'), options.withinMs);
    const cut = (): void => stop('cut');
    options.signal?.addEventListener('abort', cut);
    const settled = (): void => {
      clearTimeout(timer);
      options.signal?.removeEventListener('abort', cut);
    };
    request.once('error', (error) => {
      settled();
      reject(error);
    });
    request.once('response', (response) => {
      readBody(response).then(
        (read) => {
          settled();
          request.destroy();
          resolve({ status: response.statusCode ?? 0, body: read });
        },
        (error: unknown) => {
          settled();
          reject(error);
        },
      );
    });
    request.end(body);
    if (options.signal?.aborted === true) cut();
  });
}

async function readBody(response: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > maxBodyBytes) break;
  }
  return Buffer.concat(chunks).subarray(0, maxBodyBytes);
}

/** Which condition the answer breaks, as a short code; null = none. */
function unmet({ status, contains, json }: HttpExpect, got: number, body: Buffer): string | null {
  const statuses = status === undefined ? null : typeof status === 'number' ? [status] : status;
  if (statuses === null ? got < 200 || got > 299 : !statuses.includes(got)) return `http-${got}`;
  if (contains !== undefined && !body.includes(contains)) return 'body';
  if (json !== undefined && !holds(body, json)) return 'json';
  return null;
}

function holds(body: Buffer, { pointer, equals }: { pointer: string; equals: unknown }): boolean {
  const found = atPointer(parseJson(body), pointer);
  return found !== undefined && canonicalJson(found) === canonicalJson(equals);
}

/** The JSON document in the bytes; undefined when there is none. */
export function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}

/** The value at an RFC 6901 JSON Pointer; undefined when there is none. */
export function atPointer(document: unknown, pointer: string): unknown {
  if (pointer === '') return document;
  return pointer
    .slice(1)
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<unknown>(
      (inner, part) =>
        typeof inner === 'object' && inner !== null && Object.hasOwn(inner, part)
          ? Reflect.get(inner, part)
          : undefined,
      document,
    );
}
