/** The owner's side of the gate process. */
import { spawn } from 'node:child_process';
import { entryCommand, lightEnvironment } from '../../entry.ts';
import { formatLine, parseLine, readLines } from '../../lines.ts';
import type { GateDuty, GateNews, GateOrder } from './gate-process.ts';
import { enter } from './network.ts';

export interface GateKeeper {
  say(order: GateOrder): void;
  end(): Promise<void>;
}

const startWithinMs = 10_000;

/** Starts the gate process; resolves when the lease is held and the canary is answered. `onLost` is called once, with the silence in ms. */
export function keepGate(gate: string, duty: GateDuty, onLost: (silentMs: number) => void): Promise<GateKeeper> {
  const [command, ...words] = [...enter(gate), ...entryCommand('gate', [JSON.stringify(duty)])];
  const child = spawn(command, words, {
    env: lightEnvironment(),
    stdio: ['pipe', 'pipe', 'inherit'],
    detached: true,
  });
  child.stdin.on('error', () => undefined);
  const gone = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  let ending = false;
  const keeper: GateKeeper = {
    say: (order) => void child.stdin.write(formatLine(order)),
    async end() {
      ending = true;
      child.stdin.end();
      await gone;
    },
  };
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error('the gate process does not start'));
    }, startWithinMs);
    readLines(
      child.stdout,
      (line) => {
        const news = parseLine(line) as GateNews;
        if ('serving' in news) {
          clearTimeout(timer);
          resolve(keeper);
        } else if ('lost' in news) onLost(news.lost);
        else reject(new Error(`the gate process: ${news.failed}`));
      },
      () => child.kill('SIGKILL'),
    );
    void gone.then(() => {
      clearTimeout(timer);
      reject(new Error('the gate process ended'));
      // Nobody renews any more: the kernel stops the traffic by itself.
      if (!ending) onLost(0);
    });
  });
}
