/** Fetching from addresses that documents of others name, without reaching what is ours. */
import { lookup } from 'node:dns/promises';
import { request as httpRequest, type RequestOptions } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { BlockList, isIP, isIPv6, type LookupFunction } from 'node:net';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import type { Readable } from 'node:stream';
import { BreakwaterError } from '@breakwater/rules';

const mostRedirects = 5;
const timeoutMs = 60_000;

/** What no feed is read from unless the operator allows its network. */
const closed = new BlockList();
for (const [network, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const)
  closed.addSubnet(network, bits, 'ipv4');
for (const [network, bits] of [
  ['::', 128],
  ['::1', 128],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['100::', 64],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
] as const)
  closed.addSubnet(network, bits, 'ipv6');

export interface FetchOptions {
  /** Most bytes, also unpacked. */
  readonly mostBytes: number;
  /** Networks that are ours and may be read from all the same, as `10.1.0.0/16`. */
  readonly allowed?: readonly string[];
  /** The HTTP proxy for what is outside of them; undefined = none. */
  readonly proxy?: string | undefined;
  /** What the server said of the copy that is kept. */
  readonly etag?: string | null;
  readonly modified?: string | null;
  readonly signal?: AbortSignal;
}

export type Fetched =
  | { readonly status: 'same' }
  | {
      readonly status: 'new';
      readonly body: Buffer;
      readonly etag: string | null;
      readonly modified: string | null;
      readonly url: string;
    };

/** True when an address may be connected to. An IPv4 address inside an IPv6 one is judged as itself. */
export function mayBeReached(address: string, allowed: readonly string[]): boolean {
  const mapped = /^::ffff:(?:(\d+\.\d+\.\d+\.\d+)|([0-9a-f]{1,4}):([0-9a-f]{1,4}))$/i.exec(address);
  if (mapped !== null) {
    const words = [mapped[2] ?? '0', mapped[3] ?? '0'].map((word) => Number.parseInt(word, 16));
    const [high = 0, low = 0] = words;
    return mayBeReached(mapped[1] ?? `${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`, allowed);
  }
  const family = isIPv6(address) ? 'ipv6' : 'ipv4';
  const open = new BlockList();
  for (const network of allowed) {
    const [base = '', bits = ''] = network.split('/');
    open.addSubnet(base, Number(bits), isIPv6(base) ? 'ipv6' : 'ipv4');
  }
  return isIP(address) !== 0 && (!closed.check(address, family) || open.check(address, family));
}

/**
 * Gets a document over HTTPS (plain HTTP only in allowed networks). The name is resolved once, the address checked and connected to, so
 * that no second answer of a name server leads elsewhere; each redirect is judged like a new address, and packed answers stop at
 * the cap. Through a proxy nothing of ours is reached either: an address or a name that is known to be closed is refused, and a name
 * that only the proxy can resolve is its to judge.
 *
 * Throws BreakwaterError `feed.address`, `feed.redirects`, `feed.status`, `feed.too-large`, `feed.failed`.
 */
export async function fetchDocument(url: string, options: FetchOptions): Promise<Fetched> {
  let at = url;
  for (let hop = 0; hop <= mostRedirects; hop += 1) {
    const answer = await getOnce(at, options);
    if (answer.status === 304) return { status: 'same' };
    if (answer.status >= 300 && answer.status < 400 && answer.location !== null) {
      at = new URL(answer.location, at).href;
      continue;
    }
    if (answer.status !== 200)
      throw new BreakwaterError('feed.status', `${hostOf(at)} answered with ${answer.status}`, at);
    return { status: 'new', body: answer.body, etag: answer.etag, modified: answer.modified, url: at };
  }
  throw new BreakwaterError('feed.redirects', `${hostOf(url)} led on more than ${mostRedirects} times`, url);
}

interface Answer {
  readonly status: number;
  readonly location: string | null;
  readonly etag: string | null;
  readonly modified: string | null;
  readonly body: Buffer;
}

async function getOnce(url: string, options: FetchOptions): Promise<Answer> {
  const target = urlOf(url);
  const allowed = options.allowed ?? [];
  const host = target.hostname.replaceAll(/^\[|\]$/g, '');
  const addresses = isIP(host) === 0 ? await resolved(host, url, options.proxy !== undefined) : [host];
  const [address] = addresses;
  if (addresses.some((one) => !mayBeReached(one, allowed)) || (address === undefined && options.proxy === undefined)) {
    throw new BreakwaterError(
      'feed.address',
      `${host} is in a network that feeds are not read from: allow it in advisory.networks if it is yours`,
      url,
    );
  }
  const isOutside = address === undefined || mayBeReached(address, []);
  if (target.protocol === 'http:' && isOutside) {
    throw new BreakwaterError('feed.address', 'outside of allowed networks a feed is read over https:// only', url);
  }
  const way = isOutside && options.proxy !== undefined ? throughProxy(options.proxy) : straightTo(address ?? host);
  return ask(target, way, options);
}

type Way = Pick<RequestOptions, 'agent' | 'lookup'>;

/** A tunnel by CONNECT: TLS is with the feed's server, not with the proxy. */
function throughProxy(proxy: string): Way {
  return { agent: new HttpsAgent({ proxyEnv: { HTTPS_PROXY: proxy } }) };
}

/** To the address that was checked, whatever a name server says the second time. */
function straightTo(address: string): Way {
  const lookup: LookupFunction = (_host, { all }, done) => {
    const family = isIPv6(address) ? 6 : 4;
    if (all === true) done(null, [{ address, family }]);
    else done(null, address, family);
  };
  return { agent: false, lookup };
}

function urlOf(url: string): URL {
  const target = URL.parse(url);
  if (target === null || !/^https?:$/.test(target.protocol) || target.username !== '' || target.password !== '') {
    throw new BreakwaterError(
      'feed.address',
      'a feed has an address https://… without user and password',
      url.slice(0, 200),
    );
  }
  return target;
}

/** Addresses of a name; none where it cannot be resolved here and `elsewhere` somebody can. */
async function resolved(host: string, url: string, elsewhere: boolean): Promise<string[]> {
  try {
    return (await lookup(host, { all: true, verbatim: true })).map((one) => one.address);
  } catch {
    if (elsewhere) return [];
    throw new BreakwaterError('feed.failed', `the name ${host} cannot be resolved`, url);
  }
}

function ask(target: URL, way: Way, { mostBytes, etag, modified, signal }: FetchOptions): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const fail = (code: string, message: string): void => reject(new BreakwaterError(code, message, target.href));
    const request = (target.protocol === 'https:' ? httpsRequest : httpRequest)(target, {
      ...way,
      signal: AbortSignal.any([AbortSignal.timeout(timeoutMs), ...(signal === undefined ? [] : [signal])]),
      headers: {
        accept: 'application/json, */*;q=0.5',
        'accept-encoding': 'gzip, deflate, br',
        ...(etag === null || etag === undefined ? {} : { 'if-none-match': etag }),
        ...(modified === null || modified === undefined ? {} : { 'if-modified-since': modified }),
      },
    });
    request.on('error', () =>
      fail('feed.failed', `${hostOf(target.href)} cannot be reached or did not answer in time`),
    );
    request.on('response', (response) => {
      const header = (name: string): string | null => {
        const value = response.headers[name];
        return typeof value === 'string' ? value.slice(0, 1000) : null;
      };
      const chunks: Buffer[] = [];
      let bytes = 0;
      let packed = 0;
      const stop = (): void => {
        request.destroy();
        fail('feed.too-large', `${hostOf(target.href)} sends more than ${mostBytes} bytes`);
      };
      response.on('data', (chunk: Buffer) => {
        packed += chunk.length;
        if (packed > mostBytes) stop();
      });
      const body = unpacked(response, header('content-encoding'));
      body.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > mostBytes) stop();
        else chunks.push(chunk);
      });
      body.on('error', () => fail('feed.failed', `the answer of ${hostOf(target.href)} is damaged`));
      body.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          location: header('location'),
          etag: header('etag'),
          modified: header('last-modified'),
          body: Buffer.concat(chunks),
        }),
      );
    });
    request.end();
  });
}

function unpacked(response: Readable, encoding: string | null): Readable {
  if (encoding === 'gzip') return response.pipe(createGunzip());
  if (encoding === 'deflate') return response.pipe(createInflate());
  return encoding === 'br' ? response.pipe(createBrotliDecompress()) : response;
}

function hostOf(url: string): string {
  return URL.parse(url)?.host ?? 'the feed';
}
