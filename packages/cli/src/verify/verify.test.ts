import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readContainer } from '@breakwater/verify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { command, type Ended } from '../command.testing.ts';

const entry = fileURLToPath(new URL('../start.ts', import.meta.url));
const alone = fileURLToPath(new URL('../../../verify/src/main.ts', import.meta.url));
const kept = fileURLToPath(new URL('../../../../conformance/dossier/v0.1.0/', import.meta.url));
const [dossier, policy, keys] = [`${kept}dossier.zip`, `${kept}policy`, `${kept}keys.json`];

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'breakwater-verify-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function run(node: readonly string[], argv: readonly string[]) {
  return spawnSync(process.execPath, [...node, ...argv], { encoding: 'utf8', env: { ...process.env, LANG: 'C' } });
}
const breakwater = (...argv: string[]): Promise<Ended> => command(['verify', ...argv]);

/** A file that differs from the kept dossier in one way. */
function changed(name: string, change: (bytes: Buffer) => Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, change(readFileSync(dossier)));
  return path;
}

describe('verify', () => {
  test('is exit 0 with every check named in Korean and English', async () => {
    const { status, stdout, stderr } = await breakwater(dossier, '--policy', policy, '--keys', keys);
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toContain('봉인 · seal');
    expect(stdout).toContain('모든 검증을 통과했습니다. · All checks passed.');
    expect(stdout).not.toContain('✗');
  });

  test('with --json is one document of the contract', async () => {
    const { status, stdout, stderr } = await breakwater(dossier, '--policy', policy, '--keys', keys, '--json');
    expect([status, stderr]).toEqual([0, '']);
    const { schema, result, checks } = JSON.parse(stdout) as { schema: string; result: string; checks: object[] };
    expect([schema, result]).toEqual(['breakwater.verification/1', 'passed']);
    for (const check of checks) {
      expect(check).toEqual({
        id: expect.any(String),
        subject: expect.any(String),
        result: 'passed',
        detail: expect.any(String),
      });
    }
  });

  test('is exit 3 when policy or keys were not given', async () => {
    expect((await breakwater(dossier)).status).toBe(3);
    expect((await breakwater(dossier, '--keys', keys)).status).toBe(3);
    const { status, stdout } = await breakwater(dossier, '--policy', policy, '--json');
    expect(status).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({ result: 'incomplete' });
  });

  test.each<[string, (bytes: Buffer) => Uint8Array]>([
    ['one byte changed', (bytes) => bytes.fill((bytes[5000] ?? 0) ^ 1, 5000, 5001)],
    ['cut', (bytes) => bytes.subarray(0, -100)],
    ['empty', () => new Uint8Array()],
    ['something before it', (bytes) => Buffer.concat([Buffer.from('#!'), bytes])],
  ])('is exit 1 for a dossier with %s', async (name, change) => {
    const { status, stdout } = await breakwater(
      changed(`${name}.zip`, change),
      '--policy',
      policy,
      '--keys',
      keys,
      '--json',
    );
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ result: 'failed' });
  });

  test.each([
    ['no such file', ['nowhere.zip', '--policy', policy], 'file.not-found', 'nowhere.zip'],
    ['a folder', [kept, '--policy', policy], 'file.is-a-directory', kept],
    ['a policy that is none', [dossier, '--policy', keys], 'policy.malformed', `${keys}:1:1`],
    ['keys that are none', [dossier, '--policy', policy, '--keys', policy], 'keys.malformed', policy],
    ['roots that are none', [dossier, '--policy', policy, '--tsa-roots', keys], 'timestamp.bad-roots', keys],
    ['no dossier at all', ['--policy', policy], 'usage.missing-argument', ''],
  ])('is exit 2 for %s, with the place', async (_, argv, code, path) => {
    const { status, stdout, stderr } = await breakwater(...argv, '--json');
    expect([status, stderr]).toEqual([2, '']);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code, path } });
  });

  test('loads nothing of the server', () => {
    const hook = `import { registerHooks } from 'node:module';
      registerHooks({ resolve(name, context, next) {
        const found = next(name, context);
        if (found.url.includes('/packages/server/')) throw new Error('the server was loaded: ' + found.url);
        return found;
      } });`;
    const guarded = ['--import', `data:text/javascript,${encodeURIComponent(hook)}`, entry];
    expect(run(guarded, ['verify', dossier, '--policy', policy, '--keys', keys]).status).toBe(0);
    expect(run(guarded, ['verify', dossier, '--policy', policy, '--keys', keys, '--render']).status).not.toBe(0);
  });

  test('with --render also says that the PDF is what its members give', async () => {
    const { status, stdout } = await breakwater(dossier, '--policy', policy, '--keys', keys, '--render', '--json');
    const { checks } = JSON.parse(stdout) as { checks: { id: string; result: string }[] };
    const own = (
      JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string }
    ).version;
    const want = own === '0.1.0' ? [0, 'passed'] : [3, 'not-checked'];
    expect([status, checks.find(({ id }) => id === 'pdf')?.result]).toEqual(want);
  });
});

describe('the verifier by itself', () => {
  test('gives the same verdicts and exit codes', async () => {
    const same = async (argv: string[]) => {
      const [own, other] = [run([alone], [...argv, '--json']), await breakwater(...argv, '--json')];
      expect([own.status, own.stdout]).toEqual([other.status, other.stdout]);
    };
    await same([dossier, '--policy', policy, '--keys', keys]);
    await same([dossier]);
    await same([changed('flipped.zip', (bytes) => bytes.fill(0, 40, 44)), '--policy', policy]);
    expect(run([alone], []).status).toBe(2);
    expect(run([alone], ['nowhere.zip', '--json'])).toMatchObject({
      status: 2,
      stdout: expect.stringContaining('file.unreadable'),
    });
    expect(run([alone], [dossier, '--policy', keys]).status).toBe(2);
    expect(run([alone], ['--help'])).toMatchObject({ status: 0, stdout: expect.stringContaining('usage:') });
  });
});

describe('dossier render', () => {
  test('writes the PDF again with the bytes that were sealed', async () => {
    const out = join(folder, 'again.pdf');
    const { status, stdout } = await command(['dossier', 'render', dossier, '--out', out, '--json']);
    const { same } = JSON.parse(stdout) as { same: boolean };
    expect(status).toBe(same ? 0 : 1);
    const sealed = readContainer(readFileSync(dossier)).find(({ path }) => path === 'dossier.pdf');
    expect(readFileSync(out).equals(Buffer.from(sealed?.bytes ?? []))).toBe(same);
    expect((await command(['dossier', 'render', dossier, '--out', out])).status).toBe(2);
  });
});
