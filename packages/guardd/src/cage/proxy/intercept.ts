/**
 * The intercepting proxy: every request is read once, judged by the scope, and written anew, so that the target reads what
 * was judged. Nothing is looked up: names go to their pinned addresses.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';
import {
  decideHttp,
  decideLogin,
  type DeniedTraffic,
  type LoginCounts,
  type Scope,
} from '@breakwater/rules/containment';
import { instantOf, monoNow, wallNow } from '../../clock.ts';
import { WatchedBody } from './body.ts';
import { recordedPath, type Exchange } from './exchange.ts';
import { accountOf, mostLoginBytes } from './login-account.ts';
import type { OwnAuthority } from './own-authority.ts';
import type { Recorder } from './record.ts';
import { asRefused, refusalAnswer, Refused, refusedBy, type RefusalRule } from './refusal.ts';
import { relay } from './relay.ts';
import { readHead } from './request-head.ts';
import { targetLink, type Allowed, type TargetLink } from './target-link.ts';
import type { Uplink } from './uplink.ts';

export interface InterceptOptions {
  readonly scope: Scope;
  /** Null = what is said inside a tunnel is neither read nor judged; then methods are not judged at all. */
  readonly authority: OwnAuthority | null;
  readonly recorder: Recorder;
  readonly uplink: Uplink;
  /** An attempt outside the scope: its destination, `packets` counted so far. */
  onAttempt(attempt: DeniedTraffic): void;
}

export interface Intercept {
  /** Takes a connection of a tool that speaks to the proxy: absolute targets and CONNECT. */
  accept(socket: Socket): void;
  /**
   * Judges `host:port`, counts the attempt when it is outside, and gives what takes the tool's connection there. Where
   * tunnels are not read the target is connected to first. Rejects with {@link Refused} or an error of the system.
   */
  prepare(authority: string): Promise<(socket: Duplex) => void>;
  /** Ends every connection. Nothing is passed on after it. */
  close(): void;
}

interface Tunnel {
  readonly scheme: 'http' | 'https';
  readonly authority: string;
}

/** Times and sizes by which a slow or huge client loses its connection, not the proxy its memory. */
const limits = {
  headBytes: 16 * 1024,
  headMs: 10_000,
  requestMs: 120_000,
  idleMs: 15_000,
  checkMs: 1000,
  requestBody: 64 * 1024 * 1024,
  responseBody: 1024 * 1024 * 1024,
  connections: 2048,
  firstBytesMs: 10_000,
  requestsPerSocket: 10_000,
};
const mostCounted = 65_536;

