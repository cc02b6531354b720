/**
 * A process that runs the log and is killed by its test: `node killed.testing.ts URL KEY CHECKPOINTS POINT`.
 *
 * It stops, with a line on standard output, at POINT: `kept` = the note is on disk outside, not yet in the database;
 * `unkept` = signed in memory only; `running` = never, it integrates and signs without end.
 */
import { systemClock } from '#platform/clock';
import { createLog } from '#platform/telemetry';
import { createEvidence } from './log.ts';
import { checkpointFolder } from './outside.ts';
import { keyFileSigner } from './signer.ts';

const [url = '', key = '', folder = '', point = ''] = process.argv.slice(2);
const outside = checkpointFolder(folder);
const forever = new Promise<void>(() => undefined);
const log = createEvidence({
  url,
  clock: systemClock,
  log: createLog('silent'),
  signer: keyFileSigner(key, 'bank.example/log'),
  batch: 16,
  outside: {
    read: (origin) => outside.read(origin),
    async keep(origin, size, note) {
      if (point !== 'unkept') await outside.keep(origin, size, note);
      if (point === 'running') return;
      process.stdout.write(`at ${point}\n`);
      await forever;
    },
  },
});
await log.open();
process.stdout.write('open\n');
for (;;) await log.flush().catch(() => undefined);
