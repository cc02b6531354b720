/** The model, reached over the broker's socket: the cage has neither a route to it nor its key. */
import { request } from 'node:http';
import { createAnthropic } from '@ai-sdk/anthropic';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import type { LanguageModel } from 'ai';
import type { InsideOrder } from '../inside.ts';

/** Of one answer of the model. */
const maxAnswerBytes = 16 * 1024 * 1024;
/** The broker puts the real one in its place. */
const noKey = 'held-by-the-broker';

/** What was exchanged with the model so far, and whether more may be. */
export interface Exchanged {
  /** Counts bytes; throws {@link BudgetSpent} when there are too many. */
  count(bytes: number): void;
}

export class BudgetSpent extends Error {
  override readonly name = 'BudgetSpent';
}

type Order = InsideOrder['model'];

/** Providers by the name in a plan; every other is reached as an OpenAI-compatible endpoint. */
const providers: Readonly<Record<string, (name: string, fetch: typeof globalThis.fetch) => LanguageModel>> = {
  anthropic: (name, fetch) => createAnthropic({ apiKey: noKey, baseURL: 'http://model/v1', fetch })(name),
  'openai-compatible': (name, fetch) =>
    createOpenAICompatible({ name: 'broker', baseURL: 'http://model/v1', fetch }).chatModel(name),
};

/** The model of an order. */
export function modelOf({ provider, name, socket }: Order, exchanged: Exchanged): LanguageModel {
  const known = Object.hasOwn(providers, provider) ? providers[provider] : providers['openai-compatible'];
  if (known === undefined) throw new TypeError('no provider');
  return known(name, socketFetch(socket, exchanged));
}

/** `fetch` over a Unix socket, for whole bodies of text. */
function socketFetch(socketPath: string, exchanged: Exchanged): typeof globalThis.fetch {
  return async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    const body = typeof init?.body === 'string' ? init.body : '';
    exchanged.count(Buffer.byteLength(body));
    return new Promise((resolve, reject) => {
      const sent = request(
        {
          socketPath,
          method: init?.method ?? 'GET',
          path: `${url.pathname}${url.search}`,
          headers: { ...Object.fromEntries(new Headers(init?.headers)), host: 'model' },
          ...(init?.signal ? { signal: init.signal } : {}),
        },
        (answer) => {
          const parts: Buffer[] = [];
          let size = 0;
          answer.on('data', (chunk: Buffer) => {
            parts.push(chunk);
            size += chunk.length;
            try {
              exchanged.count(chunk.length);
              if (size > maxAnswerBytes) throw new BudgetSpent('an answer is too long');
            } catch (error) {
              sent.destroy();
              reject(error);
            }
          });
          answer.on('error', reject);
          answer.on('end', () => resolve(responseOf(answer.statusCode ?? 500, answer.headers, Buffer.concat(parts))));
        },
      );
      sent.on('error', reject);
      sent.end(body);
    });
  };
}

function responseOf(
  status: number,
  headers: Readonly<Record<string, string | string[] | undefined>>,
  body: Buffer,
): Response {
  const told = new Headers();
  for (const [name, value] of Object.entries(headers)) if (value !== undefined) told.set(name, String(value));
  const hasBody = status >= 200 && status !== 204 && status !== 304;
  return new Response(hasBody ? new Uint8Array(body) : null, { status: Math.max(200, status), headers: told });
}
