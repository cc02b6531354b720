/** TLS between a server and guardd on another host: both show a certificate of the company's authority, and nothing is asked before. */
import { connect, createServer, type TLSSocket } from 'node:tls';
import { NotTrusted, readCredentials, type Credentials } from './credentials.ts';
import { identityOf, type Identity } from './identity.ts';

/** `tls://10.0.0.5:8490/bank-app-1?credentials=/folder`: where a guardd listens, who it must be, and what is shown to it. */
export interface TlsAddress {
  readonly host: string;
  readonly port: number;
  readonly name: string;
  readonly credentials: string;
}

export function formatTlsAddress({ host, port, name, credentials }: TlsAddress): string {
  const at = host.includes(':') ? `[${host}]` : host;
  return `tls://${at}:${port}/${name}?credentials=${encodeURIComponent(credentials)}`;
}

/** An address as `formatTlsAddress` writes it; null for anything else, such as the path of a Unix socket. */
export function readTlsAddress(text: string): TlsAddress | null {
  const url = text.startsWith('tls://') ? URL.parse(text) : null;
  const credentials = url?.searchParams.get('credentials') ?? null;
  if (url === null || credentials === null || url.port === '') return null;
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: Number(url.port),
    name: decodeURIComponent(url.pathname.slice(1)),
    credentials,
  };
}

/** What one side shows, and whom it believes. */
function shown({ own, authority }: Credentials) {
  return { key: own, cert: own, ca: authority, minVersion: 'TLSv1.3', maxVersion: 'TLSv1.3' } as const;
}

/** Connects, and resolves when the other side has proven to be the host `name`. Rejects with an Error that says why not. */
export function connectTls(address: TlsAddress, timeoutMs: number): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const own = readCredentials(address.credentials);
    const socket = connect({
      host: address.host,
      port: address.port,
      ...shown(own),
      // Hosts are known by the identity in their certificate, not by a name in DNS.
      checkServerIdentity: () => undefined,
    });
    const timer = setTimeout(() => socket.destroy(new Error(`no connection within ${timeoutMs} ms`)), timeoutMs);
    const fail = (error: Error): void => {
      clearTimeout(timer);
      reject(error);
    };
    socket.once('error', fail);
    socket.once('close', () => fail(new Error('it closed the connection')));
    socket.once('secureConnect', () => {
      clearTimeout(timer);
      const peer = peerOf(socket, own);
      if (typeof peer === 'string' || peer.role !== 'host' || peer.name !== address.name) {
        const who = typeof peer === 'string' ? peer : `it is the ${peer.role} ${peer.name}`;
        socket.destroy();
        return reject(new NotTrusted(`it did not prove to be the host ${address.name}: ${who}`));
      }
      socket.removeAllListeners('error').removeAllListeners('close');
      resolve(socket);
    });
  });
}

interface Peer extends Identity {
  /** Of the certificate that was shown. */
  readonly serial: string;
}

/** Who is at the other end, by the certificate that the handshake has verified; or why it does not count. */
function peerOf(socket: TLSSocket, own: Credentials): Peer | string {
  // Asked for once: on the connecting side a second call gets no certificate.
  const certificate = socket.getPeerX509Certificate();
  if (certificate === undefined) return 'it showed no certificate';
  const serial = certificate.serialNumber.toLowerCase();
  if (own.revoked.has(serial)) return 'its certificate was revoked';
  const identity = identityOf(certificate);
  if (identity === null || identity.institution !== own.identity.institution)
    return 'its certificate is of nobody in this company';
  return { ...identity, serial };
}

export interface TlsListener {
  readonly port: number;
  /** Shows new credentials from now on, and ends connections of those who were revoked. */
  renew(): void;
  close(): void;
}

/**
 * Listens at `host:port` with the credentials in `folder`. `onPeer` gets each connection whose certificate counts and who shows
 * it; `onTurnedAway` why another was ended. Rejects with what reading the credentials or listening throws.
 */
export async function listenTls(
  at: { host: string; port: number },
  folder: string,
  mostConnections: number,
  onPeer: (socket: TLSSocket, peer: Identity) => void,
  onTurnedAway: (why: string) => void,
): Promise<TlsListener> {
  /** Open connections, and the serial number of what was shown. */
  const sockets = new Map<TLSSocket, string>();
  let own = readCredentials(folder);
  const server = createServer({ ...shown(own), requestCert: true, rejectUnauthorized: true, handshakeTimeout: 5000 });
  server.maxConnections = mostConnections;
  server.on('tlsClientError', (error: NodeJS.ErrnoException) => onTurnedAway(error.code ?? error.message));
  server.on('secureConnection', (socket) => {
    socket.on('error', () => socket.destroy());
    const peer = peerOf(socket, own);
    if (typeof peer === 'string') {
      onTurnedAway(peer);
      socket.destroy();
      return;
    }
    sockets.set(socket, peer.serial);
    socket.once('close', () => sockets.delete(socket));
    onPeer(socket, peer);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(at.port, at.host, resolve);
  });
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : at.port,
    renew() {
      own = readCredentials(folder);
      server.setSecureContext(shown(own));
      for (const [socket, serial] of sockets) if (own.revoked.has(serial)) socket.destroy();
    },
    close() {
      server.close();
      for (const socket of sockets.keys()) socket.destroy();
    },
  };
}
