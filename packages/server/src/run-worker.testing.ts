/**
 * A worker in a process of its own, to be killed and stopped by tests: `node run-worker.testing.ts CONFIG-JSON`. It says `ready`
 * when it may claim runs; with `waits` it begins only when its standard input says so. With a fault it does that to itself
 * when it has appended an event.
 */
import { once } from 'node:events';
import type { KyselyPlugin } from 'kysely';
import { connect } from '#platform/db';
import { createLog } from '#platform/telemetry';
import { standRunner, type WorkerConfig, type WorkerFault } from './run-stand.testing.ts';

const { url, sockets, noticesFile, fault, waits } = JSON.parse(process.argv[2] ?? '') as WorkerConfig;

/** Long enough for a commit that follows at once, short enough to be before anything else. */
const afterCommitMs = 2;

/** Strikes when the event of its number was appended: in the middle of the transaction, or after its commit. */
function faulty({ event, when, signal }: WorkerFault): KyselyPlugin {
  const strike = (): void => void process.kill(process.pid, signal);
  return {
    transformQuery: ({ node }) => node,
    async transformResult({ result }) {
      const seqs = result.rows.flatMap((row) => (Array.isArray(row['seqs']) ? (row['seqs'] as unknown[]) : []));
      if (seqs.includes(event)) {
        if (when === 'at') strike();
        else setTimeout(strike, afterCommitMs);
      }
      return result;
    },
  };
}

const log = createLog(process.env['BREAKWATER_TEST_LOG'] === undefined ? 'silent' : 'debug');
const pool = connect(url, { max: 4, prepared: true, idleInTransactionMs: 1000 });
const db = fault === undefined ? pool : pool.withPlugin(faulty(fault));
const runner = standRunner({ db, url, log, sockets, noticesFile });
if (waits === true) {
  process.stdout.write('waiting\n');
  await once(process.stdin, 'data');
}
const stop = await runner.work();
process.stdout.write('ready\n');
process.on('SIGTERM', () => {
  void stop().then(() => process.exit(0));
});
