/** A stand for the console in a real browser: the API, runs on a stand, and a run that a test can steer. */
import type { AddressInfo } from 'node:net';
import { openConsole } from '@breakwater/web';
import { advisoryRoutes } from '#advisory/routes';
import { evidenceRoutes } from '#evidence/routes';
import { guardRoutes } from '#guard/routes';
import { planRoutes } from '#plan/routes';
import { authRoutes } from '#platform/auth/routes';
import { systemClock } from '#platform/clock';
import { loadConfig } from '#platform/config';
import { consoleRoutes } from '#platform/console';
import { apiVersion, createHttp } from '#platform/http';
import { createLog, createMetrics } from '#platform/telemetry';
import type { TestDatabase } from '#platform/db/testing';
import type { Platform } from '#platform';
import { pullLever, type Runner } from '#runner';
import { runnerRoutes } from '#runner/routes';
import { institution } from './run-plan.testing.ts';
import { openStand, type Stand } from './run-stand.testing.ts';

/** The server’s token: a browser of a test sends it with every request. */
export const consoleToken = 'a-token-of-this-test';

export interface ConsoleStand {
  readonly stand: Stand;
  readonly runner: Runner;
  /** Address of the console. */
  readonly url: string;
  close(): Promise<void>;
}

export async function openConsoleStand(database: TestDatabase): Promise<ConsoleStand> {
  const built = await openConsole(() => undefined);
  const stand = await openStand(database.url);
  const config = { ...loadConfig({ root: stand.folder, env: {} }), institution };
  const platform = {
    config,
    db: database.db,
    databaseUrl: database.url,
    clock: systemClock,
    log: createLog('silent'),
    metrics: createMetrics(),
    jobs: {
      enqueue: async () => null,
      work: async () => undefined,
      schedule: async () => undefined,
      stop: async () => undefined,
    },
  } as Platform;
  const runner = stand.runner();
  const stopWork = await runner.work();
  const app = await createHttp({
    log: platform.log,
    metrics: platform.metrics,
    access: { token: consoleToken },
    bodyLimitBytes: 1_000_000,
    requestTimeoutSeconds: 10,
  });
  await app.register(
    async (versioned) => {
      for (const add of [authRoutes, planRoutes, advisoryRoutes, guardRoutes, evidenceRoutes]) add(versioned, platform);
      runnerRoutes(versioned, platform, runner);
    },
    { prefix: apiVersion },
  );
  consoleRoutes(app, built, (request, run, lever) => pullLever(runner, request, run, lever));
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  return {
    stand,
    runner,
    url: `http://127.0.0.1:${port}`,
    async close() {
      await stopWork();
      await app.close();
      await stand.close();
    },
  };
}
