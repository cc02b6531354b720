import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BreakwaterError } from '../../error.ts';
import { createPduReader, decodePdu, type PduRead } from './decode.ts';
import { encodePdu } from './encode.ts';
import { decodeUcs2, encodeUcs2, partIn, partsOf } from './parts.ts';
import {
  commands,
  layoutOf,
  smppStatus,
  tlvNumber,
  tlvOf,
  tlvTag,
  type Pdu,
  type PduCommand,
  type PduOf,
  type PduToWrite,
} from './pdu.ts';
import { createPduWriter } from './writer.ts';
import { isReceipt, messageStateOf, readReceipt, readReceiptText, receiptText } from './receipt.ts';

const names = Object.keys(commands) as PduCommand[];
const hex = (octets: Uint8Array): string => Buffer.from(octets).toString('hex');
const latin1 = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'latin1'));

/** Any PDU with every field given. */
const anyPdu: fc.Arbitrary<Pdu> = fc.constantFrom(...names).chain((command) => {
  const fields = Object.fromEntries(
    (layoutOf(command)?.fields ?? []).map(({ name, kind, most }) => [
      name,
      kind === 'u8'
        ? fc.integer({ min: 0, max: 255 })
        : kind === 'text'
          ? fc.uint8Array({ min: 1, maxLength: most - 1 }).map((octets) => Buffer.from(octets).toString('latin1'))
          : fc.uint8Array({ maxLength: most }),
    ]),
  );
  return fc.record({
    command: fc.constant(command),
    status: fc.integer({ min: 0, max: 0xffffffff }),
    sequence: fc.integer({ min: 0, max: 0xffffffff }),
    tlvs: fc.array(fc.record({ tag: fc.integer({ min: 0, max: 0xffff }), value: fc.uint8Array({ maxLength: 40 }) }), {
      maxLength: 4,
    }),
    ...fields,
  }) as unknown as fc.Arbitrary<Pdu>;
});

function readAll(octets: Uint8Array, cuts: readonly number[] = []): PduRead[] {
  const reader = createPduReader();
  const reads: PduRead[] = [];
  const places = [...cuts.map((cut) => cut % (octets.length + 1)), octets.length].toSorted((a, b) => a - b);
  let from = 0;
  for (const to of places) {
    reader.push(octets.slice(from, to), (read) => reads.push(structuredClone(read)));
    from = to;
  }
  return reads;
}

describe('a PDU', () => {
  test('of the standard stands on the wire as its chapter 3 shows it', () => {
    // 3.2.3 of the specification: a bind_transmitter of 47 octets.
    const octets = encodePdu({
      command: 'bind_transmitter',
      sequence: 1,
      systemId: 'SMPP3TEST',
      password: 'secret08',
      systemType: 'SUBMIT1',
      interfaceVersion: 0,
      addressTon: 1,
      addressNpi: 1,
    });
    expect(hex(octets)).toBe(
      '0000002f000000020000000000000001534d50503354455354007365637265743038005355424d4954310000010100',
    );
  });

  test('comes back as it was written, whatever it holds', () => {
    fc.assert(
      fc.property(anyPdu, (pdu) => {
        expect(decodePdu(encodePdu(pdu as PduToWrite))).toEqual(pdu);
      }),
    );
  });

  test('leaves out nothing but zeros and empty texts', () => {
    for (const command of names) {
      const pdu = decodePdu(encodePdu({ command }));
      expect(pdu).toMatchObject({ command, status: 0, sequence: 0, tlvs: [] });
    }
  });

  test('that says no may come without its body', () => {
    const octets = encodePdu({ command: 'generic_nack', sequence: 9, status: smppStatus.throttled });
    octets.set([0x80, 0, 0, 4], 4);
    expect(decodePdu(octets)).toEqual({
      command: 'submit_sm_resp',
      status: 0x58,
      sequence: 9,
      tlvs: [],
      messageId: '',
    });
  });

  test.each<[string, PduToWrite, string]>([
    ['a text that is too long', { command: 'bind_receiver', systemId: 'x'.repeat(16) }, '/systemId'],
    ['a text with a NUL', { command: 'query_sm', messageId: 'a\0b' }, '/messageId'],
    ['a text of wide characters', { command: 'submit_sm', source: '한' }, '/source'],
    ['a short message that is none', { command: 'submit_sm', shortMessage: new Uint8Array(255) }, '/shortMessage'],
    ['a number of more than an octet', { command: 'submit_sm', dataCoding: 256 }, '/dataCoding'],
    ['a sequence that is none', { command: 'unbind', sequence: -1 }, '/sequence'],
    ['a tag that is none', { command: 'unbind', tlvs: [{ tag: 70_000, value: new Uint8Array(1) }] }, '/tlvs'],
    ['a command that is none', { command: 'toString' as 'unbind' }, '/command'],
  ])('is not written with %s', (_, pdu, path) => {
    expect(() => encodePdu(pdu)).toThrow(expect.objectContaining({ name: 'BreakwaterError', path }) as Error);
  });

  test('is not written beyond the size that is read', () => {
    const tlvs = [1, 2].map((tag) => ({ tag, value: new Uint8Array(40_000) }));
    expect(() => encodePdu({ command: 'data_sm', tlvs })).toThrow(/65536/);
  });
});

