/**
 * What the intercepting proxy at the gate lets through of HTTP: one pure decision about one request. A redirect is not
 * followed by the proxy: the tool asks again, and what it asks is judged as any other request.
 */
import { addressText, addressValue } from './network.ts';
import { beginsLike, isUnder, readingsOf } from './http-path.ts';
import { closedBy, type Closed } from './reach.ts';
import type { HttpScope, Scope } from './scope.ts';

/** Allowed where a scope names no methods: those that ask and change nothing. */
export const defaultMethods: readonly string[] = ['GET', 'HEAD', 'OPTIONS'];

const longestTarget = 8192;

export interface HttpRequest {
  readonly method: string;
  /** The target of the request line as it came: `/path?query`, `http://host/path`, `*`, or `host:port` of CONNECT. */
  readonly target: string;
  /** The Host header; null when there is none. */
  readonly host: string | null;
  /** Where the tunnel leads that the request came through, after CONNECT; null outside a tunnel. */
  readonly tunnel: { readonly scheme: 'http' | 'https'; readonly authority: string } | null;
}

/** Why a request is refused, with what it was decided on. */
export type HttpRefusal =
  | { readonly reason: 'method'; readonly method: string; readonly allowed: readonly string[] }
  | { readonly reason: 'malformed'; readonly part: 'target' | 'host' | 'scheme' }
  | { readonly reason: 'host-differs'; readonly target: string; readonly host: string }
  | { readonly reason: 'name-not-pinned'; readonly name: string }
  | { readonly reason: 'closed'; readonly host: string; readonly port: number; readonly by: Closed }
  | { readonly reason: 'path-unreadable'; readonly path: string }
  | { readonly reason: 'path-denied'; readonly path: string; readonly reading: string; readonly by: string }
  | { readonly reason: 'path-not-allowed'; readonly path: string; readonly reading: string };

export type HttpDecision =
  | {
      readonly allowed: true;
      readonly scheme: 'http' | 'https';
      readonly host: string;
      /** The address to connect to: the pinned one of the name. No name server is asked. */
      readonly address: string;
      readonly port: number;
      /** Path and query to send, byte for byte as they were judged; `host:port` of a tunnel. */
      readonly target: string;
      /** Put on the request in place of every header of that name. */
      readonly mark: { readonly name: string; readonly value: string } | null;
      /** The login that this is an attempt at, to be counted for its account; null when it is none. */
      readonly login: Login | null;
    }
  | { readonly allowed: false; readonly refusal: HttpRefusal };

type Login = NonNullable<HttpScope['logins']>[number];

/** Judges one request by the scope: where it leads, its method, and its path in every reading that a server may have of it. */
export function decideHttp(scope: Scope, request: HttpRequest): HttpDecision {
  const where = placeOf(request);
  if ('reason' in where) return refuse(where);
  const { scheme, authority, path, target } = where;
  const destination = destinationOf(scope, authority);
  if ('reason' in destination) return refuse(destination);
  const rule = scope.http ?? {};
  if (request.method !== 'CONNECT') {
    const refusal = methodRefusal(rule, request.method) ?? pathRefusal(rule, path);
    if (refusal !== null) return refuse(refusal);
  }
  const login = loginOf(rule, request.method, path, target);
  return { allowed: true, scheme, ...destination, target, mark: rule.mark ?? null, login };
}

const refuse = (refusal: HttpRefusal): HttpDecision => ({ allowed: false, refusal });

interface Authority {
  readonly host: string;
  readonly port: number;
}

interface Place {
  readonly scheme: 'http' | 'https';
  readonly authority: Authority;
  /** Without its query; `*` of the whole server, `` of a tunnel. */
  readonly path: string;
  readonly target: string;
}

/** Where the request leads, if all that says so says the same. */
function placeOf({ method, target, host, tunnel }: HttpRequest): Place | HttpRefusal {
  if (!/^[\x21-\x7e]+$/.test(target) || target.includes('#') || target.length > longestTarget)
    return { reason: 'malformed', part: 'target' };
  if (method === 'CONNECT') {
    const authority = tunnel === null ? authorityOf(target, null) : null;
    if (authority === null) return { reason: 'malformed', part: 'target' };
    return agreed({ scheme: 'https', authority, path: '', target }, host, 443);
  }
  const absolute = /^([a-z][a-z0-9+.-]*):\/\/([^/?]*)(.*)$/i.exec(target);
  if (absolute !== null) {
    const [, name = '', hostPort = '', rest = ''] = absolute;
    const scheme = name.toLowerCase();
    if (scheme !== 'http' && scheme !== 'https') return { reason: 'malformed', part: 'scheme' };
    const authority = authorityOf(hostPort, portOf(scheme));
    if (authority === null) return { reason: 'malformed', part: 'target' };
    if (tunnel !== null && (tunnel.scheme !== scheme || !isSame(authorityOf(tunnel.authority, null), authority)))
      return { reason: 'host-differs', target: tunnel.authority, host: hostPort };
    const inside = rest.startsWith('/') ? rest : `/${rest}`;
    return agreed({ scheme, authority, path: pathOf(inside), target: inside }, host, portOf(scheme));
  }
  if (!target.startsWith('/') && !(target === '*' && method === 'OPTIONS'))
    return { reason: 'malformed', part: 'target' };
  const scheme = tunnel?.scheme ?? 'http';
  const authority =
    tunnel === null ? authorityOf(host ?? '', portOf(scheme)) : authorityOf(tunnel.authority, portOf(scheme));
  if (authority === null) return { reason: 'malformed', part: tunnel === null ? 'host' : 'target' };
  return agreed({ scheme, authority, path: pathOf(target), target }, host, portOf(scheme));
}

