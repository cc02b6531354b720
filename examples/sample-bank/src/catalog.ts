/** The bank's services and where each listens, as an offset from the bank's base port. */
export const servicePorts = { login: 0, transfer: 1, cards: 2, statement: 3, channel: 10 } as const;

export type ServiceName = keyof typeof servicePorts;

export const serviceNames = Object.keys(servicePorts) as ServiceName[];

/** Ports a bank takes from its base port on. */
export const portSpan = 11;

export function isServiceName(word: string): word is ServiceName {
  return Object.hasOwn(servicePorts, word);
}

/** Base addresses of all services, without a slash at the end. */
export function serviceUrls(host: string, basePort: number): Record<ServiceName, string> {
  const url = (service: ServiceName): string => `http://${host}:${basePort + servicePorts[service]}`;
  return {
    login: url('login'),
    transfer: url('transfer'),
    cards: url('cards'),
    statement: url('statement'),
    channel: url('channel'),
  };
}
