import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { createPduReader, encodePdu, type PduRead, type PduToWrite } from '@breakwater/rules/notice';
import { run } from './process.testing.ts';
import { openLedger } from './smsc-sim-ledger.ts';
import { startSmsc } from './smsc-sim-server.ts';

const entry = fileURLToPath(new URL('../start.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'smsc-sim-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Client = { socket: Socket; read: PduRead[]; ask(pdu: PduToWrite): void };

async function client(port: number): Promise<Client> {
  const socket = connect(port, '127.0.0.1');
  const read: PduRead[] = [];
  const reader = createPduReader();
  socket.on('data', (chunk) => reader.push(chunk, (one) => read.push(one)));
  socket.on('error', () => socket.destroy());
  await once(socket, 'connect');
  return { socket, read, ask: (pdu) => void socket.write(encodePdu(pdu)) };
}

const message = (n: number): PduToWrite => ({
  command: 'submit_sm',
  sequence: n,
  source: '15881234',
  destination: '01000000001',
  registeredDelivery: 1,
  shortMessage: Buffer.from('secret words'),
});

describe('the command smsc-sim', () => {
  test('takes messages, reports them, and prints its counters at the end', async () => {
    const journal = join(folder, 'centre.journal');
    const child = spawn(process.execPath, [entry, 'smsc-sim', '--port', '0', '--json', '--journal', journal]);
    let out = '';
    let told = '';
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (told += chunk.toString()));
    await expect.poll(() => told, { timeout: 30_000 }).toMatch(/SMPP on 127\.0\.0\.1:\d+/);
    const { socket, read, ask } = await client(Number(/:(\d+)\n/.exec(told)?.[1]));
    ask({ command: 'bind_transceiver', sequence: 1 });
    ask(message(2));
    ask(message(3));
    await expect.poll(() => read.length).toBe(5);
    socket.end();
    const closed = once(child, 'close');
    child.kill('SIGTERM');
    expect(await closed).toEqual([0, null]);
    expect(JSON.parse(out)).toMatchObject({
      schema: 'breakwater.smsc-sim/1',
      taken: 2,
      distinct: 1,
      repeated: 1,
      receipts: { sent: 2, acknowledged: 0, waiting: 2 },
    });
    expect(readFileSync(journal, 'utf8') + told + out).not.toMatch(/01000000001|secret/);
  });

  test.each([
    [['--port', 'many'], 'usage.number', '--port'],
    [['--delay', '-1'], 'usage.number', '--delay'],
    [['--system-id', 'bank'], 'usage.account', '--system-id'],
    [['--system-id', 'bank', '--password-file', '/nowhere'], 'file.unreadable', '--password-file'],
  ])('refuses %j with its place', async (argv, code, path) => {
    const ended = await run(['smsc-sim', ...argv, '--json'], {});
    expect([ended.code, JSON.parse(ended.stdout)]).toMatchObject([2, { error: { code, path } }]);
  });

  test('cannot be checked on a port that is taken', async () => {
    const centre = await startSmsc();
    const ended = await run(['smsc-sim', '--port', String(centre.port), '--json'], {});
    expect([ended.code, JSON.parse(ended.stdout)]).toMatchObject([3, { error: { code: 'smsc-sim.listen' } }]);
    await centre.stop();
  });
});

describe('the simulated centre', () => {
  test('lets its account in and nobody else, and takes nothing before', async () => {
    const centre = await startSmsc({ account: { systemId: 'bank', password: 'right' } });
    const { read, ask } = await client(centre.port);
    ask(message(1));
    ask({ command: 'bind_transceiver', sequence: 2, systemId: 'bank', password: 'wrong' });
    ask({ command: 'bind_transceiver', sequence: 3, systemId: 'other', password: 'right' });
    ask({ command: 'bind_transceiver', sequence: 4, systemId: 'bank', password: 'right' });
    ask({ command: 'bind_transceiver', sequence: 5, systemId: 'bank', password: 'right' });
    ask({ command: 'query_sm', sequence: 6, messageId: 'x' });
    ask({ command: 'outbind', sequence: 7 });
    await expect.poll(() => read.length).toBe(7);
    expect(read.map((one) => ('status' in one ? one.status : -1))).toEqual([4, 0x0e, 0x0f, 0, 5, 0x0c, 3]);
    await centre.stop();
  });

  test('says of octets that are no PDU what is wrong, and closes', async () => {
    const centre = await startSmsc();
    const { socket, read } = await client(centre.port);
    const closed = once(socket, 'close');
    socket.write(Uint8Array.from([0, 0, 0, 1, 2, 3, 4, 5]));
    await closed;
    expect(read).toMatchObject([{ command: 'generic_nack', status: 2 }]);
    expect(centre.counters().faultyPdus).toBe(1);
    await centre.stop();
  });

  test('goes on counting repeated messages from its journal, also a damaged one', () => {
    const file = join(folder, 'ledger.journal');
    const first = openLedger(file);
    first.note('010', Buffer.from('a'));
    first.note('010', Buffer.from('b'));
    first.close();
    writeFileSync(file, `${readFileSync(file, 'utf8')}half a li`);
    const second = openLedger(file);
    second.note('010', Buffer.from('a'));
    expect(second.counts()).toEqual({ distinct: 2, repeated: 1 });
    second.close();
  });
});
