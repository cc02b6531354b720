/**
 * Text messages over SMPP 3.4: our session against npm `smpp` and against kannel. Every message asks for a receipt and is
 * done when its receipt was acknowledged. Both ends are processes of their own on this machine.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startSmsc } from '../packages/cli/src/notice/smsc-sim-server.ts';
import { createSession, type Submission } from '../packages/server/src/notice/channels/smpp/session.ts';
import { submitAll, type Outgoing } from '../packages/server/src/notice/channels/smpp/submit-all.ts';
import type { BenchResult, BenchRow } from './result.ts';

const windows = [1, 10, 50, 100];
const rounds = 3;
const bearerbox = '/usr/sbin/bearerbox';
const smsbox = '/usr/sbin/smsbox';
/** A notice of 110 octets in UCS-2, as a bank's short reminder is. */
const content = Buffer.from(
  '이체 서비스가 11월 29일(일) 01:00~04:00 중단됩니다. 문의 1588-1234 한빛은행',
  'utf16le',
).swap16();

type Measured = { perSecond: number; rssMb: number };
type Task = { port: number; window: number; count: number };

/** The parts of this benchmark that run as processes of their own; each prints one JSON document when it is ready or done. */
const roles: Readonly<Record<string, (task: Task) => Promise<unknown>>> = {
  'our-centre': async () => ({ port: (await startSmsc({ receiptWindow: 1000 })).port }),
  'their-centre': theirCentre,
  'our-client': ourClient,
  'their-client': theirClient,
};

async function ourClient({ port, window, count }: Task): Promise<Measured> {
  const session = createSession({
    host: '127.0.0.1',
    port,
    tls: false,
    systemId: 'bench',
    password: () => 'bench',
    systemType: '',
    window,
  });
  const signal = new AbortController().signal;
  function* messages(from: number, to: number): Generator<Outgoing<number>> {
    for (let n = from; n < to; n += 1) yield { of: n, parts: [submission(n)] };
  }
  const send = async (from: number, to: number): Promise<void> => {
    let receipts = from;
    const following = (async () => {
      while (receipts < to) {
        const held = await session.receipts(1000, 1000, signal);
        session.acknowledge(held);
        receipts += held.length;
      }
    })();
    let taken = from;
    for await (const batch of submitAll(session, messages(from, to), { signal, patienceMs: 5000, graceMs: 1000 })) {
      if (batch.some(({ kind }) => kind !== 'taken')) throw new Error('a message was not taken');
      taken += batch.length;
    }
    if (taken !== to) throw new Error('a message has no outcome');
    await following;
  };
  const warm = Math.min(count, 5000);
  await send(0, warm);
  const began = performance.now();
  await send(warm, warm + count);
  const seconds = (performance.now() - began) / 1000;
  await session.close(1000);
  return { perSecond: count / seconds, rssMb: process.memoryUsage().rss / 2 ** 20 };
}

function submission(n: number): Submission {
  return {
    source: '15881234',
    destination: `010${String(n % 100_000_000).padStart(8, '0')}`,
    registeredDelivery: 1,
    dataCoding: 8,
    shortMessage: content,
  };
}

/** What is used here of npm `smpp`, which has no types. */
type TheirPdu = {
  response(fields?: object): object;
  message_id?: string;
  source_addr?: string;
  destination_addr?: string;
};
type TheirSession = {
  on(event: string, take: (pdu: TheirPdu) => void): void;
  send(pdu: object): void;
  bind_transceiver(fields: object, answered: (pdu: TheirPdu) => void): void;
  submit_sm(fields: object, answered: (pdu: TheirPdu) => void): void;
  deliver_sm(fields: object): void;
  socket: { setNoDelay(on: boolean): void };
  destroy(): void;
};
type TheirLibrary = {
  connect(options: object, bound: () => void): TheirSession;
  createServer(take: (session: TheirSession) => void): {
    listen(port: number, done: () => void): void;
    address(): AddressInfo;
  };
};

async function theirs(): Promise<TheirLibrary> {
  const name = 'smpp';
  return ((await import(name)) as { default: TheirLibrary }).default;
}

async function theirCentre(): Promise<{ port: number }> {
  const library = await theirs();
  let count = 0;
  const server = library.createServer((session) => {
    session.socket.setNoDelay(true);
    session.on('bind_transceiver', (pdu) => session.send(pdu.response()));
    session.on('submit_sm', (pdu) => {
      count += 1;
      const id = String(count).padStart(12, '0');
      session.send(pdu.response({ message_id: id }));
      session.deliver_sm({
        source_addr: pdu.destination_addr,
        destination_addr: pdu.source_addr,
        esm_class: 4,
        short_message: `id:${id} sub:001 dlvrd:001 submit date:2611290100 done date:2611290100 stat:DELIVRD err:000 Text:`,
        receipted_message_id: id,
        message_state: 2,
      });
    });
    session.on('error', () => session.destroy());
  });
  await new Promise<void>((done) => server.listen(0, done));
  return { port: server.address().port };
}

