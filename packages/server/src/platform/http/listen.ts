import { chmodSync, closeSync, mkdirSync, openSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { connect, type Socket } from 'node:net';
import { once } from 'node:events';
import { basename, dirname, join } from 'node:path';
import { BreakwaterError } from '@breakwater/rules';
import type { FastifyRequest } from 'fastify';
import type { Http } from './http.ts';

const local = new WeakSet<Socket>();

/** True when the request came through the Unix socket: the caller may do what the owner of the files may do. */
export function isLocal(request: FastifyRequest): boolean {
  return local.has(request.raw.socket);
}

/**
 * Serves the app on a Unix socket as well, for the machine's own administrator: the folder and the socket are for our
 * user alone (0700, 0600), and that is the identity. A socket file that a killed server left is replaced; one that
 * answers belongs to a living server and is refused with BreakwaterError `http.in-use`. No route can be added after it.
 */
export async function listenOnSocket(app: Http, path: string): Promise<void> {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const short = reachable(path);
  if (await answers(short.path)) {
    short.release();
    throw new BreakwaterError('http.in-use', `another server answers on ${path}: stop it first`, path);
  }
  rmSync(path, { force: true });
  const server: Server = createServer((request, response) => app.routing(request, response));
  server.on('connection', (socket) => local.add(socket));
  app.addHook('onClose', async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    short.release();
    rmSync(path, { force: true });
  });
  await app.ready();
  server.listen(short.path);
  await once(server, 'listening');
  chmodSync(path, 0o600);
}

/** The path itself where the kernel takes it (107 bytes), otherwise a short name of it through its open folder. */
function reachable(path: string): { path: string; release: () => void } {
  if (Buffer.byteLength(path) <= 107) return { path, release: () => undefined };
  const folder = openSync(dirname(path), 'r');
  return { path: join('/proc/self/fd', String(folder), basename(path)), release: () => closeSync(folder) };
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.on('connect', () => resolve((socket.destroy(), true)));
    socket.on('error', () => resolve(false));
  });
}