/** The place, unless the Host header names another one: a server behind a front would follow the header. */
function agreed(place: Place, host: string | null, port: number): Place | HttpRefusal {
  if (host === null) return place;
  const named = authorityOf(host, port);
  if (named === null) return { reason: 'malformed', part: 'host' };
  const { authority } = place;
  if (isSame(named, authority)) return place;
  return { reason: 'host-differs', target: `${authority.host}:${authority.port}`, host };
}

const portOf = (scheme: 'http' | 'https'): number => (scheme === 'https' ? 443 : 80);
const pathOf = (target: string): string => target.replace(/\?.*$/, '');

function isSame(one: Authority | null, other: Authority): boolean {
  return one !== null && one.host === other.host && one.port === other.port;
}

/** `host:port` in one form, without a user; null when it is none. `port` = what it is when left out; null = it must be given. */
function authorityOf(text: string, port: number | null): Authority | null {
  const match = /^(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9.-]{1,254}))(?::([0-9]{1,5}))?$/.exec(text);
  if (match === null) return null;
  const [, bracketed, plain = '', digits] = match;
  const number = digits === undefined ? port : Number(digits);
  if (number === null || number < 1 || number > 65_535) return null;
  const host = bracketed ?? plain.toLowerCase().replace(/\.$/, '');
  const value = addressValue(host);
  if (value !== null) return { host: addressText(value), port: number };
  // A name whose last label is a number, such as 2130706433 or 0x7f.1, is an address to some clients and a name to others.
  const last = host.split('.').at(-1) ?? '';
  return bracketed !== undefined || host === '' || /^(?:\d+|0x[0-9a-f]*)$/.test(last) ? null : { host, port: number };
}

/** The address behind a host, if the scope opens it: a literal one, or one that was pinned at the signing. */
function destinationOf(
  scope: Scope,
  { host, port }: Authority,
): { readonly host: string; readonly address: string; readonly port: number } | HttpRefusal {
  const pinned =
    addressValue(host) === null
      ? (scope.names ?? []).filter(({ name }) => name === host).map(({ address }) => address)
      : [host];
  if (pinned.length === 0) return { reason: 'name-not-pinned', name: host };
  let by: Closed | null = null;
  for (const address of pinned) {
    const closed = closedBy(scope, address, port, 'tcp');
    if (closed === null) return { host, address, port };
    by ??= closed;
  }
  return { reason: 'closed', host, port, by: by ?? 'address' };
}

function methodRefusal({ methods }: HttpScope, method: string): HttpRefusal | null {
  const allowed = methods ?? defaultMethods;
  return allowed.includes(method) ? null : { reason: 'method', method, allowed };
}

/** A request that asks for a page of a login and names no account is no attempt at it. */
function loginOf({ logins = [] }: HttpScope, method: string, path: string, target: string): Login | null {
  if (logins.length === 0) return null;
  const readings = readingsOf(path) ?? [path];
  const queries = readingsOf(`/${target.slice(path.length)}`) ?? [target];
  const names = (field: string): boolean =>
    queries.some((query) => query.toLowerCase().includes(`${field.toLowerCase()}=`));
  return (
    logins.find(
      (login) =>
        readings.some((reading) => beginsLike(reading, login.path)) &&
        (!defaultMethods.includes(method) || names(login.account)),
    ) ?? null
  );
}

/** `deny` wins when any reading begins like one of its prefixes; `allow` needs every reading under one of its own. */
function pathRefusal({ paths }: HttpScope, path: string): HttpRefusal | null {
  const { allow, deny = [] } = paths ?? {};
  if (path === '*' || (allow === undefined && deny.length === 0)) return null;
  const readings = readingsOf(path);
  if (readings === null) return { reason: 'path-unreadable', path };
  for (const reading of readings) {
    const by = deny.find((prefix) => beginsLike(reading, prefix));
    if (by !== undefined) return { reason: 'path-denied', path, reading, by };
  }
  const strayed = allow && readings.find((reading) => !allow.some((prefix) => isUnder(reading, prefix)));
  return strayed === undefined ? null : { reason: 'path-not-allowed', path, reading: strayed };
}
