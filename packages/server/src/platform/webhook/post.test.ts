import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { mayBeCalled, postSigned, type Webhook } from './post.ts';
import { receiver } from './receiver.testing.ts';

const secret = Buffer.from('0123456789abcdef0123456789abcdef');
const now = new Date('2026-11-29T01:00:00Z');
const page = { header: 'breakwater-page', id: '7', body: '{"a":1}' };
const to = (url: string): Webhook => ({ name: 'soc', url, secret: () => secret });
const post = (webhook: Webhook) => postSigned(webhook, page, now, new AbortController().signal);

describe('where a page may go', () => {
  test.each([
    ['10.1.2.3', false, true],
    ['192.168.0.1', false, true],
    ['203.0.113.1', false, true],
    ['127.0.0.1', true, true],
    ['127.0.0.1', false, false],
    ['::1', true, true],
    ['::1', false, false],
    ['::ffff:127.0.0.1', false, false],
    ['169.254.169.254', true, false],
    ['::ffff:169.254.169.254', false, false],
    ['fd00:ec2::254', true, false],
    ['fe80::1', true, false],
    ['0.0.0.0', true, false],
    ['::', true, false],
    ['224.0.0.1', false, false],
    ['255.255.255.255', false, false],
  ])('%s, written in the URL: %s -> %s', (address, isLiteral, allowed) => {
    expect(mayBeCalled(address, isLiteral)).toBe(allowed);
  });

  test.each(['https://localhost:1/', 'https://169.254.169.254/latest', 'https://[::ffff:a9fe:a9fe]/'])(
    '%s is refused before anything is sent',
    async (url) => {
      await expect(post(to(url))).rejects.toMatchObject({ code: 'webhook.refused-address' });
    },
  );
});

describe('a page', () => {
  test('is posted once, with the HMAC of its time and body', async () => {
    await using target = await receiver();
    await post(to(`${target.url}/hook`));
    expect(target.received).toHaveLength(1);
    const { url, method, headers, body } = target.received[0]!;
    expect([method, url, body]).toEqual(['POST', '/hook', page.body]);
    const seconds = now.getTime() / 1000;
    const hmac = createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex');
    expect(headers['breakwater-signature']).toBe(`t=${seconds},v1=${hmac}`);
    expect(headers['breakwater-page']).toBe('7');
  });

  test('follows no redirect, and an answer other than 2xx is a failure', async () => {
    await using elsewhere = await receiver();
    await using target = await receiver((_, answer) => answer.writeHead(307, { location: elsewhere.url }).end());
    await expect(post(to(target.url))).rejects.toMatchObject({ code: 'webhook.status' });
    expect(elsewhere.received).toEqual([]);
  });

  test('that nobody takes is a failure that does not name the address', async () => {
    const target = await receiver();
    const { url } = target;
    await target[Symbol.asyncDispose]();
    const failed = await post(to(url)).catch((error: unknown) => error as Error);
    expect(failed).toMatchObject({ code: 'webhook.failed' });
    expect((failed as Error).message).not.toContain(new URL(url).port);
  });
});
