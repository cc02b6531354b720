/** Where the canary must not get to. */
import { networkRange, overlaps, type Scope } from '@breakwater/rules/containment';

/** Networks for documentation (RFC 5737): nobody is there. */
const nowhere = ['198.51.100.1', '203.0.113.1', '192.0.2.1'];
const reserved = '240.0.0.1';
const discardPort = 9;

/** A destination that the scope does not allow. */
export function outsideOf({ targets }: Scope): { readonly address: string; readonly port: number } {
  const free = nowhere.find(
    (address) => !targets.some(({ cidr }) => overlaps(networkRange(cidr), networkRange(`${address}/32`))),
  );
  return { address: free ?? reserved, port: discardPort };
}
