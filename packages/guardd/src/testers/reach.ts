/** The scope as a question that a tester asks before each network action, answered in words. The gate asks it again, of the packet. */
import {
  closedBy,
  decideHttp,
  type Closed,
  type HttpRefusal,
  type Scope,
  type Transport,
} from '@breakwater/rules/containment';
import { isIP } from 'node:net';

/** An answer with its reason, for a model, an agent or a person. */
export type Reach = { readonly allowed: true } | { readonly allowed: false; readonly reason: string };
/** The same with the address to go to: nothing is resolved any more. */
export type Approval = { readonly allowed: true; readonly address: string } | Extract<Reach, { allowed: false }>;

const closedWords: Readonly<Record<Closed, string>> = {
  'not-an-address': 'it is no address',
  'built-in': 'this address is never touched, whatever the scope says',
  never: 'the scope says that this address is never touched',
  address: 'the address is outside the scope',
  port: 'the port is outside the scope',
};
const notPinned = 'this is no address, and no name that was pinned when the scope was signed';

/** Whether one address and port may be touched. `port` is null where there is none. */
export function reach(scope: Scope, address: string, port: number | null, protocol: Transport): Reach {
  const closed = closedBy(scope, address, port, protocol);
  return closed === null ? { allowed: true } : { allowed: false, reason: closedWords[closed] };
}

/**
 * The address that a host stands for: itself, or what its name was pinned to when the scope was signed. null = neither: no name
 * server is asked, so that nobody can move a name after the signing.
 */
export function addressOf({ names = [] }: Scope, host: string): string | null {
  const bare = host.replace(/^\[(.*)\]$/, '$1').toLowerCase();
  if (isIP(bare) !== 0) return bare;
  return names.find(({ name }) => name === bare.replace(/\.$/, ''))?.address ?? null;
}

/** Whether a host and port may be touched. With `port` null it is asked of the address alone, on any port. */
export function approveHost(scope: Scope, host: string, port: number | null): Approval {
  const address = addressOf(scope, host);
  if (address === null) return { allowed: false, reason: notPinned };
  const closed = closedBy(scope, address, port, 'tcp');
  return closed === null || (port === null && closed === 'port')
    ? { allowed: true, address }
    : { allowed: false, reason: closedWords[closed] };
}

/** Whether one request may be made: the rule of the gate's own proxy, asked before. */
export function approveHttp(scope: Scope, url: URL | null, method: string): Approval {
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:'))
    return { allowed: false, reason: 'it is no http or https URL' };
  if (url.username !== '' || url.password !== '')
    return { allowed: false, reason: 'a URL with credentials is never sent' };
  const authority = `${url.hostname}:${portOfUrl(url)}`;
  const decision = decideHttp(scope, {
    method,
    target: `${url.pathname}${url.search}`,
    host: url.host,
    tunnel: url.protocol === 'https:' ? { scheme: 'https', authority } : null,
  });
  return decision.allowed
    ? { allowed: true, address: decision.address }
    : { allowed: false, reason: wordsOfRefusal(decision.refusal) };
}

export function portOfUrl({ port, protocol }: URL): number {
  if (port !== '') return Number(port);
  return protocol === 'https:' ? 443 : 80;
}

function wordsOfRefusal(refusal: HttpRefusal): string {
  switch (refusal.reason) {
    case 'method':
      return `the scope does not allow ${refusal.method}`;
    case 'malformed':
    case 'host-differs':
      return 'it is no request that can be read in one way only';
    case 'name-not-pinned':
      return notPinned;
    case 'closed':
      return closedWords[refusal.by];
    case 'path-unreadable':
      return 'the path can be read in too many ways';
    case 'path-denied':
      return 'the scope denies this path';
    case 'path-not-allowed':
      return 'the scope does not allow this path';
  }
}
