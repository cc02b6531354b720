/** Signs of life for the sentinel, and a new sentinel when the old one is gone or stopped. */
import { write } from 'node:fs';
import { beatMs, byeWord, processState, startSentinel, type SentinelOptions } from '../sentinel.ts';
import type { Log } from '../log.ts';

export interface Beats {
  /** Tells the sentinel that the run is over, or ends one that is stopped; resolves when that is done. */
  bye(): Promise<void>;
}

const standardOutput = 1;
/** The sentinel is looked at this often, in beats. */
const lookEvery = 5;

/** Beats on standard output, where the sentinel `pid` reads, until `bye`. */
export function startBeating(pid: number, sentinel: Omit<SentinelOptions, 'adopt' | 'because'>, log: Log): Beats {
  let watchedBy = pid;
  let say = (line: string, done: () => void): void => write(standardOutput, line, () => done());
  let beats = 0;
  const beat = setInterval(() => {
    say('\n', () => undefined);
    if (++beats % lookEvery === 0) look();
  }, beatMs);
  say('\n', () => undefined);

  function look(): void {
    const state = processState(watchedBy);
    if (state === 'alive') return;
    log('sentinel-replaced', { pid: watchedBy, state });
    if (state === 'stopped') kill(watchedBy);
    try {
      const started = startSentinel({ ...sentinel, because: 'replaced', adopt: process.pid });
      watchedBy = started.pid;
      started.beats?.on('error', () => undefined);
      say = (line, done) => void started.beats?.write(line, () => done());
    } catch (error) {
      log('sentinel-missing', { message: error instanceof Error ? error.message : String(error) });
    }
  }

  return {
    async bye() {
      clearInterval(beat);
      if (processState(watchedBy) === 'stopped') return kill(watchedBy);
      await new Promise<void>((resolve) => {
        setTimeout(resolve, beatMs);
        say(`${byeWord}\n`, resolve);
      });
    },
  };
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself.
  }
}
