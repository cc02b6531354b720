/**
 * The self-test: one probe that must be blocked and one that must be answered, sent from where the tool is. Its process lives
 * for one probe, so nothing is imported here that takes time to load.
 */
import { createSocket } from 'node:dgram';
import { connect } from 'node:net';
import { spawn } from 'node:child_process';
import { entryCommand, lightEnvironment } from '../../entry.ts';
import { formatLine, parseLine } from '../../lines.ts';
import { canaryAnswer } from './gate-process.ts';
import { enter } from './network.ts';

export interface CanaryDuty {
  readonly from: string;
  readonly inside: { readonly address: string; readonly port: number };
  readonly outside: { readonly address: string; readonly port: number };
}

export interface CanarySeen {
  readonly insideAnswered: boolean;
  /** False when something answered from outside. */
  readonly outsideSilent: boolean;
}

const answerWithinMs = 2000;
const silenceMs = 150;
const patienceMs = 8000;

/** Sends the canary from the namespace `tool`: exactly one packet goes outside. Null when it could not be sent. */
export function sendCanary(tool: string, duty: CanaryDuty): Promise<CanarySeen | null> {
  const [command, ...words] = [...enter(tool), ...entryCommand('canary', [JSON.stringify(duty)])];
  return new Promise((resolve) => {
    const child = spawn(command, words, {
      env: lightEnvironment(),
      stdio: ['ignore', 'pipe', 'ignore'],
      detached: true,
    });
    const timer = setTimeout(() => child.kill('SIGKILL'), patienceMs);
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
    child.once('error', () => resolve(null));
    child.once('close', (code) => {
      clearTimeout(timer);
      resolve(code === 0 ? (parseLine(text) as CanarySeen) : null);
    });
  });
}

/** What the canary's own process does. */
export async function flyCanary(argv: readonly string[]): Promise<void> {
  const { from, inside, outside } = parseLine(argv[0] ?? '') as CanaryDuty;
  const [insideAnswered, outsideSilent] = await Promise.all([ask(from, inside), isSilent(outside)]);
  const seen: CanarySeen = { insideAnswered, outsideSilent };
  process.stdout.write(formatLine(seen));
}

function ask(from: string, { address, port }: CanaryDuty['inside']): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: address, port, localAddress: from, timeout: answerWithinMs });
    let heard = '';
    const settle = (answered: boolean): void => {
      socket.destroy();
      resolve(answered);
    };
    socket.on('data', (chunk: Buffer) => {
      heard += chunk.toString();
      if (heard === canaryAnswer) settle(true);
    });
    socket.once('timeout', () => settle(false));
    socket.once('error', () => settle(false));
    socket.once('end', () => settle(heard === canaryAnswer));
  });
}

function isSilent({ address, port }: CanaryDuty['outside']): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4');
    const settle = (silent: boolean): void => {
      clearTimeout(timer);
      socket.close();
      resolve(silent);
    };
    const timer = setTimeout(() => settle(true), silenceMs);
    socket.once('message', () => settle(false));
    socket.on('error', () => undefined);
    socket.send('canary', port, address);
  });
}
