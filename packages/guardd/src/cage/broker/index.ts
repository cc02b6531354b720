/**
 * The broker of a model: a Unix socket that is bound into a cage, which has neither a route to the model nor its key. It takes
 * few paths, keeps budgets that the agent cannot touch, and records what was said.
 */
import { createHash } from 'node:crypto';
import { chmodSync, rmSync } from 'node:fs';
import { createServer, request as requestHttp, type IncomingMessage, type ServerResponse } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { Socket } from 'node:net';
import { PassThrough } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { instantOf, monoNow, wallNow } from '../../clock.ts';
import { reachSocket } from '../../socket-path.ts';
import { redactionMargin, redactText } from '../proxy/redaction.ts';
import { openRecorder, type Evidence } from '../proxy/record.ts';
import { Scrubbed } from './scrub.ts';
import { providers, readEndpoint, readKey, type KeySource, type ProviderName } from './settings.ts';
import { tokensOf, type Tokens } from './usage.ts';

export type { KeySource, ProviderName } from './settings.ts';

/** What an agent may use up of a model; all of it over the life of the broker. */
export interface ModelBudgets {
  readonly requests: number;
  /** As the provider reports them; an answer without a report counts a token for each byte. */
  readonly tokens: number;
  /** Questions and answers together. */
  readonly bytes: number;
  readonly ms: number;
}

export interface ModelUsage {
  readonly requests: number;
  readonly tokens: number;
  readonly bytes: number;
  readonly refused: number;
}

export interface BrokerOptions {
  /** On the host. It must not exist; it is made for this user alone, and its owner opens it to the tool's. */
  readonly socketPath: string;
  readonly provider: ProviderName;
  /** Such as `https://models.example/v1`; HTTPS, or HTTP on this machine. */
  readonly endpoint: string;
  readonly key: KeySource;
  readonly budgets: ModelBudgets;
  /** Folder of `model.jsonl`. */
  readonly folder: string;
  /** Keeps this many bytes of each prompt and answer, redacted; left out = hashes and sizes alone. */
  readonly keepBytes?: number;
}

export interface ModelBroker {
  readonly socketPath: string;
  readonly usage: ModelUsage;
  /** Breaks off what is being asked, closes the socket, and gives the evidence. */
  close(): Promise<Evidence>;
}

const refusals = {
  'broker.path': [403, 'only the paths of the model that an agent needs may be asked for'],
  'broker.method': [405, 'a model is asked by POST'],
  'broker.content': [415, 'a question is application/json without compression'],
  'broker.question-size': [413, 'the question is too large'],
  'broker.budget-requests': [429, 'the budget of requests is used up'],
  'broker.budget-tokens': [429, 'the budget of tokens is used up'],
  'broker.budget-bytes': [429, 'the budget of bytes is used up'],
  'broker.budget-time': [429, 'the budget of time is used up'],
  'broker.busy': [429, 'too many questions at once'],
  'broker.redirect': [502, 'the model’s server sends the question elsewhere, where it does not go'],
  'broker.upstream': [502, 'the model’s server cannot be reached, or broke off'],
  'broker.evidence': [503, 'the evidence takes no more, so nothing more is asked'],
} as const satisfies Record<string, readonly [status: number, message: string]>;
type Refusal = keyof typeof refusals;

class BrokerRefused extends Error {
  readonly code: Refusal;

  constructor(code: Refusal) {
    super(refusals[code][1]);
    this.code = code;
  }
}

const mostQuestionBytes = 8 * 1024 * 1024;
const mostAtOnce = 4;
const silentMs = 120_000;
/** Of an answer, the last part in which its usage is looked for. */
const mostReadForUsage = 8 * 1024 * 1024;
const passedOn: readonly string[] = ['accept', 'anthropic-version', 'anthropic-beta'];
const passedBack: readonly string[] = ['content-type', 'retry-after', 'retry-after-ms'];

