/** Enrolment of this host at its server: a one-time code goes there once, a certificate comes back. */
import { z } from 'zod';
import { openHostKey } from '../host-key.ts';
import { openLayout } from '../layout.ts';
import { installCertificate, requestCertificate, type Credentials } from './credentials.ts';

/** A code as `host invite` gives it: host, secret, and the digest of the authority that must sign. */
const invitation = /^([A-Za-z0-9][A-Za-z0-9._-]{0,127})\.([A-Za-z0-9_-]{43})\.([A-Za-z0-9_-]{43})$/;

const answerShape = z.object({ certificate: z.string(), authority: z.string() });
const answerTimeoutMs = 15_000;
const mostAnswerBytes = 65_536;

/** The server said no, or what it said is not to be believed. */
export class NotEnrolled extends Error {
  override readonly name = 'NotEnrolled';
}

/** Host, secret and digest of a code; null for what is none. */
export function readInvitation(code: string): { host: string; secret: string; digest: string } | null {
  const [, host, secret, digest] = invitation.exec(code.trim()) ?? [];
  return host === undefined || secret === undefined || digest === undefined ? null : { host, secret, digest };
}

/**
 * Enrols this host: makes a key that never leaves it, sends the request for its certificate and the key that signs journals
 * to `server` (https, or http on loopback), and keeps what comes back. Throws NotEnrolled or NotTrusted.
 */
export async function enrolHere(runDir: string, server: string, code: string): Promise<Credentials> {
  const invited = readInvitation(code);
  if (invited === null) throw new NotEnrolled('this is no code of host invite');
  const base = URL.parse(server);
  const loopback = ['127.0.0.1', '[::1]', 'localhost'].includes(base?.hostname ?? '');
  if (base === null || !(base.protocol === 'https:' || (base.protocol === 'http:' && loopback)))
    throw new NotEnrolled(`${JSON.stringify(server)} is no https:// address: the code would travel in the clear`);
  const layout = openLayout(runDir);
  const { host, secret, digest } = invited;
  const body = {
    host,
    secret,
    request: await requestCertificate(layout.trust),
    publicKey: openHostKey(layout.hostKey).publicKey,
  };
  const answer = await fetch(new URL('/v1/host-enrolments', base), {
    method: 'POST',
    redirect: 'error',
    signal: AbortSignal.timeout(answerTimeoutMs),
    headers: { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() },
    body: JSON.stringify(body),
  }).catch((error: unknown) => {
    const { cause } = error as { cause?: { code?: string } };
    throw new NotEnrolled(`${base.origin} does not answer (${cause?.code ?? 'failed'})`);
  });
  const text = (await answer.text()).slice(0, mostAnswerBytes);
  if (!answer.ok) throw new NotEnrolled(`${base.origin} does not enrol this host: ${reasonOf(text, answer.status)}`);
  const { certificate, authority } = answerShape.parse(JSON.parse(text));
  return installCertificate(layout.trust, certificate, { certificate: authority, digest });
}

/** Why a server refused, from its problem document (RFC 9457). */
function reasonOf(text: string, status: number): string {
  try {
    const { detail, code } = JSON.parse(text) as { detail?: unknown; code?: unknown };
    return `${String(code)}: ${String(detail)}`;
  } catch {
    return `it answers ${status}`;
  }
}
