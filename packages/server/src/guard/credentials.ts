import type { Log } from '#platform/telemetry';
import { warnSparingly } from '#platform/telemetry';
import type { GuardTransport } from './transport.ts';
import type { Trust } from './trust.ts';

/** Certificates and revocations of hosts on other machines, kept up to date through their open connections. */
export interface HostCredentials {
  /** Tells every host at once what was revoked, and renews what is due; names the hosts that could not be told. */
  refresh(): Promise<{ untold: string[] }>;
  /** Gives a host a new key and certificate now. Rejects as the connection does. */
  rotate(host: string): Promise<void>;
  end(): Promise<void>;
}

/** A host that was away hears of a revocation within this time of its coming back. */
const everyMs = 60_000;

/** Begins at once, and goes on until `end`, where there are hosts on other machines. */
export function keepCredentials(
  trust: Trust,
  transport: GuardTransport,
  hosts: readonly string[],
  log: Log,
): HostCredentials {
  const warn = warnSparingly(log);

  async function refresh(): Promise<{ untold: string[] }> {
    if (hosts.length === 0) return { untold: [] };
    await trust.ownFolder();
    const told = hosts.map(async (host) => {
      try {
        if (!(await trust.refresh(host, await transport.reach(host)))) transport.drop(host);
        return [];
      } catch (error) {
        warn({ host, error }, 'the credentials of a host could not be renewed');
        return [host];
      }
    });
    return { untold: (await Promise.all(told)).flat() };
  }

  let under: Promise<unknown> = Promise.resolve();
  const again = (): void => {
    under = refresh().catch((error: unknown) => warn({ error }, 'the credentials of this server could not be renewed'));
  };
  if (hosts.length > 0) again();
  const timer = setInterval(again, everyMs);
  timer.unref();
  return {
    refresh,
    async rotate(host) {
      await trust.refresh(host, await transport.reach(host), true);
    },
    async end() {
      clearInterval(timer);
      await under;
    },
  };
}
