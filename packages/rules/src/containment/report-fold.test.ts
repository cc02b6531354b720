import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { foldTraffic, readGate, type Steps } from './report-fold.ts';

function whole<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/** As nft writes it: a space after each comma and colon. */
function asWritten(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(asWritten).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  return `{${Object.entries(value)
    .map(([name, member]) => `${JSON.stringify(name)}: ${asWritten(member)}`)
    .join(', ')}}`;
}
const read = (value: unknown) => whole(readGate(asWritten(value)));

const element = (address: string, protocol: string, port: number | null, packets: number): unknown => ({
  elem: {
    val: { concat: port === null ? [address, protocol] : [address, protocol, port] },
    counter: { packets, bytes: packets * 60 },
  },
});
const set = (name: string, elem: readonly unknown[]): unknown => ({
  set: { family: 'inet', table: 'gate', name, elem },
});
const counter = (name: string, packets: number, bytes: number): unknown => ({
  counter: { family: 'inet', table: 'gate', name, packets, bytes },
});

const listing = {
  nftables: [
    { metainfo: { version: '1.0.6' } },
    counter('count_out', 5, 500),
    counter('count_in', 4, 400),
    counter('count_lost', 9, 540),
    set('allow4', ['10.66.0.10']),
    set('seen_port4', [element('10.66.0.10', 'tcp', 80, 3)]),
    set('lost_port4', [element('10.66.0.10', 'tcp', 80, 4), element('10.66.0.10', 'tcp', 81, 5)]),
    set('late_port4', [element('10.66.0.10', 'tcp', 80, 2), element('10.66.0.10', 'tcp', 82, 1)]),
    set('denied_port4', [element('198.51.100.1', 'udp', 9, 3), element('169.254.169.254', 'tcp', 80, 1)]),
    set('denied_any4', [
      element('10.0.0.1', 'icmp', null, 1),
      element('10.0.0.1', 'sctp', null, 1),
      element('10.0.0.1', '99', null, 1),
    ]),
    set('denied_port6', [element('FD00:EC2:0::254', 'tcp', 80, 2)]),
    set('denied_any6', [element('fd00::1', 'ipv6-icmp', null, 1)]),
  ],
};

describe('the report', () => {
  test('has every destination that was tried in exactly one list', () => {
    expect(
      whole(foldTraffic(read(listing), [{ address: '198.51.100.1', port: 9, protocol: 'udp', packets: 3 }])),
    ).toEqual({
      allowed: [
        { address: '10.66.0.10', port: 80, protocol: 'tcp', connections: 3 },
        // In scope, and all of it lost to a cap: not tested, and not denied either.
        { address: '10.66.0.10', port: 81, protocol: 'tcp', connections: 0 },
      ],
      denied: [
        { address: '10.0.0.1', port: null, protocol: 'icmp', packets: 1 },
        { address: '10.0.0.1', port: null, protocol: 'other', packets: 2 },
        { address: '10.66.0.10', port: 82, protocol: 'tcp', packets: 1 },
        { address: '169.254.169.254', port: 80, protocol: 'tcp', packets: 1 },
        { address: 'fd00::1', port: null, protocol: 'icmp', packets: 1 },
        { address: 'fd00:ec2::254', port: 80, protocol: 'tcp', packets: 2 },
      ],
      lostToCap: { packets: 9 },
      bytes: { out: 500, in: 400 },
    });
  });

  test('shows the tool’s own packets to where the self-test went, too', () => {
    const canary = { address: '198.51.100.1', port: 9, protocol: 'udp', packets: 2 } as const;
    const { denied } = whole(foldTraffic(read(listing), [canary]));
    expect(denied).toContainEqual({ address: '198.51.100.1', port: 9, protocol: 'udp', packets: 1 });
  });

  test('takes in what a proxy refused, by name', () => {
    const refused = { address: 'evil.example', port: 443, protocol: 'tcp' as const, packets: 2 };
    expect(whole(foldTraffic(read(listing), [], [refused])).denied).toContainEqual(refused);
  });
});

describe('a listing that is none', () => {
  test.each([
    null,
    {},
    { nftables: {} },
    { nftables: [set('seen_port4', [{ elem: {} }])] },
    { nftables: [counter('count_out', -1, 0)] },
  ])('%j is refused, not half read', (value) => expect(() => read(value)).toThrow(TypeError));

  test.each([
    '',
    '{"nftables": [',
    '{"nftables": [{"set": {"family": "inet", "name": "seen_port4", "elem": [{"elem": {"val": {"concat": [',
  ])('cut off after %j is refused', (text) => expect(() => whole(readGate(text))).toThrow(TypeError));

  test('of many destinations is read in steps', () => {
    const elements = Array.from({ length: 10_000 }, (_, i) => element(`10.0.${i >> 8}.${i & 255}`, 'tcp', 80, 1));
    const steps = readGate(asWritten({ nftables: [set('denied_port4', elements), counter('count_out', 1, 2)] }));
    let times = 0;
    for (let step = steps.next(); ; step = steps.next(), times++) {
      if (step.done !== true) continue;
      expect(step.value.attempts.denied).toHaveLength(10_000);
      expect(step.value.counters.get('count_out')).toEqual({ packets: 1, bytes: 2 });
      break;
    }
    expect(times).toBeGreaterThan(3);
  });

  test('of any JSON gives counts or a TypeError', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        try {
          read({ nftables: [value] });
        } catch (error) {
          expect(error).toBeInstanceOf(TypeError);
        }
      }),
    );
  });
});
