import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BreakwaterError } from '../error.ts';
import { assetId, endpointOf, pathTemplate } from './finding-place.ts';

describe('the id of an asset', () => {
  test.each([
    ['10.66.0.10', '10.66.0.10'],
    [' 10.66.0.10 ', '10.66.0.10'],
    ['[2001:DB8::1]', '2001:db8::1'],
    ['2001:0db8:0000:0000:0000:0000:0000:0001', '2001:db8::1'],
    ['2001:db8:0:1:0:0:0:1', '2001:db8:0:1::1'],
    ['1:0:0:2:0:0:3:4', '1::2:0:0:3:4'],
    ['1:0:2:3:4:5:6:7', '1:0:2:3:4:5:6:7'],
    ['::', '::'],
    ['fe80::1%eth0', 'fe80::1'],
    ['[fe80::1%25eth0]', 'fe80::1'],
    ['::ffff:10.66.0.10', '10.66.0.10'],
    ['::ffff:0a42:000a', '10.66.0.10'],
    ['64:ff9b::192.0.2.33', '64:ff9b::c000:221'],
    ['Bank.Example.', 'bank.example'],
    ['은행.한국', '은행.한국'],
    ['TRANSFER-API', 'transfer-api'],
    ['_dmarc.bank.example', null],
    ['', null],
    ['10.66.0', null],
    ['010.66.0.10', null],
    ['10.66.0.256', null],
    ['1:2:3', null],
    ['1::2::3', null],
    ['::g', null],
    ['1:2:3:4:5:6:7:8:9', null],
    ['bank example', null],
    ['-bank', null],
    ['bank..example', null],
    ['\u001b[31mbank', null],
    [`${'a'.repeat(64)}.example`, null],
  ])('of %j is %j', (text, id) => {
    if (id === null) expect(() => assetId(text)).toThrow(BreakwaterError);
    else expect(assetId(text)).toBe(id);
  });

  test('does not depend on case, root dot, brackets, zone or the way zeros are written', () => {
    fc.assert(
      fc.property(fc.ipV6(), fc.domain(), fc.stringMatching(/^[a-z0-9]{1,8}$/), (address, name, zone) => {
        const id = assetId(address);
        for (const same of [address.toUpperCase(), `[${address}]`, `${address}%${zone}`, ` ${address} `, id]) {
          expect(assetId(same)).toBe(id);
        }
        const named = assetId(name);
        for (const same of [name.toUpperCase(), `${name}.`, named]) expect(assetId(same)).toBe(named);
      }),
    );
  });

  test('of any text is stable or refused with a BreakwaterError', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        let id: string;
        try {
          id = assetId(text);
        } catch (error) {
          expect(error).toBeInstanceOf(BreakwaterError);
          return;
        }
        expect(assetId(id)).toBe(id);
        expect(id).not.toMatch(/[\s|\p{Cc}]/u);
      }),
    );
  });
});

describe('an endpoint', () => {
  test.each([
    ['https://Bank.Example/login?next=/a#top', { asset: 'bank.example', port: 443, path: '/login' }],
    ['bank.example:8443/login', { asset: 'bank.example', port: 8443, path: '/login' }],
    ['bank.example', { asset: 'bank.example', port: null, path: null }],
    ['http://u:p@10.66.0.10:8080', { asset: '10.66.0.10', port: 8080, path: null }],
    ['[2001:db8::1]:443', { asset: '2001:db8::1', port: 443, path: null }],
    ['2001:db8::1', { asset: '2001:db8::1', port: null, path: null }],
    ['http://[2001:DB8::1]/', { asset: '2001:db8::1', port: 80, path: '/' }],
    ['tcp://10.66.0.10:22', { asset: '10.66.0.10', port: 22, path: null }],
    ['10.66.0.10:', { asset: '10.66.0.10', port: null, path: null }],
  ])('%s', (text, endpoint) => {
    expect(endpointOf(text)).toEqual(endpoint);
  });

  test.each(['http://', 'bank.example:99999', 'bank.example:x', '/only/a/path', '?'])('%s is none', (text) => {
    expect(() => endpointOf(text)).toThrow(BreakwaterError);
  });

  test('with and without its scheme is the same place when the port is given', () => {
    fc.assert(
      fc.property(fc.domain(), fc.integer({ min: 1, max: 65_535 }), fc.webPath(), (name, port, path) => {
        expect(endpointOf(`https://${name}:${port}${path}`)).toEqual(endpointOf(`${name}:${port}${path}`));
      }),
    );
  });
});

describe('a path template', () => {
  test.each([
    ['/accounts/1234/orders', '/accounts/{n}/orders'],
    ['/a/0190F1B2-7c3d-7e4f-8a9b-0c1d2e3f4a5b', '/a/{uuid}'],
    ['/static/9f86d081884c/app.js', '/static/{hex}/app.js'],
    ['/feedbeef', '/feedbeef'],
    ['/v2/login', '/v2/login'],
    ['/a//b/./c/../d/', '/a/b/d'],
    ['/../../etc/passwd', '/etc/passwd'],
    ['/%61%2f%7e?x=1', '/a%2F~'],
    ['/가', '/%EA%B0%80'],
    ['/%zz', '/%25zz'],
    ['/%%34%31', '/%2541'],
    ['', '/'],
    [`/${'x'.repeat(300)}/y`, '/{long}/y'],
  ])('of %j is %j', (path, template) => {
    expect(pathTemplate(path)).toBe(template);
  });

  test('is its own template, fits its cap, and holds no character that could do harm', () => {
    const path = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 400 }),
      fc.webPath({ size: 'large' }),
      fc
        .array(fc.constantFrom('%', '/', '2e', '.', '{n}', '12', 'ſ', '\ud800', '|', 'K'), { maxLength: 60 })
        .map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(path, (text) => {
        const template = pathTemplate(text);
        expect(pathTemplate(template)).toBe(template);
        expect(template.length).toBeLessThanOrEqual(2048);
        expect(template).toMatch(/^\/[\x21-\x7b\x7d\x7e]*$/);
      }),
    );
  });
});
