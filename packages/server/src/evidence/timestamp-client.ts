import { createHash } from 'node:crypto';
import { BreakwaterError } from '@breakwater/rules';
import { readTimestamp } from '@breakwater/verify';
import { readBytesCapped, reasonOf } from './witness-client.ts';

const TIMEOUT_MS = 15_000;
const MAX_ANSWER_BYTES = 262_144;

/**
 * TimeStampReq of RFC 3161 section 2.4.1 around a SHA-256 hash: version 1, the imprint, and `certReq` true, so that the
 * token carries its certificates. No nonce: the imprint is of a checkpoint that exists once, so an old answer is as good.
 */
const REQUEST_HEAD = Buffer.from('30390201013031300d060960864801650304020105000420', 'hex');
const REQUEST_TAIL = Buffer.from('0101ff', 'hex');

/** The DER of a request for a token over `data`. */
export function timestampRequest(data: Uint8Array): Uint8Array {
  return Buffer.concat([REQUEST_HEAD, createHash('sha256').update(data).digest(), REQUEST_TAIL]);
}

/**
 * Asks a time-stamping authority (RFC 3161 over HTTP) for a token over `data`. That the token is granted and over the
 * data is checked; whether its authority is trusted is for the verifier, who has the roots.
 *
 * @throws BreakwaterError `timestamp.unreachable` or `timestamp.refused`.
 */
export async function requestToken(url: string, data: Uint8Array): Promise<{ token: Uint8Array; time: Date }> {
  const token = await post(url, timestampRequest(data));
  try {
    const { time, over } = readTimestamp(token, data);
    if (over) return { token, time };
  } catch (error) {
    throw new BreakwaterError('timestamp.refused', `${hostOf(url)} gave no usable token: ${reasonOf(error)}`);
  }
  throw new BreakwaterError('timestamp.refused', `${hostOf(url)} gave a token over other data`);
}

async function post(url: string, request: Uint8Array): Promise<Uint8Array> {
  try {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/timestamp-query' },
      body: new Uint8Array(request),
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (!answer.ok) throw new Error(`status ${answer.status}`);
    return await readBytesCapped(answer, MAX_ANSWER_BYTES);
  } catch (error) {
    throw new BreakwaterError('timestamp.unreachable', `${hostOf(url)}: ${reasonOf(error)}`);
  }
}

/** The name of an authority: its host, since a path or user in the address may be a secret. */
export function hostOf(url: string): string {
  return new URL(url).host;
}
