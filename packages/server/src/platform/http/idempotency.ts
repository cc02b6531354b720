import { BreakwaterError } from '@breakwater/rules';
import { stopping } from '@breakwater/rules/authority';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AnswerStore, IdempotentRequest } from './answer-store.ts';
import type { Http } from './http.ts';
import { actorOf, nameOf } from './permissions.ts';

const begun = new WeakMap<FastifyRequest, IdempotentRequest>();
/** A longer answer is not kept: its request is carried out again. */
const longestKept = 1024 * 1024;

/**
 * A change with the header `Idempotency-Key` is carried out once: sent again by the same caller within 24 hours it gets the
 * answer that was given. Refused are the same key with another request (`idempotency.conflict`) and while the first is
 * under way (`idempotency.in-use`). What failed by our own fault may be tried again.
 */
export function addIdempotency(app: Http, store: AnswerStore): void {
  app.addHook('preHandler', async (request, reply) => {
    const key = keyOf(request);
    if (key === null) return;
    const content = JSON.stringify([request.method, request.url, request.body ?? null]);
    const asked = { caller: nameOf(actorOf(request)), key, content };
    const earlier = await store.begin(asked);
    if (earlier === 'none') {
      begun.set(request, asked);
      return;
    }
    if (earlier === 'another-request') {
      throw new BreakwaterError(
        'idempotency.conflict',
        'this Idempotency-Key was used for another request',
        '/headers',
      );
    }
    if (earlier === 'not-over') {
      throw new BreakwaterError('idempotency.in-use', 'the request with this Idempotency-Key is under way', '/headers');
    }
    return reply
      .code(earlier.status)
      .header('idempotent-replayed', 'true')
      .type(earlier.mediaType)
      .serializer((body: string) => body)
      .send(earlier.body);
  });
  app.addHook('onSend', async (request, reply, payload) => {
    const asked = begun.get(request);
    if (asked === undefined) return payload;
    begun.delete(request);
    await keep(store, asked, reply, payload);
    return payload;
  });
}

async function keep(
  store: AnswerStore,
  asked: IdempotentRequest,
  reply: FastifyReply,
  payload: unknown,
): Promise<void> {
  if (reply.statusCode >= 500 || typeof payload !== 'string' || payload.length > longestKept) {
    return store.forget(asked);
  }
  const mediaType = String(reply.getHeader('content-type') ?? 'application/json');
  await store.finish(asked, { status: reply.statusCode, mediaType, body: payload });
}

/**
 * The key of a change that may be answered from what was kept; null for all other requests. Pulling a lever twice is
 * pulling it, and it waits for no database.
 */
function keyOf(request: FastifyRequest): string | null {
  const key = request.headers['idempotency-key'];
  const { secret, open, action } = request.routeOptions.config;
  if (key === undefined || request.method === 'GET' || request.method === 'HEAD') return null;
  if (secret === true || open === true || action === undefined || stopping.includes(action)) return null;
  if (typeof key === 'string' && /^[\x21-\x7e]{8,128}$/.test(key)) return key;
  throw new BreakwaterError('idempotency.key', 'an Idempotency-Key has 8 to 128 visible ASCII characters', '/headers');
}