async function theirClient({ port, window, count }: Task): Promise<Measured> {
  const library = await theirs();
  const session = await new Promise<TheirSession>((resolve) => {
    const opened = library.connect({ url: `smpp://127.0.0.1:${port}` }, () => {
      // Without it their client waits for delayed acknowledgements; we set it for them, or they would look worse than they are.
      opened.socket.setNoDelay(true);
      opened.bind_transceiver({ system_id: 'bench', password: 'bench' }, () => resolve(opened));
    });
  });
  let receipts = 0;
  let wake: () => void = () => undefined;
  session.on('deliver_sm', (pdu) => {
    session.send(pdu.response());
    receipts += 1;
    wake();
  });
  const send = async (from: number, to: number): Promise<void> => {
    let sent = from;
    let answered = from;
    await new Promise<void>((resolve) => {
      wake = () => {
        if (answered === to && receipts === to) resolve();
      };
      const fill = (): void => {
        while (sent < to && sent - answered < window) {
          const { source, destination, shortMessage } = submission(sent);
          sent += 1;
          const fields = {
            source_addr: source,
            destination_addr: destination,
            registered_delivery: 1,
            data_coding: 8,
            short_message: shortMessage,
          };
          session.submit_sm(fields, () => {
            answered += 1;
            fill();
            wake();
          });
        }
      };
      fill();
    });
  };
  const warm = Math.min(count, 2000);
  await send(0, warm);
  const began = performance.now();
  await send(warm, warm + count);
  const seconds = (performance.now() - began) / 1000;
  return { perSecond: count / seconds, rssMb: process.memoryUsage().rss / 2 ** 20 };
}

