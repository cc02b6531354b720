import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fetchDocument, mayBeReached } from './fetch.ts';

let server: Server;
let base: string;
const own = ['127.0.0.0/8'];
const options = { mostBytes: 100_000, allowed: own };

beforeAll(async () => {
  server = createServer((request, answer) => {
    const { url = '', headers } = request;
    if (url === '/loop') answer.writeHead(302, { location: '/loop' }).end();
    else if (url === '/metadata') answer.writeHead(302, { location: 'http://169.254.169.254/latest' }).end();
    else if (url === '/bomb')
      answer.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(50_000_000)));
    else if (url === '/large') answer.writeHead(200).end(Buffer.alloc(200_000));
    else if (url === '/moved') answer.writeHead(301, { location: '/feed' }).end();
    else if (url === '/gone') answer.writeHead(404).end();
    else if (headers['if-none-match'] === '"1"') answer.writeHead(304).end();
    else answer.writeHead(200, { etag: '"1"', 'content-encoding': 'gzip' }).end(gzipSync('{}'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server?.close());

describe('a document of a feed', () => {
  test('is fetched over redirects and unpacked, and not again when nothing changed', async () => {
    expect(await fetchDocument(`${base}/moved`, options)).toMatchObject({
      status: 'new',
      body: Buffer.from('{}'),
      etag: '"1"',
      url: `${base}/feed`,
    });
    expect(await fetchDocument(`${base}/feed`, { ...options, etag: '"1"' })).toEqual({ status: 'same' });
  });

  test.each([
    ['/loop', 'feed.redirects'],
    ['/metadata', 'feed.address'],
    ['/bomb', 'feed.too-large'],
    ['/large', 'feed.too-large'],
    ['/gone', 'feed.status'],
  ])('at %s is refused: %s', async (path, code) => {
    await expect(fetchDocument(`${base}${path}`, options)).rejects.toMatchObject({ code });
  });

  test.each([
    'http://localhost/',
    'https://127.0.0.1/',
    'https://[::1]/',
    'https://user:secret@example.org/',
    'ftp://example.org/',
    'file:///etc/passwd',
    'http://8.8.8.8/',
    'not an address',
  ])('%s is no address of a feed', async (url) => {
    await expect(fetchDocument(url, { mostBytes: 1000 })).rejects.toMatchObject({ code: 'feed.address' });
  });
});

describe('through a proxy', () => {
  let proxy: Server;
  const asked: { target: string | undefined; hello: number | undefined }[] = [];
  beforeAll(async () => {
    proxy = createServer().on('connect', (request, socket) => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      socket.once('data', (bytes: Buffer) => {
        asked.push({ target: request.url, hello: bytes[0] });
        socket.destroy();
      });
      socket.on('error', () => undefined);
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => proxy?.close());
  const through = (url: string) =>
    fetchDocument(url, { ...options, proxy: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}` });

  test('a feed whose name only the proxy knows is reached by a tunnel, in which TLS begins with the feed', async () => {
    await expect(through('https://feed.invalid/csaf.json')).rejects.toMatchObject({ code: 'feed.failed' });
    expect(asked).toEqual([{ target: 'feed.invalid:443', hello: 0x16 }]);
  });

  test('networks of our own are still reached straight, and closed ones not at all', async () => {
    asked.length = 0;
    expect(await through(`${base}/feed`)).toMatchObject({ status: 'new' });
    await expect(through('https://10.9.9.9/')).rejects.toMatchObject({ code: 'feed.address' });
    await expect(through('http://feed.invalid/')).rejects.toMatchObject({ code: 'feed.address' });
    expect(asked).toEqual([]);
  });
});

test.each([
  ['10.1.2.3', false],
  ['169.254.169.254', false],
  ['::ffff:10.0.0.1', false],
  ['::ffff:7f00:1', false],
  ['fe80::1', false],
  ['64:ff9b::a00:1', false],
  ['8.8.8.8', true],
  ['2600::1', true],
  ['10.1.2.3', true, ['10.1.0.0/16']],
  ['10.2.2.3', false, ['10.1.0.0/16']],
] as const)('%s may be reached: %s', (address, may, allowed: readonly string[] = []) => {
  expect(mayBeReached(address, allowed)).toBe(may);
});
