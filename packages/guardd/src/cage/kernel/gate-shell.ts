/** A long-lived nft in the gate: what must be changed or known at once is said to it, and no process is started for that. */
import { spawn } from 'node:child_process';
import { toolEnvironment } from '../command.ts';
import { enter } from './network.ts';

export interface GateShell {
  /** Runs one command in a transaction of its own and answers what it lists. Rejects when nft complains, ends or does not answer. */
  run(command: string): Promise<string>;
  end(): void;
}

const patienceMs = 2000;
/** A short listing that shows that everything before it was done. */
const echo = 'list set inet gate closed';
const echoBegins = 'table inet gate {\n\tset closed {';
const echoEnds = '\n}\n';

export function openGateShell(gate: string): GateShell {
  const [command, ...words] = [...enter(gate), 'nft', '-i'];
  const child = spawn(command, words, { env: toolEnvironment, stdio: ['pipe', 'pipe', 'pipe'], detached: true });
  const waiting: { readonly done: (listed: string) => void; readonly failed: (error: Error) => void }[] = [];
  let heard = '';
  const fail = (why: string): void =>
    waiting.splice(0).forEach(({ failed }) => failed(new Error(`nft in the gate: ${why}`)));
  child.stdout.on('data', (chunk: Buffer) => {
    heard += chunk.toString();
    for (;;) {
      const begin = heard.indexOf(echoBegins);
      const end = begin === -1 ? -1 : heard.indexOf(echoEnds, begin);
      if (end === -1) return;
      const listed = heard.slice(0, begin);
      heard = heard.slice(end + echoEnds.length);
      waiting.shift()?.done(listed);
    }
  });
  child.stderr.on('data', (chunk: Buffer) => fail(chunk.toString().trim().slice(0, 300)));
  child.stdin.on('error', () => undefined);
  child.once('error', (error) => fail(error.message));
  child.once('exit', () => fail('ended'));
  return {
    run(order) {
      return new Promise<string>((resolve, reject) => {
        if (child.exitCode !== null || child.signalCode !== null) return reject(new Error('nft in the gate: ended'));
        const timer = setTimeout(() => reject(new Error('nft in the gate: no answer')), patienceMs);
        const settle = (then: () => void): void => {
          clearTimeout(timer);
          then();
        };
        waiting.push({
          done: (listed) => settle(() => resolve(listed)),
          failed: (error) => settle(() => reject(error)),
        });
        child.stdin.write(`${order}\n${echo}\n`);
      });
    },
    end: () => child.stdin.end(),
  };
}
