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
  return read(request, cookieName(config));
}

/** Gives the browser its secret: no script reads it, and no other site's page sends it. */
export function setCookie(reply: FastifyReply, config: Config, secret: string, expiresAt: Date): void {
  write(reply, config, cookieName(config), `${secret}; SameSite=Strict; Expires=${expiresAt.toUTCString()}`);
}

/** Takes it away again. */
export function clearCookie(reply: FastifyReply, config: Config): void {
  write(reply, config, cookieName(config), '; SameSite=Strict; Max-Age=0');
}

const stateName = (config: Config): string =>
  isSecure(config) ? '__Host-breakwater-state' : 'breakwater-loopback-state';

/** What ties an answer of the identity provider to this browser. Lax: the answer comes by a link from the provider's page. */
export function setStateCookie(reply: FastifyReply, config: Config, state: string): void {
  write(reply, config, stateName(config), `${state}; SameSite=Lax; Max-Age=600`);
}

export function stateCookieOf(request: FastifyRequest, config: Config): string | null {
  return read(request, stateName(config));
}

export function clearStateCookie(reply: FastifyReply, config: Config): void {
  write(reply, config, stateName(config), '; SameSite=Lax; Max-Age=0');
}

function read(request: FastifyRequest, name: string): string | null {
  const pairs = (request.headers.cookie ?? '').slice(0, 4096).split(/; ?/);
  return pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1) ?? null;
}

/** Adds one cookie to the answer; Fastify keeps several of this header. */
function write(reply: FastifyReply, config: Config, name: string, valueAndLife: string): void {
  void reply.header('set-cookie', `${name}=${valueAndLife}; Path=/; HttpOnly${isSecure(config) ? '; Secure' : ''}`);
}
