import { z } from 'zod';
import { GatewayBusy, type Channel, type Message, type Report, type Submitted } from './channel.ts';

export type HttpGatewayOptions = {
  /** Base address, without a slash at the end. */
  url: string;
  /** Bearer token of our account, a secret; read for each call, so that a new one needs no restart. */
  key: () => string;
  /** Longest wait for an answer, ms. Default 10,000. */
  timeoutMs?: number;
};

const maxAnswerBytes = 4 * 1024 * 1024;

const submitAnswer = z.looseObject({
  results: z.array(z.looseObject({ key: z.string(), code: z.string().max(64).nullable() })),
});
const reportsAnswer = z.looseObject({
  reports: z.array(
    z.looseObject({
      seq: z.int().min(1),
      key: z.string().max(64),
      state: z.enum(['delivered', 'failed']),
      code: z.string().max(64),
      at: z.iso.datetime({ offset: true }),
    }),
  ),
});

/**
 * A gateway over HTTP: `POST /v1/messages` takes a batch, `GET /v1/reports?after=N` tells what became of messages.
 * It knows our keys, so a batch whose answer was lost is submitted again without harm.
 */
export function httpGateway({ url, key, timeoutMs = 10_000 }: HttpGatewayOptions): Channel {
  const call = async (path: string, init: RequestInit, signal: AbortSignal): Promise<unknown> => {
    let answer: Response;
    try {
      answer = await fetch(`${url}${path}`, {
        ...init,
        headers: { authorization: `Bearer ${key()}`, 'content-type': 'application/json' },
        signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
        redirect: 'error',
      });
    } catch {
      signal.throwIfAborted();
      throw new GatewayBusy('unreachable', 500);
    }
    if (answer.status === 429 || answer.status >= 500) {
      await answer.body?.cancel();
      const seconds = Number(answer.headers.get('retry-after') ?? '0.5');
      throw new GatewayBusy(`status ${answer.status}`, Number.isFinite(seconds) ? Math.min(seconds, 60) * 1000 : 500);
    }
    if (!answer.ok) {
      await answer.body?.cancel();
      throw new Error(`the gateway refuses our request with status ${answer.status}: look at its address and key`);
    }
    return JSON.parse(await textOf(answer));
  };
  return {
    gateway: new URL(url).host,
    batchSize: 100,
    perSecond: null,
    doubtMs: 0,
    pushesReports: false,
    async submit(messages: readonly Message[], signal: AbortSignal): Promise<Submitted[]> {
      const body = JSON.stringify({ messages });
      const { results } = submitAnswer.parse(await call('/v1/messages', { method: 'POST', body }, signal));
      const codes = new Map(results.map((result) => [result.key, result.code]));
      return messages.flatMap(({ key: of }): Submitted[] => {
        const code = codes.get(of);
        if (code === undefined) return [];
        return [code === null ? { key: of, outcome: 'taken', ids: [] } : { key: of, outcome: 'refused', code }];
      });
    },
    async reports(after: number, signal: AbortSignal): Promise<{ reports: Report[]; position: number }> {
      const { reports } = reportsAnswer.parse(await call(`/v1/reports?after=${after}`, { method: 'GET' }, signal));
      return {
        reports: reports.map(({ key: of, state, code, at }) => ({ about: { key: of }, state, code, at })),
        position: reports.reduce((last, { seq }) => Math.max(last, seq), after),
      };
    },
    // The gateway keeps its reports and knows nothing of where we are in them.
    committed: () => undefined,
    close: () => Promise.resolve(),
  };
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
