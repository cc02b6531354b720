/** How a proxy reaches a target. At the gate the kernel holds the caps; in the cooperative level this does. */
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { X509Certificate } from 'node:crypto';
import type { Exchange } from './exchange.ts';
import { Refused } from './refusal.ts';

export interface Uplink {
  /** A connection, once it is made. Rejects with {@link Refused} or an error of the system. */
  connect(address: string, port: number): Promise<Duplex>;
}

const connectWithinMs = 10_000;

/** Straight to the target, by its address. No name is ever resolved. */
export const directUplink: Uplink = {
  connect: (address, port) =>
    new Promise((resolve, reject) => {
      const socket = connect({ host: address, port, noDelay: true, autoSelectFamily: false });
      const timer = setTimeout(() => socket.destroy(new Refused('upstream.timeout')), connectWithinMs);
      socket.once('error', (error) => {
        clearTimeout(timer);
        reject(error);
      });
      socket.once('connect', () => {
        clearTimeout(timer);
        socket.removeAllListeners('error');
        resolve(socket);
      });
    }),
};

export interface SecureUplink {
  readonly stream: TLSSocket;
  readonly certificate: Exchange['certificate'];
}

/**
 * TLS over a connection. A certificate that nobody trusts is recorded and no reason to stop: seeing it is what a test is for,
 * and what is sent is the tool's own. HTTP/1.1 only.
 */
export function secure(stream: Duplex, host: string): Promise<SecureUplink> {
  return new Promise((resolve, reject) => {
    const tls = connectTls({
      socket: stream,
      ...(/^[\d.]+$|:/.test(host) ? {} : { servername: host }),
      rejectUnauthorized: false,
      ALPNProtocols: ['http/1.1'],
      minVersion: 'TLSv1',
      // Old targets must be seen as well: what they offer is a finding, not a fault of the test.
      ciphers: 'DEFAULT@SECLEVEL=0',
    });
    const timer = setTimeout(() => tls.destroy(new Refused('upstream.timeout')), connectWithinMs);
    tls.once('error', (error) => {
      clearTimeout(timer);
      stream.destroy();
      reject(error);
    });
    tls.once('secureConnect', () => {
      clearTimeout(timer);
      tls.removeAllListeners('error');
      resolve({ stream: tls, certificate: certificateOf(tls) });
    });
  });
}

function certificateOf(tls: TLSSocket): Exchange['certificate'] {
  const { raw } = tls.getPeerCertificate();
  if (raw === undefined) return null;
  const { fingerprint256, validTo } = new X509Certificate(raw);
  const fault = tls.authorizationError;
  return {
    digest: `sha256:${fingerprint256.replaceAll(':', '').toLowerCase()}`,
    notAfter: validTo.slice(0, 64),
    trusted: tls.authorized,
    fault: tls.authorized ? null : (fault instanceof Error ? fault.message : String(fault)).slice(0, 100),
  };
}
