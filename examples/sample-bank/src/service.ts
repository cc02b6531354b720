/**
 * One service of the bank as its own process. Started by the bank's supervisor only:
 * `service.ts SERVICE VERSION|isolated HOST BASE-PORT [standby]`, in the bank's folder.
 *
 * Says one JSON line on stdout when it listens; obeys one word a line on stdin (`listen`, `drain`, `resume`); ends when
 * stdin ends, so that no service outlives its supervisor. SIGTERM: no new requests, those in flight are finished.
 */
import { readFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { isServiceName, servicePorts, serviceUrls, type ServiceName } from './catalog.ts';
import { serveRoutes, type Answer, type Routes } from './http.ts';
import { readRelease, type Release } from './release.ts';
import { cardsRoutes } from './services/cards.ts';
import { channelRoutes } from './services/channel.ts';
import { loginRoutes } from './services/login.ts';
import { openArchive, statementRoutes } from './services/statement.ts';
import { transferRoutes } from './services/transfer.ts';

export type ServiceContext = {
  dir: string;
  /** Signs sessions and derives passwords. */
  secret: string;
  officeToken: string;
  urls: Record<ServiceName, string>;
  release: Release;
};

const routesOf: Record<ServiceName, (context: ServiceContext) => Routes> = {
  login: loginRoutes,
  transfer: transferRoutes,
  cards: cardsRoutes,
  statement: statementRoutes,
  channel: channelRoutes,
};

const outOfService = (state: 'drained' | 'isolated'): Answer => ({
  status: 503,
  body: { error: state },
  headers: { 'x-bank-state': state, 'retry-after': '5' },
});

const finishMs = 1500;
const portMs = 5000;

async function main([service, version, host, basePort, standby]: string[]): Promise<void> {
  if (service === undefined || !isServiceName(service) || version === undefined || host === undefined) {
    throw new Error('usage: service.ts SERVICE VERSION|isolated HOST BASE-PORT [standby]');
  }
  const dir = process.cwd();
  const port = Number(basePort) + servicePorts[service];
  let drained = false;
  let server: Server | null = null;

  const open = async (): Promise<Server> => {
    if (version === 'isolated') return serveRoutes({}, async () => outOfService('isolated'));
    const release = readRelease(dir, service, version);
    const secrets = JSON.parse(readFileSync('secrets.json', 'utf8')) as { session: string; office: string };
    const context = {
      dir,
      secret: secrets.session,
      officeToken: secrets.office,
      urls: serviceUrls(host, Number(basePort)),
      release,
    };
    const since = performance.now();
    const { behaviour } = release;
    const archive = behaviour.kind === 'one-at-a-time' ? openArchive(behaviour.questionMs) : null;
    return serveRoutes(routesOf[service](context), async (connection) => {
      await archive?.(connection);
      if (drained) return outOfService('drained');
      if (behaviour.kind === 'slow') await sleep(behaviour.delayMs);
      if (behaviour.kind === 'errors-after' && performance.now() - since > behaviour.afterMs) {
        return { status: 500, body: { error: 'internal' } };
      }
      return null;
    });
  };

  const listen = async (): Promise<void> => {
    const opened = await open();
    const deadline = performance.now() + portMs;
    while (!(await tryListen(opened, host, port))) {
      if (performance.now() > deadline) throw new Error(`port ${port} of ${host} stays taken`);
      await sleep(20);
    }
    server = opened;
    process.stdout.write('{"state":"listening"}\n');
  };

  const orders: Record<string, () => void | Promise<void>> = {
    listen,
    drain: () => void (drained = true),
    resume: () => void (drained = false),
  };
  const lines = createInterface({ input: process.stdin });
  lines.on('line', (word) => void orders[word]?.());
  lines.on('close', () => process.exit(0));
  process.on('SIGTERM', () => {
    if (server === null) process.exit(0);
    server.close(() => process.exit(0));
    server.closeIdleConnections();
    setTimeout(() => process.exit(0), finishMs).unref();
  });
  process.stdout.on('error', () => process.exit(0));

  if (standby === 'standby') process.stdout.write('{"state":"standby"}\n');
  else await listen();
}

function tryListen(server: Server, host: string, port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException): void =>
      error.code === 'EADDRINUSE' ? resolve(false) : reject(error);
    server.once('error', failed);
    server.listen(port, host, () => {
      server.off('error', failed);
      resolve(true);
    });
  });
}

if (import.meta.main) await main(process.argv.slice(2));
