import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decideHttp, type HttpRequest } from './http-rule.ts';
import { readingsOf } from './http-path.ts';
import { decideLogin, type LoginCounts } from './login-cap.ts';
import { scopeSchema, type HttpScope } from './scope.ts';

const scopeWith = (http: HttpScope) =>
  scopeSchema.parse({
    schema: 'breakwater.scope/1',
    targets: [
      { cidr: '10.66.0.0/24', ports: ['tcp/80', 'tcp/8080', 'tcp/443'] },
      { cidr: '2001:db8::/64', ports: ['tcp/443'] },
    ],
    never: ['10.66.0.1/32'],
    names: [
      { name: 'bank.example', address: '10.66.0.10' },
      { name: 'lost.example', address: '10.66.0.1' },
    ],
    caps: { newConnectionsPerSecond: 50, packetsPerSecond: 500, concurrent: 20, bytes: 1_000_000 },
    window: { start: '2026-11-29T01:00:00+09:00', end: '2026-11-29T04:00:00+09:00' },
    lease: 'PT2S',
    http,
  });
const asked = (target: string, more: Partial<HttpRequest> = {}): HttpRequest => ({
  method: 'GET',
  target,
  host: 'bank.example',
  tunnel: null,
  ...more,
});
const verdict = (http: HttpScope, request: HttpRequest): string => {
  const decision = decideHttp(scopeWith(http), request);
  return decision.allowed ? 'allowed' : decision.refusal.reason;
};
const paths: HttpScope = { paths: { allow: ['/public', '/api/'], deny: ['/api/admin', '/public/secret/'] } };

describe('a path', () => {
  test.each([
    ['/public', 'allowed'],
    ['/public/', 'allowed'],
    ['/public/a?next=/api/admin', 'allowed'],
    ['/public/a/../b', 'allowed'],
    ['/api/v1', 'allowed'],
    ['/public/100%25', 'allowed'],
    ['/', 'path-not-allowed'],
    ['/publicity', 'path-not-allowed'],
    ['/PUBLIC/a', 'path-not-allowed'],
    ['/public/../private', 'path-not-allowed'],
    ['/public/%2e%2e/private', 'path-not-allowed'],
    ['/public/%252e%252e/private', 'path-not-allowed'],
    ['/public/%25252e%25252e/private', 'path-not-allowed'],
    ['/public/..%2fprivate', 'path-not-allowed'],
    ['/public/..%5cprivate', 'path-not-allowed'],
    ['/public\\..\\private', 'path-not-allowed'],
    ['/public/..;/private', 'path-not-allowed'],
    ['/public/%25zz/%252e%252e/%252e%252e/private', 'path-not-allowed'],
    ['//public/x', 'path-not-allowed'],
    ['/public/x%ef%bc%8f%2e%2e%ef%bc%8f%2e%2e%ef%bc%8fprivate', 'path-not-allowed'],
    ['/api/admin', 'path-denied'],
    ['/api/Admin/users', 'path-denied'],
    ['/api//admin', 'path-denied'],
    ['/api/./admin', 'path-denied'],
    ['/api/x/../admin', 'path-denied'],
    ['/api/%61dmin', 'path-denied'],
    ['/api/%2561dmin', 'path-denied'],
    ['/api\\admin', 'path-denied'],
    ['/api/;x=1/admin', 'path-denied'],
    ['/api;x=1/admin', 'path-denied'],
    ['/api./admin', 'path-denied'],
    ['/api/administration', 'path-denied'],
    ['/public/secret', 'path-denied'],
    ['/api/%c0%afadmin', 'path-unreadable'],
    ['/api/%u002e%u002e', 'path-unreadable'],
    ['/api/a%00', 'path-unreadable'],
    ['/api/%zz', 'path-unreadable'],
    ['/api/a b', 'malformed'],
    ['/api#x', 'malformed'],
    ['api', 'malformed'],
    ['', 'malformed'],
    ['/관리', 'malformed'],
  ])('%s is %s', (target, want) => {
    expect(verdict(paths, asked(target))).toBe(want);
  });

  test('longer than any server reads is malformed', () => {
    expect(verdict(paths, asked(`/public/${'a'.repeat(9000)}`))).toBe('malformed');
  });

  test('is not judged where a scope names no paths', () => {
    expect(verdict({}, asked('/%zz'))).toBe('allowed');
  });

  test('of a rule may be written encoded or not', () => {
    const http = { paths: { deny: ['/%EA%B4%80%EB%A6%AC', '/사용자'] } };
    expect(verdict(http, asked('/%ea%b4%80%eb%a6%ac/1'))).toBe('path-denied');
    expect(verdict(http, asked('/%EC%82%AC%EC%9A%A9%EC%9E%90'))).toBe('path-denied');
  });

  test('never leaves what is allowed, however a hostile tool writes it and however a server reads it', () => {
    const pieces =
      '/ // \\ . .. %2e %252e %2f %252f %5c %255c ; ;x %3b public api admin ADMIN secret %61 a %25 %ef%bc%8f %20 %zz'.split(
        ' ',
      );
    const hostile = fc.array(fc.constantFrom(...pieces), { maxLength: 10 }).map((some) => `/public/${some.join('')}`);
    const servers: ((path: string) => string)[] = [
      lenient,
      (path) => lenient(lenient(path)),
      (path) => walked(path),
      (path) => walked(lenient(path)),
      (path) => walked(lenient(path).replaceAll('\\', '/').replace(/\/+/g, '/')),
      (path) => walked(lenient(walked(path).replace(/;[^/]*/g, ''))),
      (path) => walked(lenient(lenient(path).replaceAll('\\', '/'))),
    ];
    fc.assert(
      fc.property(hostile, fc.constantFrom(...servers), (target, server) => {
        if (verdict(paths, asked(target)) !== 'allowed') return;
        const served = server(target);
        expect(served).toMatch(/^\/(?:public(?:\/|$)|api(?:\/|$))/);
        expect(served.toLowerCase()).not.toMatch(/^\/(?:api\/admin|public\/secret)/);
      }),
      { numRuns: 5000 },
    );
  });

  test('has few readings, or none', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 300 }), (text) => {
        const readings = readingsOf(`/${text}`);
        expect(readings === null || readings.length <= 256).toBe(true);
      }),
    );
  });
});

