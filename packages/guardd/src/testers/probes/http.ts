/** The probe of HTTP: HEAD or GET, headers and cookies looked at, redirects followed inside the scope only. */
import { Agent as PlainAgent, request as plainRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { Agent as TlsAgent, request as tlsRequest } from 'node:https';
import { isIP } from 'node:net';
import { z } from 'zod';
import { codeOf } from '../../log.ts';
import { plainText } from '../plain.ts';
import { approveHttp, portOfUrl, type Approval } from '../reach.ts';
import { failed, versionIn } from './connect.ts';
import { probeMs, type Found, type Hands, type Probe, type ProbeAnswer } from './probe.ts';

const input = z.strictObject({
  url: z.string().min(1).max(2048).describe('http:// or https:// with a host of the scope'),
  method: z.enum(['HEAD', 'GET']).default('GET'),
});
type Input = z.infer<typeof input>;

const bodyBytes = 65_536;
const excerptLength = 2000;
const mostRedirects = 3;
const mostHeaders = 60;

export const httpGet: Probe<Input> = {
  name: 'http-get',
  description:
    'Sends one HEAD or GET without credentials and returns status, headers, cookies and the beginning of the page. Redirects are followed inside the scope only.',
  input,
  destination({ url }) {
    const read = URL.parse(url);
    return { host: read?.hostname ?? '', port: read === null ? null : portOfUrl(read), protocol: 'tcp' };
  },
  approve: ({ url, method }, scope) => approveHttp(scope, URL.parse(url), method),
  async perform({ url, method }, address, hands) {
    const redirects: { to: string; followed: boolean; reason?: string }[] = [];
    let here = new URL(url);
    let at = address;
    for (;;) {
      const answer = await exchange(here, at, method, hands);
      if (answer.code !== null) return { ...failed(answer.code), said: { error: answer.code, redirects } };
      const next = locationOf(answer, here);
      if (next === null) return tell(answer, here, redirects);
      // A redirect is a new request: it is asked about as the first one was.
      const approval = redirects.length < mostRedirects ? approveHttp(hands.scope, next, method) : tooMany;
      const to = plainText(next.href, 500);
      if (!approval.allowed) {
        redirects.push({ to, followed: false, reason: approval.reason });
        return tell(answer, here, redirects);
      }
      redirects.push({ to, followed: true });
      here = next;
      at = approval.address;
    }
  },
};

const tooMany: Approval = { allowed: false, reason: `more than ${mostRedirects} redirects` };

interface Answer {
  /** Why there is no answer. */
  readonly code: string | null;
  readonly status: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer;
}

async function exchange(url: URL, address: string, method: string, hands: Hands): Promise<Answer> {
  await hands.pace();
  const { mark } = hands.scope.http ?? {};
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const options: RequestOptions & { rejectUnauthorized?: boolean; servername?: string } = {
    method,
    port: portOfUrl(url),
    path: `${url.pathname}${url.search}`,
    ...wayOf(url, address),
    signal: hands.signal,
    timeout: probeMs,
    maxHeaderSize: 32_768,
    headers: {
      Host: url.host,
      'User-Agent': 'Breakwater',
      Accept: '*/*',
      'Accept-Encoding': 'identity',
      ...(mark === undefined ? {} : { [mark.name]: mark.value }),
    },
    // Its certificate is looked at by another probe; nothing secret is sent.
    rejectUnauthorized: false,
    ...(isIP(host) === 0 ? { servername: host } : {}),
  };
  return new Promise((resolve) => {
    const none = (code: string): void => resolve({ code, status: 0, headers: [], body: Buffer.alloc(0) });
    const sent = (url.protocol === 'https:' ? tlsRequest : plainRequest)(options, (answer) => {
      readBody(answer, (body) => {
        sent.destroy();
        resolve({ code: null, status: answer.statusCode ?? 0, headers: pairsOf(answer.rawHeaders), body });
      });
    });
    const timer = setTimeout(() => sent.destroy(Object.assign(new Error('late'), { code: 'late' })), probeMs);
    sent.once('close', () => clearTimeout(timer));
    sent.on('error', (error) => none(codeOf(error)));
    sent.end();
  });
}

/** To the pinned address; or, where the gate has a proxy, to the proxy, which pins the name itself. */
function wayOf(url: URL, address: string): Pick<RequestOptions, 'host' | 'agent'> {
  const isTls = url.protocol === 'https:';
  const proxyEnv = process.env;
  if (proxyEnv[isTls ? 'HTTPS_PROXY' : 'HTTP_PROXY'] === undefined) return { host: address, agent: false };
  return { host: url.hostname, agent: isTls ? new TlsAgent({ proxyEnv }) : new PlainAgent({ proxyEnv }) };
}

function readBody(answer: IncomingMessage, done: (body: Buffer) => void): void {
  const parts: Buffer[] = [];
  let size = 0;
  const end = (): void => done(Buffer.concat(parts).subarray(0, bodyBytes));
  answer.on('data', (chunk: Buffer) => {
    parts.push(chunk);
    size += chunk.length;
    if (size >= bodyBytes) end();
  });
  answer.once('end', end);
  answer.once('error', end);
  answer.once('close', end);
}

function pairsOf(raw: readonly string[]): [string, string][] {
  const pairs: [string, string][] = [];
  for (let i = 0; i + 1 < raw.length && pairs.length < mostHeaders; i += 2)
    pairs.push([plainText(raw[i] ?? '', 100).toLowerCase(), raw[i + 1] ?? '']);
  return pairs;
}

function locationOf({ status, headers }: Answer, here: URL): URL | null {
  if (status < 300 || status > 399) return null;
  const location = headers.find(([name]) => name === 'location')?.[1];
  return location === undefined ? null : URL.parse(location, here.href);
}

function tell(answer: Answer, here: URL, redirects: readonly object[]): ProbeAnswer {
  const { status, headers, body } = answer;
  // The values of cookies may be someone's session: only names and attributes leave the probe.
  const shown = headers
    .filter(([name]) => name !== 'set-cookie')
    .map(([name, value]) => `${name}: ${plainText(value, 300)}`);
  const cookies = headers.filter(([name]) => name === 'set-cookie').map(([, value]) => cookieOf(value));
  return {
    result: 'answered',
    said: {
      url: plainText(here.href, 500),
      status,
      headers: shown,
      cookies,
      redirects,
      page: plainText(body.toString('utf8'), excerptLength),
    },
    found: [...headerFindings(answer, here), ...cookies.flatMap((cookie) => cookieFindings(cookie, here))],
  };
}

interface Cookie {
  readonly name: string;
  readonly secure: boolean;
  readonly httpOnly: boolean;
  readonly sameSite: string | null;
}

function cookieOf(text: string): Cookie {
  const [pair = '', ...attributes] = text.split(';').map((part) => part.trim());
  const words = attributes.map((attribute) => attribute.toLowerCase());
  const sameSite = words.find((word) => word.startsWith('samesite='));
  return {
    name: plainText(pair.split('=')[0] ?? '', 64),
    secure: words.includes('secure'),
    httpOnly: words.includes('httponly'),
    sameSite: sameSite === undefined ? null : plainText(sameSite.slice(9), 16),
  };
}

/** Headers whose absence is told, and on which pages. */
const wanted: readonly { readonly name: string; readonly rule: string; readonly onlyTls: boolean }[] = [
  { name: 'strict-transport-security', rule: 'http-no-hsts', onlyTls: true },
  { name: 'content-security-policy', rule: 'http-no-csp', onlyTls: false },
  { name: 'x-content-type-options', rule: 'http-no-nosniff', onlyTls: false },
];

function headerFindings({ headers }: Answer, { protocol, pathname }: URL): Found[] {
  const has = new Map(headers);
  const missing = wanted
    .filter(({ name, onlyTls }) => !has.has(name) && (!onlyTls || protocol === 'https:'))
    .map(({ name, rule }) => ({
      rule,
      title: `The header ${name} is not sent`,
      severity: { level: 'info' as const, given: null },
    }));
  const told = ['server', 'x-powered-by'].flatMap((name) =>
    versionIn(plainText(has.get(name) ?? '', 200), `the header ${name}`),
  );
  return [...missing, ...told].map((found) => ({ ...found, path: pathname }));
}

function cookieFindings({ name, secure, httpOnly, sameSite }: Cookie, { protocol, pathname }: URL): Found[] {
  const faults = [
    ...(protocol === 'https:' && !secure ? (['Secure'] as const) : []),
    ...(httpOnly ? [] : (['HttpOnly'] as const)),
    ...(sameSite === null ? (['SameSite'] as const) : []),
  ];
  return faults.map((attribute) => ({
    rule: `cookie-no-${attribute.toLowerCase()}`,
    title: `The cookie ${name} has no ${attribute}`,
    severity: { level: 'low', given: null },
    path: pathname,
  }));
}
