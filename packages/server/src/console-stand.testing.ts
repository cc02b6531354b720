/** A stand for the console in a real browser: every route that its pages ask, runs on a stand, persons who sign in. */
import { request as ask } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { openConsole } from '@breakwater/web';
import { advisoryRoutes } from '#advisory/routes';
import { criteriaRoutes } from '#criteria/routes';
import { evidenceLog } from '#evidence';
import { evidenceRoutes } from '#evidence/routes';
import { guardRoutes } from '#guard/routes';
import { planRoutes } from '#plan/routes';
import { identifyCallers } from '#platform/auth';
import { authRoutes } from '#platform/auth/routes';
import { systemClock } from '#platform/clock';
import { loadConfig } from '#platform/config';
import { consoleRoutes } from '#platform/console';
import { apiVersion, createHttp, listenOnSocket } from '#platform/http';
import { createLog, createMetrics } from '#platform/telemetry';
import { noJobs } from '#platform/jobs';
import type { TestDatabase } from '#platform/db/testing';
import type { Platform } from '#platform';
import { reviewRoutes } from '#review/routes';
import { pullLever, type Runner } from '#runner';
import { runnerRoutes } from '#runner/routes';
import { institution } from './run-plan.testing.ts';
import { openStand, type Stand } from './run-stand.testing.ts';

export interface ConsoleStand {
  readonly stand: Stand;
  readonly runner: Runner;
  /** Address of the console; `localhost`, because a browser gives a passkey to no bare address. */
  readonly url: string;
  /** Calls the API as the administrator of the machine; rejects for any answer but 2xx. */
  call(method: 'GET' | 'POST', path: string, body?: object): Promise<Record<string, unknown>>;
  /** Puts everything that was written into the log under a checkpoint. */
  seal(): Promise<void>;
  close(): Promise<void>;
}

export async function openConsoleStand(database: TestDatabase): Promise<ConsoleStand> {
  const [built, stand] = await Promise.all([openConsole(() => undefined), openStand(database.url)]);
  const config = { ...loadConfig({ root: stand.folder, env: {} }), institution };
  const platform: Platform = {
    config,
    db: database.db,
    databaseUrl: database.url,
    clock: systemClock,
    log: createLog('silent'),
    metrics: createMetrics(),
    jobs: noJobs,
  };
  const runner = stand.runner();
  const stopWork = await runner.work();
  const evidence = evidenceLog(platform);
  await evidence.open();
  const app = await createHttp({
    log: platform.log,
    metrics: platform.metrics,
    access: { token: 'none that is used', identify: identifyCallers(platform) },
    bodyLimitBytes: 1_000_000,
    requestTimeoutSeconds: 20,
  });
  await app.register(
    async (versioned) => {
      for (const add of [
        authRoutes,
        planRoutes,
        advisoryRoutes,
        guardRoutes,
        evidenceRoutes,
        criteriaRoutes,
        reviewRoutes,
      ]) {
        add(versioned, platform);
      }
      runnerRoutes(versioned, platform, runner);
    },
    { prefix: apiVersion },
  );
  consoleRoutes(app, built, (request, run, lever) => pullLever(runner, request, run, lever));
  const socketPath = join(stand.folder, 'api.sock');
  await listenOnSocket(app, socketPath);
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  return {
    stand,
    runner,
    url: `http://localhost:${port}`,
    call: (method, path, body) => callSocket(socketPath, method, `${apiVersion}${path}`, body),
    async seal() {
      await evidence.flush();
    },
    async close() {
      await stopWork();
      app.server.closeAllConnections();
      await app.close();
      await evidence.close();
      await stand.close();
    },
  };
}

function callSocket(socketPath: string, method: string, path: string, body?: object): Promise<Record<string, unknown>> {
  return new Promise((resolve, reject) => {
    const headers = body === undefined ? {} : { 'content-type': 'application/json' };
    const sent = ask({ socketPath, method, path, headers }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('end', () => {
        if ((response.statusCode ?? 500) < 300) resolve(JSON.parse(text) as Record<string, unknown>);
        else reject(new Error(`${method} ${path}: ${response.statusCode} ${text.slice(0, 500)}`));
      });
    });
    sent.on('error', reject);
    sent.end(body === undefined ? undefined : JSON.stringify(body));
  });
}
