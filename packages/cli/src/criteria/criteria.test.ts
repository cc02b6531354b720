import { createPublicKey, verify } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  assessmentSchema,
  getPack,
  packDecisionStatement,
  packDigest,
  parsePack,
  statementBytes,
} from '@breakwater/rules';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { command, type Ended } from '../command.testing.ts';

vi.setConfig({ testTimeout: 60_000 });

const base = fileURLToPath(new URL('../../../rules/src/criteria/cases/base.yaml', import.meta.url));
let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'breakwater-criteria-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const breakwater = (argv: string[], input: string | Buffer = ''): Promise<Ended> =>
  command(argv, { cwd: folder, input });

/** Runs a command with --json and reads its one document. */
async function json(
  argv: string[],
  input: string | Buffer = '',
): Promise<Ended & { document: Record<string, unknown> }> {
  const ended = await breakwater([...argv, '--json'], input);
  return { ...ended, document: JSON.parse(ended.stdout) as Record<string, unknown> };
}

const minimal = {
  schema: 'breakwater.facts/1',
  work: { kind: 'emergency-patch', activity: 'os-patch', start: '2026-08-12T02:00:00+09:00' },
};
function file(name: string, content: unknown): string {
  writeFileSync(
    join(folder, name),
    typeof content === 'string' || Buffer.isBuffer(content) ? content : JSON.stringify(content),
  );
  return name;
}

describe('assess', () => {
  test('answers with one assessment and exit 0, whatever the findings', async () => {
    for (const facts of [base, file('minimal.json', minimal)]) {
      const { status, document, stderr } = await json(['assess', facts, '--as-of', '2026-10-01T00:00:00+09:00']);
      expect(status).toBe(0);
      expect(stderr).toBe('');
      expect(assessmentSchema.parse(document)).toMatchObject({
        asOf: '2026-10-01T00:00:00+09:00',
        pack: { id: 'kr-fsc-2026-06-30' },
      });
    }
  });

  test('takes the pack in force at the start, or the one named, or a pack file', async () => {
    const old = file('old.json', { ...minimal, work: { ...minimal.work, start: '2020-01-01T00:00:00+09:00' } });
    expect((await json(['assess', old])).document).toMatchObject({ pack: { id: 'kr-fsc-2026-06-30' } });
    expect((await json(['assess', base, '--pack', 'sg-mas-trm'])).document).toMatchObject({
      pack: { id: 'sg-mas-trm' },
    });
    const own = file('own.json', { ...getPack('kr-fsc-2026-06-30'), version: 'official' });
    expect((await json(['assess', base, '--pack', own])).document).toMatchObject({ pack: { version: 'official' } });
  });

  test('judges as of now where no time is given', async () => {
    const before = Date.now();
    const { document } = await json(['assess', base]);
    expect(Date.parse(document['asOf'] as string)).toBeGreaterThanOrEqual(before);
  });

  test('reads standard input', async () => {
    expect((await json(['assess', '-'], JSON.stringify(minimal))).status).toBe(0);
  });

  test('tells people in both languages, with the basis', async () => {
    const { status, stdout } = await breakwater(['assess', base]);
    expect(status).toBe(0);
    expect(stdout).toContain('press-derived; primary text not seen');
    expect(stdout).toMatch(/충족 · met {2}전산장애 시간 · minor\.outage/);
  });

  const refused: readonly (readonly [name: string, argv: () => string[], code: RegExp, path: RegExp])[] = [
    ['an unknown field', () => [file('a.json', { ...minimal, verdict: 1 })], /^facts\.unknown-key$/, /^\/verdict$/],
    ['negative money', () => [file('b.json', { ...minimal, damage: -1 })], /^facts\./, /^\/damage$/],
    [
      'times out of order',
      () => [file('c.json', { ...minimal, work: { ...minimal.work, end: '2026-08-12T01:00:00+09:00' } })],
      /^facts\.times-out-of-order$/,
      /^\/work\/end$/,
    ],
    ['a pack nobody knows', () => [file('d.json', minimal), '--pack', 'kr-fsc'], /^pack\.unknown$/, /^$/],
    ['a time without offset', () => [file('e.json', minimal), '--as-of', '2026-10-01T00:00:00'], /^as-of\./, /^$/],
    ['a file that is not there', () => ['nowhere.json'], /^file\.not-found$/, /nowhere/],
    ['broken JSON', () => [file('f.json', '{"schema":')], /^document\.syntax$/, /^\d+:\d+$/],
    ['broken YAML', () => [file('g.yaml', 'schema: [')], /^document\.syntax$/, /^\d+:\d+$/],
    [
      'a key told twice',
      () => [file('h.json', '{"schema":"breakwater.facts/1","schema":"breakwater.facts/1"}')],
      /^document\.duplicate-key$/,
      /^\d+:\d+$/,
    ],
    ['another encoding', () => [file('i.json', Buffer.from([0xb0, 0xa1]))], /^file\.not-utf8$/, /./],
    [
      'deep nesting',
      () => [file('j.json', `${'['.repeat(5000)}${']'.repeat(5000)}`)],
      /^document\.too-deep$/,
      /^\d+:\d+$/,
    ],
    ['a list instead of facts', () => [file('k.json', [])], /^facts\.wrong-type$/, /^$/],
    ['50 MB', () => [file('l.json', `{"x":"${'x'.repeat(50 * 1024 * 1024)}"}`)], /^file\.too-large$/, /./],
  ];
  test.each(refused)('refuses %s with exit 2 and the place', async (_, argv, code, path) => {
    const words = ['assess', ...argv()];
    const { status, document, stderr } = await json(words);
    expect(status).toBe(2);
    expect(stderr).toBe('');
    expect(document).toEqual({
      error: {
        code: expect.stringMatching(code),
        message: expect.stringMatching(/\S/),
        path: expect.stringMatching(path),
      },
    });
    const spoken = await breakwater(words);
    expect(spoken.status).toBe(2);
    expect(spoken.stdout).toBe('');
    expect(spoken.stderr).toMatch(/^breakwater: /);
  });
});

