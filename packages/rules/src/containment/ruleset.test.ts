import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addressNumber, networkRange } from './address.ts';
import { allowedElements } from './allowed-elements.ts';
import { builtInNever } from './never.ts';
import { compileRuleset, type GateFacts } from './ruleset.ts';
import { scopeSchema, type Scope, type ScopeTarget } from './scope.ts';

const facts: GateFacts = {
  inner: 'tool0',
  outer: 'up0',
  tool: { 4: '198.18.0.5', 6: 'fd00::12' },
  gate: { 4: '198.18.0.4', 6: 'fd00::11' },
  canary: { address: '198.18.0.6', port: 7 },
  proxyPort: null,
  own: { addresses: ['192.0.2.2'], ports: [8480] },
  never: ['192.0.2.255'],
};

function scope(parts: Partial<Scope> = {}): Scope {
  return scopeSchema.parse({
    schema: 'breakwater.scope/1',
    targets: [{ cidr: '10.66.0.10/32', ports: ['tcp/8080'] }],
    caps: { newConnectionsPerSecond: 50, packetsPerSecond: 500, concurrent: 20, bytes: 10_000_000 },
    window: { start: '2026-11-23T00:00:00.500Z', end: '2026-11-23T01:00:00.500Z' },
    lease: 'PT2S',
    ...parts,
  });
}

const rules = (parts?: Partial<Scope>, more: Partial<GateFacts> = {}): string[] =>
  compileRuleset(scope(parts), { ...facts, ...more })
    .split('\n')
    .map((line) => line.trim());
const at = (lines: readonly string[], part: string): number => {
  const found = lines.findIndex((line) => line.includes(part));
  expect(found, part).toBeGreaterThan(-1);
  return found;
};

/** Whether the elements `addresses . protocol . ports` hold one destination, and how often. */
function hits(elements: readonly string[], address: string, protocol: string, port: number): number {
  const { value } = addressNumber(address);
  return elements.filter((element) => {
    const [addresses = '', of, ports = ''] = element.split(' . ');
    const [low = '', high = low] = addresses.split('-');
    const [from = 0, to = from] = ports.split('-').map(Number);
    return (
      of === protocol &&
      addressNumber(low).value <= value &&
      value <= addressNumber(high).value &&
      from <= port &&
      port <= to
    );
  }).length;
}

describe('allowed elements', () => {
  const target = fc.record({
    cidr: fc
      .tuple(fc.nat(3), fc.constantFrom(28, 29, 30, 31, 32), fc.nat(15))
      .map(([net, bits, host]) => `10.66.${net}.${host}/${bits}`),
    ports: fc.array(
      fc
        .tuple(fc.constantFrom('tcp', 'udp'), fc.integer({ min: 1, max: 30 }), fc.nat(8))
        .map(([protocol, low, more]) => `${protocol}/${low}-${low + more}`),
      { minLength: 1, maxLength: 4 },
    ),
  });
  const isMeant = (targets: readonly ScopeTarget[], address: string, protocol: string, port: number): boolean =>
    targets.some(({ cidr, ports }) => {
      const { low, high } = networkRange(cidr);
      const { value } = addressNumber(address);
      return (
        low <= value &&
        value <= high &&
        ports.some((text) => {
          const [of, span = ''] = text.split('/');
          const [from = 0, to = from] = span.split('-').map(Number);
          return of === protocol && from <= port && port <= to;
        })
      );
    });

  test('hold exactly what the targets name, each destination once: the kernel refuses overlaps', () => {
    fc.assert(
      fc.property(
        fc.array(target, { minLength: 1, maxLength: 6 }),
        fc.nat(3),
        fc.nat(17),
        fc.constantFrom('tcp', 'udp'),
        fc.integer({ min: 1, max: 40 }),
        (targets, net, host, protocol, port) => {
          const address = `10.66.${net}.${host}`;
          const { ported } = allowedElements(targets, 4);
          expect(hits(ported, address, protocol, port)).toBe(isMeant(targets, address, protocol, port) ? 1 : 0);
        },
      ),
      { numRuns: 300 },
    );
  });

  test.each([
    [
      'the inner network keeps only what the outer has not',
      [
        ['10.66.0.0/24', 'tcp/80-90'],
        ['10.66.0.10/32', 'tcp/85-95'],
      ],
      ['10.66.0.0-10.66.0.255 . tcp . 80-90', '10.66.0.10 . tcp . 91-95'],
      [],
    ],
    [
      'neighbours in ports become one',
      [
        ['10.66.0.10/32', 'tcp/80'],
        ['10.66.0.10/32', 'tcp/81'],
      ],
      ['10.66.0.10 . tcp . 80-81'],
      [],
    ],
    ['echo is of addresses alone', [['10.66.0.10/32', 'icmp']], [], ['10.66.0.10']],
    ['the other version is not meant', [['fd00::1/128', 'tcp/80']], [], []],
  ] as const)('%s', (_, targets, ported, ping) => {
    const list = targets.map(([cidr, ports]) => ({ cidr, ports: [ports] }));
    expect(allowedElements(list, 4)).toEqual({ ported, ping });
  });
});

