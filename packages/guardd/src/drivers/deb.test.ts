import { rmSync, writeFileSync } from 'node:fs';

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Failed } from './answer.ts';
import { DebRoot, debsAreBuilt } from './deb-root.testing.ts';
import { aptDriver, dpkgDriver } from './deb.ts';
import { thisHost } from './machine.ts';

const keeping = { run: 'r1', step: 'patch' };
let deb: DebRoot;
beforeEach(() => {
  deb = new DebRoot();
});
afterEach(() => deb.end());

describe.skipIf(!debsAreBuilt)('apt', () => {
  /** A library at 1.0-1 with a program that needs it, and a newer one that needs one more package. */
  function bank(): void {
    const old = [deb.build('bw-lib', '1.0-1'), deb.build('bw-app', '5', { depends: 'bw-lib' })];
    deb.install(...old);
    deb.publish(...old, deb.build('bw-lib', '1.0-2', { depends: 'bw-extra (>= 1)' }), deb.build('bw-extra', '1:1.0'));
  }
  const wanted = () => ({ packages: { 'bw-lib': '1.0-2' }, root: deb.root, keep: deb.keep, hold: true });

  test('installs the exact version with what it needs, holds it, and goes back to what was there', async () => {
    bank();
    const before = deb.installed();
    expect(await aptDriver.check(wanted(), thisHost, null)).toBe(false);
    const prepared = await aptDriver.prepare(wanted(), thisHost, keeping);
    expect(prepared.unavailable).toBeNull();
    expect(deb.installed()).toEqual(before);
    expect(prepared.before.packages).toMatchObject([
      { name: 'bw-lib', version: '1.0-1', held: false },
      { name: 'bw-extra', version: null },
    ]);

    await aptDriver.do(wanted(), thisHost, prepared.before);
    expect(await aptDriver.check(wanted(), thisHost, prepared.before)).toBe(true);
    expect(deb.installed()).toEqual(['bw-app 5 ii', 'bw-extra 1:1.0 ii', 'bw-lib 1.0-2 hi']);
    expect(await aptDriver.differs(wanted(), thisHost, prepared.before)).toBe(true);

    await aptDriver.undo(wanted(), thisHost, prepared.before);
    expect(deb.installed()).toEqual(before);
    expect(deb.has('opt/bw-extra')).toBe(false);
    expect(await aptDriver.differs(wanted(), thisHost, prepared.before)).toBe(false);
  });

  test('says which file is missing when the old version can be had nowhere, and changes nothing', async () => {
    const old = deb.build('bw-lib', '1.0-1');
    deb.install(old);
    rmSync(old);
    deb.publish(deb.build('bw-lib', '1.0-2'));
    const { unavailable } = await aptDriver.prepare(wanted(), thisHost, keeping);
    expect(unavailable).toMatch(/^no file of bw-lib 1\.0-1; looked in .*"from"/);
    expect(deb.installed()).toEqual(['bw-lib 1.0-1 ii']);
  });

  test('refuses a version that no repository has, and a change that would remove a package', async () => {
    bank();
    const other = { ...wanted(), packages: { 'bw-lib': '9' } };
    await expect(aptDriver.prepare(other, thisHost, keeping)).rejects.toThrow(Failed);
    deb.publish(deb.build('bw-app', '6', { depends: 'bw-lib (>= 9)' }));
    const needs = { ...wanted(), packages: { 'bw-app': '6' } };
    await expect(aptDriver.prepare(needs, thisHost, keeping)).rejects.toThrow(/unmet dependencies/);
  });

  test('does not go back to a kept file that was changed meanwhile', async () => {
    bank();
    const { before } = await aptDriver.prepare(wanted(), thisHost, keeping);
    await aptDriver.do(wanted(), thisHost, before);
    writeFileSync(before.packages[0]?.file ?? '', 'something else');
    await expect(aptDriver.undo(wanted(), thisHost, before)).rejects.toThrow(/hash differs/);
  });
});

describe.skipIf(!debsAreBuilt)('dpkg', () => {
  test('mends a package that was left half installed by going back to the old one', async () => {
    deb.install(deb.build('bw-lib', '1.0-1'));
    deb.build('bw-lib', '1.0-2', { postinst: 'exit 7' });
    const wanted = { packages: { 'bw-lib': '1.0-2' }, from: [deb.shelf], root: deb.root, keep: deb.keep };
    const { before } = await dpkgDriver.prepare(wanted, thisHost, keeping);
    await expect(dpkgDriver.do(wanted, thisHost, before)).rejects.toThrow(Failed);
    expect(deb.installed()).toEqual(['bw-lib 1.0-2 iF']);
    expect(await dpkgDriver.differs(wanted, thisHost, before)).toBe(true);
    await dpkgDriver.undo(wanted, thisHost, before);
    expect(deb.installed()).toEqual(['bw-lib 1.0-1 ii']);
  });
});
