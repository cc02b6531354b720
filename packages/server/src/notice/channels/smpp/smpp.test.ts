import { createServer, type AddressInfo, type Socket } from 'node:net';
import iconv from 'iconv-lite';
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { decodePdu, encodePdu, tlvOf, tlvTag, unshownCharacters, type PduOf } from '@breakwater/rules/notice';
import { startSmsc, type Smsc, type SmscOptions } from '../../../../../cli/src/notice/smsc-sim-server.ts';
import type { Message, Submitted } from '../channel.ts';
import { smppChannel, type SmppChannelOptions } from './channel.ts';
import { decodeText, encodeText } from './charset.ts';
import { createSession, type Outcome, type SessionOptions, type SmppSession } from './session.ts';
import { submitAll, type Sent } from './submit-all.ts';
import { createPace } from './window.ts';

const ending: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ending.splice(0).toReversed()) await end();
});

async function smsc(options: SmscOptions = {}): Promise<Smsc> {
  const started = await startSmsc(options);
  ending.push(() => started.stop());
  return started;
}

const never = new AbortController().signal;
const account = { host: '127.0.0.1', tls: false, systemId: 'bank', password: () => 'secret', systemType: '' };

function session(port: number, options: Partial<SessionOptions> = {}): SmppSession {
  const opened = createSession({ ...account, port, answerMs: 1000, ...options });
  ending.push(() => opened.close(100));
  return opened;
}

const item = (n: number) => ({
  of: n,
  parts: [{ destination: `0100000${String(n).padStart(4, '0')}`, registeredDelivery: 1 }],
});
const items = (count: number) => Array.from({ length: count }, (_, n) => item(n));

async function all(
  over: SmppSession,
  list: Parameters<typeof submitAll<number>>[1],
  signal = never,
): Promise<Sent<number>[]> {
  const sent: Sent<number>[] = [];
  for await (const batch of submitAll(over, list, { signal, patienceMs: 2000, graceMs: 500 })) {
    expect(batch.length).toBeLessThanOrEqual(100);
    sent.push(...batch);
  }
  return sent;
}

const kinds = (sent: readonly Sent<number>[]): Record<string, number> =>
  sent.reduce<Record<string, number>>((sum, { kind }) => ({ ...sum, [kind]: (sum[kind] ?? 0) + 1 }), {});