describe('a writer', () => {
  test('gives out all that was added, in order, across its blocks; a PDU it refuses leaves no trace', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(anyPdu, fc.boolean()), { maxLength: 12 }), (pdus) => {
        const writer = createPduWriter();
        const taken: Uint8Array[] = [];
        for (const [pdu, takes] of pdus) {
          const tlvs = [...pdu.tlvs, { tag: tlvTag.messagePayload, value: new Uint8Array(20_000) }];
          writer.add({ ...pdu, tlvs });
          expect(() => writer.add({ command: 'submit_sm', dataCoding: 999 })).toThrow(BreakwaterError);
          const octets = takes ? writer.take() : null;
          if (octets !== null) taken.push(octets);
        }
        taken.push(writer.take() ?? new Uint8Array());
        expect(writer.take()).toBe(null);
        const commands = readAll(Buffer.concat(taken)).map((read) => 'command' in read && read.command);
        expect(commands).toEqual(pdus.map(([{ command }]) => command));
      }),
      { numRuns: 30 },
    );
  });
});

describe('a stream of PDUs', () => {
  test('is read the same wherever it is cut', () => {
    fc.assert(
      fc.property(fc.array(anyPdu, { maxLength: 5 }), fc.array(fc.nat(), { maxLength: 8 }), (pdus, cuts) => {
        const octets = Buffer.concat(pdus.map((pdu) => encodePdu(pdu as PduToWrite)));
        expect(readAll(octets, cuts)).toEqual(pdus);
      }),
    );
  });

  test('of anything is PDUs and faults, and never an error or a hang', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), fc.array(fc.nat(), { maxLength: 4 }), (octets, cuts) => {
        const reads = readAll(octets, cuts);
        expect(reads.length).toBeLessThanOrEqual(octets.length / 16 + 1);
        expect(readAll(octets)).toEqual(reads);
      }),
      { numRuns: 500 },
    );
  });

  test('of true PDUs in which one octet is wrong goes on, or ends with a fault that says so', () => {
    fc.assert(
      fc.property(fc.array(anyPdu, { minLength: 1, maxLength: 3 }), fc.nat(), fc.nat(255), (pdus, place, octet) => {
        const octets = Buffer.concat(pdus.map((pdu) => encodePdu(pdu as PduToWrite)));
        octets[place % octets.length] = octet;
        const reads = readAll(octets);
        const fatal = reads.findIndex((read) => 'fault' in read && read.fatal);
        expect([-1, reads.length - 1]).toContain(fatal);
      }),
      { numRuns: 500 },
    );
  });

  test.each([
    ['a length below the header', '0000000f', [{ fault: 'length', status: 2, fatal: true }]],
    ['a length beyond the cap', '00010001000000040000000000000007', [{ fault: 'length', sequence: 7, fatal: true }]],
    [
      'an unknown command',
      '00000010000000990000000000000003',
      [{ fault: 'command', status: 3, sequence: 3, fatal: false }],
    ],
    ['a field that never ends', '000000120000000300000000000000054141', [{ fault: 'field', sequence: 5 }]],
    ['a parameter longer than the PDU', '0000001500000015000000000000000604240009ff', [{ fault: 'tlv', status: 0xc2 }]],
    ['a request without its body', '00000010000000040000000000000008', [{ fault: 'field', sequence: 8, fatal: false }]],
  ])('with %s says what and where', (_, octets, faults) => {
    expect(readAll(Uint8Array.from(Buffer.from(octets, 'hex')))).toMatchObject(faults);
  });

  test('goes on after a fault that is not fatal, and never after one that is', () => {
    const link = encodePdu({ command: 'enquire_link', sequence: 4 });
    const unknown = Uint8Array.from(Buffer.from('00000010000000990000000000000003', 'hex'));
    const short = Uint8Array.from([0, 0, 0, 1]);
    const reads = readAll(Buffer.concat([unknown, link, short, link]));
    expect(reads.map((read) => ('fault' in read ? read.fault : read.command))).toEqual([
      'command',
      'enquire_link',
      'length',
    ]);
  });

  test('that is no whole PDU throws its name and its place', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (octets) => {
        try {
          decodePdu(octets);
        } catch (error) {
          expect(error).toBeInstanceOf(BreakwaterError);
          expect((error as BreakwaterError).code).toMatch(/^smpp\.(length|command|field|tlv)$/);
        }
      }),
    );
  });
});

