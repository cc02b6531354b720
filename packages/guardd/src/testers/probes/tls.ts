/** The probe of TLS: one handshake, and what it shows of protocol and certificate. */
import { connect, type PeerCertificate, type TLSSocket } from 'node:tls';
import { isIP } from 'node:net';
import { z } from 'zod';
import { wallNow } from '../../clock.ts';
import { codeOf } from '../../log.ts';
import { plainText } from '../plain.ts';
import { failed, hostInput, portInput } from './connect.ts';
import { probeMs, type Found, type Probe } from './probe.ts';
import { dial } from './socket.ts';

const input = z.strictObject({ host: hostInput, port: portInput });
const soonMs = 14 * 24 * 3600 * 1000;

export const tlsInspect: Probe<z.infer<typeof input>> = {
  name: 'tls-inspect',
  description: 'Makes one TLS handshake and tells protocol version, cipher and certificate.',
  input,
  destination: ({ host, port }) => ({ host, port, protocol: 'tcp' }),
  async perform({ host, port }, address, hands) {
    const { socket, code } = await dial(address, port, hands);
    if (socket === null) return failed(code);
    const shaken = await new Promise<{ tls: TLSSocket; error: string | null }>((resolve) => {
      const tls = connect({
        socket,
        // Inspecting a certificate is the point: an invalid one is a finding, not an error. Nothing is sent over it.
        rejectUnauthorized: false,
        minVersion: 'TLSv1',
        ciphers: 'DEFAULT@SECLEVEL=0',
        ...(isIP(host) === 0 ? { servername: host } : {}),
      });
      const timer = setTimeout(() => resolve({ tls, error: 'late' }), probeMs);
      const end = (error: string | null): void => {
        clearTimeout(timer);
        resolve({ tls, error });
      };
      tls.once('secureConnect', () => end(null));
      tls.once('error', (error) => end(codeOf(error)));
      tls.once('close', () => end('ECONNRESET'));
    });
    const { tls, error } = shaken;
    const protocol = tls.getProtocol() ?? '';
    const cipher = error === null ? tls.getCipher().name : '';
    const certificate = error === null ? tls.getPeerCertificate() : null;
    const { authorizationError } = tls;
    tls.on('error', () => tls.destroy());
    tls.destroy();
    if (error !== null || certificate === null)
      return { result: 'answered', said: { tls: false, error: plainText(error ?? '', 64) }, found: [] };
    const why = authorizationError ? plainText(String(authorizationError), 120) : null;
    return {
      result: 'answered',
      said: { tls: true, protocol, cipher, certificate: certificateSaid(certificate), trusted: why === null, why },
      found: weaknesses(protocol, certificate, why),
    };
  },
};

function certificateSaid({ subject, issuer, subjectaltname, valid_from, valid_to }: Partial<PeerCertificate>): object {
  return {
    subject: plainText(JSON.stringify(subject ?? {}), 300),
    issuer: plainText(JSON.stringify(issuer ?? {}), 300),
    names: plainText(subjectaltname ?? '', 500),
    from: plainText(valid_from ?? '', 40),
    to: plainText(valid_to ?? '', 40),
  };
}

function weaknesses(protocol: string, { valid_to: to }: Partial<PeerCertificate>, why: string | null): Found[] {
  const found: Found[] = [];
  const left = Date.parse(to ?? '') - wallNow();
  if (protocol === 'TLSv1' || protocol === 'TLSv1.1')
    found.push({
      rule: 'tls-old-protocol',
      title: `${protocol} is accepted`,
      severity: { level: 'medium', given: null },
    });
  if (left < 0)
    found.push({
      rule: 'tls-expired',
      title: 'The certificate has expired',
      severity: { level: 'medium', given: null },
    });
  else if (left < soonMs)
    found.push({
      rule: 'tls-expires-soon',
      title: 'The certificate expires soon',
      severity: { level: 'low', given: null },
    });
  if (why !== null)
    found.push({
      rule: 'tls-not-trusted',
      title: `The certificate is not trusted: ${why}`,
      severity: { level: 'low', given: null },
    });
  return found;
}
