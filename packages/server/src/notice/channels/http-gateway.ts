import { z } from 'zod';
import { GatewayBusy, type Channel, type Message, type Report, type Submitted } from './channel.ts';
import { AnswerLost, callGateway } from './http-call.ts';

export type HttpGatewayOptions = {
  /** Base address, without a slash at the end. */
  url: string;
  /** Bearer token of our account, a secret; read for each call, so that a new one needs no restart. */
  key: () => string;
  /**
   * `phone`: the gateway gets numbers (`to`). `token`: it is the company's own messaging system, which holds the numbers and
   * gets tokens (`token`): no number ever comes here. Default `phone`.
   */
  addresses?: 'phone' | 'token';
  /** Messages a second by contract, of all workers together. Default: no limit. */
  perSecond?: number | null;
  /** Longest wait for an answer, ms. Default 10,000. */
  timeoutMs?: number;
};

const submitAnswer = z.looseObject({
  results: z.array(z.looseObject({ key: z.string(), code: z.string().max(64).nullable() })),
});

/** What became of messages, as a gateway or the company's messaging system tells it. */
export const keyedReport = z.object({
  key: z.string().max(64),
  state: z.enum(['accepted', 'delivered', 'failed', 'viewed', 'certified']),
  code: z.string().max(64),
  at: z.iso.datetime({ offset: true }),
});
const reportsAnswer = z.looseObject({ reports: z.array(keyedReport.extend({ seq: z.int().min(1) })) });

/**
 * A gateway over HTTP: `POST /v1/messages` takes a batch, `GET /v1/reports?after=N` tells what became of messages.
 * It knows our keys, so a batch whose answer was lost is submitted again without harm.
 */
export function httpGateway(options: HttpGatewayOptions): Channel {
  const { url, key, addresses = 'phone', perSecond = null, timeoutMs = 10_000 } = options;
  const call = async (path: string, body: string | null, signal: AbortSignal): Promise<unknown> => {
    const headers = { authorization: `Bearer ${key()}`, 'content-type': 'application/json' };
    const init = body === null ? { method: 'GET' as const, headers } : { method: 'POST' as const, headers, body };
    const answer = await callGateway(`${url}${path}`, init, { timeoutMs, signal }).catch((error: unknown) => {
      throw error instanceof AnswerLost ? new GatewayBusy('no answer', 500) : error;
    });
    if (answer.status === 429 || answer.status >= 500) {
      throw new GatewayBusy(`status ${answer.status}`, answer.retryAfterMs);
    }
    if (answer.status >= 300) {
      throw new Error(`the gateway refuses our request with status ${answer.status}: look at its address and key`);
    }
    return answer.body;
  };
  return {
    gateway: new URL(url).host,
    addresses,
    batchSize: Math.max(1, Math.min(100, perSecond ?? 100)),
    perSecond,
    doubtMs: 0,
    pushesReports: false,
    proves: 'accepted',
    inOurDatabase: false,
    async submit(messages: readonly Message[], signal: AbortSignal): Promise<Submitted[]> {
      const sent = messages.map(({ key: ours, to, from, type, text }) => ({
        key: ours,
        ...(addresses === 'token' ? { token: to } : { to }),
        from,
        type,
        text,
      }));
      const { results } = submitAnswer.parse(await call('/v1/messages', JSON.stringify({ messages: sent }), signal));
      const codes = new Map(results.map((result) => [result.key, result.code]));
      return messages.flatMap(({ key: of }): Submitted[] => {
        const code = codes.get(of);
        if (code === undefined) return [];
        return [code === null ? { key: of, outcome: 'taken', ids: [] } : { key: of, outcome: 'refused', code }];
      });
    },
    async reports(after: number, signal: AbortSignal): Promise<{ reports: Report[]; position: number }> {
      const { reports } = reportsAnswer.parse(await call(`/v1/reports?after=${after}`, null, signal));
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
