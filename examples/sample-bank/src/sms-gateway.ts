/**
 * A simulator of a text message gateway as Korean relays offer it over HTTP: batches in, an identifier for each message,
 * delivery reports by polling or by callback. It keeps everything in memory and sends nothing to anyone.
 *
 * A message's `key` is the sender's: the same key again is answered with the first identifier and not sent again.
 */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export type GatewayMessage = { key: string; to: string; from: string; type: 'SMS' | 'LMS'; text: string };
export type GatewayReport = {
  seq: number;
  key: string;
  id: string;
  state: 'delivered' | 'failed';
  code: string;
  at: string;
};

/** What goes wrong. Numbers count messages or requests; 0 = never. */
export type GatewayFaults = {
  /** Every n-th message is refused at once (`unknown-number`). */
  refuseEvery: number;
  /** Every n-th message is taken and then reported failed (`power-off`). */
  failEvery: number;
  /** Every n-th message is never reported. */
  silentEvery: number;
  /** The next n requests are answered 503. */
  unavailableFor: number;
  /** The next n batches are taken and the connection is cut without an answer: the sender is in doubt. */
  cutAnswers: number;
  /** Messages a second; more is answered 429. */
  perSecond: number;
  /** Every answer takes this long, ms. */
  delayMs: number;
};

export type SmsGateway = {
  url: string;
  /** Bearer token of its one customer. */
  key: string;
  /** Messages that went out, one entry a sending, so that a double sending shows. */
  sent(): readonly GatewayMessage[];
  fault(faults: Partial<GatewayFaults>): void;
  stop(): Promise<void>;
};

export type SmsGatewayOptions = {
  port?: number;
  host?: string;
  key?: string;
  /** Time from taking a message to its report, ms. Default 50. */
  deliverAfterMs?: number;
  /** Reports are posted there, `{reports: [...]}`, until answered 2xx. */
  callbackUrl?: string;
  faults?: Partial<GatewayFaults>;
};

const none: GatewayFaults = {
  refuseEvery: 0,
  failEvery: 0,
  silentEvery: 0,
  unavailableFor: 0,
  cutAnswers: 0,
  perSecond: 0,
  delayMs: 0,
};
const maxBatch = 1000;
const maxBodyBytes = 4 * 1024 * 1024;
/** `[Web발신]` and a line feed, which the relay puts before each text. */
const webOriginBytes = 10;
const longest = { SMS: 90, LMS: 2000 };