describe('a long text', () => {
  const anyText = fc.string({ unit: 'grapheme', maxLength: 900 });

  test.each(['udh', 'sar'] as const)('in parts of %s is whole again, and no character is cut', (form) => {
    fc.assert(
      fc.property(anyText, fc.nat(255), (text, reference) => {
        const parts = partsOf(encodeUcs2(text), 'ucs2', form, reference);
        const read = parts.map(partIn);
        if (parts.length === 1) expect(read).toEqual([null]);
        else {
          expect(read.map((part) => [part?.reference, part?.total, part?.number])).toEqual(
            parts.map((_, index) => [reference, parts.length, index + 1]),
          );
          for (const part of read)
            expect(decodeUcs2(part?.content ?? new Uint8Array())).not.toMatch(/[\uD800-\uDBFF]$/);
        }
        const content = Buffer.concat(parts.map((part, index) => read[index]?.content ?? part.shortMessage));
        expect(decodeUcs2(content)).toBe(text);
        for (const { shortMessage } of parts) expect(shortMessage.length).toBeLessThanOrEqual(140);
      }),
    );
  });

  test('of Korean in two octets is cut between characters', () => {
    const content = Uint8Array.from({ length: 401 }, (_, index) => (index === 0 ? 0x41 : 0xb0));
    const parts = partsOf(content, 'ks-c-5601', 'udh', 7);
    expect(parts.map(({ shortMessage }) => shortMessage.length)).toEqual([139, 140, 140]);
  });

  test('in one payload is whole from 255 octets on', () => {
    const lengths = [254, 255].map((length) => {
      const [part] = partsOf(new Uint8Array(length), 'ks-c-5601', 'payload', 0);
      return [part?.shortMessage.length, tlvOf(part?.tlvs ?? [], tlvTag.messagePayload)?.length];
    });
    expect(lengths).toEqual([
      [254, undefined],
      [0, 255],
    ]);
  });

  test('of more than 255 parts is refused', () => {
    expect(() => partsOf(new Uint8Array(134 * 255 + 1), 'ks-c-5601', 'udh', 0)).toThrow(
      expect.objectContaining({ code: 'smpp.too-long' }) as Error,
    );
    expect(partsOf(new Uint8Array(134 * 255), 'ks-c-5601', 'udh', 0)).toHaveLength(255);
  });

  test('with a header that lies is no part', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 12 }), (shortMessage) => {
        const part = partIn({ esmClass: 0x40, shortMessage, tlvs: [] });
        if (part !== null) expect(part.number).toBeLessThanOrEqual(part.total);
      }),
    );
  });
});

