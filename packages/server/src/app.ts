/**
 * The composition root: the one place that knows every domain. A domain is added by its line in the lists below.
 */
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import rateLimit from '@fastify/rate-limit';
import { BreakwaterError } from '@breakwater/rules';
import { openConsole, type Console } from '@breakwater/web';
import { sql } from 'kysely';
import { systemClock } from '#platform/clock';
import { loadConfig, type Config } from '#platform/config';
import { consoleRoutes } from '#platform/console';
import { connect, migrate, startEmbeddedPostgres, type EmbeddedPostgres } from '#platform/db';
import {
  answerStore,
  apiVersion,
  declaredRoutes,
  createHttp,
  healthRoutes,
  listenOnSocket,
  readyRoute,
  type DeclaredRoute,
  type Http,
  type ReadinessCheck,
} from '#platform/http';
import { noJobs, startJobs, type Jobs, type Queue } from '#platform/jobs';
import { catchTheRest, createLog, createMetrics, startTracing, type Log } from '#platform/telemetry';
import { measureServer } from './measures.ts';
import { deliverWebhook, webhookWorker } from '#platform/webhook';
import { webhookRoutes } from '#platform/webhook/routes';
import { identifyCallers } from '#platform/auth';
import { authRoutes } from '#platform/auth/routes';
import { advisoryWorker, matchComponents, pollFeeds, rematch } from '#advisory';
import { advisoryRoutes } from '#advisory/routes';
import { containmentRoutes } from '#containment/routes';
import { criteriaRoutes } from '#criteria/routes';
import { evidenceReadiness, evidenceWorker } from '#evidence';
import { evidenceRoutes } from '#evidence/routes';
import { guardOf } from '#guard';
import { guardRoutes } from '#guard/routes';
import type { MatchNew } from '#inventory';
import { inventoryRoutes } from '#inventory/routes';
import { noticeOf, noticeQueues, noticeWorker } from '#notice';
import { noticeRoutes, noticeSite } from '#notice/routes';
import { verifyPatches } from '#plan';
import { planRoutes } from '#plan/routes';
import { claimForm, reliefRoutes } from '#relief/routes';
import { reliefQueues, reliefWorker } from '#relief';
import { reassessmentOf } from '#review';
import { reviewRoutes } from '#review/routes';
import { pullLever, runnerOf, type Runner } from '#runner';
import { runnerRoutes } from '#runner/routes';
import type { Platform, Stop, Worker } from '#platform';
import { runsInSight } from './runs-in-sight.ts';
import { forgetAddress, keepAddress, serverToken } from './address.ts';

export { configDocs, loadConfig, withoutSecrets, type Config, type SettingDoc } from '#platform/config';
export { serverAddress, type ServerAddress } from './address.ts';

type Routes = (app: Http, platform: Platform) => void;

/** The API, role `api`. */
const routes: readonly Routes[] = [
  authRoutes,
  webhookRoutes,
  (app, platform) => inventoryRoutes(app, platform, matchNew(platform)),
  advisoryRoutes,
  planRoutes,
  guardRoutes,
  (app, platform) => runnerRoutes(app, platform, runnerWithNotices(platform)),
  (app, platform) => containmentRoutes(app, platform, (run) => holdForPolicy(platform, run)),
  evidenceRoutes,
  noticeRoutes,
  reliefRoutes,
  criteriaRoutes,
  reviewRoutes,
];

/** The public site, role `api`: no access control; what is published, and the form in which consumers report a loss. */
const siteRoutes: readonly Routes[] = [noticeSite, claimForm];

/** Background work, role `worker`. */
const workers: readonly Worker[] = [
  evidenceWorker,
  webhookWorker,
  noticeWorker((platform) => runsInSight(runnerWithNotices(platform), platform.clock.now().getTime())),
  advisoryWorker,
  reliefWorker(reassessmentOf),
  (platform) => runnerWithNotices(platform).work(),
];

/** Queues of every domain. */
const queues: readonly Queue<object>[] = [...noticeQueues, ...reliefQueues, deliverWebhook, pollFeeds, rematch];

/** What else must hold for `/readyz`, besides the database. */
const readiness: readonly ((platform: Platform) => ReadinessCheck)[] = [evidenceReadiness];

/** The runner of a process with the notices that its start gate asks for. */
function runnerWithNotices(platform: Platform): Runner {
  return runnerOf(platform, (plan) => noticeOf(platform).noticesForPlan(plan));
}