function started(role: string, task: Partial<Task> = {}): ChildProcess {
  return spawn(process.execPath, [import.meta.filename, role, JSON.stringify(task)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

/** The first line that a process prints. */
async function lineOf(child: ChildProcess): Promise<unknown> {
  let text = '';
  for await (const chunk of child.stdout ?? []) {
    text += String(chunk);
    if (text.includes('\n')) return JSON.parse(text);
  }
  throw new Error('a process of the benchmark ended without a word');
}

async function measure(who: 'our' | 'their', window: number, count: number): Promise<Measured> {
  const centre = started(`${who}-centre`);
  try {
    const { port } = (await lineOf(centre)) as { port: number };
    return (await lineOf(started(`${who}-client`, { port, window, count }))) as Measured;
  } finally {
    centre.kill('SIGKILL');
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}

/** kannel between HTTP and our centre: from the first request to the last receipt that it acknowledged. */
async function measureKannel(window: number, count: number): Promise<number | null> {
  if (!existsSync(bearerbox) || !existsSync(smsbox)) return null;
  const folder = await mkdtemp(join(tmpdir(), 'breakwater-kannel-'));
  const smsc = await startSmsc({ receiptWindow: 1000 });
  const [admin, box, http] = [await freePort(), await freePort(), await freePort()];
  const boxes: ChildProcess[] = [];
  try {
    const config = join(folder, 'kannel.conf');
    await writeFile(config, kannelConfig({ admin, box, http, smsc: smsc.port, window }));
    for (const program of [bearerbox, smsbox]) {
      boxes.push(spawn(program, ['-v', '4', config], { stdio: 'ignore', cwd: folder }));
      await sleep(1500);
    }
    await until(() => smsc.counters().binds > 0);
    const send = async (from: number, to: number): Promise<void> => {
      let next = from;
      const query = `username=bench&password=bench&from=15881234&coding=2&charset=UTF-16BE&dlr-mask=3&dlr-url=${encodeURIComponent('http://127.0.0.1:1/')}&text=${[...content].map((octet) => `%${octet.toString(16).padStart(2, '0')}`).join('')}`;
      const worker = async (): Promise<void> => {
        while (next < to) {
          const n = next;
          next += 1;
          const answer = await fetch(
            `http://127.0.0.1:${http}/cgi-bin/sendsms?${query}&to=010${String(n).padStart(8, '0')}`,
          );
          if (answer.status !== 202) throw new Error(`kannel answers ${answer.status}`);
          await answer.arrayBuffer();
        }
      };
      await Promise.all(Array.from({ length: 32 }, worker));
      await until(() => smsc.counters().receipts.acknowledged >= to);
    };
    await send(0, 200);
    const began = performance.now();
    await send(200, 200 + count);
    return count / ((performance.now() - began) / 1000);
  } finally {
    for (const child of boxes.toReversed()) {
      child.kill('SIGKILL');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    }
    await smsc.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

function kannelConfig({
  admin,
  box,
  http,
  smsc,
  window,
}: Record<'admin' | 'box' | 'http' | 'smsc' | 'window', number>): string {
  const group = (name: string, lines: Record<string, string | number>): string =>
    [`group = ${name}`, ...Object.entries(lines).map(([key, value]) => `${key} = ${value}`), ''].join('\n');
  return [
    group('core', {
      'admin-port': admin,
      'admin-interface': '127.0.0.1',
      'admin-password': 'bench',
      'smsbox-port': box,
      'smsbox-interface': '127.0.0.1',
      'box-allow-ip': '127.0.0.1',
      'box-deny-ip': '*.*.*.*',
      'dlr-storage': 'internal',
      'sms-incoming-queue-limit': -1,
      'sms-outgoing-queue-limit': 1_000_000,
    }),
    group('smsc', {
      smsc: 'smpp',
      'smsc-id': 'centre',
      host: '127.0.0.1',
      port: smsc,
      'transceiver-mode': 'true',
      'smsc-username': 'bench',
      'smsc-password': 'bench',
      'system-type': 'bench',
      'max-pending-submits': window,
    }),
    group('smsbox', { 'bearerbox-host': '127.0.0.1', 'sendsms-port': http, 'sendsms-interface': '127.0.0.1' }),
    group('sendsms-user', { username: 'bench', password: 'bench', 'max-messages': 10 }),
  ].join('\n');
}

async function until(holds: () => boolean): Promise<void> {
  const deadline = performance.now() + 60_000;
  while (!holds()) {
    if (performance.now() > deadline) throw new Error('kannel does not get on');
    await sleep(5);
  }
}

const middle = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

/** Messages of a measurement; less for a narrow window, which takes longer. */
const countOf = (window: number, full: number): number => (window === 1 ? full / 5 : full);

export async function run(): Promise<BenchResult> {
  const rows: BenchRow[] = [];
  const full = Number(process.env['BREAKWATER_BENCH_SMPP_MESSAGES'] ?? '200000');
  let ofLibrary = { ours: 0, theirs: 0 };
  let rss = 0;
  for (const window of windows) {
    const [ours, peers]: [number[], number[]] = [[], []];
    for (let round = 0; round < rounds; round += 1) {
      const measured = await measure('our', window, countOf(window, full));
      ours.push(measured.perSecond);
      rss = Math.max(rss, measured.rssMb);
      peers.push((await measure('their', window, countOf(window, full / 8))).perSecond);
    }
    const [our, peer] = [middle(ours), middle(peers)];
    if (window === 50) ofLibrary = { ours: our, theirs: peer };
    rows.push(
      { what: `window ${window}, ours`, value: our, unit: 'messages/s' },
      { what: `window ${window}, npm smpp`, value: peer, unit: 'messages/s' },
      { what: `window ${window}, ours / npm smpp`, value: our / peer, unit: 'x', ...barAt(window, our / peer, 8) },
    );
  }
  const kannel = await measureKannel(50, Math.max(1000, full / 20));
  if (kannel !== null) {
    const ratio = ofLibrary.ours / kannel;
    rows.push(
      { what: 'window 50, kannel (HTTP to its receipt)', value: kannel, unit: 'messages/s' },
      { what: 'window 50, ours / kannel', value: ratio, unit: 'x', ...barAt(50, ratio, 20) },
    );
  }
  const long = await measure('our', 50, full * 5);
  rows.push(
    { what: `memory of our client, ${full} messages`, value: rss, unit: 'MiB' },
    { what: `memory of our client, ${full * 5} messages`, value: long.rssMb, unit: 'MiB' },
  );
  return {
    name: 'SMPP',
    method: `submit_sm of ${content.length} octets of UCS-2, a receipt for each, done when the last receipt is acknowledged; client and centre are processes of their own over loopback, medians of ${rounds} rounds in turn, after a warm-up. npm smpp 0.5.1 is client and centre of its own, with TCP_NODELAY set for it and the window kept by a counter. kannel 1.4.5 takes messages by HTTP and sends to our centre, which runs in the process that asks it. ${kannel === null ? 'kannel is not installed: not measured.' : ''}`,
    rows,
  };
}

function barAt(window: number, ratio: number, bar: number): Pick<BenchRow, 'bar' | 'met'> {
  return window === 50 ? { bar: `>= ${bar} x`, met: ratio >= bar } : {};
}

if (import.meta.main) {
  const role = roles[process.argv[2] ?? ''];
  if (role === undefined) throw new Error('usage: npm run bench -- smpp');
  const answer = await role(JSON.parse(process.argv[3] ?? '{}') as Task);
  process.stdout.write(`${JSON.stringify(answer)}\n`, () => {
    if (process.argv[2]?.endsWith('-client') === true) process.exit(0);
  });
}
