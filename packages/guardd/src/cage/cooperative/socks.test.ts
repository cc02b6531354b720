import fc from 'fast-check';
import { connect, createServer } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { listen } from '../proxy/proxy.testing.ts';
import { readGreeting, readRequest, serveSocks, socksReply } from './socks.ts';

const open: (() => void)[] = [];
afterEach(() => open.splice(0).forEach((close) => close()));

describe('a SOCKS message', () => {
  test('is read whole, or waited for, or malformed; it takes no byte that is not its own', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        for (const read of [readGreeting, readRequest]) {
          const got = read(Buffer.from(bytes));
          if (typeof got === 'string') continue;
          expect(got.bytes).toBeLessThanOrEqual(bytes.length);
          expect(read(Buffer.from(bytes.subarray(0, got.bytes)))).toEqual(got);
        }
      }),
      { numRuns: 500 },
    );
  });

  test.each([
    ['05 01 00 01 7f000001 0050', 1, '127.0.0.1:80'],
    ['05 01 00 03 04 62616e6b 01bb', 1, 'bank:443'],
    ['05 01 00 04 00000000000000000000000000000001 0050', 1, '[0000:0000:0000:0000:0000:0000:0000:0001]:80'],
    ['05 03 00 01 7f000001 0050', 3, '127.0.0.1:80'],
    ['05 01 00 09 00', 1, null],
  ])('%s is command %i to %s', (hex, command, authority) => {
    const bytes = Buffer.from(hex.replaceAll(' ', ''), 'hex');
    expect(readRequest(bytes)).toMatchObject({ message: { command, authority } });
    for (let length = 0; length < 4; length++) expect(readRequest(bytes.subarray(0, length))).toBe('more');
  });

  test.each(['04 01 00 50 7f000001', '05 01 01 01 7f000001 0050', '05 01 00 03 03 612062 0050', '05 01 00 03 00 0050'])(
    '%s is malformed',
    (hex) => expect(readRequest(Buffer.from(hex.replaceAll(' ', ''), 'hex'))).toBe('malformed'),
  );
});

describe('a conversation', () => {
  /** What the proxy says to these pieces, sent one after the other. */
  async function talk(pieces: readonly string[]): Promise<{ said: string; opened: string[] }> {
    const opened: string[] = [];
    const server = createServer(
      (socket) =>
        void serveSocks(
          socket,
          (to) => {
            opened.push(to);
            if (to.startsWith('evil')) return Promise.reject(new Error('no'));
            return Promise.resolve((joined) => joined.on('data', (chunk: Buffer) => joined.end(chunk)));
          },
          () => socksReply.forbidden,
        ),
    );
    const port = await listen(server);
    open.push(() => server.close());
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    open.push(() => socket.destroy());
    const said: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => said.push(chunk));
    socket.on('error', () => undefined);
    const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
    for (const piece of pieces) {
      socket.write(Buffer.from(piece.replaceAll(' ', ''), 'hex'));
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await closed;
    return { said: Buffer.concat(said).toString('hex'), opened };
  }
  const done = '05000001000000000000';

  test('hands on what comes after the request, also when all comes at once or byte by byte', async () => {
    const all = '050100 05010003 04 62616e6b 01bb 6869';
    expect(await talk([all])).toEqual({ said: `0500${done}6869`, opened: ['bank:443'] });
    const bytes = all.replaceAll(' ', '').match(/../g) ?? [];
    const { said, opened } = await talk(bytes);
    expect(opened).toEqual(['bank:443']);
    expect(said.startsWith(`0500${done}68`)).toBe(true);
  });

  test('ends with the reason when the way is refused', async () => {
    expect(await talk(['050100', '05010003 04 6576696c 0050'])).toEqual({
      said: '050005020001000000000000',
      opened: ['evil:80'],
    });
    expect((await talk(['050100', '05030001 7f000001 0050'])).said).toBe('050005070001000000000000');
    expect((await talk(['050100', '05010009 00'])).said).toBe('050005080001000000000000');
    expect((await talk(['050102'])).said).toBe('05ff');
    expect((await talk(['040100'])).said).toBe('');
  });
});
