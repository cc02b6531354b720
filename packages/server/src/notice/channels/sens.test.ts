import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { GatewayBusy, type Message } from './channel.ts';
import { instantOf, koreanTime } from './korean-time.ts';
import { sensGateway, type SensOptions } from './sens.ts';

const serviceId = 'ncp:sms:kr:1:sens';
const secret = 'secret-key';
const never = new AbortController().signal;

type Taken = {
  messageId: string;
  requestId: string;
  to: string;
  countryCode: string;
  done: number | null;
  success: boolean;
};

/** The service as its reference describes it: signed requests, ids by number, lists by request and by completion. */
let service: {
  taken: Taken[];
  bodies: Record<string, unknown>[];
  /** Its clock against ours, ms. */
  skewMs: number;
  /** What goes wrong with the next requests: a status, or a cut connection. */
  faults: (number | 'cut')[];
  refused: number;
};
let server: Server;
let url: string;

beforeEach(async () => {
  service = { taken: [], bodies: [], skewMs: 0, faults: [], refused: 0 };
  server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
});

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const now = Date.now() + service.skewMs;
  const say = (status: number, body: unknown): void => {
    response.sendDate = false;
    response.writeHead(status, { date: new Date(now).toUTCString() }).end(JSON.stringify(body));
  };
  let text = '';
  for await (const chunk of request) text += String(chunk);
  const given = (name: string): string => String(request.headers[`x-ncp-${name}`]);
  const signature = createHmac('sha256', secret)
    .update(`${request.method} ${request.url}\n${given('apigw-timestamp')}\naccess-key`)
    .digest('base64');
  const isLate = Math.abs(Number(given('apigw-timestamp')) - now) > 5 * 60_000;
  if (isLate || given('apigw-signature-v2') !== signature || given('iam-access-key') !== 'access-key') {
    service.refused += 1;
    return say(401, { error: { errorCode: '200' } });
  }
  const fault = service.faults.shift();
  if (typeof fault === 'number') return say(fault, {});
  const { pathname, searchParams } = new URL(request.url ?? '/', url);
  expect(decodeURIComponent(pathname)).toBe(`/sms/v2/services/${serviceId}/messages`);
  if (request.method === 'POST') {
    const body = JSON.parse(text) as { countryCode: string; messages: { to: string }[] };
    service.bodies.push(body);
    const requestId = `r-${service.bodies.length}`;
    for (const { to } of body.messages) {
      const messageId = `m-${service.taken.length + 1}`;
      service.taken.push({ messageId, requestId, to, countryCode: body.countryCode, done: null, success: true });
    }
    if (fault === 'cut') return void request.socket.destroy();
    return say(202, { requestId, statusCode: '202', statusName: 'success' });
  }
  const [from, to] = ['completeStartTime', 'completeEndTime'].map((name) => instantOf(searchParams.get(name) ?? ''));
  const found = service.taken.filter(({ requestId, done }) =>
    searchParams.has('requestId')
      ? requestId === searchParams.get('requestId')
      : done !== null && done >= (from ?? 0) && done <= (to ?? 0),
  );
  const page = Number(searchParams.get('pageIndex') ?? '0');
  const messages = found.slice(page * 3, page * 3 + 3).map(({ done, success, ...of }) => ({
    ...of,
    status: done === null ? 'PROCESSING' : 'COMPLETED',
    statusName: done === null ? null : success ? 'success' : 'fail',
    statusCode: success ? '0' : '3001',
    completeTime: done === null ? null : koreanTime(done),
  }));
  return say(200, { statusCode: '202', messages, hasMore: found.length > page * 3 + 3 });
}

const message = (n: number, to = `0100000${String(n).padStart(4, '0')}`): Message => ({
  key: String(n).padStart(40, '0'),
  to,
  from: '15881234',
  type: 'LMS',
  subject: '[한빛은행] 사전 안내',
  text: '이체 서비스가 중단됩니다.',
});

let told: string[] = [];
function gateway(options: Partial<SensOptions> = {}) {
  told = [];
  let at = Date.now();
  return sensGateway({
    url,
    serviceId,
    accessKey: () => 'access-key',
    secretKey: () => secret,
    perSecond: null,
    doubtMs: 1000,
    timeoutMs: 2000,
    told: (line) => told.push(line),
    // Lists are looked at every two seconds; each look here is two seconds later.
    now: () => (at += 2000),
    ...options,
  });
}

describe('SENS', () => {
  test('takes signed batches, a request a country, and reports what completes', async () => {
    const sens = gateway();
    const messages = [...Array.from({ length: 7 }, (_, n) => message(n)), message(8, '+14155552671')];
    const results = await sens.submit(messages, never);
    expect(results).toMatchObject(messages.map(({ key }, n) => ({ key, outcome: 'taken', ids: [`m-${n + 1}`] })));
    expect(service.bodies).toMatchObject([
      { type: 'LMS', contentType: 'COMM', countryCode: '82', from: '15881234', subject: '[한빛은행] 사전 안내' },
      { countryCode: '1', messages: [{ to: '4155552671' }] },
    ]);
    const done = Math.floor(Date.now() / 1000) * 1000;
    for (const one of service.taken) one.done = done;
    const [first] = service.taken;
    if (first !== undefined) first.success = false;
    const { reports, position } = await sens.reports(0, never);
    expect(reports).toHaveLength(8);
    expect(reports[0]).toMatchObject({
      about: { id: 'm-1', number: '01000000000' },
      state: 'failed',
      code: 'fail/3001',
      at: new Date(done).toISOString(),
    });
    expect(position).toBe(done);
    sens.committed(reports);
    expect(await sens.reports(position, never)).toEqual({ reports: [], position });
  });

  test('reads again what was not written down', async () => {
    const sens = gateway();
    await sens.submit([message(1)], never);
    const [one] = service.taken;
    if (one !== undefined) one.done = Date.now() - 5000;
    const { position } = await sens.reports(0, never);
    expect((await sens.reports(position, never)).reports).toHaveLength(1);
  });

  test('goes by the clock of the gateway when ours is wrong', async () => {
    service.skewMs = -20 * 60_000;
    const sens = gateway();
    expect(await sens.submit([message(1)], never)).toMatchObject([{ outcome: 'taken' }]);
    expect(service.refused).toBe(1);
    expect(told).toEqual([expect.stringMatching(/^our clock and that of the gateway are -12\d\d s apart/)]);
  });

  test('tells what was not taken from what is in doubt, and a wrong key from both', async () => {
    const sens = gateway();
    service.faults = [429];
    await expect(sens.submit([message(1)], never)).rejects.toBeInstanceOf(GatewayBusy);
    service.faults = ['cut'];
    expect(await sens.submit([message(1)], never)).toEqual([]);
    service.faults = [502];
    expect(await sens.submit([message(2)], never)).toEqual([]);
    await expect(gateway({ secretKey: () => 'other' }).submit([message(3)], never)).rejects.toThrow('status 401');
    const gone = createServer();
    await new Promise<void>((done) => gone.listen(0, '127.0.0.1', done));
    const { port } = gone.address() as AddressInfo;
    await new Promise((done) => gone.close(done));
    const away = gateway({ url: `http://127.0.0.1:${port}` });
    await expect(away.submit([message(4)], never)).rejects.toBeInstanceOf(GatewayBusy);
  });
});
