import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { filesDriver } from './files.ts';
import { thisHost } from './machine.ts';
import { symlinkDriver } from './symlink.ts';
import { systemdDriver } from './systemd.ts';

const folder = mkdtempSync(join(tmpdir(), 'breakwater-drivers-'));
const keeping = { run: 'r1', step: 'patch' };
const at = (name: string): string => join(folder, name);
const hash = (text: string): string => `sha256:${createHash('sha256').update(text).digest('hex')}`;
afterAll(() => rmSync(folder, { recursive: true }));

describe('files', () => {
  const what = () => ({
    files: [
      { path: at('config'), from: at('config.new'), sha256: hash('new') },
      { path: at('added'), from: at('config.new'), sha256: hash('new') },
    ],
    keep: at('kept'),
  });
  beforeEach(() => {
    for (const name of ['config', 'added', 'config.new']) rmSync(at(name), { force: true });
    writeFileSync(at('config'), 'old', { mode: 0o640 });
    writeFileSync(at('config.new'), 'new');
  });

  test('replaces whole files and brings the old ones back, also from half of it', async () => {
    const { before } = await filesDriver.prepare(what(), thisHost, keeping);
    await filesDriver.do(what(), thisHost, before);
    expect(await filesDriver.check(what(), thisHost, before)).toBe(true);
    rmSync(at('added'));
    expect(await filesDriver.check(what(), thisHost, before)).toBe(false);
    expect(await filesDriver.differs(what(), thisHost, before)).toBe(true);
    await filesDriver.undo(what(), thisHost, before);
    expect([readFileSync(at('config'), 'utf8'), existsSync(at('added'))]).toEqual(['old', false]);
    expect(await filesDriver.differs(what(), thisHost, before)).toBe(false);
  });

  test('refuses a new file that is not the one of the plan, and what is no plain file', async () => {
    writeFileSync(at('config.new'), 'newer');
    await expect(filesDriver.prepare(what(), thisHost, keeping)).rejects.toThrow(/not the file of the plan/);
    writeFileSync(at('config.new'), 'new');
    rmSync(at('config'));
    symlinkSync(at('config.new'), at('config'));
    await expect(filesDriver.prepare(what(), thisHost, keeping)).rejects.toThrow(/no plain file/);
  });
});

describe('symlink', () => {
  const what = () => ({ link: at('current'), to: at('v2') });
  beforeEach(() => {
    for (const name of ['v1', 'v2']) mkdirSync(at(name), { recursive: true });
    rmSync(at('current'), { recursive: true, force: true });
  });

  test.each([at('v1'), null])('switches to another release and back to %s', async (old) => {
    if (old !== null) symlinkSync(old, at('current'));
    expect(await symlinkDriver.check(what(), thisHost, null)).toBe(false);
    const { before } = await symlinkDriver.prepare(what(), thisHost, keeping);
    await symlinkDriver.do(what(), thisHost, before);
    expect(readlinkSync(at('current'))).toBe(at('v2'));
    await symlinkDriver.undo(what(), thisHost, before);
    if (old === null) expect(existsSync(at('current'))).toBe(false);
    else expect(readlinkSync(at('current'))).toBe(old);
    expect(await symlinkDriver.differs(what(), thisHost, before)).toBe(false);
  });

  test('refuses a release that is not there, and a link that is a folder', async () => {
    await expect(symlinkDriver.prepare({ ...what(), to: at('v3') }, thisHost, keeping)).rejects.toThrow(/not there/);
    mkdirSync(at('current'));
    await expect(symlinkDriver.prepare(what(), thisHost, keeping)).rejects.toThrow(/no symbolic link/);
  });
});

/** A stand-in for systemctl that keeps the state of one unit in files: no service manager runs where tests run. */
const systemctl = `#!/bin/sh
cd '${folder}/units' || exit 3
verb=$1; for unit; do :; done
[ "$unit" = bank.service ] || { [ "$verb" = show ] && echo LoadState=not-found && exit 0; exit 5; }
life() { cat /proc/sys/kernel/random/uuid >life; }
case $verb in
  show) printf 'LoadState=loaded\\nActiveState=%s\\nUnitFileState=%s\\nInvocationID=%s\\n' "$(cat active)" "$(cat enabled)" "$(cat life)" ;;
  start) [ "$(cat active)" = active ] || { echo active >active; life; } ;;
  stop) echo inactive >active ;;
  restart) echo active >active; life ;;
  reload) ;;
  enable) echo enabled >enabled ;;
  disable) echo disabled >enabled ;;
  *) exit 1 ;;
esac
echo "$verb" >>said
`;

describe('systemd, with a stand-in for systemctl', () => {
  const unit = 'bank.service';
  const said = (): string[] =>
    readFileSync(at('units/said'), 'utf8')
      .trim()
      .split('\n')
      .filter((verb) => verb !== 'show');
  beforeEach(() => {
    mkdirSync(at('bin'), { recursive: true });
    writeFileSync(at('bin/systemctl'), systemctl, { mode: 0o755 });
    mkdirSync(at('units'), { recursive: true });
    for (const [name, value] of Object.entries({ active: 'active', enabled: 'enabled', life: 'a', said: '' }))
      writeFileSync(at(`units/${name}`), value);
    if (process.env['PATH']?.startsWith(at('bin')) !== true)
      process.env['PATH'] = `${at('bin')}:${process.env['PATH']}`;
  });

  test.each([
    { state: 'stopped', does: ['stop'], undoes: ['start'] },
    { state: 'restarted', does: ['restart'], undoes: ['restart'] },
    { state: 'reloaded', does: ['reload'], undoes: ['reload'] },
    { enabled: false, state: 'stopped', does: ['disable', 'stop'], undoes: ['enable', 'start'] },
  ] as const)('$does is taken back by $undoes', async ({ does, undoes, ...wanted }) => {
    const what = { unit, ...wanted };
    expect(await systemdDriver.check(what, thisHost, null)).toBe(false);
    const { before } = await systemdDriver.prepare(what, thisHost, keeping);
    await systemdDriver.do(what, thisHost, before);
    expect(await systemdDriver.check(what, thisHost, before)).toBe(true);
    expect(said()).toEqual(does);
    await systemdDriver.undo(what, thisHost, before);
    expect(said().slice(does.length)).toEqual(undoes);
    expect(await systemdDriver.differs(what, thisHost, before)).toBe(false);
  });

  test('refuses a unit that systemd does not know', async () => {
    await expect(systemdDriver.prepare({ unit: 'bnak.service', state: 'started' }, thisHost, keeping)).rejects.toThrow(
      /bnak\.service is not-found/,
    );
  });
});