/** Makes the proxy. It listens nowhere by itself. */
export function makeIntercept({ scope, authority, recorder, uplink, onAttempt }: InterceptOptions): Intercept {
  const tunnels = new WeakMap<object, Tunnel>();
  const links = new WeakMap<object, TargetLink>();
  const turns = new WeakMap<object, Promise<void>>();
  const sockets = new Set<Duplex>();
  const attempts = new Map<string, DeniedTraffic>();
  let logins: LoginCounts = new Map();
  let closed = false;
  const keepBytes = scope.http?.bodies?.bytes ?? 0;
  const server = createServer(
    {
      maxHeaderSize: limits.headBytes,
      headersTimeout: limits.headMs,
      requestTimeout: limits.requestMs,
      keepAliveTimeout: limits.idleMs,
      connectionsCheckingInterval: limits.checkMs,
      insecureHTTPParser: false,
      noDelay: true,
    },
    inTurn,
  );
  // It is handed its connections and listens nowhere; without this event Node.js never looks at the times above.
  server.emit('listening');
  server.maxHeadersCount = 0;
  server.maxRequestsPerSocket = limits.requestsPerSocket;
  server.on('connect', (request: IncomingMessage, socket: Duplex, head: Buffer) => void connect(request, socket, head));
  server.on('clientError', (error: Error, socket: Duplex) => {
    const refused = new Refused(clientRule(error));
    note({ refused, since: monoNow() });
    // What is being answered is answered first: an answer out of turn would be taken for another request's.
    void (turns.get(socket) ?? Promise.resolve()).then(() => {
      if (socket.writable) socket.end(refusalAnswer(refused));
      setTimeout(() => socket.destroy(), 1000).unref();
    });
  });

  /** A request as far as it was understood when it was recorded. */
  interface Noted {
    readonly refused: Refused | null;
    readonly since: number;
    readonly request?: Pick<IncomingMessage, 'method' | 'url'>;
    readonly allowed?: Allowed;
    readonly status?: number;
    readonly sent?: Exchange['request'];
    readonly got?: Exchange['response'];
    readonly certificate?: Exchange['certificate'];
  }

  function note({ refused, since, request, allowed, status, sent, got, certificate }: Noted): void {
    const line: Exchange = {
      at: instantOf(wallNow()),
      method: (request?.method ?? '').slice(0, 32),
      target:
        allowed === undefined
          ? null
          : { scheme: allowed.scheme, host: allowed.host, address: allowed.address, port: allowed.port },
      path: request?.method === 'CONNECT' ? '/' : recordedPath(request?.url ?? '/'),
      status: status ?? refused?.status ?? 0,
      refused: refused?.rule ?? null,
      request: sent ?? null,
      response: got ?? null,
      certificate: certificate ?? null,
      ms: Math.max(0, Math.round((monoNow() - since) * 100) / 100),
    };
    recorder.record(line);
  }

  function count(address: string, port: number): void {
    const key = `${address} ${port}`;
    const known = attempts.get(key);
    if (known === undefined && attempts.size >= mostCounted)
      return onAttempt({ address, port, protocol: 'tcp', packets: 1 });
    const attempt: DeniedTraffic = { address, port, protocol: 'tcp', packets: (known?.packets ?? 0) + 1 };
    attempts.set(key, attempt);
    onAttempt(attempt);
  }

  /** The scope's answer to one request. Throws {@link Refused}; an attempt outside is counted. */
  function judge(method: string, target: string, host: string | null, tunnel: Tunnel | null): Allowed {
    if (closed) throw new Refused('cage.closed');
    const judged = scope.http === undefined ? { ...scope, http: { methods: [method] } } : scope;
    const decision = decideHttp(judged, { method, target, host, tunnel });
    if (decision.allowed) return decision;
    const { refusal } = decision;
    if (refusal.reason === 'name-not-pinned') count(refusal.name, portIn(target, host, tunnel));
    if (refusal.reason === 'closed') {
      const pinned = scope.names?.find(({ name }) => name === refusal.host);
      count(pinned?.address ?? refusal.host, refusal.port);
    }
    throw refusedBy(refusal);
  }

  function keep(socket: Duplex): void {
    if (closed || sockets.size >= limits.connections) return void socket.destroy();
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.once('close', () => {
      sockets.delete(socket);
      links.get(socket)?.close();
    });
  }

  async function connect(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const since = monoNow();
    const target = request.url ?? '';
    try {
      if (tunnels.has(request.socket)) throw new Refused('http.protocol');
      const { host } = readHead(request.rawHeaders);
      judge('CONNECT', target, host, null);
      const take = await prepare(target);
      socket.on('error', () => socket.destroy());
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      if (head.length > 0) socket.unshift(head);
      take(socket);
    } catch (error) {
      const refused = asRefused(error);
      note({ refused, since, request });
      socket.on('error', () => socket.destroy());
      socket.end(refusalAnswer(refused));
    }
  }

  async function prepare(target: string): Promise<(socket: Duplex) => void> {
    const allowed = judge('CONNECT', target, null, null);
    const to = sayAuthority(allowed);
    if (authority !== null) return (socket) => void enter(socket, to, authority);
    const since = monoNow();
    const stream = await uplink.connect(allowed.address, allowed.port);
    return (socket) => {
      keep(socket);
      void relay(socket, stream).then(({ sent, got }) =>
        note({ refused: null, since, request: { method: 'CONNECT' }, allowed, status: 200, sent, got }),
      );
    };
  }

  /** What is spoken inside a tunnel shows in its first byte. */
  async function enter(socket: Duplex, to: string, own: OwnAuthority): Promise<void> {
    const since = monoNow();
    try {
      const first = await firstByte(socket, limits.firstBytesMs);
      if (first === null) return void socket.destroy();
      if (first !== 0x16) return speak(socket, { scheme: 'http', authority: to });
      const { host } = judge('CONNECT', to, null, null);
      const secured = await terminate(socket, host, own);
      keep(secured);
      speak(secured, { scheme: 'https', authority: to });
    } catch (error) {
      note({ refused: error instanceof Refused ? error : new Refused('http.protocol'), since });
      socket.destroy();
    }
  }

  function speak(socket: Duplex, tunnel: Tunnel): void {
    tunnels.set(socket, tunnel);
    server.emit('connection', socket);
  }

  /** The tool's side of TLS, with a certificate of this run. */
  async function terminate(socket: Duplex, host: string, own: OwnAuthority): Promise<TLSSocket> {
    const secureContext = await own.contextFor(host);
    return new Promise((resolve, reject) => {
      let differs = false;
      const tls = new TLSSocket(socket, {
        isServer: true,
        secureContext,
        ALPNProtocols: ['http/1.1'],
        SNICallback: (name, done) => {
          differs = name.toLowerCase() !== host;
          done(differs ? new Error('server name') : null, secureContext);
        },
      });
      const timer = setTimeout(() => tls.destroy(new Error('slow')), limits.firstBytesMs);
      tls.once('secure', () => {
        clearTimeout(timer);
        resolve(tls);
      });
      tls.once('error', () => {
        clearTimeout(timer);
        reject(new Refused(differs ? 'http.server-name-differs' : 'http.protocol'));
      });
      tls.once('close', () => {
        clearTimeout(timer);
        reject(new Refused('http.protocol'));
      });
    });
  }

  /** Requests sent one behind the other without waiting are served one after the other. */
  function inTurn(request: IncomingMessage, response: ServerResponse): void {
    const { socket } = request;
    const before = turns.get(socket) ?? Promise.resolve();
    turns.set(
      socket,
      before.then(() => serve(request, response)),
    );
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const since = monoNow();
    const { socket, method = '', url = '' } = request;
    const sent = new WatchedBody(limits.requestBody, keepBytes);
    const got = new WatchedBody(limits.responseBody, keepBytes);
    let allowed: Allowed | undefined;
    let certificate: Exchange['certificate'] = null;
    const headerOf = (message: IncomingMessage, name: 'content-type' | 'content-encoding'): string | null =>
      message.headers[name] ?? null;
    const sentEvidence = (): Exchange['request'] =>
      sent.evidence(headerOf(request, 'content-type'), headerOf(request, 'content-encoding'));
    response.sendDate = false;
    response.on('error', () => undefined);
    request.on('error', () => undefined);
    try {
      if (recorder.full) throw new Refused('evidence.full');
      const head = readHead(request.rawHeaders);
      if (head.length !== null && head.length > limits.requestBody) throw new Refused('http.body-size');
      if (head.chunked && request.httpVersion !== '1.1') throw new Refused('http.framing');
      allowed = judge(method, url, head.host, tunnels.get(socket) ?? null);
      const body = allowed.login === null ? null : await loginBody(request, allowed, sent);
      const link = linkOf(socket, allowed);
      const answer = await link.exchange({ method, allowed, head, request, sent, body, sentOn: response });
      certificate = answer.certificate;
      await answer.passOn(response, got);
      const type = headerOf(answer.message, 'content-type');
      const coding = headerOf(answer.message, 'content-encoding');
      const { statusCode: status = 0 } = answer.message;
      note({
        refused: null,
        since,
        request,
        allowed,
        status,
        sent: sentEvidence(),
        got: got.evidence(type, coding),
        certificate,
      });
    } catch (error) {
      const refused = asRefused(error);
      note({
        refused,
        since,
        request,
        ...(allowed === undefined ? {} : { allowed }),
        ...(response.headersSent ? { status: response.statusCode } : {}),
        sent: sentEvidence(),
        got: got.evidence(null, null),
        certificate,
      });
      if (response.headersSent || response.destroyed) return void socket.destroy();
      response.writeHead(refused.status, 'Refused', refused.headers).end(method === 'HEAD' ? undefined : refused.body);
      request.resume();
    }
  }

  /** The whole body of a login, read before anything is sent, with the attempt counted. Throws {@link Refused}. */
  async function loginBody(request: IncomingMessage, { login }: Allowed, sent: WatchedBody): Promise<Buffer> {
    const chunks: Buffer[] = [];
    let size = 0;
    request.pipe(sent);
    for await (const chunk of sent as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > mostLoginBytes) throw new Refused('http.login-unreadable', 'size');
      chunks.push(chunk);
    }
    const body = Buffer.concat(chunks);
    if (login === null) return body;
    const { method = '', url: target = '', headers } = request;
    const account = accountOf(login.account, {
      method,
      target,
      contentType: headers['content-type'] ?? null,
      contentEncoding: headers['content-encoding'] ?? null,
      body,
    });
    if (account === null) return body;
    const decision = decideLogin(logins, login, account);
    logins = decision.counts;
    if (!decision.allowed)
      throw new Refused(decision.reason === 'no-account' ? 'http.login-unreadable' : 'http.login-cap', login.path);
    return body;
  }

  /** The target's side belongs to the tool's connection: as many there as here, and gone together. */
  function linkOf(socket: Duplex, { scheme, host, address, port }: Allowed): TargetLink {
    const known = links.get(socket);
    if (known !== undefined && known.isTo(scheme, host, address, port)) return known;
    known?.close();
    const made = targetLink(uplink, { scheme, host, address, port });
    links.set(socket, made);
    return made;
  }

  return {
    accept(socket) {
      keep(socket);
      if (!socket.destroyed) server.emit('connection', socket);
    },
    prepare,
    close() {
      closed = true;
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** `host:port` as the decision reads it. */
export function sayAuthority({ host, port }: { readonly host: string; readonly port: number }): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/** The port of an attempt by a name that nothing is known of. */
function portIn(target: string, host: string | null, tunnel: Tunnel | null): number {
  const [, authority = ''] = /^[a-z]+:\/\/([^/?]*)/i.exec(target) ?? [];
  const text = tunnel?.authority ?? (authority === '' ? (host ?? target) : authority);
  const [, digits] = /:(\d{1,5})$/.exec(/^[^/]*:\d+$/.test(target) ? target : text) ?? [];
  return digits === undefined ? (/^https/i.test(target) ? 443 : 80) : Number(digits);
}

function clientRule(error: Error): RefusalRule {
  const code = 'code' in error ? error.code : '';
  if (code === 'HPE_HEADER_OVERFLOW') return 'http.header-size';
  return code === 'HPE_INVALID_TRANSFER_ENCODING' || code === 'HPE_UNEXPECTED_CONTENT_LENGTH'
    ? 'http.framing'
    : 'http.protocol';
}

/** The first byte, which stays to be read; null when the connection ends, or says nothing in time. */
export function firstByte(socket: Duplex, withinMs: number): Promise<number | null> {
  return new Promise((resolve) => {
    const settle = (byte: number | null): void => {
      clearTimeout(timer);
      socket.off('readable', look);
      socket.off('close', gone);
      socket.off('end', gone);
      resolve(byte);
    };
    const look = (): void => {
      const chunk = socket.read() as Buffer | null;
      if (chunk === null) return;
      socket.unshift(chunk);
      settle(chunk[0] ?? null);
    };
    const gone = (): void => settle(null);
    const timer = setTimeout(gone, withinMs);
    socket.on('readable', look);
    socket.once('close', gone);
    socket.once('end', gone);
    look();
  });
}