/** Matches what an import brought that nobody had before, and asks it about executed patches, in the import's own commit. */
function matchNew({ config: { institution } }: Platform): MatchNew {
  return async (tx, { asset, added }, at) => {
    const matches = await matchComponents(tx, institution, added, at);
    await verifyPatches(tx, institution, { asset }, at);
    return matches.added;
  };
}

/** Holds a run because the company's policy says so; why is told to nobody here. */
async function holdForPolicy(platform: Platform, run: string): Promise<void> {
  await guardOf(platform).stop(run, 'hold', 'policy');
}

/** What a process does. Any number of processes with any roles share one PostgreSQL. */
export type Role = 'api' | 'worker' | 'hub';

/** A server that runs in this process. */
export type RunningServer = {
  /** Address of the API over TCP and of the public site; null without role `api`. */
  apiUrl: string | null;
  siteUrl: string | null;
  /** Unix socket of the API; null without role `api`. */
  socket: string | null;
  /** How the embedded PostgreSQL runs, or null for one at `database.url`. */
  embedded: EmbeddedPostgres['how'] | null;
  /** A secret. */
  databaseUrl: string;
  /** Ends requests, jobs and workers, for at most `shutdownSeconds`, then the connections and the embedded PostgreSQL. */
  stop: Stop;
};

export type StartOptions = {
  /** Told in a line what start is doing, for a person who waits. Default: nobody. */
  progress?: (line: string) => void;
};

/**
 * Starts a server with `roles`: the database (embedded without `database.url`), migrations, background work, API, site.
 * Throws BreakwaterError when it cannot start; whatever had started is stopped again.
 */
