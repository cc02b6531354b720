/** The driver `systemd`: a unit is started, stopped, restarted, reloaded, enabled or disabled, and put back as it was. */
import type { PatchAction } from '@breakwater/rules/plan';
import { Failed } from './answer.ts';
import type { Machine } from './machine.ts';
import { must, type PatchDriver } from './patch-driver.ts';

type SystemdAction = PatchAction<'systemd'>;

interface UnitState {
  readonly active: boolean;
  readonly enabled: boolean;
  /** systemd's id of the unit's present life. */
  readonly life: string;
}

const verbs = { started: 'start', stopped: 'stop', restarted: 'restart', reloaded: 'reload' } as const;

export const systemdDriver: PatchDriver<SystemdAction, UnitState> = {
  async check({ unit, state, enabled }, machine, before) {
    const now = await stateOf(machine, unit);
    if (enabled !== undefined && now.enabled !== enabled) return false;
    switch (state) {
      case undefined:
        return true;
      case 'started':
        return now.active;
      case 'stopped':
        return !now.active;
      case 'restarted':
        return before !== null && now.active && now.life !== before.life;
      case 'reloaded':
        // Nothing tells a unit that was reloaded from one that was not.
        return before !== null && now.active;
    }
  },
  async prepare({ unit, state }, machine) {
    const before = await stateOf(machine, unit);
    if (state === 'reloaded' && !before.active) throw new Failed(`${unit} is not running, so it cannot be reloaded`);
    return { before, unavailable: null };
  },
  async do({ unit, state, enabled }, machine) {
    if (enabled !== undefined) await must(machine, ['systemctl', enabled ? 'enable' : 'disable', unit]);
    if (state !== undefined) await must(machine, ['systemctl', verbs[state], unit]);
  },
  async undo({ unit, state, enabled }, machine, before) {
    if (enabled !== undefined) await must(machine, ['systemctl', before.enabled ? 'enable' : 'disable', unit]);
    if (state === undefined) return;
    // What it runs with was taken back before it, or is not this step's: it is brought to the state it was in.
    const again = state === 'restarted' || state === 'reloaded';
    const verb = !before.active ? 'stop' : again ? verbs[state] : 'start';
    await must(machine, ['systemctl', verb, unit]);
  },
  async differs({ unit, state, enabled }, machine, before) {
    const now = await stateOf(machine, unit);
    return (
      (enabled !== undefined && now.enabled !== before.enabled) || (state !== undefined && now.active !== before.active)
    );
  },
};

async function stateOf(machine: Machine, unit: string): Promise<UnitState> {
  const properties = 'LoadState,ActiveState,UnitFileState,InvocationID';
  const said = await must(machine, ['systemctl', 'show', `--property=${properties}`, unit]);
  const value = (name: string): string => new RegExp(`^${name}=(.*)$`, 'm').exec(said)?.[1] ?? '';
  if (value('LoadState') !== 'loaded') throw new Failed(`${unit} is ${value('LoadState')}: correct its name`);
  return {
    active: value('ActiveState') === 'active',
    enabled: value('UnitFileState').startsWith('enabled'),
    life: value('InvocationID'),
  };
}
