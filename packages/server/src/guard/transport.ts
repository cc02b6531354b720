import { connectGuardd, GuarddUnreachable, type GuarddClient } from '@breakwater/guardd';

export { GuarddRefused, GuarddUnreachable } from '@breakwater/guardd';

/** How the server reaches the guardd of a host: by its Unix socket, or by TLS on another machine. */
export interface GuardTransport {
  /** The connection to a host, made when there is none. Rejects with GuarddUnreachable or GuarddRefused. */
  reach(host: string): Promise<GuardConnection>;
  /** All hosts that it could reach. */
  hosts(): readonly string[];
  /** Where the thread that renews leases finds the host; null for a host that is not configured. */
  address(host: string): string | null;
  /** Ends the connection to a host, if there is one. */
  drop(host: string): void;
  close(): void;
}

/** What the guard asks of a host: see `GuarddClient`. */
export type GuardConnection = Pick<GuarddClient, 'host' | 'clockOffsetMs' | 'ask' | 'entries' | 'follow' | 'gone'>;

/** Reaches hosts at their address: the path of the orchestrator socket of their guardd, or one that `formatTlsAddress` wrote. */
export function hostTransport(addresses: Readonly<Record<string, string>>): GuardTransport {
  const connections = new Map<string, Promise<GuarddClient>>();
  const address = (host: string): string | null => (Object.hasOwn(addresses, host) ? (addresses[host] ?? null) : null);
  const end = (connection: Promise<GuarddClient>): void =>
    void connection.then(
      (client) => client.end(),
      () => undefined,
    );
  return {
    address,
    hosts: () => Object.keys(addresses),
    async reach(host) {
      const known = connections.get(host);
      if (known !== undefined) return known;
      const at = address(host);
      if (at === null)
        throw new GuarddUnreachable(
          `the execution host ${JSON.stringify(host)} is not configured: see the setting hosts`,
        );
      const connection = connectGuardd(at, { from: 'server' });
      connections.set(host, connection);
      const forget = (): void => void (connections.get(host) === connection && connections.delete(host));
      connection.then(({ gone }) => gone.then(forget), forget);
      return connection;
    },
    drop(host) {
      const connection = connections.get(host);
      if (connection !== undefined) end(connection);
      connections.delete(host);
    },
    close() {
      for (const connection of connections.values()) end(connection);
      connections.clear();
    },
  };
}