/** What servers do, written apart from the rule. */
function lenient(path: string): string {
  return path.replace(/(?:%[0-9a-f]{2})+/gi, (escapes) => {
    try {
      return decodeURIComponent(escapes);
    } catch {
      return escapes;
    }
  });
}
function walked(path: string): string {
  const stack: string[] = [];
  for (const part of path.split('/').slice(1)) {
    if (part === '..') stack.pop();
    else if (part !== '.') stack.push(part);
  }
  return `/${stack.join('/')}`;
}

describe('where a request leads', () => {
  test.each<[note: string, request: HttpRequest, want: string]>([
    ['its Host', asked('/'), 'allowed'],
    [
      'its Host in capitals, with the dot of the root and the port',
      asked('/', { host: 'BANK.example.:80' }),
      'allowed',
    ],
    ['an absolute address', asked('http://bank.example/x'), 'allowed'],
    ['an absolute address without Host', asked('http://10.66.0.10:8080', { host: null }), 'allowed'],
    ['an absolute address and another Host', asked('http://bank.example/x', { host: 'evil.example' }), 'host-differs'],
    ['the same host and another port', asked('http://bank.example/x', { host: 'bank.example:8080' }), 'host-differs'],
    ['a user before the host', asked('http://bank.example@evil.example/', { host: null }), 'malformed'],
    ['a backslash behind the host', asked('http://bank.example\\@10.66.0.10/', { host: null }), 'malformed'],
    ['another scheme', asked('file:///etc/passwd', { host: null }), 'malformed'],
    ['no Host at all', asked('/', { host: null }), 'malformed'],
    ['a name that was not pinned', asked('/', { host: 'evil.example' }), 'name-not-pinned'],
    ['a name that was pinned to what is never touched', asked('/', { host: 'lost.example' }), 'closed'],
    ['the metadata of a cloud', asked('http://169.254.169.254/latest', { host: null }), 'closed'],
    ['the same, mapped into IPv6', asked('http://[::ffff:169.254.169.254]/', { host: null }), 'closed'],
    ['the same as one number', asked('http://2852039166/', { host: null }), 'malformed'],
    ['the same in hex', asked('http://0xa9.0xfe.0xa9.0xfe/', { host: null }), 'malformed'],
    ['the same in octal', asked('http://0251.0376.0251.0376/', { host: null }), 'malformed'],
    ['a never-entry', asked('http://10.66.0.1/', { host: null }), 'closed'],
    ['a port outside', asked('/', { host: 'bank.example:81' }), 'closed'],
    ['IPv6 in brackets', asked('/', { host: '[2001:db8::5]:443' }), 'allowed'],
    ['a tunnel', asked('bank.example:443', { method: 'CONNECT', host: 'bank.example:443' }), 'allowed'],
    ['a tunnel without a port', asked('bank.example', { method: 'CONNECT', host: null }), 'malformed'],
    ['a tunnel outside', asked('bank.example:22', { method: 'CONNECT', host: null }), 'closed'],
    [
      'through a tunnel to its own host',
      asked('/x', { tunnel: { scheme: 'https', authority: 'bank.example:443' } }),
      'allowed',
    ],
    [
      'through a tunnel to a host behind the front',
      asked('/x', { host: 'hidden.example', tunnel: { scheme: 'https', authority: 'bank.example:443' } }),
      'host-differs',
    ],
    [
      'a tunnel in a tunnel',
      asked('bank.example:443', { method: 'CONNECT', tunnel: { scheme: 'https', authority: 'bank.example:443' } }),
      'malformed',
    ],
  ])('%s', (_, request, want) => {
    expect(verdict({}, request)).toBe(want);
  });

  test('is one of the pinned addresses that the scope opens', () => {
    const scope = {
      ...scopeWith({}),
      names: [
        { name: 'two.example', address: '10.66.0.1' },
        { name: 'two.example', address: '10.66.0.7' },
      ],
    };
    expect(decideHttp(scope, asked('/', { host: 'two.example' }))).toMatchObject({
      allowed: true,
      address: '10.66.0.7',
    });
  });

  test('any text at all is refused or leads to an open address', () => {
    const part = fc.oneof(
      fc.string(),
      fc.constantFrom('http://', 'bank.example', '10.66.0.10', '[::1]', ':', '@', '/'),
    );
    const text = fc.array(part, { maxLength: 6 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, text, fc.constantFrom('GET', 'CONNECT', 'OPTIONS', 'get'), (target, host, method) => {
        const decision = decideHttp(scopeWith({}), { method, target, host, tunnel: null });
        if (decision.allowed) expect(decision.address).toMatch(/^10\.66\.0\.|^2001:db8::/);
      }),
    );
  });
});

