import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { PatchAction } from '@breakwater/rules/plan';
import { startDevice, type Device } from './device.testing.ts';
import type { Machine } from './machine.ts';
import { networkDeviceDriver } from './network-device.ts';
import { reachBySsh } from './ssh.ts';
import { sshdIsHere } from './sshd.testing.ts';

const keeping = { run: 'r1', step: 'ssh' };
const changes: readonly PatchAction<'network-device'>[] = [
  { dialect: 'cisco-ios', lines: ['ip ssh version 2'], revertAfter: 'PT5M' },
  { dialect: 'junos', lines: ['set system services ssh protocol-version v2'], revertAfter: 'PT5M' },
];

describe.skipIf(!sshdIsHere).each(changes)('a simulated device that speaks $dialect', (what) => {
  let device: Device;
  let machine: Machine;
  let old: readonly string[];
  beforeEach(async () => {
    device = await startDevice(what.dialect);
    old = [...device.running];
    machine = await reachBySsh(device.target);
  });
  afterEach(() => {
    machine.close();
    device.end();
  });

  test('is changed, confirmed on a new connection, and brought back to what it saved', async () => {
    expect(await networkDeviceDriver.check(what, machine, null)).toBe(false);
    const { before } = await networkDeviceDriver.prepare(what, machine, keeping);
    expect(before.saved).toMatch(/^breakwater-[0-9a-f]{12}$/);
    await networkDeviceDriver.do(what, machine, before);
    expect(await networkDeviceDriver.check(what, machine, before)).toBe(true);
    expect([device.armed, device.startup.includes(what.lines[0] ?? '')]).toEqual([null, true]);
    // Its own undo was armed before the first line changed anything.
    const armed = device.heard.findIndex((line) => /^(?:reload in|commit confirmed) 5$/.test(line));
    const confirmed = device.heard.findIndex((line) => line === 'reload cancel' || line === 'commit');
    expect(armed).toBeGreaterThan(-1);
    expect(confirmed).toBeGreaterThan(armed);
    if (what.dialect === 'cisco-ios') expect(device.heard.indexOf(what.lines[0] ?? '')).toBeGreaterThan(armed);

    await networkDeviceDriver.undo(what, machine, before);
    expect(await networkDeviceDriver.differs(what, machine, before)).toBe(false);
    expect([device.running.toSorted(), device.startup.toSorted(), device.armed]).toEqual([
      old.toSorted(),
      old.toSorted(),
      null,
    ]);
  });

  test('takes the change back by itself when nobody confirms it', async () => {
    const { before } = await networkDeviceDriver.prepare(what, machine, keeping);
    // Whoever could come back does not: the new connection fails.
    const cutOff: Machine = { ...machine, again: () => Promise.reject(new Error('cut off')) };
    await expect(networkDeviceDriver.do(what, cutOff, before)).rejects.toThrow('cut off');
    expect(device.running).toContain(what.lines[0]);
    expect(device.armed).toBe(5);
    device.fire();
    expect(await networkDeviceDriver.differs(what, machine, before)).toBe(false);
    await networkDeviceDriver.undo(what, machine, before);
    expect(device.running.toSorted()).toEqual(old.toSorted());
  });

  test('fails on a line that it refuses, and on lines that it takes without effect, unconfirmed', async () => {
    const { before } = await networkDeviceDriver.prepare(what, machine, keeping);
    await expect(networkDeviceDriver.do({ ...what, lines: ['bad line'] }, machine, before)).rejects.toThrow(
      /^bad line: /,
    );
    device.deaf = true;
    await expect(networkDeviceDriver.do(what, machine, before)).rejects.toThrow(/does not hold what is expected/);
    expect(device.armed).toBe(5);
  });
});