export async function startServer(
  config: Config,
  roles: readonly Role[],
  options: StartOptions = {},
): Promise<RunningServer> {
  if (roles.includes('hub')) {
    throw new BreakwaterError('role.hub', 'this version has no hub: use the roles api and worker', 'role');
  }
  const log = createLog(config.log.level);
  const started: Stop[] = [];
  const stop: Stop = async () => {
    for (const end of started.splice(0).toReversed()) {
      await end().catch((error: unknown) => log.error({ error }, 'stopping failed'));
    }
  };
  try {
    const running = await start(config, roles, log, started, options.progress ?? (() => undefined));
    log.info({ roles, api: running.apiUrl, site: running.siteUrl }, 'server started');
    return { ...running, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** For a process that is a server and nothing else: a fault that nobody caught is logged, and ends it with 1. */
export function endOnFaults(config: Config): void {
  catchTheRest(createLog(config.log.level));
}

/** Every route of the API with what it does, without starting anything. */
export async function apiRoutes(): Promise<readonly DeclaredRoute[]> {
  return describeApi(declaredRoutes);
}

/** The OpenAPI document of the API, without starting anything. */
export async function openApi(): Promise<object> {
  return describeApi((app) => app.swagger());
}

async function describeApi<T>(describe: (app: Http) => T): Promise<T> {
  const config = loadConfig({ root: '/', env: {} });
  const app = await buildApi(platformOf(config, createLog('silent'), 'postgres://nobody@/none', noJobs), 'none', null);
  await app.ready();
  const described = describe(app);
  await app.close();
  return described;
}

async function start(
  config: Config,
  roles: readonly Role[],
  log: Log,
  started: Stop[],
  progress: (line: string) => void,
): Promise<Omit<RunningServer, 'stop'>> {
  const { endpoint, share } = config.tracing;
  if (endpoint !== undefined) started.push(await startTracing(endpoint, share, version()));
  progress('database');
  const { url, how } = await openDatabase(config, log, started);
  const owner = connect(url, { role: 'owner', max: 2 });
  try {
    const applied = await migrate(owner);
    if (applied.length > 0) log.info({ applied }, 'database brought up to date');
  } finally {
    await owner.destroy();
  }
  const opened = roles.includes('api') && config.http.console ? openedConsole(log, progress) : null;
  progress('background work');
  const jobs = await startJobs({ url, queues, log, concurrency: config.jobs.concurrency });
  started.push(() => jobs.stop(config.shutdownSeconds));
  const platform = platformOf(config, log, url, jobs);
  started.push(() => platform.db.destroy());
  started.push(() => runnerWithNotices(platform).close());
  if (roles.includes('worker')) {
    for (const worker of workers) started.push(await worker(platform));
  }
  const addresses = { apiUrl: null, siteUrl: null, socket: null };
  if (!roles.includes('api')) return { ...addresses, embedded: how, databaseUrl: url };
  progress('API');
  return {
    ...(await serve(platform, opened === null ? undefined : await opened, started)),
    embedded: how,
    databaseUrl: url,
  };
}

async function openDatabase(
  config: Config,
  log: Log,
  started: Stop[],
): Promise<{ url: string; how: EmbeddedPostgres['how'] | null }> {
  if (config.database.url !== undefined) return { url: config.database.url, how: null };
  const server = await startEmbeddedPostgres({
    dataDir: join(config.dataDir, 'postgres'),
    log: (line) => log.warn({ component: 'postgres' }, line),
  });
  started.push(() => server.stop());
  return { url: server.url, how: server.how };
}

/** The console, built beside everything else that starts. Without it the API runs, and the log says why. */
function openedConsole(log: Log, progress: (line: string) => void): Promise<Console | null> {
  const opened = openConsole(() => progress('console (built once)'));
  return opened.catch((error: unknown) => {
    log.error({ error }, 'there is no console');
    return null;
  });
}

async function serve(
  platform: Platform,
  built: Console | null | undefined,
  started: Stop[],
): Promise<{ apiUrl: string; siteUrl: string; socket: string }> {
  const { config } = platform;
  const token = await serverToken(config.runDir);
  const api = await buildApi(platform, token, built);
  started.push(() => closeWithin(api, config.shutdownSeconds));
  const socket = join(config.runDir, 'api.sock');
  await listenOnSocket(api, socket);
  const site = await buildSite(platform);
  started.push(() => closeWithin(site, config.shutdownSeconds));
  const apiUrl = await listenOnTcp(api, config.http, 'http');
  const siteUrl = await listenOnTcp(site, config.site, 'site');
  await keepAddress(config.runDir, { socket, apiUrl, siteUrl, pid: process.pid });
  started.push(() => forgetAddress(config.runDir));
  return { apiUrl, siteUrl, socket };
}

async function buildApi(platform: Platform, token: string, built?: Console | null): Promise<Http> {
  const { config, log, metrics } = platform;
  const app = await createHttp({
    log,
    metrics,
    access: { token, identify: identifyCallers(platform), publicUrl: config.http.publicUrl },
    ...config.http,
    answers: answerStore(platform.db, config.institution),
    openapi: {
      title: 'Breakwater',
      version: version(),
      description: 'Plan, rehearse, announce, guard, recover and prove.',
    },
  });
  const checks = [databaseCheck(platform), ...readiness.map((check) => check(platform))];
  measureServer(app, platform);
  healthRoutes(app, checks, metrics);
  await app.register(
    async (versioned) => {
      versioned.get('/openapi.json', { config: { action: 'read' }, schema: { hide: true } }, async () => app.swagger());
      readyRoute(versioned, checks);
      for (const add of routes) add(versioned, platform);
    },
    { prefix: apiVersion },
  );
  if (built !== undefined) {
    const runner = runnerWithNotices(platform);
    consoleRoutes(app, built, (request, run, lever) => pullLever(runner, request, run, lever));
  }
  return app;
}

async function buildSite(platform: Platform): Promise<Http> {
  const { config, log } = platform;
  // Metrics of the site are those of its own registry: the names are the same, and nobody scrapes a public site.
  const metrics = createMetrics();
  const app = await createHttp({
    log,
    metrics,
    access: 'public',
    ...config.http,
    trustedProxies: config.site.trustedProxies,
  });
  await app.register(rateLimit, { max: 600, timeWindow: '1 minute' });
  for (const add of siteRoutes) add(app, platform);
  return app;
}

async function listenOnTcp(app: Http, at: { host: string; port: number }, key: string): Promise<string> {
  try {
    await app.listen({ host: at.host, port: at.port });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new BreakwaterError(
      'http.listen',
      `cannot listen on ${at.host}:${at.port} (${code ?? 'failed'}): set ${key}.port to another, or 0 for any`,
      `${key}.port`,
    );
  }
  const { address, port, family } = app.server.address() as AddressInfo;
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}

async function closeWithin(app: Http, seconds: number): Promise<void> {
  const cut = setTimeout(() => app.server.closeAllConnections(), seconds * 1000);
  try {
    await app.close();
  } finally {
    clearTimeout(cut);
  }
}

function databaseCheck({ db }: Platform): ReadinessCheck {
  return {
    id: 'database',
    async check() {
      await sql`select 1`.execute(db);
      return null;
    },
  };
}

function platformOf(config: Config, log: Log, databaseUrl: string, jobs: Jobs): Platform {
  const db = connect(databaseUrl, {
    max: config.database.poolSize,
    onLost: (error) => log.warn({ error }, 'a database connection was lost'),
  });
  return { config, log, metrics: createMetrics(), clock: systemClock, db, databaseUrl, jobs };
}

function version(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