describe('methods, marks and logins', () => {
  test('those that change nothing are allowed unless a scope names its own', () => {
    expect(verdict({}, asked('/', { method: 'POST' }))).toBe('method');
    expect(verdict({}, asked('/', { method: 'get' }))).toBe('method');
    expect(verdict({ methods: ['POST'] }, asked('/', { method: 'POST' }))).toBe('allowed');
    expect(verdict({ methods: ['POST'] }, asked('/'))).toBe('method');
  });

  test('the mark is put on', () => {
    const mark = { name: 'X-Test', value: 'breakwater run-17' };
    expect(decideHttp(scopeWith({ mark }), asked('/'))).toMatchObject({ allowed: true, mark });
  });

  test('a login is told from the page of it, in every reading of its path', () => {
    const http: HttpScope = { methods: ['GET', 'POST'], logins: [{ path: '/login', account: 'user', attempts: 2 }] };
    const login = (target: string, method: string) => {
      const decision = decideHttp(scopeWith(http), asked(target, { method }));
      return decision.allowed && decision.login !== null;
    };
    expect(login('/login', 'GET')).toBe(false);
    expect(login('/login', 'POST')).toBe(true);
    expect(login('/LOGIN/', 'POST')).toBe(true);
    expect(login('/x/..%2flogin', 'POST')).toBe(true);
    expect(login('/login?user=a', 'GET')).toBe(true);
    expect(login('/login?%75ser=a', 'GET')).toBe(true);
    expect(login('/other', 'POST')).toBe(false);
  });

  test('no account is tried more often than its cap, whatever the order and the spelling', () => {
    const login = { path: '/login', account: 'user', attempts: 3 };
    const names = ['kim', ' KIM', 'lee', 'Kim ', 'ＫＩＭ', ''];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...names, null), { maxLength: 60 }), (accounts) => {
        let counts: LoginCounts = new Map();
        const passed = new Map<string, number>();
        for (const account of accounts) {
          const decision = decideLogin(counts, login, account);
          counts = decision.counts;
          if (!decision.allowed) continue;
          const who = (account ?? '').includes('lee') ? 'lee' : 'kim';
          passed.set(who, (passed.get(who) ?? 0) + 1);
        }
        const tries = (who: string) =>
          accounts.filter((one) => one !== null && one !== '' && (one === 'lee') === (who === 'lee')).length;
        for (const who of ['kim', 'lee']) expect(passed.get(who) ?? 0).toBe(Math.min(3, tries(who)));
      }),
    );
  });

  test('counts hold no name', () => {
    const { counts } = decideLogin(new Map(), { path: '/login', account: 'user', attempts: 1 }, 'hong-gildong');
    expect([...counts.keys()].join()).not.toContain('hong');
  });
});
