import { BreakwaterError } from '@breakwater/rules';
import type { FastifyRequest } from 'fastify';
import { isLocal } from './listen.ts';

const safeMethods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Refuses what a page of another site makes a browser send: browsers say where a change comes from in `Origin` and
 * `Sec-Fetch-Site`, and a cookie of ours without either did not come from one that we know how to protect.
 * Throws BreakwaterError `origin.forbidden`.
 */
export function requireOwnOrigin(request: FastifyRequest, publicUrl: string | undefined): void {
  if (isLocal(request) || safeMethods.has(request.method)) return;
  const { origin, host = '', cookie } = request.headers;
  const site = request.headers['sec-fetch-site'];
  const isOwn = origin === undefined || origin === (publicUrl ?? `http://${host}`);
  const isNear = site === undefined || site === 'same-origin' || (site === 'none' && origin === undefined);
  const isKnown = cookie === undefined || origin !== undefined || site !== undefined;
  if (isOwn && isNear && isKnown) return;
  throw new BreakwaterError(
    'origin.forbidden',
    publicUrl === undefined
      ? 'changes are taken from pages of this server only: behind a proxy, set http.publicUrl'
      : `changes are taken from pages of ${publicUrl} only`,
  );
}
