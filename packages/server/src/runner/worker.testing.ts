/** A worker in a process of its own, to be killed and stopped by tests: `node worker.testing.ts CONFIG-JSON`. */
import { readFileSync } from 'node:fs';
import type { SentNotice } from '@breakwater/rules/plan';
import { createGuard, unixTransport } from '#guard';
import { connect } from '#platform/db';
import { createLog } from '#platform/telemetry';
import { createRunner } from './runner.ts';
import { company, institution, type WorkerConfig } from './stand.testing.ts';

const { url, sockets, noticesFile } = JSON.parse(process.argv[2] ?? '') as WorkerConfig;
const log = createLog(process.env['BREAKWATER_TEST_LOG'] === undefined ? 'silent' : 'debug');
const db = connect(url, { max: 4, prepared: true });
const runner = createRunner({
  ...{ db, url, institution, company, log },
  guard: createGuard({ db, institution, log, transport: unixTransport(sockets) }),
  now: () => new Date(),
  noticesOf: async (plan) => (JSON.parse(readFileSync(noticesFile, 'utf8')) as Record<string, SentNotice[]>)[plan] ?? [],
});
const stop = await runner.work();
process.stdout.write('ready\n');
process.on('SIGTERM', () => {
  void stop().then(() => process.exit(0));
});