describe('the rule set', () => {
  test('asks lease and window before anything passes, and never before allowed', () => {
    const lines = rules();
    expect(at(lines, 'iifname != @lease goto closing')).toBeLessThan(at(lines, 'goto replies'));
    expect(at(lines, 'meta time >=')).toBeLessThan(at(lines, 'goto replies'));
    expect(at(lines, 'ip daddr @never4 goto refuse')).toBeLessThan(at(lines, '@allow4 goto inside'));
    expect(at(lines, '@own4 goto refuse')).toBeLessThan(at(lines, '@allow4 goto inside'));
  });

  test('drops by policy in every direction', () => {
    expect(
      rules().filter(
        (line) => line.startsWith('type filter hook') && line.includes('policy accept') && !line.includes('ingress'),
      ),
    ).toEqual([]);
  });

  test('lets no established connection past the scope', () => {
    const established = rules().filter((line) => line.includes('established') && line.includes('accept'));
    expect(established).toEqual([]);
  });

  test('keeps the window to the second, the lease to the millisecond', () => {
    const lines = rules();
    expect(lines).toContain(`meta time < ${Date.parse('2026-11-23T00:00:00Z') / 1000} goto closing`);
    expect(lines).toContain(`meta time >= ${Date.parse('2026-11-23T01:00:01Z') / 1000} goto closing`);
  });

  test('has every cap', () => {
    const lines = rules({
      caps: {
        newConnectionsPerSecond: 7,
        packetsPerSecond: 100,
        concurrent: 3,
        bytes: 12_345,
        newConnectionsPerSecondPerDestination: 2,
      },
    });
    expect(lines).toContain('quota volume { over 12345 bytes }');
    expect(lines).toContain('ct count over 3 goto lost');
    expect(lines).toContain('limit rate over 90/second burst 10 packets goto lost');
    expect(lines).toContain(
      'set recent { typeof ct id; size 7; flags dynamic,timeout; timeout 1020ms; gc-interval 20ms; }',
    );
    expect(at(lines, 'meta nfproto @crowded limit rate over 400/minute')).toBeLessThan(
      at(lines, 'add @recent { ct id } goto begin'),
    );
    expect(lines).toContain('add @each4 { ip daddr limit rate over 2/second burst 1 packets } goto lost');
  });

  test('lets one destination have a fifth of its cap at once, and no second more than the cap', () => {
    const ofEach = (each: number): readonly [rate: number, burst: number] => {
      const caps = { ...scope().caps, newConnectionsPerSecond: 1000, newConnectionsPerSecondPerDestination: each };
      const [line = ''] = rules({ caps }).filter((one) => one.startsWith('add @each4'));
      const [, rate, burst] = /over (\d+)\/second burst (\d+) /.exec(line) ?? [];
      return [Number(rate), Number(burst)];
    };
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1000 }), (each) => {
        const [rate, burst] = ofEach(each);
        // A full bucket, and what comes in before the second is over.
        expect(burst + rate - 1).toBe(each);
        expect(rate).toBeGreaterThan(0);
      }),
      { numRuns: 50 },
    );
    expect(ofEach(10)).toEqual([8, 3]);
  });

  test('with a proxy lets the tool speak TCP to nobody else', () => {
    const direct = (lines: string[]): string | undefined =>
      lines.find((line) => line.endsWith('@allow4 goto inside') && !line.includes('l4proto tcp '));
    expect(direct(rules())).toContain('{ tcp, udp }');
    const lines = rules({}, { proxyPort: 3128 });
    expect(direct(lines)).toContain('meta l4proto udp');
    expect(lines).toContain('ip saddr 198.18.0.5 ip daddr 198.18.0.4 tcp dport 3128 meta mark set 2 accept');
  });

  test('lists no word to the proxy or of the canary as a destination that was tried too late', () => {
    const lines = rules({}, { proxyPort: 3128 });
    expect(at(lines, 'ip daddr 198.18.0.4 tcp dport { 7, 3128 } counter')).toBeLessThan(at(lines, 'jump list_late'));
    expect(rules()).toContain('ip daddr 198.18.0.4 tcp dport { 7 } counter name "count_late" drop');
  });

  test('contains no text of a scope', () => {
    const reason = 'add rule inet gate before accept';
    const text = compileRuleset(
      scope({
        targets: [{ cidr: '10.0.0.0/8', ports: ['tcp/1'], reason }],
        names: [{ name: 'accept.test', address: '10.0.0.1' }],
      }),
      facts,
    );
    expect(text).not.toContain(reason);
    expect(text).not.toContain('accept.test');
  });
});

test.each(builtInNever.map(({ cidr, why, source }) => [cidr, why.en, source]))(
  '%s is never allowed (%s), with its source',
  (cidr, _, source) => {
    const { family, low } = networkRange(cidr);
    expect(source).not.toBe('');
    const line = rules().find((each) => each.startsWith(`set never${family} `));
    const ranges = /elements = \{ (.*) \} \}/.exec(line ?? '')?.[1]?.split(', ') ?? [];
    expect(
      ranges.some((range) => {
        const [from = '', to = from] = range.split('-');
        return addressNumber(from).value <= low && low <= addressNumber(to).value;
      }),
    ).toBe(true);
  },
);