describe('a session', () => {
  test('submits a list within its window, each once, and gives every outcome', async () => {
    const centre = await smsc({ receipts: false });
    const sent = await all(session(centre.port, { window: 7 }), items(1000));
    expect(kinds(sent)).toEqual({ taken: 1000 });
    expect(new Set(sent.map(({ of }) => of)).size).toBe(1000);
    expect(centre.counters()).toMatchObject({ submitted: 1000, taken: 1000, binds: 1 });
  });

  test('never has more unanswered than its window', async () => {
    const centre = await smsc({ receipts: false });
    centre.fault({ stallAfter: 1 });
    const abort = new AbortController();
    const over = session(centre.port, { window: 5, answerMs: 60_000 });
    const running = all(over, items(50), abort.signal);
    await expect.poll(() => centre.counters().submitted).toBe(5);
    abort.abort();
    expect(kinds(await running)).toEqual({ unsent: 45 });
    expect(centre.counters().submitted).toBe(5);
  });

  test('takes throttling for a pause, never for a failure', async () => {
    const centre = await smsc({ receipts: false, faults: { queueFullEvery: 7 } });
    expect(kinds(await all(session(centre.port, { window: 20 }), items(200)))).toEqual({ taken: 200 });
    expect(centre.counters().throttled).toBeGreaterThan(20);
    centre.fault({ queueFullEvery: 0, perSecond: 60 });
    expect(kinds(await all(session(centre.port, { window: 20 }), items(100)))).toEqual({ taken: 100 });
  });

  test('says what the centre refuses, with its status', async () => {
    const centre = await smsc({ receipts: false, faults: { refuseEvery: 10 } });
    const sent = await all(session(centre.port), items(100));
    expect(kinds(sent)).toEqual({ taken: 90, refused: 10 });
    expect(sent.find(({ kind }) => kind === 'refused')).toMatchObject({ code: '0x0000000B' });
  });

  test('calls in doubt what was on its way when the connection broke, and goes on over a new one', async () => {
    const centre = await smsc({ receipts: false, faults: { cutEvery: 150 } });
    const sent = await all(session(centre.port, { window: 10 }), items(400));
    const { taken = 0, 'in-doubt': doubt = 0, unsent = 0 } = kinds(sent);
    expect([taken + doubt, unsent]).toEqual([400, 0]);
    expect(doubt).toBeGreaterThanOrEqual(2);
    expect(doubt).toBeLessThanOrEqual(20);
    expect(centre.counters().binds).toBeGreaterThanOrEqual(3);
  });

  test('calls in doubt what is never answered, and leaves a centre that stalls', async () => {
    const centre = await smsc({ receipts: false, faults: { stallAfter: 30 } });
    const running = all(session(centre.port, { window: 10 }), items(60));
    await expect.poll(() => centre.counters().submitted, { timeout: 30_000 }).toBeGreaterThan(38);
    centre.fault({ stallAfter: 0 });
    const sent = await running;
    expect(sent).toHaveLength(60);
    expect(kinds(sent)['in-doubt']).toBe(10);
  });

  test('goes on through PDUs that break the standard, and through octets that are none', async () => {
    const centre = await smsc({ receipts: false, faults: { malformedEvery: 3 } });
    expect(kinds(await all(session(centre.port), items(90)))).toEqual({ taken: 90 });
    centre.fault({ malformedEvery: 0, garbageEvery: 40 });
    const sent = await all(session(centre.port), items(90));
    const { taken = 0, 'in-doubt': doubt = 0 } = kinds(sent);
    expect(taken + doubt).toBe(90);
    expect(doubt).toBeGreaterThanOrEqual(2);
  });

  test('sends nothing more after an abort and gives back the rest', async () => {
    const centre = await smsc({ receipts: false, faults: { delayMs: 20 } });
    const abort = new AbortController();
    async function* endless(): AsyncGenerator<ReturnType<typeof item>> {
      for (let n = 0; ; n += 1) {
        if (n === 500) abort.abort();
        if (n === 600) return;
        yield item(n % 10_000);
      }
    }
    const sent = await all(session(centre.port, { window: 50 }), endless(), abort.signal);
    const { taken = 0, unsent = 0 } = kinds(sent);
    expect([taken, unsent]).toEqual([500, 100]);
    expect(centre.counters().submitted).toBe(500);
  });

  test('keeps to its rate', async () => {
    const centre = await smsc({ receipts: false });
    const began = performance.now();
    await all(session(centre.port, { window: 100, perSecond: 200 }), items(120));
    // 20 may leave at once, the other 100 at 200 a second.
    expect(performance.now() - began).toBeGreaterThan(450);
  });

  test('without a centre gives everything back', async () => {
    const centre = await smsc();
    await centre.stop();
    ending.pop();
    expect(kinds(await all(session(centre.port), items(3)))).toEqual({ unsent: 3 });
  });

  test('says why it is not let in, and does not knock again at once', async () => {
    const centre = await smsc({ account: { systemId: 'bank', password: 'other' } });
    const told: string[] = [];
    const over = session(centre.port, { told: (line) => told.push(line) });
    expect(await over.room(700, never)).toBe(false);
    expect(told).toEqual(['the SMS centre refuses the bind: 0x0000000E']);
  });

  test('gives receipts, and the centre keeps what is not acknowledged', async () => {
    const centre = await smsc({ receiptWindow: 5 });
    const first = session(centre.port);
    await all(first, items(20));
    const held = await first.receipts(100, 500, never);
    expect(held).toHaveLength(5);
    expect(held[0]).toMatchObject({ state: 'delivered', number: '01000000000' });
    first.acknowledge(held.slice(0, 2));
    await expect.poll(() => centre.counters().receipts.acknowledged).toBe(2);
    await first.close(100);
    const second = session(centre.port);
    const seen = new Set<string>();
    await expect
      .poll(async () => {
        const more = await second.receipts(100, 50, never);
        more.forEach(({ id }) => seen.add(id));
        second.acknowledge(more);
        return centre.counters().receipts.acknowledged;
      })
      .toBe(20);
    expect(seen.size).toBe(18);
  });

  test('acknowledges nothing over a connection that came after', async () => {
    const centre = await smsc();
    const over = session(centre.port);
    await all(over, items(1));
    const held = await over.receipts(10, 500, never);
    centre.cut();
    await expect.poll(() => over.isBound()).toBe(false);
    await expect.poll(() => over.isBound(), { timeout: 30_000 }).toBe(true);
    over.acknowledge(held);
    const again = await over.receipts(10, 1000, never);
    expect(again.map(({ id }) => id)).toEqual(held.map(({ id }) => id));
    over.acknowledge(again);
    await expect.poll(() => centre.counters().receipts.acknowledged).toBe(1);
  });

  test('unbinds when it is closed, and binds again when it is used', async () => {
    const centre = await smsc({ receipts: false });
    const over = session(centre.port);
    await all(over, items(2));
    await over.close(500);
    expect(over.isBound()).toBe(false);
    expect(kinds(await all(over, items(2)))).toEqual({ taken: 2 });
    expect(centre.counters().binds).toBe(2);
  });
});

