/** One signed POST to a configured address and nowhere else. */
import { createHmac } from 'node:crypto';
import { lookup } from 'node:dns';
import { readFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { BlockList, isIPv6, type LookupFunction } from 'node:net';
import { BreakwaterError } from '@breakwater/rules';

export interface Webhook {
  readonly name: string;
  readonly url: string;
  /** Signs what is told: a secret; read each time, so that a new one needs no restart. */
  readonly secret: () => Buffer;
}

/** One thing that is told: `header` names what `id` is of. */
export interface Told {
  readonly header: string;
  readonly id: string;
  readonly body: string;
}

const timeoutMs = 5_000;

/** Where nothing belongs whatever a name resolves to: metadata services, this network, multicast, broadcast. */
const never = new BlockList();
never.addSubnet('0.0.0.0', 8, 'ipv4');
never.addSubnet('169.254.0.0', 16, 'ipv4');
never.addSubnet('224.0.0.0', 3, 'ipv4');
never.addSubnet('100.100.100.200', 32, 'ipv4');
never.addAddress('::', 'ipv6');
never.addSubnet('fe80::', 10, 'ipv6');
never.addSubnet('ff00::', 8, 'ipv6');
never.addSubnet('fd00:ec2::254', 128, 'ipv6');

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/**
 * Whether something may be told to `address`. An address in the URL itself may be loopback, because its owner wrote it there; a name
 * that resolves to loopback was turned there by somebody else.
 */
export function mayBeCalled(address: string, isLiteral: boolean): boolean {
  const family = isIPv6(address) ? 'ipv6' : 'ipv4';
  return !never.check(address, family) && (isLiteral || !loopback.check(address, family));
}

/** The header by which a receiver knows the sender: HMAC-SHA-256 over the time, a dot and the body. */
export function signatureOf(secret: Buffer, seconds: number, body: string): string {
  return `t=${seconds},v1=${createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')}`;
}

/**
 * Posts `body` once. The address is resolved once and checked, no redirect is followed, and of the answer only the status
 * counts. Throws BreakwaterError `webhook.refused-address`, `webhook.failed` or `webhook.status`, without the address.
 */
export async function postSigned(
  { name, url, secret }: Webhook,
  { header, id, body }: Told,
  now: Date,
  signal: AbortSignal,
): Promise<void> {
  const target = new URL(url);
  const literal = target.hostname.replace(/^\[|\]$/g, '');
  const isLiteral = /^[\d.]+$/.test(literal) || literal.includes(':');
  if (isLiteral && !mayBeCalled(literal, true)) throw refusedAddress(name);
  const seconds = Math.floor(now.getTime() / 1000);
  const status = await new Promise<number>((resolve, reject) => {
    const send = target.protocol === 'https:' ? httpsRequest : httpRequest;
    const call = send(
      target,
      {
        method: 'POST',
        agent: false,
        lookup: checkedLookup(name),
        signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
        headers: {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
          'user-agent': 'breakwater',
          [header]: id,
          'breakwater-signature': signatureOf(secret(), seconds, body),
        },
      },
      (answer) => {
        answer.destroy();
        resolve(answer.statusCode ?? 0);
      },
    );
    call.on('error', (error: NodeJS.ErrnoException | BreakwaterError) =>
      reject(
        error instanceof BreakwaterError
          ? error
          : new BreakwaterError('webhook.failed', `webhook ${name} cannot be reached (${error.code ?? error.name})`),
      ),
    );
    call.end(body);
  });
  if (status < 200 || status > 299) {
    throw new BreakwaterError('webhook.status', `webhook ${name} answered ${status}: what is told is taken with 2xx`);
  }
}

/** Resolves as the connection does, and gives it only addresses that may be called. */
function checkedLookup(name: string): LookupFunction {
  return (host, options, done) => {
    lookup(host, { ...options, all: true }, (error, found) => {
      if (error !== null) return done(error, '', 0);
      const first = found[0];
      if (first === undefined || !found.every(({ address }) => mayBeCalled(address, false))) {
        return done(refusedAddress(name), '', 0);
      }
      return options.all === true ? done(null, found) : done(null, first.address, first.family);
    });
  };
}

function refusedAddress(name: string): BreakwaterError {
  return new BreakwaterError(
    'webhook.refused-address',
    `webhook ${name} leads to an address that nothing is sent to: correct its url`,
  );
}

/**
 * The secret of a webhook, from its file. At least 32 bytes: shorter ones can be guessed from what is told.
 * Throws BreakwaterError `webhook.secret`.
 */
export function readWebhookSecret(file: string, name: string): Buffer {
  const secret = Buffer.from(readFileSync(file, 'utf8').trim());
  if (secret.length < 32) {
    throw new BreakwaterError('webhook.secret', `the secret of webhook ${name} has less than 32 characters`);
  }
  return secret;
}
