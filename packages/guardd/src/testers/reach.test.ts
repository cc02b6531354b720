import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { loopbackScope } from './beside.testing.ts';
import { addressOf, approveHttp, reach } from './reach.ts';

const scope = loopbackScope([], {
  targets: [
    { cidr: '10.66.0.0/24', ports: ['tcp/8080', 'tcp/8443-8445', 'udp/53'] },
    { cidr: 'fd66::/64', ports: ['icmp', 'tcp/443'] },
    { cidr: '169.254.0.0/16', ports: ['tcp/80'] },
  ],
  never: ['10.66.0.1/32'],
  names: [{ name: 'bank.example', address: '10.66.0.10' }],
});

describe('whether a destination may be touched', () => {
  test.each([
    ['10.66.0.10', 8080, 'tcp', true],
    ['10.66.0.10', 8444, 'tcp', true],
    ['10.66.0.10', 8446, 'tcp', false],
    ['10.66.0.10', 8080, 'udp', false],
    ['10.66.0.10', 53, 'udp', true],
    ['10.66.1.10', 8080, 'tcp', false],
    ['10.66.0.1', 8080, 'tcp', false],
    ['169.254.169.254', 80, 'tcp', false],
    ['fd66::1', 443, 'tcp', true],
    ['fd66::1', null, 'icmp', true],
    ['fd67::1', 443, 'tcp', false],
    ['::ffff:10.66.0.1', 8080, 'tcp', false],
    ['224.0.0.1', 80, 'tcp', false],
    ['255.255.255.255', 80, 'tcp', false],
    ['010.66.0.10', 8080, 'tcp', false],
    ['bank.example', 8080, 'tcp', false],
    ['', 80, 'tcp', false],
  ] as const)('%s %s %s: %s', (address, port, protocol, allowed) => {
    expect(reach(scope, address, port, protocol).allowed).toBe(allowed);
  });

  test('a name is what it was pinned to, or nobody', () => {
    expect(addressOf(scope, 'bank.example')).toBe('10.66.0.10');
    expect(addressOf(scope, 'BANK.example.')).toBe('10.66.0.10');
    expect(addressOf(scope, '[fd66::1]')).toBe('fd66::1');
    for (const host of ['evil.example', 'localhost', '0x7f.1', '2130706433', '127.1', 'bank.example@evil', ''])
      expect(addressOf(scope, host)).toBeNull();
  });

  test.each([
    ['http://10.66.0.10:8080/a', 'GET', true],
    ['https://bank.example:8443/', 'HEAD', true],
    ['http://10.66.0.10:8080/a', 'POST', false],
    ['http://10.66.0.10/a', 'GET', false],
    ['http://[::ffff:10.66.0.1]:8080/', 'GET', false],
    ['http://user:pass@10.66.0.10:8080/', 'GET', false],
    ['ftp://10.66.0.10:8080/', 'GET', false],
    ['file:///etc/passwd', 'GET', false],
    ['http://evil.example:8080/', 'GET', false],
    ['http://2130706433:8080/', 'GET', false],
  ])('%s %s: %s', (url, method, allowed) => {
    expect(approveHttp(scope, URL.parse(url), method).allowed).toBe(allowed);
  });

  test('any text is an answer, and nothing but a target is allowed', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.ipV4(), fc.ipV6()), fc.integer({ min: 0, max: 65_535 }), (address, port) => {
        const { allowed } = reach(scope, address, port, 'tcp');
        if (allowed) expect(address).toMatch(/^10\.66\.0\.|^fd66:|^::ffff:/i);
      }),
    );
  });
});
