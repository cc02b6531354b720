import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { thisHost } from './machine.ts';
import { rpmDriver } from './rpm.ts';

const works =
  process.getuid?.() === 0 && ['rpm', 'rpmbuild'].every((name) => spawnSync(name, ['--version']).status === 0);
const folder = mkdtempSync(join(tmpdir(), 'breakwater-rpm-'));
const [root, shelf, old] = ['root', 'shelf', 'old'].map((name) => join(folder, name)) as [string, string, string];
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function build(version: string, to: string): void {
  const spec = join(folder, 'bw-lib.spec');
  writeFileSync(
    spec,
    `Name: bw-lib\nVersion: ${version}\nRelease: 1\nSummary: test\nLicense: Apache-2.0\nBuildArch: noarch\nAutoReqProv: no\n%description\ntest\n%install\nmkdir -p %{buildroot}/opt\necho ${version} > %{buildroot}/opt/bw-lib\n%files\n/opt/bw-lib\n`,
  );
  const define = (name: string, value: string): string[] => ['--define', `${name} ${value}`];
  execFileSync('rpmbuild', ['-bb', ...define('_topdir', join(folder, 'build')), ...define('_rpmdir', to), spec], {
    stdio: 'pipe',
  });
}

describe.skipIf(!works)('rpm', () => {
  const installed = (): string =>
    execFileSync('rpm', [`--root=${root}`, '-qa', '--queryformat', '%{NAME} %{VERSION}-%{RELEASE}\n'])
      .toString()
      .trim();
  const what = {
    packages: { 'bw-lib': '2.0-1' },
    from: [join(shelf, 'noarch'), join(old, 'noarch')],
    root,
    keep: join(folder, 'kept'),
  };
  const keeping = { run: 'r1', step: 'patch' };

  beforeAll(() => {
    for (const path of [root, shelf, old]) mkdirSync(path);
    build('1.0', old);
    build('2.0', shelf);
    execFileSync('rpm', [`--root=${root}`, '--install', join(old, 'noarch/bw-lib-1.0-1.noarch.rpm')], {
      stdio: 'pipe',
    });
  });

  test('goes to an exact version and back to the one that was there', async () => {
    expect(await rpmDriver.check(what, thisHost, null)).toBe(false);
    const { before, unavailable } = await rpmDriver.prepare(what, thisHost, keeping);
    expect([unavailable, before.packages[0]?.version]).toEqual([null, '0:1.0-1']);
    await rpmDriver.do(what, thisHost, before);
    expect([await rpmDriver.check(what, thisHost, before), installed()]).toEqual([true, 'bw-lib 2.0-1']);
    await rpmDriver.undo(what, thisHost, before);
    expect([await rpmDriver.differs(what, thisHost, before), installed()]).toEqual([false, 'bw-lib 1.0-1']);
  });

  test('has no undo when the old file is in none of the folders', async () => {
    const without = { ...what, from: [join(shelf, 'noarch')], keep: join(folder, 'kept-2') };
    expect((await rpmDriver.prepare(without, thisHost, keeping)).unavailable).toMatch(/^no file of bw-lib 0:1\.0-1/);
  });
});
