/** The self-test of the proxy: asked for a place that no scope opens, it must refuse. */
import { connect } from 'node:net';

/** "This network" (RFC 6890): denied ahead of every scope, and never on a wire. A tool has no reason to ask for it. */
export const canaryHost = '0.0.0.9';
export const canaryPort = 9;
const patienceMs = 2000;

/** True when the proxy refused. */
export function flyCanary(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    let answer = '';
    socket.setTimeout(patienceMs, () => socket.destroy());
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk) => (answer = (answer + chunk.toString('latin1')).slice(0, 1024)));
    socket.once('close', () => resolve(answer.startsWith('HTTP/1.1 451 ')));
    socket.write(`CONNECT ${canaryHost}:${canaryPort} HTTP/1.1\r\nHost: ${canaryHost}:${canaryPort}\r\n\r\n`);
  });
}
