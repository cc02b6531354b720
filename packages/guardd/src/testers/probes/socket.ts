/** One connection to one address, with a deadline and a cap on what is read. */
import { connect, type Socket } from 'node:net';
import type { ProbeResult } from '@breakwater/rules/containment';
import { codeOf } from '../../log.ts';
import { probeMs, type Hands } from './probe.ts';

/** What a failed connection tells. The gate answers with "unreachable", which says nothing about the target. */
const results: Readonly<Record<string, ProbeResult>> = {
  ECONNREFUSED: 'refused',
  ECONNRESET: 'refused',
  EPIPE: 'refused',
  ETIMEDOUT: 'silent',
  late: 'silent',
  EHOSTUNREACH: 'not-allowed',
  ENETUNREACH: 'not-allowed',
  EACCES: 'not-allowed',
  EPERM: 'not-allowed',
};

/** The result of a connection that ended with this code. */
export function resultOfCode(code: string): ProbeResult {
  return Object.hasOwn(results, code) ? (results[code] ?? 'failed') : 'failed';
}

export interface Dialled {
  readonly socket: Socket | null;
  /** Why there is none: the code of the error, or `late`. */
  readonly code: string;
}

/** Connects to an address; the caller destroys the socket. Never throws. */
export async function dial(address: string, port: number, hands: Hands): Promise<Dialled> {
  await hands.pace();
  return new Promise((resolve) => {
    const socket = connect({ host: address, port, signal: hands.signal });
    const end = (code: string): void => {
      socket.destroy();
      resolve({ socket: null, code });
    };
    socket.setTimeout(probeMs, () => end('late'));
    socket.once('connect', () => {
      socket.removeAllListeners('error');
      socket.on('error', () => socket.destroy());
      resolve({ socket, code: '' });
    });
    socket.once('error', (error) => end(codeOf(error)));
  });
}

/** What the other side says first, up to `most` bytes or `ms`. */
export function hear(socket: Socket, most: number, ms: number): Promise<Buffer> {
  return new Promise((resolve) => {
    const parts: Buffer[] = [];
    let size = 0;
    const end = (): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(Buffer.concat(parts).subarray(0, most));
    };
    const timer = setTimeout(end, ms);
    socket.on('data', (chunk: Buffer) => {
      parts.push(chunk);
      size += chunk.length;
      if (size >= most || chunk.includes(0x0a)) end();
    });
    socket.once('close', end);
  });
}
