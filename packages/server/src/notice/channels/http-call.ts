/** Calls to gateways over HTTP: bounded in time and size, and honest about whether a request that failed may have arrived. */
import { GatewayBusy } from './channel.ts';

export type HttpAnswer = {
  status: number;
  /** The body as JSON; null when it is none. */
  body: unknown;
  /** What the gateway's clock said, epoch ms; null = it did not say. */
  date: number | null;
  /** How long the gateway asks us to wait, ms. */
  retryAfterMs: number;
};

/** The request left, and nobody knows what became of it. Holds no text of the gateway. */
export class AnswerLost extends Error {
  constructor() {
    super('the answer of the gateway was lost');
    this.name = 'AnswerLost';
  }
}

const maxAnswerBytes = 4 * 1024 * 1024;
const longestWaitMs = 60_000;
/** Failures before anything of the request left. */
const neverLeft: ReadonlySet<unknown> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/**
 * Sends one request. Throws {@link GatewayBusy} when it certainly did not arrive, {@link AnswerLost} when it may have. The
 * signal is looked at before, not while a request is on its way: cut off, it would only be in doubt.
 */
export async function callGateway(
  url: string,
  init: { method: 'GET' | 'POST'; headers: Record<string, string>; body?: string },
  { timeoutMs, signal }: { timeoutMs: number; signal: AbortSignal },
): Promise<HttpAnswer> {
  signal.throwIfAborted();
  let answer: Response;
  let text: string;
  try {
    answer = await fetch(url, { ...init, signal: AbortSignal.timeout(timeoutMs), redirect: 'error' });
    text = await textOf(answer);
  } catch (error) {
    const cause = (error as { cause?: { code?: unknown } }).cause;
    if (neverLeft.has(cause?.code)) throw new GatewayBusy('unreachable', 500);
    throw new AnswerLost();
  }
  const date = Date.parse(answer.headers.get('date') ?? '');
  const seconds = Number(answer.headers.get('retry-after') ?? '0.5');
  return {
    status: answer.status,
    body: jsonOf(text),
    date: Number.isFinite(date) ? date : null,
    retryAfterMs: Number.isFinite(seconds) ? Math.min(Math.max(seconds, 0) * 1000, longestWaitMs) : 500,
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

async function textOf(answer: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of answer.body ?? []) {
    const bytes = chunk as Uint8Array;
    size += bytes.length;
    if (size > maxAnswerBytes) throw new Error(`the gateway's answer is larger than ${maxAnswerBytes} bytes`);
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString('utf8');
}
