import { createServer } from 'node:http';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testDatabase, type TestDatabase } from '@breakwater/server/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { end, run, up, type Server } from '../notice/process.testing.ts';

const folder = mkdtempSync(join(tmpdir(), 'finding-cli-'));
const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

const hostile = '=cmd\u001b]0;owned\u0007\u202egnp';
const nuclei = [
  { 'template-id': 'weak-tls', info: { name: hostile, severity: 'medium' }, host: 'https://bank.example/a/17' },
  {
    'template-id': 'rce',
    info: { name: 'secret remote hole', severity: 'critical' },
    host: 'hidden.bank.example:9443',
  },
]
  .map((line) => `${JSON.stringify(line)}\n`)
  .join('');
const obeyed = /[\p{Cc}\p{Cf}]/u;
const shown = (text: string): string => text.replace(/^\uFEFF/, '').replace(/[\r\n]/g, '');

describe('finding convert', () => {
  test('turns a file into another format without a server, with nothing that a reader would obey', async () => {
    const from = file('scan.jsonl', nuclei);
    for (const [to, words] of [
      ['sarif', '"version": "2.1.0"'],
      ['ocsf', '"class_uid":2002'],
      ['csv', `"'=cmd`],
      ['jsonl', '"fingerprint":"v1:'],
    ] as const) {
      const ended = await run(['finding', 'convert', from, '--from', 'nuclei', '--to', to], {});
      expect(ended).toMatchObject({ code: 0, stderr: '' });
      expect(ended.stdout).toContain(words);
      expect(shown(ended.stdout)).not.toMatch(obeyed);
    }
  });

  test('reads its own SARIF from standard input', async () => {
    const sarif = await run(['finding', 'convert', file('one.jsonl', nuclei), '--from', 'nuclei', '--to', 'sarif'], {});
    const again = await run(['finding', 'convert', '-', '--from', 'sarif', '--to', 'jsonl'], {}, sarif.stdout);
    const lines = again.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { asset: string; path: string | null });
    expect(lines.map(({ asset, path }) => [asset, path])).toEqual(
      expect.arrayContaining([
        ['bank.example', '/a/{n}'],
        ['hidden.bank.example', null],
      ]),
    );
  });

  test('refuses a bad file with its line and column, exit 2', async () => {
    const bad = file('bad.xml', '<nmaprun>\n<!DOCTYPE x [<!ENTITY a "b">]>\n</nmaprun>');
    const ended = await run(['finding', 'convert', bad, '--from', 'nmap', '--to', 'csv', '--json'], {});
    expect(ended.code).toBe(2);
    expect(JSON.parse(ended.stdout)).toMatchObject({
      error: { code: 'xml.syntax', path: expect.stringMatching(/^2:/) as unknown },
    });
    const none = await run(['finding', 'convert', file('scan.jsonl', nuclei), '--from', 'nessus', '--to', 'csv'], {});
    expect(none.code).toBe(2);
  });
});

describe('with a server', () => {
  let database: TestDatabase;
  let server: Server;
  let env: Record<string, string>;
  const paged: { body: string }[] = [];
  const pager = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      paged.push({ body });
      response.writeHead(204).end();
    });
  });

  beforeAll(async () => {
    database = await testDatabase();
    await new Promise<void>((resolve) => pager.listen(0, '127.0.0.1', resolve));
    mkdirSync(join(folder, 'keys'));
    writeFileSync(join(folder, 'keys', 'team.key'), '0123456789abcdef0123456789abcdef\n', { mode: 0o600 });
    const url = `http://127.0.0.1:${(pager.address() as AddressInfo).port}/`;
    env = {
      BREAKWATER_DATA_DIR: folder,
      BREAKWATER_LOG_LEVEL: 'debug',
      BREAKWATER_CONTAINMENT_WEBHOOKS: JSON.stringify([
        { name: 'team', url, secretFile: 'keys/team.key', pages: 'restricted' },
      ]),
      DATABASE_URL: database.url,
    };
    server = await up(env);
    for (const person of ['p-17', 'p-21']) await run(['key', 'new', '--out', join(folder, `${person}.pem`)], env);
    const founders = ['p-17:ciso', 'p-21:operations'].flatMap((one) => [
      '--founder',
      `${one}:${join(folder, `${one.slice(0, 4)}.pem`)}`,
    ]);
    expect(await run(['key', 'enrol', ...founders], env)).toMatchObject({ code: 0 });
  }, 90_000);
  afterAll(async () => {
    if (server !== undefined) await end(server.child, 'SIGTERM');
    pager.close();
    await database?.drop();
    rmSync(folder, { recursive: true, force: true });
  });

  test('a critical finding of an imported file pages the group, and only the group reads it', async () => {
    const argv = ['finding', 'import', '-', '--format', 'nuclei', '--run', 'r-1', '--by', 'p-03', '--json'];
    const imported = await run(argv, env, nuclei);
    expect([imported.code, imported.stderr]).toEqual([0, '']);
    expect(JSON.parse(imported.stdout)).toMatchObject({ run: 'r-1', findings: 2, added: 2, held: true });
    await expect.poll(() => paged.length, { timeout: 30_000 }).toBe(1);
    expect(paged[0]!.body).not.toMatch(/secret|hidden|r-1/);

    const listed = await run(['finding', 'list'], env);
    expect(listed.code).toBe(0);
    expect(listed.stdout).toMatch(/신규 new {2}medium {2}bank\.example tcp\/443 \/a\/\{n\}/);
    expect(shown(listed.stdout)).not.toMatch(obeyed);
    const json = await run(['finding', 'list', '--json'], env);
    expect(shown(json.stdout)).not.toMatch(obeyed);
    expect(JSON.parse(json.stdout)).toMatchObject({ findings: [{ title: hostile }] });
    const exports = await Promise.all(
      ['sarif', 'ocsf', 'csv', 'jsonl'].map((format) => run(['finding', 'export', '--format', format], env)),
    );
    for (const { stdout } of [listed, json, ...exports]) {
      expect(stdout).toContain('bank.example');
      expect(stdout).not.toMatch(/secret|hidden|critical/);
    }

    const as = (person: string) => ['--by', person, '--with', join(folder, `${person}.pem`)];
    const read = await run(['finding', 'restricted', ...as('p-17')], env);
    expect(read).toMatchObject({ code: 0, stdout: expect.stringContaining('secret remote hole') as unknown });
    const fingerprint = /v1:[0-9a-f]{64}/.exec(read.stdout)?.[0] ?? '';
    const draft = await run(
      ['finding', 'restricted', '--finding', fingerprint, '--draft', 'report-to-fsi', ...as('p-17')],
      env,
    );
    expect(draft.stdout).toContain('수신: 금융보안원');
    const other = await run(['finding', 'restricted', ...as('p-21')], env);
    expect(other.code).toBe(2);
    expect(other.stdout + other.stderr).not.toMatch(/secret|hidden/);
    expect(server.log()).not.toMatch(/secret remote|hidden/);
  }, 60_000);
});