describe('a session and a centre of few words', () => {
  /** A centre that answers the bind and then does as told with each PDU. */
  async function centre(
    hear: (pdu: PduOf<'submit_sm'> | { command: string; sequence: number }, socket: Socket) => void,
  ): Promise<number> {
    const server = createServer((socket) => {
      socket.on('error', () => socket.destroy());
      socket.on('data', (chunk) => {
        for (let at = 0; at < chunk.length;) {
          const length = chunk.readUInt32BE(at);
          const pdu = decodePdu(chunk.subarray(at, at + length));
          at += length;
          if (pdu.command === 'bind_transceiver') {
            socket.write(encodePdu({ command: 'bind_transceiver_resp', sequence: pdu.sequence, systemId: 'x' }));
          }
          hear(pdu, socket);
        }
      });
      ending.push(() => Promise.resolve(socket.destroy()));
    });
    ending.push(() => new Promise((done) => server.close(done)));
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    return (server.address() as AddressInfo).port;
  }

  test('asks whether it is there, and leaves it when it is not', async () => {
    const heard: string[] = [];
    const port = await centre(({ command }) => heard.push(command));
    const over = session(port, { enquireMs: 200, answerMs: 300 });
    await over.room(1000, never);
    await expect
      .poll(() => heard.filter((command) => command === 'bind_transceiver').length, { timeout: 30_000 })
      .toBe(2);
    expect(heard).toContain('enquire_link');
  });

  test('answers what it is asked, each as the standard says, and nothing to an answer', async () => {
    const heard: { command: string; status: number; sequence: number }[] = [];
    const asked = [
      encodePdu({ command: 'enquire_link', sequence: 11 }),
      encodePdu({ command: 'deliver_sm', sequence: 12 }),
      encodePdu({ command: 'deliver_sm', sequence: 13, esmClass: 4, shortMessage: Buffer.from('nonsense') }),
      encodePdu({ command: 'alert_notification', sequence: 14 }),
      encodePdu({ command: 'bind_receiver', sequence: 15 }),
      encodePdu({ command: 'submit_sm_resp', sequence: 999 }),
      encodePdu({ command: 'data_sm', sequence: 16 }),
      encodePdu({ command: 'generic_nack', sequence: 998, status: 3 }),
    ];
    const port = await centre((pdu, socket) => {
      if (pdu.command === 'bind_transceiver') socket.write(Buffer.concat(asked));
      else heard.push({ command: pdu.command, status: 'status' in pdu ? pdu.status : 0, sequence: pdu.sequence });
    });
    await session(port).room(1000, never);
    await expect.poll(() => heard.length).toBe(5);
    expect(heard).toEqual([
      { command: 'enquire_link_resp', status: 0, sequence: 11 },
      { command: 'deliver_sm_resp', status: 0, sequence: 12 },
      { command: 'deliver_sm_resp', status: 0x65, sequence: 13 },
      { command: 'generic_nack', status: 3, sequence: 15 },
      { command: 'data_sm_resp', status: 0, sequence: 16 },
    ]);
  });

  test('takes an answer that cannot be read for a doubt, and a refusal of the PDU for a refusal', async () => {
    const port = await centre((pdu, socket) => {
      if (!('destination' in pdu)) return;
      const answer = encodePdu({ command: 'submit_sm_resp', sequence: pdu.sequence, messageId: 'abc' });
      if (pdu.destination.endsWith('1')) answer.set([0x41], answer.length - 1);
      socket.write(
        pdu.destination.endsWith('2')
          ? encodePdu({ command: 'generic_nack', sequence: pdu.sequence, status: 2 })
          : answer,
      );
    });
    const sent = await all(session(port), items(3));
    expect(sent.map(({ of, kind }) => [of, kind]).toSorted(([a], [b]) => Number(a) - Number(b))).toEqual([
      [0, 'taken'],
      [1, 'in-doubt'],
      [2, 'refused'],
    ]);
  });

  test('goes on after an unbind by the centre', async () => {
    let unbound = false;
    const port = await centre((pdu, socket) => {
      if ('destination' in pdu) {
        socket.write(encodePdu({ command: 'submit_sm_resp', sequence: pdu.sequence, messageId: 'a' }));
        if (!unbound) socket.write(encodePdu({ command: 'unbind', sequence: 5 }));
        unbound = true;
      }
    });
    const outcomes: Outcome[] = [];
    const over = session(port);
    for (let n = 0; n < 2; n += 1) {
      await expect.poll(() => over.room(1000, never)).toBe(true);
      await expect.poll(() => over.submit({ destination: '1' }, (outcome) => outcomes.push(outcome))).toBe(true);
      await expect.poll(() => outcomes.length).toBe(n + 1);
      if (n === 0) await expect.poll(() => over.isBound()).toBe(false);
    }
    expect(outcomes).toEqual([
      { kind: 'taken', id: 'a' },
      { kind: 'taken', id: 'a' },
    ]);
  });

  test('whatever octets it sends, no error escapes and every message has an outcome', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 200 }), async (octets) => {
        const port = await centre((pdu, socket) => {
          if ('destination' in pdu) socket.end(octets);
        });
        const over = session(port, { answerMs: 300 });
        const sent: Sent<number>[] = [];
        for await (const batch of submitAll(over, items(1), { signal: never, patienceMs: 1000, graceMs: 100 }))
          sent.push(...batch);
        expect(sent).toHaveLength(1);
        await over.close(50);
      }),
      { numRuns: 25 },
    );
  });
});

