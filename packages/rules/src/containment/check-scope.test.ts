import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { checkScope } from './check-scope.ts';
import { addressText, addressValue, common, merged, spanOf, without, type Span } from './network.ts';
import { closedBy, openingsOf } from './reach.ts';
import { scopeSchema, type Scope } from './scope.ts';

const { base, cases } = parse(readFileSync(new URL('./cases/scope.yaml', import.meta.url), 'utf8')) as {
  base: Record<string, unknown>;
  cases: {
    note: string;
    set?: Record<string, unknown>;
    without?: string[];
    now?: string;
    own?: string[];
    want: string[];
  }[];
};

test.each(cases)('$note', ({ set = {}, without: left = [], now, own, want }) => {
  const written: Record<string, unknown> = { ...base, ...set };
  for (const name of left) delete written[name];
  const scope = scopeSchema.parse(written);
  const found = checkScope(scope, { now: now ?? '2026-11-28T00:00:00+09:00', ...(own && { own }) });
  expect(found.map(({ rule, severity, path }) => `${rule} ${severity} ${path}`)).toEqual(want);
  for (const { message } of found) {
    expect(message.ko).toMatch(/[가-힣]/);
    expect(`${message.ko}${message.en}`).not.toMatch(/undefined|NaN|\[object/);
  }
});

test('a past window is not seen where the time is not known', () => {
  const over = { ...base, window: { start: '2020-01-01T00:00:00Z', end: '2020-01-01T01:00:00Z' } };
  const found = checkScope(scopeSchema.parse(over), { now: null });
  expect(found.map(({ rule }) => rule)).not.toContain('window.past');
});

test('a scope of the largest size is checked in bounded time', () => {
  const targets = Array.from({ length: 4096 }, (_, i) => ({
    cidr: `10.${i >> 8}.${i & 255}.0/24`,
    ports: ['tcp/443'],
  }));
  const never = Array.from({ length: 4096 }, (_, i) => `10.${i >> 8}.${i & 255}.9/32`);
  const names = Array.from({ length: 4096 }, (_, i) => ({
    name: `h${i}.example`,
    address: `10.${i >> 8}.${i & 255}.7`,
  }));
  const found = checkScope(scopeSchema.parse({ ...base, targets, never, names }), { now: null });
  expect(found.filter(({ severity }) => severity === 'error')).toEqual([]);
  expect(found).toHaveLength(4096);
});

// A universe of 16 addresses, small enough to ask each of them.
const smallNetwork = fc
  .tuple(fc.nat(15), fc.integer({ min: 28, max: 32 }))
  .map(([host, bits]) => `10.66.0.${host}/${bits}`);
const all = Array.from({ length: 16 }, (_, i) => `10.66.0.${i}`);
const holds = (spans: readonly Span[], address: string): boolean => {
  const value = addressValue(address) ?? -1n;
  return spans.some(({ low, high }) => low <= value && value <= high);
};

test('sets of addresses are what asking each address gives', () => {
  const some = fc.array(smallNetwork, { maxLength: 6 }).map((list) => list.map(spanOf));
  fc.assert(
    fc.property(some, some, (a, b) => {
      for (const address of all) {
        expect(holds(merged(a), address)).toBe(holds(a, address));
        expect(holds(common(a, b), address)).toBe(holds(a, address) && holds(b, address));
        expect(holds(without(a, b), address)).toBe(holds(a, address) && !holds(b, address));
      }
    }),
  );
});

test('what is open and why not agree on every destination', () => {
  const port = fc.integer({ min: 1, max: 4 });
  const range = fc.tuple(port, port).map(([a, b]) => `tcp/${Math.min(a, b)}-${Math.max(a, b)}`);
  const target = fc.record({ cidr: smallNetwork, ports: fc.array(range, { minLength: 1, maxLength: 2 }) });
  fc.assert(
    fc.property(
      fc.array(target, { minLength: 1, maxLength: 4 }),
      fc.array(smallNetwork, { maxLength: 3 }),
      (targets, never) => {
        const scope = { ...scopeSchema.parse(base), targets, never } as Scope;
        const openings = openingsOf(scope);
        for (const address of all) {
          for (const number of [1, 2, 3, 4]) {
            const open = openings.some(
              (one) =>
                holds(one.addresses, address) && one.ports.some(({ low, high }) => low <= number && number <= high),
            );
            expect(closedBy(scope, address, number, 'tcp') === null).toBe(open);
          }
        }
      },
    ),
  );
});

test('an address is read the same however it is written, and nothing else is one', () => {
  fc.assert(
    fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (text) => {
      const value = addressValue(text);
      expect(value).not.toBeNull();
      expect(addressValue(addressText(value ?? 0n))).toBe(value);
    }),
  );
  for (const text of [
    '',
    '1',
    '1.2.3',
    '0x7f.0.0.1',
    '01.2.3.4',
    '1.2.3.4.5',
    '::1%eth0',
    'bank.example',
    '1:2',
    'deadbeef',
  ]) {
    expect(addressValue(text), text).toBeNull();
  }
});
