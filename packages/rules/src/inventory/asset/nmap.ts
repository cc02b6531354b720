/** Assets and their open ports from nmap's XML. */
import { treeReader, type TagReader, type XmlElement } from '../../xml.ts';
import {
  assetRecord,
  emptySnapshot,
  type AssetRecord,
  type InventorySnapshot,
  type ListenerRecord,
} from '../snapshot.ts';

/** Most elements of one report. */
const mostElements = 5_000_000;

/**
 * Reads a report. A host that is up is an asset by its address; `assetOf` gives the id of one that is known under it. A port counts
 * when it is open; what is filtered or closed does not.
 */
export function nmapInventoryReader(assetOf: (address: string) => string | null): TagReader<InventorySnapshot> {
  const tree = treeReader(['nmaprun'], mostElements);
  return { ...tree, end: () => snapshotOf(tree.end(), assetOf) };
}

const children = (element: XmlElement | undefined, name: string): readonly XmlElement[] =>
  element?.children.filter((one) => one.name === name) ?? [];

function snapshotOf(root: XmlElement, assetOf: (address: string) => string | null): InventorySnapshot {
  const assets: AssetRecord[] = [];
  const listeners: ListenerRecord[] = [];
  const notes: string[] = [];
  for (const host of children(root, 'host')) {
    if (children(host, 'status')[0]?.attributes['state'] === 'down') continue;
    const addresses = children(host, 'address').flatMap(({ attributes }) =>
      attributes['addrtype'] === 'mac' || attributes['addr'] === undefined ? [] : [attributes['addr']],
    );
    const [first] = addresses;
    if (first === undefined) continue;
    const known = addresses.map(assetOf).find((id) => id !== null) ?? null;
    const name = children(children(host, 'hostnames')[0], 'hostname')[0]?.attributes['name'] ?? null;
    const parsed = assetRecord.safeParse({ id: known ?? first, name, addresses });
    if (!parsed.success) {
      notes.push('a host without a usable address was passed over');
      continue;
    }
    if (known === null) assets.push(parsed.data);
    listeners.push(...portsOf(host, first, parsed.data.id));
  }
  return { ...emptySnapshot, format: 'nmap', subject: null, assets, listeners, notes };
}

function portsOf(host: XmlElement, address: string, asset: string): ListenerRecord[] {
  return children(children(host, 'ports')[0], 'port').flatMap((port) => {
    const { protocol, portid } = port.attributes;
    const number = Number(portid);
    if (children(port, 'state')[0]?.attributes['state'] !== 'open') return [];
    if ((protocol !== 'tcp' && protocol !== 'udp' && protocol !== 'sctp') || !Number.isInteger(number)) return [];
    const service = children(port, 'service')[0]?.attributes ?? {};
    const { name = null, product = null, version = null } = service as Record<string, string | undefined>;
    return [{ address, protocol, port: number, service: name, product, version, asset }];
  });
}