describe('the pace', () => {
  test('lets through what the rate allows and no more', () => {
    let now = 0;
    const pace = createPace({ window: 100, perSecond: 100, now: () => now });
    let sent = 0;
    for (; now < 5000; now += 1) {
      while (pace.waitMs(0) === 0) {
        pace.sent();
        sent += 1;
      }
    }
    expect(sent).toBeGreaterThanOrEqual(500);
    expect(sent).toBeLessThanOrEqual(511);
  });

  test('pauses twice as long each time in a row, up to five seconds', () => {
    let now = 0;
    const pace = createPace({ window: 10, perSecond: null, now: () => now });
    const pauses = Array.from({ length: 9 }, () => {
      pace.throttled();
      pace.throttled();
      const wait = pace.waitMs(0) ?? -1;
      now += wait;
      return wait;
    });
    expect(pauses).toEqual([50, 100, 200, 400, 800, 1600, 3200, 5000, 5000]);
    pace.taken();
    pace.throttled();
    expect(pace.waitMs(0)).toBe(50);
    expect(pace.waitMs(10)).toBe(null);
  });
});

describe('the character set', () => {
  test('is KS X 1001, character for character, and never a question mark', () => {
    for (let lead = 0xa1; lead <= 0xfe; lead += 1) {
      for (let trail = 0xa1; trail <= 0xfe; trail += 1) {
        const text = iconv.decode(Buffer.from([lead, trail]), 'euc-kr');
        if (text.length !== 1 || unshownCharacters(text).length > 0) continue;
        expect(encodeText(text, 'ks-c-5601')).toEqual({ charset: 'ks-c-5601', octets: Buffer.from([lead, trail]) });
      }
    }
  });

  test.each(['똠', '펲', '₩', '–', '😀', 'é', '\u00a0', 'שלום'])('leaves %s to UCS-2', (text) => {
    const { charset, octets } = encodeText(`한글 ${text}`, 'ks-c-5601');
    expect([charset, decodeText(octets, charset)]).toEqual(['ucs2', `한글 ${text}`]);
  });

  test('gives every text back', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }),
        fc.constantFrom('ks-c-5601' as const, 'ucs2' as const),
        (text, wanted) => {
          const { charset, octets } = encodeText(text, wanted);
          expect(decodeText(octets, charset)).toBe(text);
        },
      ),
    );
  });
});

