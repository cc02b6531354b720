import { createHmac } from 'node:crypto';
import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { z } from 'zod';
import { GatewayBusy, type Channel, type Message, type Report, type Submitted } from './channel.ts';
import { AnswerLost, callGateway, type HttpAnswer } from './http-call.ts';
import { instantOf, koreanTime } from './korean-time.ts';

export type SensOptions = {
  /** Address of the service. */
  url: string;
  serviceId: string;
  /** Keys of our account, secrets; read for each call, so that new ones need no restart. */
  accessKey: () => string;
  secretKey: () => string;
  perSecond: number | null;
  /** How long a message whose answer was lost is looked for in the gateway's lists, before it is sent again, ms. */
  doubtMs: number;
  timeoutMs?: number;
  /** Hears of a clock that is wrong, in words without personal data. */
  told?: (line: string) => void;
  now?: () => number;
};

const sendAnswer = z.looseObject({ requestId: z.string().min(1).max(128) });
const listedMessage = z.looseObject({
  messageId: z.string().min(1).max(128),
  to: z.string().max(32),
  status: z.string().max(32).nullish(),
  statusName: z.string().max(32).nullish(),
  statusCode: z.string().max(32).nullish(),
  completeTime: z.string().max(32).nullish(),
});
type ListedMessage = z.infer<typeof listedMessage>;
const listAnswer = z.looseObject({
  messages: z.array(listedMessage).nullish(),
  hasMore: z.boolean().nullish(),
  nextToken: z.string().max(512).nullish(),
});

/** Most messages of one request, and of one page of a list. */
const mostInRequest = 100;
const pageSize = 1000;
/** Between two looks at the lists: their rate is limited by the service. */
const lookMs = 2000;
const dayMs = 86_400_000;
/** What completes late within the same second, or while a page was read, is read again and passed over. */
const overlapMs = 120_000;
/** The service refuses requests whose time is off by five minutes; from here on we go by its clock. */
const mostSkewMs = 60_000;

/**
 * Naver Cloud SENS over HTTP (`/sms/v2/services/{id}/messages`), signed by HMAC-SHA-256 over method, path, time and access
 * key (signature v2). It knows no keys of ours: a message whose answer was lost is looked for by its number among what
 * completes, and sent again after `doubtMs`.
 */
