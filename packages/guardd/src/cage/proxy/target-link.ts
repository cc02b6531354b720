/** The target's side of one connection of a tool: requests one after the other over one connection, kept open as the tool keeps its own. */
import {
  Agent,
  request as requestHttp,
  type ClientRequest,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import type { Duplex } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { HttpDecision } from '@breakwater/rules/containment';
import type { WatchedBody } from './body.ts';
import type { Exchange } from './exchange.ts';
import { Refused } from './refusal.ts';
import { endToEnd, pairsOf, type RequestHead } from './request-head.ts';
import { secure, type Uplink } from './uplink.ts';

/** What the scope said of a request that may pass. */
export type Allowed = Extract<HttpDecision, { allowed: true }>;

type Target = Pick<Allowed, 'scheme' | 'host' | 'address' | 'port'>;

export interface Question {
  readonly method: string;
  readonly allowed: Allowed;
  readonly head: RequestHead;
  /** Where the body comes from, unless `body` holds it. */
  readonly request: IncomingMessage;
  readonly sent: WatchedBody;
  readonly body: Buffer | null;
  /** The tool's end: when it goes, the question is withdrawn. */
  readonly sentOn: ServerResponse;
}

export interface Answer {
  readonly message: IncomingMessage;
  readonly certificate: Exchange['certificate'];
  /** Writes the answer to the tool, through `got`. Rejects when either side breaks off. */
  passOn(response: ServerResponse, got: WatchedBody): Promise<void>;
}

export interface TargetLink {
  isTo(scheme: Target['scheme'], host: string, address: string, port: number): boolean;
  /** Sends a request. Rejects with {@link Refused} or an error of the system when there is no answer. */
  exchange(question: Question): Promise<Answer>;
  close(): void;
}

const answerWithinMs = 60_000;
/** Asked twice without a second effect: these may be sent again over a new connection when a kept one turns out closed. */
const repeatable: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/** A link that connects when it is first asked. */
export function targetLink(uplink: Uplink, target: Target): TargetLink {
  let certificate: Exchange['certificate'] = null;
  const agent = new Agent({ keepAlive: true, maxSockets: 1, maxFreeSockets: 1 });
  agent.createConnection = (_, done): undefined => {
    void open().then(
      (stream) => done?.(null, stream),
      (error: unknown) => done?.(error instanceof Error ? error : new Error('failed'), undefined as never),
    );
  };

  async function open(): Promise<Duplex> {
    const stream = await uplink.connect(target.address, target.port);
    if (target.scheme === 'http') return stream;
    const secured = await secure(stream, target.host);
    certificate = secured.certificate;
    return secured.stream;
  }

  function ask({ method, allowed, head, request, sent, body, sentOn }: Question): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const asked = requestHttp({
        agent,
        host: target.address,
        port: target.port,
        method,
        path: allowed.target,
        setHost: false,
        insecureHTTPParser: false,
        maxHeaderSize: 64 * 1024,
        headers: headersFor(allowed, head, body),
      });
      const withdrawn = (): void => {
        if (!sentOn.writableFinished) asked.destroy(new Refused('upstream.failed', 'withdrawn'));
      };
      sentOn.once('close', withdrawn);
      const timer = setTimeout(() => asked.destroy(new Refused('upstream.timeout')), answerWithinMs);
      asked.once('error', (error) => {
        clearTimeout(timer);
        reject(error);
      });
      asked.once('upgrade', (_, socket) => {
        socket.destroy();
        reject(new Refused('http.upgrade'));
      });
      asked.once('response', (message) => {
        clearTimeout(timer);
        resolve(message);
      });
      sendBody(asked, request, sent, body, head, reject);
    });
  }

  return {
    isTo: (scheme, host, address, port) =>
      target.scheme === scheme && target.host === host && target.address === address && target.port === port,
    async exchange(question) {
      const message = await ask(question).catch((error: unknown) => {
        if (!mayRepeat(question, error)) throw error;
        return ask(question);
      });
      return { message, certificate, passOn: (response, got) => passOn(message, question.method, response, got) };
    },
    close: () => agent.destroy(),
  };
}

function mayRepeat({ method, head, request }: Question, error: unknown): boolean {
  const bodiless = (head.length ?? 0) === 0 && !head.chunked;
  const code = error instanceof Error && 'code' in error ? error.code : '';
  return code === 'ECONNRESET' && bodiless && repeatable.has(method) && !request.destroyed;
}

function headersFor({ mark }: Allowed, { host, headers, chunked }: RequestHead, body: Buffer | null): string[] {
  const marked = mark?.name.toLowerCase();
  const kept = headers.filter(([name]) => name.toLowerCase() !== marked && !(body !== null && isLength(name)));
  return [
    'Host',
    host,
    ...kept.flat(),
    ...(mark === null ? [] : [mark.name, mark.value]),
    ...(body !== null && body.length > 0 ? ['Content-Length', String(body.length)] : []),
    ...(body === null && chunked ? ['Transfer-Encoding', 'chunked'] : []),
  ];
}

const isLength = (name: string): boolean => name.toLowerCase() === 'content-length';

function sendBody(
  asked: ClientRequest,
  request: IncomingMessage,
  sent: WatchedBody,
  body: Buffer | null,
  { length, chunked }: RequestHead,
  reject: (error: unknown) => void,
): void {
  if (body !== null) asked.end(body.length === 0 ? undefined : body);
  else if ((length ?? 0) === 0 && !chunked) asked.end();
  else
    pipeline(request, sent, asked).catch((error: unknown) => {
      asked.destroy();
      reject(error);
    });
}

async function passOn(
  message: IncomingMessage,
  method: string,
  response: ServerResponse,
  got: WatchedBody,
): Promise<void> {
  const headers = endToEnd(pairsOf(message.rawHeaders)).filter(
    ([name]) => !(isLength(name) && message.headers['transfer-encoding'] !== undefined),
  );
  response.writeHead(
    message.statusCode ?? 502,
    (message.statusMessage ?? '').replace(/[^\x20-\x7e]/g, ''),
    headers.flat(),
  );
  if (method === 'HEAD') {
    message.resume();
    response.end();
    return;
  }
  const timer = setTimeout(() => message.destroy(new Refused('upstream.timeout')), answerWithinMs);
  const passed = pipeline(message, got, response);
  message.on('data', () => timer.refresh());
  await passed.finally(() => clearTimeout(timer));
}