describe('the channel of an SMS centre', () => {
  const message = (n: number, text = '이체 서비스가 중단됩니다.'): Message => ({
    key: String(n).padStart(40, '0'),
    to: `0100000${String(n).padStart(4, '0')}`,
    from: '15881234',
    subject: '',
    type: 'LMS',
    text,
  });
  function channel(port: number, options: Partial<SmppChannelOptions> = {}) {
    const made = smppChannel({
      ...account,
      port,
      window: 10,
      charset: 'ks-c-5601',
      long: 'payload',
      addresses: 'national',
      receiptIds: 'same',
      doubtMs: 1000,
      answerMs: 1000,
      ...options,
    });
    ending.push(() => made.close());
    return made;
  }
  const idsOf = (results: readonly Submitted[]): string[] =>
    results.flatMap((result) => (result.outcome === 'taken' ? [...result.ids] : []));

  test('writes addresses, character set and reference, and reads the same ids in receipts', async () => {
    const took: PduOf<'submit_sm'>[] = [];
    const centre = await smsc({ took: (pdu) => took.push(structuredClone(pdu)), hexAnswers: true });
    const over = channel(centre.port, { addresses: 'international', receiptIds: 'answers-hex' });
    const results = await over.submit([message(7)], never);
    expect(took[0]).toMatchObject({
      source: '15881234',
      destination: '821000000007',
      destinationTon: 1,
      destinationNpi: 1,
      dataCoding: 0x0e,
      registeredDelivery: 1,
    });
    expect(decodeText(took[0]?.shortMessage ?? new Uint8Array(), 'ks-c-5601')).toBe('이체 서비스가 중단됩니다.');
    const { reports } = await over.reports(0, never);
    expect(reports.map(({ about, state }) => ['id' in about && about.id, state])).toEqual([
      [idsOf(results)[0], 'delivered'],
    ]);
    expect(centre.counters().receipts.acknowledged).toBe(0);
    over.committed(reports);
    await expect.poll(() => centre.counters().receipts.acknowledged).toBe(1);
  });

  test.each(['payload', 'udh', 'sar'] as const)('sends a long text by %s, with an id for each part', async (long) => {
    const took: PduOf<'submit_sm'>[] = [];
    const centre = await smsc({ receipts: false, took: (pdu) => took.push(structuredClone(pdu)) });
    const text = '가나다라마바사아자차'.repeat(30);
    const results = await channel(centre.port, { long }).submit([message(1, text)], never);
    const parts = long === 'payload' ? 1 : 5;
    expect([took.length, idsOf(results).length]).toEqual([parts, parts]);
    if (long === 'payload') {
      const payload = tlvOf(took[0]?.tlvs ?? [], tlvTag.messagePayload) ?? new Uint8Array();
      expect(decodeText(payload, 'ks-c-5601')).toBe(text);
    }
  });

  test('leaves out of its answer what is in doubt, and calls unsent what never left', async () => {
    const centre = await smsc({ receipts: false, faults: { stallAfter: 15 } });
    const over = channel(centre.port);
    const results = await over.submit(
      Array.from({ length: 14 + 10 }, (_, n) => message(n)),
      never,
    );
    expect(results.filter(({ outcome }) => outcome === 'taken')).toHaveLength(14);
    expect(results).toHaveLength(14);
    await centre.stop();
    ending.splice(0, 1);
    const away = await over.submit([message(1)], AbortSignal.timeout(300));
    expect(away).toEqual([{ key: message(1).key, outcome: 'unsent' }]);
  });
});