export function sensGateway(options: SensOptions): Channel {
  const { url, serviceId, timeoutMs = 10_000, told = () => undefined, now = Date.now } = options;
  const path = `/sms/v2/services/${encodeURIComponent(serviceId)}/messages`;
  let skewMs = 0;
  let lookedAt = -Infinity;
  /** Messages whose completion was written down, by when: the overlap of two looks. */
  const seen = new Map<string, number>();

  const signed = async (method: 'GET' | 'POST', target: string, body: string | null, signal: AbortSignal) => {
    const timestamp = String(now() + skewMs);
    const accessKey = options.accessKey();
    const signature = createHmac('sha256', options.secretKey())
      .update(`${method} ${target}\n${timestamp}\n${accessKey}`)
      .digest('base64');
    const headers = {
      'content-type': 'application/json; charset=utf-8',
      'x-ncp-apigw-timestamp': timestamp,
      'x-ncp-iam-access-key': accessKey,
      'x-ncp-apigw-signature-v2': signature,
    };
    return callGateway(`${url}${target}`, body === null ? { method, headers } : { method, headers, body }, {
      timeoutMs,
      signal,
    });
  };
  /** True when our clock and the gateway's were too far apart, and we go by its from now on. */
  const followsClock = ({ date }: HttpAnswer): boolean => {
    if (date === null) return false;
    const off = date - (now() + skewMs);
    if (Math.abs(off) < mostSkewMs) return false;
    skewMs += off;
    told(`our clock and that of the gateway are ${Math.round(skewMs / 1000)} s apart: requests go by the gateway's`);
    return true;
  };
  const call = async (
    method: 'GET' | 'POST',
    target: string,
    body: string | null,
    signal: AbortSignal,
  ): Promise<unknown> => {
    let answer = await signed(method, target, body, signal);
    if (followsClock(answer) && answer.status === 401) answer = await signed(method, target, body, signal);
    if (answer.status === 429 || answer.status === 503) {
      throw new GatewayBusy(`status ${answer.status}`, answer.retryAfterMs);
    }
    if (answer.status >= 500) throw new AnswerLost();
    if (answer.status >= 300) {
      throw new Error(
        `the gateway refuses our request with status ${answer.status}: look at its keys, service id and sender`,
      );
    }
    return answer.body;
  };

  const list = async function* (query: Record<string, string>, signal: AbortSignal): AsyncGenerator<ListedMessage[]> {
    let page: Record<string, string> = { pageIndex: '0' };
    for (let index = 1; ; index++) {
      const parameters = new URLSearchParams({ ...query, pageSize: String(pageSize), ...page });
      const answer = listAnswer.parse(await call('GET', `${path}?${parameters.toString()}`, null, signal));
      yield answer.messages ?? [];
      if (answer.hasMore !== true) return;
      page =
        answer.nextToken === null || answer.nextToken === undefined
          ? { pageIndex: String(index) }
          : { nextToken: answer.nextToken };
    }
  };

  const submitTo = async (
    countryCode: string,
    messages: readonly (Message & { national: string })[],
    signal: AbortSignal,
  ): Promise<Submitted[]> => {
    const [first] = messages;
    if (first === undefined) return [];
    const body = JSON.stringify({
      type: first.type,
      contentType: 'COMM',
      countryCode,
      from: first.from,
      ...(first.type === 'LMS' ? { subject: first.subject } : {}),
      content: first.text,
      messages: messages.map(({ national }) => ({ to: national })),
    });
    let requestId: string;
    try {
      ({ requestId } = sendAnswer.parse(await call('POST', path, body, signal)));
    } catch (error) {
      if (error instanceof AnswerLost || error instanceof z.ZodError) return [];
      throw error;
    }
    const ids = await idsOf(requestId, signal);
    return messages.map(({ key, national }): Submitted => {
      const id = ids.get(national);
      return { key, outcome: 'taken', ids: id === undefined ? [] : [id] };
    });
  };
  /** The gateway's ids by number. A list that does not come is no fault: what completes names its number too. */
  const idsOf = async (requestId: string, signal: AbortSignal): Promise<Map<string, string>> => {
    const ids = new Map<string, string>();
    try {
      for await (const page of list({ requestId }, signal))
        for (const { to, messageId } of page) ids.set(to, messageId);
    } catch {
      return ids;
    }
    return ids;
  };

  return {
    gateway: `sens:${serviceId}`,
    addresses: 'phone',
    batchSize: Math.max(1, Math.min(mostInRequest, options.perSecond ?? mostInRequest)),
    perSecond: options.perSecond,
    doubtMs: options.doubtMs,
    pushesReports: false,
    proves: 'accepted',
    inOurDatabase: false,
    async submit(messages, signal) {
      const byCountry = Map.groupBy(messages.map(nationally), ({ country }) => country);
      const results: Submitted[] = [];
      for (const [country, those] of byCountry) {
        try {
          results.push(...(await submitTo(country, those, signal)));
        } catch (error) {
          // What other requests of this call brought is known and must be written down.
          if (results.length === 0) throw error;
          results.push(...those.map(({ key }): Submitted => ({ key, outcome: 'unsent' })));
        }
      }
      return results;
    },
    async reports(after, signal) {
      const at = now();
      if (at - lookedAt < lookMs) return { reports: [], position: after };
      lookedAt = at;
      const from = Math.max(after - overlapMs, at + skewMs - dayMs + overlapMs);
      for (const [id, done] of seen) if (done < from) seen.delete(id);
      const query = { completeStartTime: koreanTime(from), completeEndTime: koreanTime(at + skewMs + overlapMs) };
      const reports: Report[] = [];
      let position = after;
      for await (const page of list(query, signal)) {
        for (const message of page) {
          const done = instantOf(message.completeTime ?? '');
          if (done === null || message.status !== 'COMPLETED' || seen.has(message.messageId)) continue;
          position = Math.max(position, done);
          reports.push(reportOf(message, done));
        }
      }
      return { reports, position };
    },
    committed(reports) {
      for (const { about, at } of reports) if ('id' in about) seen.set(about.id, Date.parse(at));
    },
    close: () => Promise.resolve(),
  };
}

function reportOf({ messageId, to, statusName, statusCode }: ListedMessage, done: number): Report {
  const delivered = statusName === 'success';
  return {
    about: { id: messageId, number: to, isOf: () => true },
    state: delivered ? 'delivered' : 'failed',
    code: `${statusName ?? 'unknown'}/${statusCode ?? ''}`,
    at: new Date(done).toISOString(),
  };
}

function nationally(message: Message): Message & { country: string; national: string } {
  const parsed = message.to.startsWith('+') ? parsePhoneNumberFromString(message.to) : undefined;
  return parsed === undefined
    ? { ...message, country: '82', national: message.to }
    : { ...message, country: parsed.countryCallingCode, national: parsed.nationalNumber };
}
