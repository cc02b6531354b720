/** The scope of a test as it is rehearsed: what stands in for its targets on this host, and nothing else. */
import { BlockList, isIP } from 'node:net';
import type { Scope, ScopeTarget } from '@breakwater/rules/containment';

/**
 * The scope with each target replaced by the stand-ins of the origins that it allows; its caps, its names that still stand for
 * something and its never-list stay. Its window lasts as long, from `now` on. Null when nothing stands in for any target: a
 * rehearsal never touches what it rehearses for.
 *
 * `standIns`: origins of the plan (`http://10.77.0.2:8081`) and those that stand in for them here.
 */
export function standInScope(scope: Scope, standIns: Readonly<Record<string, string>>, now: number): Scope | null {
  const targets = Object.entries(standIns).flatMap(([planned, here]) => {
    const from = placeOf(planned, scope);
    const to = placeOf(here, scope);
    if (from === null || to === null || !scope.targets.some((target) => allows(target, from))) return [];
    return [{ cidr: `${to.address}/${isIP(to.address) === 6 ? 128 : 32}`, ports: [`tcp/${to.port}`] }];
  });
  if (targets.length === 0) return null;
  const lasts = Date.parse(scope.window.end) - Date.parse(scope.window.start);
  return {
    ...scope,
    targets,
    window: { start: new Date(now).toISOString(), end: new Date(now + lasts).toISOString() },
  };
}

interface Place {
  readonly address: string;
  readonly port: number;
}

const defaultPorts: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443 };

/** Address and port of an origin; a name is what the scope pinned it to. */
function placeOf(origin: string, { names }: Scope): Place | null {
  const { hostname, port, protocol } = new URL(origin);
  const bare = hostname.replace(/^\[|\]$/g, '');
  const address = isIP(bare) === 0 ? names?.find(({ name }) => name === bare)?.address : bare;
  const number = port === '' ? defaultPorts[protocol] : Number(port);
  return address === undefined || number === undefined ? null : { address, port: number };
}

function allows({ cidr, ports }: ScopeTarget, { address, port }: Place): boolean {
  const [network = '', prefix = ''] = cidr.split('/');
  const family = isIP(network) === 6 ? 'ipv6' : 'ipv4';
  const list = new BlockList();
  list.addSubnet(network, Number(prefix), family);
  if ((isIP(address) === 6 ? 'ipv6' : 'ipv4') !== family || !list.check(address, family)) return false;
  return ports.some((text) => {
    const [, low, high = low] = /^tcp\/(\d+)(?:-(\d+))?$/.exec(text) ?? [];
    return low !== undefined && Number(low) <= port && port <= Number(high);
  });
}
