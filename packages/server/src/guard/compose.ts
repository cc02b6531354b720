import { join } from 'node:path';
import type { Platform } from '#platform';
import { containmentOf } from '#containment';
import { connect } from '#platform/db';
import { unixTransport } from './transport.ts';
import { createGuard, type Guard } from './workflow.ts';

/** Journals are taken with rows locked: a server that is stopped meanwhile gives them up soon. */
const pool = { max: 3, name: 'breakwater guard', prepared: true, idleInTransactionMs: 1000 };

const guards = new WeakMap<Platform, Guard>();

/** The guard of a process: one, with one set of connections, whoever asks. */
export function guardOf(platform: Platform): Guard {
  const known = guards.get(platform);
  if (known !== undefined) return known;
  const { config, databaseUrl, log } = platform;
  const db = connect(databaseUrl, {
    ...pool,
    onLost: (error) => log.warn({ error }, 'a database connection of the guard was lost'),
  });
  const sockets = { local: join(config.runDir, 'guardd', 'orchestrator.sock'), ...config.hosts };
  const transport = unixTransport(sockets);
  const containment = containmentOf(platform);
  const guard: Guard = {
    ...createGuard({ db, institution: config.institution, transport, log, tests: containment }),
    async end() {
      guards.delete(platform);
      transport.close();
      await db.destroy();
    },
  };
  guards.set(platform, guard);
  return guard;
}
