import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Config } from '#platform/config';

/**
 * Browsers keep a `__Host-` cookie only when it is Secure, and take a Secure one over TLS only (some also from
 * localhost). Over plain HTTP, which is for loopback alone, the cookie has another name and no Secure.
 */
function cookieName(config: Config): string {
  return isSecure(config) ? '__Host-breakwater' : 'breakwater-loopback';
}

function isSecure({ http }: Config): boolean {
  return http.publicUrl?.startsWith('https://') === true;
}

/** The secret that the browser sent, or null. */
export function cookieOf(request: FastifyRequest, config: Config): string | null {
  const name = `${cookieName(config)}=`;
  const pairs = (request.headers.cookie ?? '').slice(0, 4096).split(/; ?/);
  return pairs.find((pair) => pair.startsWith(name))?.slice(name.length) ?? null;
}

/** Gives the browser its secret: no script reads it, and no other site's page sends it. */
export function setCookie(reply: FastifyReply, config: Config, secret: string, expiresAt: Date): void {
  void reply.header('set-cookie', line(config, secret, `Expires=${expiresAt.toUTCString()}`));
}

/** Takes it away again. */
export function clearCookie(reply: FastifyReply, config: Config): void {
  void reply.header('set-cookie', line(config, '', 'Max-Age=0'));
}

function line(config: Config, value: string, life: string): string {
  const parts = [`${cookieName(config)}=${value}`, 'Path=/', 'HttpOnly', 'SameSite=Strict', life];
  return [...parts, ...(isSecure(config) ? ['Secure'] : [])].join('; ');
}
