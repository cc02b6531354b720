import fc from 'fast-check';
import { expect, test } from 'vitest';
import { believed, coverage } from './coverage.ts';
import { closedBy } from './reach.ts';
import { scopeSchema, type Scope } from './scope.ts';
import { widens } from './widening.ts';

const base = scopeSchema.parse({
  schema: 'breakwater.scope/1',
  targets: [{ cidr: '10.66.0.0/28', ports: ['tcp/1-4', 'udp/2', 'icmp'] }],
  never: ['10.66.0.1/32'],
  caps: { newConnectionsPerSecond: 50, packetsPerSecond: 500, concurrent: 20, bytes: 1_000_000 },
  window: { start: '2026-11-29T01:00:00+09:00', end: '2026-11-29T04:00:00+09:00' },
  lease: 'PT2S',
});

const network = fc.tuple(fc.nat(15), fc.integer({ min: 28, max: 32 })).map(([host, bits]) => `10.66.0.${host}/${bits}`);
const port = fc.integer({ min: 1, max: 5 });
const range = fc.oneof(
  fc
    .tuple(fc.constantFrom('tcp', 'udp'), port, port)
    .map(([protocol, a, b]) => `${protocol}/${Math.min(a, b)}-${Math.max(a, b)}`),
  fc.constant('icmp'),
);
const target = fc.record({ cidr: network, ports: fc.array(range, { minLength: 1, maxLength: 3 }) });
const scope: fc.Arbitrary<Scope> = fc
  .record({ targets: fc.array(target, { minLength: 1, maxLength: 4 }), never: fc.array(network, { maxLength: 3 }) })
  .map((parts) => ({ ...base, ...parts }));
const universe = Array.from({ length: 16 }, (_, host) => `10.66.0.${host}`).flatMap((address) => [
  ...[1, 2, 3, 4, 5].flatMap((number) => [
    { address, port: number, protocol: 'tcp' as const },
    { address, port: number, protocol: 'udp' as const },
  ]),
  { address, port: null, protocol: 'icmp' as const },
]);
const isOpen = (of: Scope, { address, port: number, protocol }: (typeof universe)[number]): boolean =>
  closedBy(of, address, number, protocol) === null;

test('destinations widen exactly when one that was closed is open now', () => {
  fc.assert(
    fc.property(scope, scope, (before, after) => {
      const more = universe.some((one) => isOpen(after, one) && !isOpen(before, one));
      expect(widens(before, after).length > 0).toBe(more);
    }),
  );
});

test('a scope does not widen itself, and what it widens is what the other does not', () => {
  fc.assert(
    fc.property(scope, scope, scope, (a, b, c) => {
      expect(widens(a, a)).toEqual([]);
      if (widens(a, b).length === 0 && widens(b, c).length === 0) expect(widens(a, c)).toEqual([]);
    }),
  );
});

test('says which addresses on which ports', () => {
  const after = { ...base, never: [], targets: [...base.targets, { cidr: '10.67.0.0/24', ports: ['tcp/3-9'] }] };
  expect(widens(base, after)).toEqual([
    { what: 'destinations', addresses: '10.66.0.1/32', ports: 'tcp/1-2' },
    { what: 'destinations', addresses: '10.66.0.1/32, 10.67.0.0/24', ports: 'tcp/3-4' },
    { what: 'destinations', addresses: '10.67.0.0/24', ports: 'tcp/5-9' },
    { what: 'destinations', addresses: '10.66.0.1/32', ports: 'udp/2' },
    { what: 'destinations', addresses: '10.66.0.1/32', ports: 'icmp' },
  ]);
});

const with_ = (parts: Partial<Scope>): Scope => ({ ...base, ...parts });
const caps = (more: Partial<Scope['caps']>): Scope => with_({ caps: { ...base.caps, ...more } });
const http = (rules: Scope['http']): Scope => with_({ http: rules });

