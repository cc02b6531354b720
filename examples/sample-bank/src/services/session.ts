/** Sessions: a signed word that any service of the bank can check by itself. */
import { createHmac, timingSafeEqual } from 'node:crypto';

/** Who may only call self-tests: the monitoring's own customer. */
export const probeCustomer = 'probe';

const lifetimeMs = 30 * 60_000;

/** Opens a session of a customer. */
export function openSession(customer: string, secret: string, now: number): string {
  const claim = `${customer}.${now + lifetimeMs}`;
  return `${claim}.${sign(claim, secret)}`;
}

/** The customer of a session, or null when it is missing, forged or over. */
export function sessionCustomer(header: string | undefined, secret: string, now: number): string | null {
  const parts = (header ?? '').replace(/^Bearer /, '').split('.');
  const [customer, expires, signature] = parts;
  if (parts.length !== 3 || customer === undefined || expires === undefined || signature === undefined) return null;
  const expected = Buffer.from(sign(`${customer}.${expires}`, secret));
  const given = Buffer.from(signature);
  if (expected.length !== given.length || !timingSafeEqual(expected, given)) return null;
  return Number(expires) > now ? customer : null;
}

function sign(claim: string, secret: string): string {
  return createHmac('sha256', secret).update(`session ${claim}`).digest('base64url');
}
