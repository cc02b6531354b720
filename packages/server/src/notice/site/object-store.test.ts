/** The object store over the S3 protocol: a server that checks every signature by the published algorithm, on its own. */
import { createHash, createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { objectStoreTarget } from './object-store.ts';

const secret = 'a-secret-of-the-bucket';
let server: Server;
let endpoint: string;
const objects = new Map<string, { body: string; type: string | undefined }>();
const order: string[] = [];
let failures = 0;

const hash = (text: string | Buffer): string => createHash('sha256').update(text).digest('hex');
const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();

/** AWS Signature Version 4 of a request, computed from what arrived. */
function signatureOf(request: IncomingMessage, body: Buffer, signed: string, scope: string, key: string): string {
  const sent = request.headers['x-amz-content-sha256'];
  if (sent !== 'UNSIGNED-PAYLOAD' && sent !== hash(body)) return 'the body is another';
  const headers = signed.split(';').map((name) => `${name}:${String(request.headers[name]).trim()}\n`);
  const canonical = [request.method, request.url, '', headers.join(''), signed, sent].join('\n');
  const [date = '', region = '', service = '', end = ''] = scope.split('/');
  const text = ['AWS4-HMAC-SHA256', request.headers['x-amz-date'], scope, hash(canonical)].join('\n');
  const signing = [date, region, service, end].reduce<string | Buffer>((from, part) => hmac(from, part), `AWS4${key}`);
  return hmac(signing, text).toString('hex');
}

/** The status of a request, and what it puts into the bucket. */
function take(request: IncomingMessage, body: Buffer): number {
  const found = /^AWS4-HMAC-SHA256 Credential=site-key\/(\S+), SignedHeaders=(\S+), Signature=([0-9a-f]{64})$/.exec(
    request.headers.authorization ?? '',
  );
  const [, scope = '', signed = '', signature] = found ?? [];
  if (signature !== signatureOf(request, body, signed, scope, secret)) return 403;
  if (failures > 0) {
    failures -= 1;
    return 503;
  }
  objects.set(request.url ?? '', { body: body.toString(), type: request.headers['content-type'] });
  order.push(request.url ?? '');
  return 200;
}

beforeAll(async () => {
  server = createServer((request, answer) => {
    void buffer(request).then((body) => answer.writeHead(take(request, body)).end('<Answer/>'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));
beforeEach(() => {
  objects.clear();
  order.splice(0);
  failures = 0;
});

const target = (key = secret) =>
  objectStoreTarget({
    endpoint,
    bucket: 'notices',
    prefix: 'public/site',
    region: 'ap-northeast-2',
    accessKeyId: 'site-key',
    secretAccessKey: () => key,
  });
const files = new Map([
  ['ko/notices/2026-1/v/1/index.html', '<p>이체 중단</p>'],
  ['ko/index.html', '<p>목록</p>'],
]);

test('a site is put into the bucket, pages before what links to them, each with its type', async () => {
  await target().write(files);
  expect(order).toEqual([
    '/notices/public/site/ko/notices/2026-1/v/1/index.html',
    '/notices/public/site/ko/index.html',
  ]);
  expect(objects.get('/notices/public/site/ko/index.html')).toEqual({
    body: '<p>목록</p>',
    type: 'text/html; charset=utf-8',
  });
});

test('a store that is busy is asked again', async () => {
  failures = 2;
  await target().write(files);
  expect(objects.size).toBe(2);
});

test('a key that the store does not take is told by its status, and never shown', async () => {
  await expect(target('another-secret').write(files)).rejects.toMatchObject({
    code: 'notice.object-store',
    message: expect.stringMatching(/403/),
  });
  await expect(target('another-secret').write(files)).rejects.not.toThrow(/another-secret/);
});

test('a store that is away is told', async () => {
  const away = objectStoreTarget({
    endpoint: 'http://127.0.0.1:9',
    bucket: 'b',
    prefix: '',
    region: 'r',
    accessKeyId: 'k',
    secretAccessKey: () => 's',
  });
  await expect(away.write(files)).rejects.toMatchObject({ code: 'notice.object-store' });
});