/** Starts the simulator; it takes a free port of loopback unless told otherwise. */
export async function startSmsGateway(options: SmsGatewayOptions = {}): Promise<SmsGateway> {
  const faults = { ...none, ...options.faults };
  const key = options.key ?? randomBytes(24).toString('base64url');
  const known = new Map<string, { id: string; code: string | null }>();
  const sent: GatewayMessage[] = [];
  const reports: GatewayReport[] = [];
  const timers = new Set<NodeJS.Timeout>();
  let count = 0;
  let second = { began: 0, taken: 0 };

  const report = (message: GatewayMessage, id: string, nth: number): void => {
    if (every(faults.silentEvery, nth)) return;
    const failed = every(faults.failEvery, nth);
    const timer = setTimeout(() => {
      timers.delete(timer);
      reports.push({
        seq: reports.length + 1,
        key: message.key,
        id,
        state: failed ? 'failed' : 'delivered',
        code: failed ? 'power-off' : 'ok',
        at: new Date().toISOString(),
      });
    }, options.deliverAfterMs ?? 50);
    timers.add(timer);
  };

  const take = (message: GatewayMessage): { key: string; id: string; code: string | null } => {
    const before = known.get(message.key);
    if (before !== undefined) return { key: message.key, ...before };
    count += 1;
    const id = `m${count}`;
    const code = faultOf(message) ?? (every(faults.refuseEvery, count) ? 'unknown-number' : null);
    known.set(message.key, { id, code });
    if (code === null) {
      sent.push(message);
      report(message, id, count);
    }
    return { key: message.key, id, code };
  };

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const say = (status: number, body: unknown, headers: Record<string, string> = {}): void => {
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
    };
    if (faults.delayMs > 0) await sleep(faults.delayMs);
    if (faults.unavailableFor > 0) {
      faults.unavailableFor -= 1;
      return say(503, { error: 'unavailable' });
    }
    if (!sameText(request.headers.authorization, `Bearer ${key}`)) return say(401, { error: 'unauthorised' });
    const url = new URL(request.url ?? '/', 'http://gateway');
    switch (`${request.method} ${url.pathname}`) {
      case 'POST /v1/messages': {
        const { messages } = (await readJson(request)) as { messages?: GatewayMessage[] };
        if (!Array.isArray(messages) || messages.length === 0 || messages.length > maxBatch) {
          return say(400, { error: `messages: 1 to ${maxBatch}` });
        }
        const now = performance.now();
        if (now - second.began > 1000) second = { began: now, taken: 0 };
        if (faults.perSecond > 0 && second.taken + messages.length > faults.perSecond) {
          return say(429, { error: 'too-fast' }, { 'retry-after': '1' });
        }
        second.taken += messages.length;
        const results = messages.map(take);
        if (faults.cutAnswers > 0) {
          faults.cutAnswers -= 1;
          request.socket.destroy();
          return;
        }
        return say(202, { results });
      }
      case 'GET /v1/reports': {
        const after = Number(url.searchParams.get('after') ?? 0);
        return say(200, { reports: reports.slice(after, after + maxBatch) });
      }
      case 'POST /faults':
        Object.assign(faults, await readJson(request));
        return say(200, faults);
      case 'GET /sent':
        return say(200, { count: sent.length, keys: new Set(sent.map((message) => message.key)).size });
      default:
        return say(404, { error: 'not-found' });
    }
  };

  const server = createServer((request, response) => {
    answer(request, response).catch(() => {
      if (!response.headersSent) response.writeHead(400).end('{"error":"bad-request"}');
    });
  });
  const url = await listening(server, options.port ?? 0, options.host ?? '127.0.0.1');
  const stopping = new AbortController();
  const calling =
    options.callbackUrl === undefined ? Promise.resolve() : callBack(options.callbackUrl, reports, stopping.signal);

  return {
    url,
    key,
    sent: () => sent,
    fault: (changed) => void Object.assign(faults, changed),
    async stop() {
      stopping.abort();
      timers.forEach((timer) => clearTimeout(timer));
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
      await calling;
    },
  };
}

/** What a relay refuses in a message; null = nothing. */
function faultOf({ to, from, type, text }: GatewayMessage): string | null {
  if (!/^010\d{8}$/.test(to)) return 'bad-number';
  if (!/^\d{8,11}$/.test(from)) return 'bad-sender';
  const bytes = Array.from(text).reduce((sum, character) => sum + (character < '\u0080' ? 1 : 2), webOriginBytes);
  return bytes > longest[type] ? 'too-long' : null;
}

async function callBack(url: string, reports: readonly GatewayReport[], signal: AbortSignal): Promise<void> {
  let told = 0;
  while (!signal.aborted) {
    const batch = reports.slice(told, told + maxBatch);
    if (batch.length > 0) {
      const answer = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ reports: batch }),
        signal,
      }).catch(() => null);
      if (answer?.ok === true) told += batch.length;
      await answer?.body?.cancel();
    }
    await sleep(50, undefined, { signal }).catch(() => undefined);
  }
}

function every(n: number, nth: number): boolean {
  return n > 0 && nth % n === 0;
}

function listening(server: Server, port: number, host: string): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      const address = server.address() as AddressInfo;
      resolve(`http://${host}:${address.port}`);
    });
  });
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBodyBytes) throw new Error('too large');
    chunks.push(chunk);
  }
  return JSON.parse(Buffer.concat(chunks).toString('utf8'));
}

function sameText(given: string | undefined, expected: string): boolean {
  const a = Buffer.from(given ?? '');
  const b = Buffer.from(expected);
  return a.length === b.length && timingSafeEqual(a, b);
}
