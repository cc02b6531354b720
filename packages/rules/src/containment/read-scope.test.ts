import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BreakwaterError } from '../error.ts';
import { parseScope } from './read-scope.ts';

const scope = (parts: object = {}): string =>
  JSON.stringify({
    schema: 'breakwater.scope/1',
    targets: [{ cidr: '10.66.0.10/32', ports: ['tcp/8080', 'tcp/8443-8445'] }],
    never: ['10.66.0.1/32'],
    caps: { newConnectionsPerSecond: 50, packetsPerSecond: 500, concurrent: 20, bytes: 10_000_000 },
    window: { start: '2026-11-23T01:00:00+09:00', end: '2026-11-23T05:00:00+09:00' },
    lease: 'PT2S',
    ...parts,
  });
const caps = { newConnectionsPerSecond: 50, packetsPerSecond: 500, concurrent: 20, bytes: 10 };
const at = (cidr: string, reason?: string): object => ({
  targets: [{ cidr, ports: ['tcp/80'], ...(reason === undefined ? {} : { reason }) }],
});

test.each([
  ['a usual scope', {}],
  ['a window of a week', { window: { start: '2026-11-23T00:00:00Z', end: '2026-11-30T00:00:00Z' } }],
])('%s is read', (_, parts) => expect(parseScope(scope(parts)).schema).toBe('breakwater.scope/1'));

test.each([
  ['a bad network', at('10.66.0.300/24'), 'scope.invalid', '/targets/0/cidr'],
  [
    'ports in the wrong order',
    { targets: [{ cidr: '10.66.0.1/32', ports: ['tcp/90-80'] }] },
    'scope.invalid',
    '/targets/0/ports/0',
  ],
  ['a cap of zero', { caps: { ...caps, bytes: 0 } }, 'scope.invalid', '/caps/bytes'],
  ['a cap that is left out', { caps: { ...caps, concurrent: undefined } }, 'scope.missing', '/caps/concurrent'],
  [
    'a window that ends before it starts',
    { window: { start: '2026-01-02T00:00:00Z', end: '2026-01-01T00:00:00Z' } },
    'scope.invalid',
    '/window/end',
  ],
  ['an unknown key', { exclude: [] }, 'scope.unknown-key', ''],
])('%s is refused at its place', (_, parts, code, path) => {
  const read = (): unknown => parseScope(scope(parts));
  expect(read).toThrow(BreakwaterError);
  expect(read).toThrow(expect.objectContaining({ code, path: expect.stringContaining(path) }));
});

test('any text is a scope or a clear error', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.json(),
        fc.dictionary(fc.string(), fc.jsonValue()).map((parts) => scope(parts)),
      ),
      (text) => {
        try {
          parseScope(text);
        } catch (error) {
          expect(error).toBeInstanceOf(BreakwaterError);
        }
      },
    ),
  );
});
