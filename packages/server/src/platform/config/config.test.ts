import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BreakwaterError } from '@breakwater/rules';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { configDocs, loadConfig, withoutSecrets } from './index.ts';

const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true })));

function folder(files: Record<string, string> = {}): string {
  const path = mkdtempSync(join(tmpdir(), 'breakwater-config-'));
  folders.push(path);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(path, name), text);
  return path;
}

function refused(load: () => unknown): { code: string; path: string; message: string } {
  try {
    load();
  } catch (error) {
    if (error instanceof BreakwaterError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('the settings', () => {
  test('have defaults, and paths that do not depend on the folder of a later command', () => {
    const root = folder();
    const config = loadConfig({ root, env: {} });
    expect(config).toMatchObject({ http: { host: '127.0.0.1', port: 8480 }, log: { level: 'info' } });
    expect(config.dataDir).toBe(join(root, '.breakwater'));
    expect(config.runDir).toBe(join(root, '.breakwater', 'run'));
  });

  test('of the command line win over the environment, which wins over the file', () => {
    const root = folder({ 'breakwater.config.yaml': 'http: { port: 1, host: "::1" }\nlog:\n  level: debug\n' });
    const env = { BREAKWATER_HTTP_PORT: '2', BREAKWATER_LOG_LEVEL: 'error', HOME: '/x' };
    const config = loadConfig({ root, env, overrides: { 'http.port': 3, 'site.port': undefined } });
    expect(config.http).toMatchObject({ port: 3, host: '::1' });
    expect(config.log.level).toBe('error');
    expect(config.site.port).toBe(8481);
  });

  test('take the database from DATABASE_URL, and our own variable wins', () => {
    const env = { DATABASE_URL: 'postgres://a@h/one', BREAKWATER_DATABASE_URL: 'postgres://a@h/two' };
    expect(loadConfig({ root: folder(), env: { DATABASE_URL: env.DATABASE_URL } }).database.url).toBe(
      'postgres://a@h/one',
    );
    expect(loadConfig({ root: folder(), env }).database.url).toBe('postgres://a@h/two');
  });

  test('that are lists or maps are JSON in the environment', () => {
    const env = {
      BREAKWATER_HOSTS: '{"staging":"/run/staging.sock"}',
      BREAKWATER_EVIDENCE_TIMESTAMP_AUTHORITIES: '["http://tsa.example/"]',
    };
    const config = loadConfig({ root: folder(), env });
    expect(config.hosts).toEqual({ staging: '/run/staging.sock' });
    expect(config.evidence.timestampAuthorities).toEqual(['http://tsa.example/']);
    expect(refused(() => loadConfig({ root: folder(), env: { BREAKWATER_HOSTS: 'staging' } })).path).toBe(
      'BREAKWATER_HOSTS',
    );
  });

  test('are shown without the password of the database', () => {
    const env = { DATABASE_URL: 'postgres://breakwater:s3cret@h/one' };
    expect(JSON.stringify(withoutSecrets(loadConfig({ root: folder(), env })))).not.toContain('s3cret');
  });

  test('are documented one by one, with the variable that sets each', () => {
    const docs = configDocs();
    expect(docs.length).toBeGreaterThan(10);
    for (const doc of docs) {
      expect(doc.meaning, doc.key).toMatch(/\.$/);
      expect(doc.env).toMatch(/^BREAKWATER_[A-Z_]+$/);
    }
    expect(new Set(docs.map((doc) => doc.env)).size).toBe(docs.length);
    expect(docs).toContainEqual(
      expect.objectContaining({ key: 'http.bodyLimitBytes', env: 'BREAKWATER_HTTP_BODY_LIMIT_BYTES', type: 'integer' }),
    );
  });
});

describe('what is refused, with its place', () => {
  test.each([
    ['an unknown key', 'http:\n  prot: 1\n', 'config.unknown-key', /yaml:2:/],
    ['an unknown group', 'htp:\n  port: 1\n', 'config.unknown-key', /yaml:\d+:\d+/],
    ['a value of another kind', 'http:\n  port: many\n', 'config.invalid', /yaml:2:/],
    ['a value beyond its bounds', 'http:\n  port: 65536\n', 'config.invalid', /yaml:2:/],
    ['a scalar for a group', 'http: 5\n', 'config.invalid', /yaml:1:/],
    ['a list for everything', '- http\n', 'config.invalid', /yaml:1:1/],
    ['a doubled key', 'http:\n  port: 1\n  port: 2\n', 'document.duplicate-key', /yaml:3:/],
    ['a prototype key', '__proto__:\n  port: 1\n', 'document.key', /yaml:1:/],
  ])('%s', (_, text, code, place) => {
    const root = folder({ 'breakwater.config.yaml': text });
    const error = refused(() => loadConfig({ root, env: {} }));
    expect(error.code).toBe(code);
    expect(error.path).toMatch(place);
  });

  test('an unknown variable of ours, a bad value in one, and a named file that is not there', () => {
    const root = folder();
    expect(refused(() => loadConfig({ root, env: { BREAKWATER_HTP_PORT: '1' } }))).toMatchObject({
      code: 'config.unknown-key',
      path: 'BREAKWATER_HTP_PORT',
    });
    expect(refused(() => loadConfig({ root, env: { BREAKWATER_HTTP_PORT: '1e3' } }))).toMatchObject({
      code: 'config.invalid',
      path: 'BREAKWATER_HTTP_PORT',
    });
    expect(refused(() => loadConfig({ root, env: { BREAKWATER_CONFIG: 'none.yaml' } })).code).toBe('config.no-file');
  });

  test('two files at once', () => {
    const root = folder({ 'breakwater.config.yaml': '', 'breakwater.config.json': '{}' });
    expect(refused(() => loadConfig({ root, env: {} })).code).toBe('config.two-files');
  });

  test('a file too large to be settings', () => {
    const root = folder({ 'breakwater.config.json': ' '.repeat(300 * 1024) });
    expect(refused(() => loadConfig({ root, env: {} })).code).toBe('config.too-large');
  });
});

test('any JSON is either settings or a refusal with a code', () => {
  const root = folder();
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
      writeFileSync(join(root, 'breakwater.config.json'), JSON.stringify(value));
      try {
        loadConfig({ root, env: {} });
      } catch (error) {
        expect(error).toBeInstanceOf(BreakwaterError);
      }
    }),
    { numRuns: 200 },
  );
});
