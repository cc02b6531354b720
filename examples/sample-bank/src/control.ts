/**
 * The words between `bankctl` and the bank's supervisor: one JSON line each way over a Unix socket.
 * This module loads nothing but `node:net`, so that `bankctl` starts fast.
 */
import { connect } from 'node:net';

export type ControlRequest =
  | { op: 'is'; service: string; state: string }
  | { op: 'switch'; service: string; version: string }
  | { op: 'isolate' | 'rejoin' | 'drain' | 'resume' | 'failover' | 'warm-up'; service: string }
  | { op: 'sbom'; service: string }
  | { op: 'status' }
  | { op: 'history' };

/** `yes` is the answer to `is`; `data` to `sbom`, `status` and `history`. */
export type ControlAnswer = { ok: true; yes?: boolean; data?: unknown } | { ok: false; error: string; use: boolean };

export const controlSocket = 'control.sock';

/** Asks the supervisor at `path`. Rejects when nobody answers there. */
export function control(path: string, request: ControlRequest): Promise<ControlAnswer> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    let text = '';
    socket.setEncoding('utf8');
    socket.on('connect', () => void socket.write(`${JSON.stringify(request)}\n`));
    socket.on('data', (chunk: string) => {
      text += chunk;
      if (text.includes('\n')) {
        socket.destroy();
        resolve(JSON.parse(text) as ControlAnswer);
      }
    });
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('the supervisor closed the connection without an answer')));
  });
}