/** Opens the broker. Throws BreakwaterError `broker.*` for settings that cannot be, and what `listen` throws. */
export async function openModelBroker(options: BrokerOptions): Promise<ModelBroker> {
  const { socketPath, provider, budgets, folder, keepBytes = 0 } = options;
  const endpoint = readEndpoint(options.endpoint);
  const key = readKey(options.key);
  const { paths, keyHeaders } = providers[provider];
  const recorder = openRecorder(folder, 'model.jsonl');
  const until = monoNow() + budgets.ms;
  const usage = { requests: 0, tokens: 0, bytes: 0, refused: 0 };
  const sockets = new Set<Socket>();
  const over = new AbortController();
  let asking = 0;

  const server = createServer(
    { headersTimeout: 10_000, requestTimeout: 60_000, maxHeaderSize: 16_384 },
    (question, answer) => {
      answer.on('error', () => undefined);
      void serve(question, answer);
    },
  );
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  const deadline = setTimeout(
    () => over.abort(new BrokerRefused('broker.budget-time')),
    Math.min(budgets.ms, 2 ** 31 - 1),
  );
  deadline.unref();

  function spent(): Refusal | null {
    if (recorder.full) return 'broker.evidence';
    if (monoNow() >= until) return 'broker.budget-time';
    if (usage.requests >= budgets.requests) return 'broker.budget-requests';
    if (usage.tokens >= budgets.tokens) return 'broker.budget-tokens';
    return usage.bytes >= budgets.bytes ? 'broker.budget-bytes' : null;
  }

  function admit({ method, url, headers }: IncomingMessage): string {
    const path = paths.find((one) => one === url);
    if (path === undefined) throw new BrokerRefused('broker.path');
    if (method !== 'POST') throw new BrokerRefused('broker.method');
    const isJson = /^application\/json(?:\s*;|$)/i.test(headers['content-type'] ?? '');
    if (!isJson || headers['content-encoding'] !== undefined) throw new BrokerRefused('broker.content');
    const refusal = asking >= mostAtOnce ? 'broker.busy' : spent();
    if (refusal !== null) throw new BrokerRefused(refusal);
    return path;
  }

  async function serve(question: IncomingMessage, answer: ServerResponse): Promise<void> {
    const since = monoNow();
    const said = {
      path: '',
      prompt: Buffer.alloc(0) as Buffer,
      status: 0,
      heard: [] as Buffer[],
      bytes: 0,
      hash: createHash('sha256'),
    };
    let refused: Refusal | null = null;
    let counted = false;
    try {
      said.path = admit(question);
      usage.requests++;
      asking++;
      counted = true;
      said.prompt = await bodyOf(question);
      usage.bytes += said.prompt.length;
      if (usage.bytes > budgets.bytes) throw new BrokerRefused('broker.budget-bytes');
      const heard = await ask(said.path, question, said.prompt, answer);
      said.status = heard.statusCode ?? 0;
      if (said.status >= 300 && said.status < 400) {
        heard.destroy();
        throw new BrokerRefused('broker.redirect');
      }
      answer.writeHead(said.status, pick(heard, passedBack));
      await pipeline(heard, key === null ? new PassThrough() : new Scrubbed(key), watch, answer);
    } catch (error) {
      refused =
        error instanceof BrokerRefused ? error.code : over.signal.aborted ? 'broker.budget-time' : 'broker.upstream';
      refuse(question, answer, refused);
    }
    if (counted) asking--;
    // A question that broke off may have been answered: it is charged. One that the model's server refused was not.
    const charged = said.prompt.length > 0 && said.status < 300;
    const tokens = charged ? tokensOf(textOf(said.heard), said.prompt.length + said.bytes) : null;
    usage.tokens += tokens?.count ?? 0;
    if (refused !== null) usage.refused++;
    note(since, said, refused, tokens);

    async function* watch(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
      let held = 0;
      for await (const chunk of chunks) {
        usage.bytes += chunk.length;
        if (usage.bytes > budgets.bytes) throw new BrokerRefused('broker.budget-bytes');
        said.bytes += chunk.length;
        said.hash.update(chunk);
        said.heard.push(chunk);
        held += chunk.length;
        while (held > mostReadForUsage && said.heard.length > 1) held -= said.heard.shift()?.length ?? 0;
        yield chunk;
      }
    }
  }

  /** Sends the question with the key to the one endpoint. No redirect is followed. */
  function ask(
    path: string,
    question: IncomingMessage,
    prompt: Buffer,
    answer: ServerResponse,
  ): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const url = new URL(endpoint);
      url.pathname = `${endpoint.pathname.replace(/\/$/, '')}${path}`;
      const asked = (url.protocol === 'https:' ? requestHttps : requestHttp)(url, {
        method: 'POST',
        agent: false,
        signal: over.signal,
        headers: {
          'Content-Type': 'application/json',
          'Content-Length': prompt.length,
          'Accept-Encoding': 'identity',
          ...pick(question, passedOn),
          ...(key === null ? {} : keyHeaders(key)),
        },
      });
      asked.setTimeout(silentMs, () => asked.destroy(new BrokerRefused('broker.upstream')));
      answer.once('close', () => {
        if (!answer.writableFinished) asked.destroy(new BrokerRefused('broker.upstream'));
      });
      asked.once('error', () =>
        reject(new BrokerRefused(over.signal.aborted ? 'broker.budget-time' : 'broker.upstream')),
      );
      asked.once('response', resolve);
      asked.end(prompt);
    });
  }

  function note(since: number, said: Said, refused: Refusal | null, tokens: Tokens | null): void {
    const kept = (text: string, bytes: number): object =>
      keepBytes === 0 || bytes === 0
        ? {}
        : { text: redactText(hideKey(text, key).slice(0, keepBytes + redactionMargin), keepBytes, bytes > keepBytes) };
    recorder.record({
      at: instantOf(wallNow()),
      provider,
      path: said.path,
      status: refused === null ? said.status : refusals[refused][0],
      refused,
      prompt: {
        bytes: said.prompt.length,
        digest: digestOf(said.prompt),
        ...kept(said.prompt.toString('utf8'), said.prompt.length),
      },
      answer: {
        bytes: said.bytes,
        digest: `sha256:${said.hash.digest('hex')}`,
        ...kept(textOf(said.heard), said.bytes),
      },
      tokens,
      ms: Math.max(0, Math.round(monoNow() - since)),
    });
  }

  const reach = reachSocket(socketPath);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(reach.path, resolve);
  });
  chmodSync(reach.path, 0o600);
  reach.release();

  return {
    socketPath,
    get usage() {
      return { ...usage };
    },
    async close() {
      clearTimeout(deadline);
      over.abort();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await closed;
      rmSync(socketPath, { force: true });
      return recorder.end();
    },
  };
}

interface Said {
  readonly path: string;
  readonly prompt: Buffer;
  readonly status: number;
  readonly heard: readonly Buffer[];
  readonly bytes: number;
  readonly hash: ReturnType<typeof createHash>;
}

function refuse(question: IncomingMessage, answer: ServerResponse, code: Refusal): void {
  question.resume();
  if (answer.headersSent) return void answer.destroy();
  const [status, message] = refusals[code];
  const body = `${JSON.stringify({ error: { code, message, path: '' } })}\n`;
  answer.writeHead(status, {
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(body),
    Connection: 'close',
  });
  answer.end(body);
}

async function bodyOf(question: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of question as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > mostQuestionBytes) throw new BrokerRefused('broker.question-size');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function pick({ headers }: IncomingMessage, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => (typeof headers[name] === 'string' ? [[name, headers[name]]] : [])),
  );
}

const textOf = (chunks: readonly Buffer[]): string => Buffer.concat(chunks).toString('utf8');
const digestOf = (bytes: Buffer): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
const hideKey = (text: string, key: string | null): string =>
  key === null ? text : text.replaceAll(key, '[redacted]');
