/** What the bank is made of, as it says itself: services, their modules and machines, and a bill of materials of what runs. */
import { serviceNames, type ServiceName } from './catalog.ts';
import { readRelease } from './release.ts';

/** The machine that a service of the sample bank runs on, as its inventory calls it. */
export const assetOf = (service: ServiceName): string => `${service}-01`;

const names: Readonly<Record<ServiceName, string>> = {
  login: '로그인',
  transfer: '이체',
  cards: '카드 결제',
  statement: '거래내역 조회',
  channel: '채널',
};

/** `breakwater.inventory/1`. */
export function bankInventory(): object {
  return {
    schema: 'breakwater.inventory/1',
    services: serviceNames.map((id) => ({ id, name: names[id], owner: `team-${id}`, criticality: 'high' })),
    modules: serviceNames.map((service) => ({ id: `${service}-api`, service, owner: `team-${service}` })),
    assets: serviceNames.map((service) => ({
      id: assetOf(service),
      kind: 'server',
      zone: 'service',
      owner: `team-${service}`,
      criticality: 'high',
      internetFacing: service === 'channel',
      modules: [`${service}-api`],
    })),
  };
}

/** A bill of materials in CycloneDX 1.6 of the release of a service that runs now. */
export function sbomOf(dir: string, service: ServiceName, version: string): object {
  const { components } = readRelease(dir, service, version);
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: {
      component: { type: 'application', 'bom-ref': service, name: `hanbit-${service}`, version },
    },
    components: components.map(({ name, version: own }) => ({
      type: 'library',
      'bom-ref': `${name}@${own}`,
      name,
      version: own,
      purl: `pkg:generic/${name}@${own}`,
    })),
  };
}
