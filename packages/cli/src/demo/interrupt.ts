/** Ctrl-C, a polite kill, a closed terminal and a closed pipe end the demo and everything it started. */
import { constants } from 'node:os';
import type { Teller } from './tell.ts';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * From now on the first of the signals runs `stop` and then ends the process with 128 + the signal's number. Later ones
 * change nothing: what was started is being taken down already. A reader of stderr that has gone (`demo 2>&1 | head`)
 * counts as SIGPIPE: nobody sees the story any more.
 *
 * `orEndOf` gives what `work` gives, and no more than silence once interrupted: acts then fail because their ground goes.
 */
export function onInterrupt(teller: Teller, stop: () => Promise<void>): { orEndOf<T>(work: Promise<T>): Promise<T> } {
  let interrupted = false;
  const end = (signal: NodeJS.Signals): void => {
    if (interrupted) return;
    interrupted = true;
    teller.live({ ko: '', en: '' });
    teller.say({ ko: '중단하고 정리합니다.', en: 'interrupted: everything is taken down' });
    teller.end();
    void stop().finally(() => process.exit(128 + constants.signals[signal]));
  };
  const readerIsGone = (): void => end('SIGPIPE');
  for (const signal of signals) process.on(signal, end);
  process.stderr.on('error', readerIsGone);
  return {
    async orEndOf(work) {
      try {
        return await work;
      } finally {
        if (interrupted) await new Promise(() => undefined);
        for (const signal of signals) process.removeListener(signal, end);
        process.stderr.removeListener('error', readerIsGone);
      }
    },
  };
}
