import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { protocolVersion, refusal, type Request } from '@breakwater/rules/guard';
import { maxMessageBytes } from '../lines.ts';
import { Refused } from '../refused.ts';
import { reachSocket } from '../socket-path.ts';
import { openDoor, readRequest, type Door } from './door.ts';

const asked = (request: unknown, more: object = {}): string =>
  JSON.stringify({ id: 7, protocol: protocolVersion, host: 'h', boot: 'b', clockOffsetMs: null, request, ...more });

describe('a request', () => {
  test('is read for who may ask it', () => {
    const stop: Request = { type: 'stop', run: null, lever: 'cut', by: 'p-1' };
    expect(readRequest(asked(stop), 'lever')).toEqual({ id: 7, request: stop });
    expect(readRequest(asked(stop), 'orchestrator')).toEqual({ id: 7, request: stop });
    expect(readRequest(asked({ type: 'close', run: 'r', epoch: 1 }), 'lever')).toEqual({
      id: 7,
      refusal: { reason: 'role', socket: 'lever', type: 'close' },
    });
  });

  test.each([
    [protocolVersion, true],
    [protocolVersion - 1, true],
    [protocolVersion + 1, false],
    [protocolVersion - 2, false],
  ])('of protocol %i is served: %s', (protocol, served) => {
    const read = readRequest(asked({ type: 'hello' }, { protocol }), 'orchestrator');
    if (served) expect(read).toHaveProperty('request');
    else expect(read).toEqual({ id: 7, refusal: { reason: 'protocol', theirs: protocol, ours: protocolVersion } });
  });

  test.each([
    ['an unknown key', asked({ type: 'hello', extra: 1 }), 7, '/request'],
    ['an unknown type', asked({ type: 'launch' }), 7, '/request/type'],
    ['an epoch that is none', asked({ type: 'close', run: 'r', epoch: 0 }), 7, '/request/epoch'],
    [
      'approvals of one person',
      asked({ type: 'resume', run: 'r', epoch: 1, approvedBy: ['p-1'] }),
      7,
      '/request/approvedBy',
    ],
    ['no JSON', 'hello', 0, ''],
    ['nothing', 'null', 0, ''],
  ])('with %s is refused with its place', (_, line, id, path) => {
    expect(readRequest(line, 'orchestrator')).toMatchObject({ id, refusal: { reason: 'malformed', path } });
  });

  test('that is anything at all is answered by a refusal of the protocol, never by a crash', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.jsonValue().map((value) => JSON.stringify(value)),
          fc.jsonValue().map(asked),
        ),
        (line) => {
          const read = readRequest(line, 'orchestrator');
          if ('refusal' in read) expect(refusal.parse(read.refusal)).toEqual(read.refusal);
        },
      ),
    );
  });
});

describe('a socket', () => {
  const folder = mkdtempSync(join(tmpdir(), 'breakwater-door-'));
  const path = join(
    folder,
    'a-folder-whose-name-is-long-enough-that-no-unix-socket-path-could-hold-it-'.repeat(1),
    'x.sock',
  );
  let door: Door | null = null;
  afterEach(() => {
    door?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test('answers, refuses, and ends a line that is too long, however deep its folder lies', async () => {
    mkdirSync(join(path, '..'), { recursive: true });
    const log = (): void => undefined;
    door = await openDoor(
      path,
      'orchestrator',
      async ({ type }) => {
        if (type === 'close') throw new Refused({ reason: 'run-unknown', run: 'r' });
        if (type === 'status') throw new Error('secret');
        return { fine: true };
      },
      log,
    );
    expect(statSync(path).mode & 0o777).toBe(0o660);
    const reached = reachSocket(path);
    const socket = connect(reached.path);
    let text = '';
    socket.setEncoding('utf8');
    socket.on('data', (chunk: string) => (text += chunk));
    const ended = new Promise((resolve) => socket.once('close', resolve));
    for (const request of [{ type: 'hello' }, { type: 'close', run: 'r', epoch: 1 }, { type: 'status', run: null }])
      socket.write(`${asked(request)}\n`);
    await expect.poll(() => text.split('\n').length).toBe(4);
    socket.write('x'.repeat(maxMessageBytes + 1));
    await ended;
    reached.release();
    expect(text).not.toContain('secret');
    expect(
      text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as object),
    ).toEqual([
      { id: 7, ok: { fine: true } },
      { id: 7, refused: { reason: 'run-unknown', run: 'r' } },
      { id: 7, refused: expect.objectContaining({ reason: 'host-unfit' }) },
      { id: 0, refused: expect.objectContaining({ reason: 'malformed' }) },
    ]);
  });
});
