import { expect, test } from 'vitest';
import type { Scope } from '@breakwater/rules/containment';
import { standInScope } from './stand-in-scope.ts';

const scope: Scope = {
  schema: 'breakwater.scope/1',
  targets: [
    { cidr: '10.77.0.0/30', ports: ['tcp/8080-8081', 'icmp'] },
    { cidr: '2001:db8::/64', ports: ['tcp/443'] },
  ],
  caps: { newConnectionsPerSecond: 50, packetsPerSecond: 500, concurrent: 20, bytes: 1_000_000 },
  window: { start: '2026-11-29T01:00:00+09:00', end: '2026-11-29T02:00:00+09:00' },
  lease: 'PT2S',
  names: [{ name: 'bank.test', address: '10.77.0.2' }],
};
const now = Date.parse('2026-11-23T00:00:00Z');
const rehearsed = (standIns: Record<string, string>): string[] | undefined =>
  standInScope(scope, standIns, now)?.targets.map(({ cidr, ports }) => `${cidr} ${ports.join()}`);

test('targets become what stands in for them, and nothing else is in scope', () => {
  expect(
    rehearsed({
      'http://10.77.0.2:8080': 'http://10.77.0.6:18080',
      'http://10.77.0.2:8082': 'http://10.77.0.6:8082',
      'http://10.77.0.9:8080': 'http://10.77.0.6:8080',
      'https://[2001:db8::1]': 'https://[2001:db8:1::1]',
    }),
  ).toEqual(['10.77.0.6/32 tcp/18080', '2001:db8:1::1/128 tcp/443']);
});

test('a name is the address that the scope pinned it to', () => {
  expect(rehearsed({ 'http://bank.test:8081': 'http://10.77.0.6:8081' })).toEqual(['10.77.0.6/32 tcp/8081']);
});

test('a scope for which nothing stands in cannot be rehearsed', () => {
  expect(rehearsed({})).toBeUndefined();
  expect(rehearsed({ 'http://10.77.0.2:9000': 'http://10.77.0.6:9000' })).toBeUndefined();
});

test('the window is as long as the real one, from now on', () => {
  expect(standInScope(scope, { 'http://10.77.0.2:8080': 'http://10.77.0.6:8080' }, now)?.window).toEqual({
    start: '2026-11-23T00:00:00.000Z',
    end: '2026-11-23T01:00:00.000Z',
  });
});
