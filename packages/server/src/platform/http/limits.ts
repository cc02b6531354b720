import { BreakwaterError } from '@breakwater/rules';
import { stopping } from '@breakwater/rules/authority';
import rateLimit from '@fastify/rate-limit';
import type { FastifyRequest } from 'fastify';
import type { Http } from './http.ts';
import { isLocal } from './listen.ts';
import { nameOf } from './permissions.ts';

/**
 * Limits how often one caller may ask in a minute; routes may have a smaller limit of their own. The Unix socket has none,
 * and what stops has none: a lever that is pulled in panic is not too often.
 */
export async function addLimits(app: Http, perMinute: number): Promise<void> {
  await app.register(rateLimit, {
    max: perMinute,
    timeWindow: 60_000,
    cache: 10_000,
    keyGenerator: ({ actor, ip }: FastifyRequest) => (actor === null ? ip : nameOf(actor)),
    allowList: (request: FastifyRequest) => isLocal(request) || isLever(request),
    errorResponseBuilder: (_request, { after }) =>
      new BreakwaterError('request.too-many', `too many requests: try again in ${after}`),
  });
}

function isLever({ routeOptions }: FastifyRequest): boolean {
  const { action } = routeOptions.config;
  return action !== undefined && stopping.includes(action);
}
