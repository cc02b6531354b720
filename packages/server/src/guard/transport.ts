import { connectGuardd, GuarddUnreachable, type GuarddClient } from '@breakwater/guardd';

export { GuarddRefused, GuarddUnreachable } from '@breakwater/guardd';

/** How the server reaches the guardd of a host. Unix sockets now; another transport gives the same connection. */
export interface GuardTransport {
  /** The connection to a host, made when there is none. Rejects with GuarddUnreachable or GuarddRefused. */
  reach(host: string): Promise<GuardConnection>;
  /** All hosts that it could reach. */
  hosts(): readonly string[];
  /** Where the thread that renews leases finds the host; null for a host that is not configured. */
  address(host: string): string | null;
  close(): void;
}

/** What the guard asks of a host: see `GuarddClient`. */
export type GuardConnection = Pick<GuarddClient, 'host' | 'clockOffsetMs' | 'ask' | 'entries' | 'follow' | 'gone'>;

/** Reaches hosts by the orchestrator socket of their guardd: `sockets` maps a host to the socket's path. */
export function unixTransport(sockets: Readonly<Record<string, string>>): GuardTransport {
  const connections = new Map<string, Promise<GuarddClient>>();
  const address = (host: string): string | null => (Object.hasOwn(sockets, host) ? (sockets[host] ?? null) : null);
  return {
    address,
    hosts: () => Object.keys(sockets),
    async reach(host) {
      const known = connections.get(host);
      if (known !== undefined) return known;
      const socket = address(host);
      if (socket === null)
        throw new GuarddUnreachable(
          `the execution host ${JSON.stringify(host)} is not configured: see the setting hosts`,
        );
      const connection = connectGuardd(socket, { from: 'server' });
      connections.set(host, connection);
      const forget = (): void => void (connections.get(host) === connection && connections.delete(host));
      connection.then(({ gone }) => gone.then(forget), forget);
      return connection;
    },
    close() {
      for (const connection of connections.values())
        void connection.then(
          (client) => client.end(),
          () => undefined,
        );
      connections.clear();
    },
  };
}
