import { join } from 'node:path';
import { formatTlsAddress } from '@breakwater/guardd';
import type { Platform } from '#platform';
import { containmentOf } from '#containment';
import { connect } from '#platform/db';
import { keepCredentials, type HostCredentials } from './credentials.ts';
import { readSeenHosts, type SeenHost } from './store.ts';
import { readCertificates, type KnownCertificate } from './store-trust.ts';
import { hostTransport } from './transport.ts';
import { openTrust, type Trust } from './trust.ts';
import { createGuard, type Guard } from './workflow.ts';

/** Journals are taken with rows locked: a server that is stopped meanwhile gives them up soon. */
const pool = { max: 3, name: 'breakwater guard', prepared: true, idleInTransactionMs: 1000 };

interface Composed {
  readonly guard: Guard;
  readonly trust: Trust;
  readonly hosts: HostCredentials;
}

const composed = new WeakMap<Platform, Composed>();

/** The guard of a process: one, with one set of connections, whoever asks. */
export function guardOf(platform: Platform): Guard {
  return compose(platform).guard;
}

/** Who is trusted between this server and hosts on other machines, and what its connections do about it. */
export function trustOf(platform: Platform): Pick<Composed, 'trust' | 'hosts'> {
  return compose(platform);
}

/** What hosts last said of themselves, without asking them. */
export function hostsSeen({ db, config }: Platform): Promise<SeenHost[]> {
  return readSeenHosts(db, config.institution);
}

/** The newest certificate of each server, host and lever that counts. */
export async function certificatesOf({ db, config, clock }: Platform): Promise<KnownCertificate[]> {
  const known = await readCertificates(db, config.institution, clock.now());
  const newest = new Map<string, KnownCertificate>();
  for (const one of known) {
    const key = `${one.role}/${one.name}`;
    if (one.revokedAt === null && !newest.has(key)) newest.set(key, one);
  }
  return [...newest.values()];
}

function compose(platform: Platform): Composed {
  const known = composed.get(platform);
  if (known !== undefined) return known;
  const { config, databaseUrl, log, clock } = platform;
  const { institution } = config;
  const db = connect(databaseUrl, {
    ...pool,
    onLost: (error) => log.warn({ error }, 'a database connection of the guard was lost'),
  });
  const folder = join(config.dataDir, 'hosts');
  const trust = openTrust(db, institution, folder, () => clock.now());
  const transport = hostTransport(addressesOf(config, folder));
  const remote = Object.keys(config.hosts).filter((host) => config.hosts[host]?.startsWith('tls:'));
  const hosts = keepCredentials(trust, transport, remote, log);
  const guard: Guard = {
    ...createGuard({ db, institution, transport, log, tests: containmentOf(platform) }),
    async end() {
      composed.delete(platform);
      await hosts.end();
      transport.close();
      await db.destroy();
    },
  };
  const made = { guard, trust, hosts };
  composed.set(platform, made);
  return made;
}

/** Where each host is found. A host on another machine is shown the credentials of this server. */
function addressesOf({ runDir, hosts }: Platform['config'], folder: string): Record<string, string> {
  const credentials = join(folder, 'server');
  const given = Object.entries(hosts).map(([name, at]): [string, string] => {
    if (!at.startsWith('tls:')) return [name, at];
    const { hostname, port } = new URL(at);
    return [name, formatTlsAddress({ host: hostname, port: Number(port), name, credentials })];
  });
  return { local: join(runDir, 'guardd', 'orchestrator.sock'), ...Object.fromEntries(given) };
}