test.each<[note: string, before: Scope, after: Scope, widened: boolean]>([
  ['a higher cap', base, caps({ bytes: 1_000_001 }), true],
  ['a lower cap', base, caps({ bytes: 999_999 }), false],
  ['a cap of one destination taken away', caps({ newConnectionsPerSecondPerDestination: 5 }), base, true],
  [
    'a cap of one destination that says what the total says',
    base,
    caps({ newConnectionsPerSecondPerDestination: 50 }),
    false,
  ],
  ['a cap of bandwidth taken away', caps({ bytesPerSecond: 1000 }), base, true],
  ['a cap of bandwidth added', base, caps({ bytesPerSecond: 1000 }), false],
  ['a longer lease', base, with_({ lease: 'PT3S' }), true],
  ['the same lease in other words', with_({ lease: 'PT60S' }), with_({ lease: 'PT1M' }), false],
  ['an earlier start', base, with_({ window: { ...base.window, start: '2026-11-29T00:59:59+09:00' } }), true],
  ['the same start in another zone', base, with_({ window: { ...base.window, start: '2026-11-28T16:00:00Z' } }), false],
  ['a later end', base, with_({ window: { ...base.window, end: '2026-11-29T04:00:01+09:00' } }), true],
  ['an earlier end', base, with_({ window: { ...base.window, end: '2026-11-29T03:00:00+09:00' } }), false],
  ['a limit of attempts taken away', with_({ attempts: { stopAfter: 3 } }), base, true],
  ['fewer attempts', with_({ attempts: { stopAfter: 3 } }), with_({ attempts: { stopAfter: 0 } }), false],
  ['more memory', with_({ memoryBytes: 1 }), with_({ memoryBytes: 2 }), true],
  [
    'a name that leads elsewhere',
    with_({ names: [{ name: 'a', address: '10.66.0.2' }] }),
    with_({ names: [{ name: 'a', address: '10.66.0.3' }] }),
    true,
  ],
  ['a name taken away', with_({ names: [{ name: 'a', address: '10.66.0.2' }] }), base, false],
  ['rules of HTTP taken away', http({}), base, true],
  ['rules of HTTP added', base, http({}), false],
  ['another method', http({}), http({ methods: ['GET', 'POST'] }), true],
  ['fewer methods', http({}), http({ methods: ['GET'] }), false],
  [
    'a path below one that was allowed',
    http({ paths: { allow: ['/a'] } }),
    http({ paths: { allow: ['/a/b'] } }),
    false,
  ],
  ['a path beside it', http({ paths: { allow: ['/a'] } }), http({ paths: { allow: ['/ab'] } }), true],
  ['all paths', http({ paths: { allow: ['/a'] } }), http({}), true],
  ['a denial taken away', http({ paths: { deny: ['/admin'] } }), http({}), true],
  ['a wider denial', http({ paths: { deny: ['/admin'] } }), http({ paths: { deny: ['/adm'] } }), false],
  ['a mark taken away', http({ mark: { name: 'X-Test', value: '1' } }), http({}), true],
  [
    'a login cap raised',
    http({ logins: [{ path: '/l', account: 'u', attempts: 1 }] }),
    http({ logins: [{ path: '/l', account: 'u', attempts: 2 }] }),
    true,
  ],
  ['bodies that are kept', http({}), http({ bodies: { bytes: 1 } }), true],
])('%s', (_, before, after, widened) => {
  expect(widens(before, after).length > 0).toBe(widened);
});

test('a destination is tested, not allowed, or lost to a cap, and never two of them', () => {
  const gate = {
    allowed: [
      { address: '10.66.0.2', port: 1, protocol: 'tcp' as const, connections: 3 },
      { address: '10.66.0.3', port: 1, protocol: 'tcp' as const, connections: 1 },
    ],
    denied: [{ address: '10.66.0.1', port: 1, protocol: 'tcp' as const, packets: 2 }],
    lostToCap: { packets: 4, by: [{ address: '10.66.0.3', port: 1, protocol: 'tcp' as const, packets: 4 }] },
  };
  const planned = ['10.66.0.1', '10.66.0.2', '10.66.0.3', '10.66.0.4', '10.99.0.1'].map((address) => ({
    address,
    port: 1,
    protocol: 'tcp' as const,
  }));
  const found = coverage(gate, { scope: base, destinations: planned });
  expect(found.destinations.map(({ address, state }) => `${address} ${state}`).toSorted()).toEqual([
    '10.66.0.1 not-allowed',
    '10.66.0.2 tested',
    '10.66.0.3 lost-to-cap',
    '10.66.0.4 not-attempted',
    '10.99.0.1 not-allowed',
  ]);
  expect(found.totals).toEqual({ tested: 1, 'not-allowed': 2, 'lost-to-cap': 1, 'not-attempted': 1 });
});

test('a loss that the gate cannot place takes the word tested from everything it let through', () => {
  const allowed = [{ address: '10.66.0.2', port: 1, protocol: 'tcp' as const, connections: 3 }];
  const found = coverage({ allowed, denied: [], lostToCap: { packets: 1 } });
  expect(found).toMatchObject({ lossIsPlaced: false, totals: { tested: 0, 'lost-to-cap': 1 } });
});

test('a destination that got no connection through is lost, not tested', () => {
  const allowed = [{ address: '10.66.0.2', port: 1, protocol: 'tcp' as const, connections: 0 }];
  expect(coverage({ allowed, denied: [], lostToCap: { packets: 0 } }).totals).toMatchObject({
    tested: 0,
    'lost-to-cap': 1,
  });
});

test('a drop of ours is never reported as closed or filtered', () => {
  for (const said of ['closed', 'filtered'] as const) {
    for (const state of ['not-allowed', 'not-attempted'] as const) expect(believed(said, state)).toBe('not-tested');
  }
  expect(believed('filtered', 'lost-to-cap')).toBe('not-tested');
  expect(believed('open', 'lost-to-cap')).toBe('open');
  expect(believed('closed', 'tested')).toBe('closed');
});