describe('a receipt', () => {
  const deliver = (changes: Partial<PduOf<'deliver_sm'>>): PduOf<'deliver_sm'> =>
    decodePdu(encodePdu({ command: 'deliver_sm', esmClass: 4, ...changes })) as PduOf<'deliver_sm'>;
  const said = { id: '0A3F', stat: 'DELIVRD', err: '000', submitted: '2611290100', done: '2611290101' };

  test('is read from its text', () => {
    expect(readReceipt(deliver({ shortMessage: latin1(receiptText(said)) }))).toEqual({
      id: '0A3F',
      state: 'delivered',
      code: 'DELIVRD',
      reference: null,
    });
  });

  test.each([
    ['DELIVRD', '000', 'delivered', 'DELIVRD'],
    ['EXPIRED', '034', 'failed', 'EXPIRED/034'],
    ['UNDELIV', '1', 'failed', 'UNDELIV/1'],
    ['REJECTD', '000', 'failed', 'REJECTD'],
    ['UNKNOWN', '000', 'unknown', 'UNKNOWN'],
    ['ENROUTE', '000', 'under-way', 'ENROUTE'],
    ['ACCEPTD', '000', 'under-way', 'ACCEPTD'],
    ['Whatever', '000', 'unknown', 'WHATEVER'],
  ])('that says %s err %s means %s', (stat, err, state, code) => {
    expect(readReceipt(deliver({ shortMessage: latin1(receiptText({ ...said, stat, err })) }))).toMatchObject({
      state,
      code,
    });
  });

  test('in parameters wins over the text, and repeats our reference', () => {
    const tlvs = [
      { tag: tlvTag.receiptedMessageId, value: latin1('77\0') },
      tlvNumber(tlvTag.messageState, messageStateOf('UNDELIV'), 1),
      tlvNumber(tlvTag.userMessageReference, 4242, 2),
    ];
    const receipt = readReceipt(deliver({ tlvs, shortMessage: latin1(receiptText(said)) }));
    expect(receipt).toEqual({ id: '77', state: 'failed', code: 'UNDELIV', reference: 4242 });
    expect(isReceipt(deliver({ esmClass: 0, tlvs }))).toBe(true);
    expect(isReceipt(deliver({ esmClass: 0 }))).toBe(false);
  });

  test('that is intermediate is not the last word', () => {
    expect(readReceipt(deliver({ esmClass: 0x20, shortMessage: latin1(receiptText(said)) }))?.state).toBe('under-way');
  });

  test('is found in any order and case, and not in the text it quotes', () => {
    const fields = readReceiptText('STAT:DELIVRD  Id:x1 done date:2611 err:0b Text: id:other stat:EXPIRED');
    expect(fields).toEqual({ id: 'x1', stat: 'DELIVRD', err: '0b' });
    expect(readReceiptText('text: id:other stat:EXPIRED').id).toBe(null);
  });

  test('of any octets is read or is null', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 254 }), fc.uint8Array({ maxLength: 80 }), (shortMessage, id) => {
        const receipt = readReceipt(deliver({ shortMessage, tlvs: [{ tag: tlvTag.receiptedMessageId, value: id }] }));
        if (receipt !== null) expect(receipt.id).toMatch(/^[!-~]{1,65}$/);
      }),
    );
    const words = fc.constantFrom('id:', 'stat:', 'err:', 'Text:', ' ', 'DELIVRD', '1', '\n', 'a'.repeat(300));
    fc.assert(
      fc.property(fc.array(words, { maxLength: 30 }), (parts) => {
        const { code } = readReceipt(
          deliver({ tlvs: [{ tag: tlvTag.messagePayload, value: latin1(parts.join('')) }] }),
        ) ?? { code: 'X' };
        expect(code).toMatch(/^[A-Z]{1,16}(?:\/[A-Za-z0-9]{1,8})?$/);
      }),
    );
  });
});
