/** The daemon's doors: a Unix socket per role, so that who may ask what is a matter of file permissions; and TLS for other hosts. */
import { chmodSync, unlinkSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { protocolVersion, requestLine, type Refusal, type Request } from '@breakwater/rules/guard';
import { formatLine, maxMessageBytes, parseLine, readLines } from '../lines.ts';
import { codeOf, type Log } from '../log.ts';
import { Refused } from '../refused.ts';
import { reachSocket } from '../socket-path.ts';
import type { TrustRole } from '../trust/identity.ts';
import { listenTls, type TlsListener } from '../trust/tls.ts';

export type Role = 'orchestrator' | 'lever';

/** What each role may ask. Whoever reaches any socket may stop. */
const mayAsk: Readonly<Record<Role, ReadonlySet<Request['type']>>> = {
  orchestrator: new Set([
    'hello',
    'prepare',
    'renew',
    'begin',
    'rollback',
    'resume',
    'close',
    'stop',
    'allow-starts',
    'entries',
    'findings',
    'status',
    'certificate-request',
    'certificate',
  ]),
  lever: new Set(['hello', 'stop', 'status']),
};

/** What the holder of a certificate is here: only a server plans and works; whoever holds another one may still stop. */
const roleOf: Readonly<Record<TrustRole, Role>> = { server: 'orchestrator', host: 'lever', lever: 'lever' };

/** Connections of one socket at a time; more are turned away, so that a flood leaves room for the other role. */
const mostConnections = 128;

/** How a request is answered. `send` writes further lines with the request's id before, or after, the answer. */
export interface Answering {
  readonly role: Role;
  readonly id: number;
  send(line: Readonly<Record<string, unknown>>): void;
  /** Resolves when the connection is gone. */
  readonly gone: Promise<void>;
}

export interface Door {
  close(): void;
}

/** Gives the `ok` of a request, or throws Refused. */
export type Answer = (request: Request, answering: Answering) => Promise<unknown>;

/** Listens at `path` (mode 0660). */
export async function openDoor(path: string, role: Role, answer: Answer, log: Log): Promise<Door> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    serveRequests(socket, role, answer, log);
  });
  server.maxConnections = mostConnections;
  await listen(server, path);
  return {
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** Listens for servers and levers on other hosts, with the credentials in `folder`. */
export function openTlsDoor(
  at: { host: string; port: number },
  folder: string,
  answer: Answer,
  log: Log,
): Promise<TlsListener> {
  return listenTls(
    at,
    folder,
    mostConnections,
    (socket, peer) => {
      log('peer-connected', { role: peer.role, name: peer.name });
      serveRequests(socket, roleOf[peer.role], answer, log);
    },
    (why) => log('peer-turned-away', { why }),
  );
}

function serveRequests(socket: Socket, role: Role, answer: Answer, log: Log): void {
  const gone = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  const refuse = (id: number, refused: Refusal): void => void socket.write(formatLine({ id, refused }));
  readLines(
    socket,
    (line) => {
      const read = readRequest(line, role);
      if ('refusal' in read) return refuse(read.id, read.refusal);
      const { id, request } = read;
      const answering: Answering = {
        role,
        id,
        gone,
        send: (more) => void (socket.writable && socket.write(formatLine({ id, ...more }))),
      };
      answer(request, answering).then(
        (ok) => answering.send({ ok }),
        (error: unknown) => {
          if (error instanceof Refused) return refuse(id, error.refusal);
          log('request-failed', { type: request.type, code: codeOf(error) });
          refuse(id, {
            reason: 'host-unfit',
            code: codeOf(error),
            detail: `guardd could not answer to ${request.type}`,
          });
        },
      );
    },
    () => {
      refuse(0, { reason: 'malformed', path: '', message: `a line has at most ${maxMessageBytes} bytes` });
      socket.end();
    },
  );
}

type ReadRequest =
  | { readonly id: number; readonly request: Request }
  | { readonly id: number; readonly refusal: Refusal };

/** A line as a request of `role`, or why it is none. The id of a line that has none is 0. */
export function readRequest(line: string, role: Role): ReadRequest {
  let value: unknown;
  try {
    value = parseLine(line);
  } catch (error) {
    return {
      id: 0,
      refusal: { reason: 'malformed', path: '', message: error instanceof Error ? error.message : String(error) },
    };
  }
  const given = typeof value === 'object' && value !== null ? (value as { id?: unknown; protocol?: unknown }) : {};
  const id = typeof given.id === 'number' && Number.isSafeInteger(given.id) ? given.id : 0;
  const { protocol } = given;
  if (typeof protocol === 'number' && protocol !== protocolVersion && protocol !== protocolVersion - 1) {
    return { id, refusal: { reason: 'protocol', theirs: Math.trunc(protocol), ours: protocolVersion } };
  }
  const read = requestLine.safeParse(value);
  if (!read.success) {
    const [issue] = read.error.issues;
    const path = (issue?.path ?? []).map((part) => `/${String(part)}`).join('');
    return { id, refusal: { reason: 'malformed', path, message: issue?.message ?? 'not a request' } };
  }
  const { request } = read.data;
  if (!mayAsk[role].has(request.type)) return { id, refusal: { reason: 'role', socket: role, type: request.type } };
  return { id, request };
}

async function listen(server: Server, path: string): Promise<void> {
  const reached = reachSocket(path);
  try {
    unlinkSync(reached.path);
  } catch {
    // Nothing is left of an earlier daemon.
  }
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(reached.path, resolve);
  });
  chmodSync(reached.path, 0o660);
}
