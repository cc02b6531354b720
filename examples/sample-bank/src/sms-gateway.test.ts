import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { startSmsGateway, type GatewayReport, type SmsGateway, type SmsGatewayOptions } from './index.ts';

const open: SmsGateway[] = [];
afterEach(() => Promise.all(open.splice(0).map((gateway) => gateway.stop())));

async function gatewayWith(options: SmsGatewayOptions): Promise<SmsGateway> {
  const gateway = await startSmsGateway({ deliverAfterMs: 5, ...options });
  open.push(gateway);
  return gateway;
}

const message = (n: number, text = '이체 서비스 점검 안내') => ({
  key: `k${n}`,
  to: `0100000${String(n).padStart(4, '0')}`,
  from: '15881234',
  type: 'SMS' as const,
  text,
});

async function submit(gateway: SmsGateway, messages: unknown[], key = gateway.key) {
  const answer = await fetch(`${gateway.url}/v1/messages`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}` },
    body: JSON.stringify({ messages }),
  });
  const body = (await answer.json()) as { results: { key: string; id: string; code: string | null }[] };
  return { status: answer.status, results: body.results };
}

async function reportsOf(gateway: SmsGateway): Promise<GatewayReport[]> {
  const answer = await fetch(`${gateway.url}/v1/reports?after=0`, {
    headers: { authorization: `Bearer ${gateway.key}` },
  });
  return ((await answer.json()) as { reports: GatewayReport[] }).reports;
}

test('takes a batch, reports each delivery, and does not send the same key twice', async () => {
  const gateway = await gatewayWith({});
  const first = await submit(gateway, [message(1), message(2)]);
  expect(first.status).toBe(202);
  expect((await submit(gateway, [message(2)])).results[0]?.id).toBe(first.results[1]?.id);
  expect(gateway.sent()).toHaveLength(2);
  await expect
    .poll(async () => (await reportsOf(gateway)).map(({ key, state }) => [key, state]))
    .toEqual([
      ['k1', 'delivered'],
      ['k2', 'delivered'],
    ]);
});

test('refuses what a relay refuses', async () => {
  const gateway = await gatewayWith({});
  expect((await submit(gateway, [message(1)], 'wrong')).status).toBe(401);
  expect((await submit(gateway, [])).status).toBe(400);
  const { results } = await submit(gateway, [
    { ...message(1), to: '0111234567' },
    { ...message(2), from: 'bank' },
    message(3, '가'.repeat(41)),
    message(4, '가'.repeat(40)),
  ]);
  expect(results.map(({ code }) => code)).toEqual(['bad-number', 'bad-sender', 'too-long', null]);
});

test('fails as it is told to', async () => {
  const gateway = await gatewayWith({ faults: { refuseEvery: 4, failEvery: 3, silentEvery: 2 } });
  const { results } = await submit(
    gateway,
    [1, 2, 3, 4].map((n) => message(n)),
  );
  expect(results[3]?.code).toBe('unknown-number');
  await expect
    .poll(async () => (await reportsOf(gateway)).map(({ key, state }) => [key, state]))
    .toEqual([
      ['k1', 'delivered'],
      ['k3', 'failed'],
    ]);
  gateway.fault({ unavailableFor: 1, perSecond: 5 });
  expect((await submit(gateway, [message(5)])).status).toBe(503);
  expect((await submit(gateway, [message(5), message(6)])).status).toBe(429);
  gateway.fault({ cutAnswers: 1, perSecond: 0 });
  await expect(submit(gateway, [message(7)])).rejects.toThrow();
  expect(gateway.sent().map(({ key }) => key)).toContain('k7');
});

test('posts reports to the callback until they are taken', async () => {
  const taken: string[] = [];
  let refusals = 1;
  const receiver = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    request.on('end', () => {
      if (refusals-- > 0) return response.writeHead(500).end();
      taken.push(...(JSON.parse(text) as { reports: GatewayReport[] }).reports.map(({ key }) => key));
      return response.writeHead(204).end();
    });
  });
  await new Promise<void>((done) => receiver.listen(0, '127.0.0.1', done));
  const gateway = await gatewayWith({ callbackUrl: `http://127.0.0.1:${(receiver.address() as AddressInfo).port}` });
  await submit(gateway, [message(1), message(2)]);
  await expect.poll(() => taken).toEqual(['k1', 'k2']);
  receiver.closeAllConnections();
  await new Promise((done) => receiver.close(done));
});