describe('pack', () => {
  test('list names every pack with its digest and basis', async () => {
    const { status, document } = await json(['pack', 'list']);
    expect(status).toBe(0);
    expect(document).toMatchObject({
      packs: [{ id: 'kr-fsc-2026-06-30', digest: packDigest(getPack('kr-fsc-2026-06-30')) }, { id: 'sg-mas-trm' }],
    });
    expect((await breakwater(['pack', 'list'])).stdout).toContain('press-derived; primary text not seen');
  });

  test('show prints a pack that can be read in again', async () => {
    const { document } = await json(['pack', 'show', 'kr-fsc-2026-06-30']);
    expect(parsePack(document)).toEqual(getPack('kr-fsc-2026-06-30'));
    expect((await breakwater(['pack', 'show', 'kr-fsc-2026-06-30'])).stdout).toMatch(/조항 미확인 · article not read/);
  });

  test('check says that a pack holds together, or where it does not', async () => {
    const good = file('good.json', getPack('sg-mas-trm'));
    expect(await json(['pack', 'check', good])).toMatchObject({
      status: 0,
      document: { ok: true, digest: packDigest(getPack('sg-mas-trm')) },
    });
    const bad = file('bad.json', { ...getPack('sg-mas-trm'), duties: undefined });
    expect(await json(['pack', 'check', bad])).toMatchObject({
      status: 2,
      document: { error: { code: 'pack.missing', path: '/duties' } },
    });
  });

  test('diff says what changes', async () => {
    const changed = structuredClone(getPack('kr-fsc-2026-06-30'));
    for (const { id, bound } of changed.criteria)
      if (id === 'minor.damage' && bound !== null) bound.value = 1_000_000_000;
    const { status, document } = await json(['pack', 'diff', 'kr-fsc-2026-06-30', file('changed.json', changed)]);
    expect(status).toBe(0);
    expect(document['changes']).toEqual([
      { path: '/criteria/minor.damage/bound/value', before: 100_000_000, after: 1_000_000_000 },
    ]);
    expect((await json(['pack', 'diff', 'sg-mas-trm', 'sg-mas-trm'])).document['changes']).toEqual([]);
  });

  test('approve signs the digest of the pack with the person and the role', async () => {
    expect((await breakwater(['key', 'new', '--out', 'p-17.pem'])).status).toBe(0);
    const { status, document } = await json([
      'pack',
      'approve',
      'sg-mas-trm',
      '--key',
      'p-17.pem',
      '--person',
      'p-17',
      '--role',
      'compliance',
    ]);
    expect(status).toBe(0);
    const { key: _key, signature, ...statement } = document;
    const signed = packDecisionStatement.parse(statement);
    expect(signed).toMatchObject({
      decision: 'approve',
      digest: packDigest(getPack('sg-mas-trm')),
      person: 'p-17',
      role: 'compliance',
    });
    const publicKey = createPublicKey(readFileSync(join(folder, 'p-17.pem.pub'), 'utf8'));
    expect(verify(null, statementBytes(signed), publicKey, Buffer.from(signature as string, 'base64'))).toBe(true);
    expect(
      verify(null, statementBytes({ ...signed, role: 'ciso' }), publicKey, Buffer.from(signature as string, 'base64')),
    ).toBe(false);
  });
});
