import { join } from 'node:path';
import type { Platform } from '#platform';
import { unixTransport } from './transport.ts';
import { createGuard, type Guard } from './workflow.ts';

const guards = new WeakMap<Platform, Guard>();

/** The guard of a process: one, with one set of connections, whoever asks. */
export function guardOf(platform: Platform): Guard {
  const known = guards.get(platform);
  if (known !== undefined) return known;
  const { config, db, log } = platform;
  const sockets = { local: join(config.runDir, 'guardd', 'orchestrator.sock'), ...config.hosts };
  const guard = createGuard({ db, institution: config.institution, transport: unixTransport(sockets), log });
  guards.set(platform, guard);
  return guard;
}
