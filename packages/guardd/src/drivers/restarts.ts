/** Units that are restarted when a change was made, and again when it was taken back. */
import type { Machine } from './machine.ts';
import { must } from './patch-driver.ts';

/** systemd's id of each unit's present life. */
export type Lives = Readonly<Record<string, string>>;

export async function livesOf(machine: Machine, units: readonly string[]): Promise<Lives> {
  const lives: Record<string, string> = {};
  for (const unit of units)
    lives[unit] = (await must(machine, ['systemctl', 'show', '--property=InvocationID', '--value', unit])).trim();
  return lives;
}

export async function restartAll(machine: Machine, units: readonly string[]): Promise<void> {
  for (const unit of units) await must(machine, ['systemctl', 'restart', unit]);
}

/** True when every unit has begun another life since. */
export async function allRestarted(machine: Machine, before: Lives): Promise<boolean> {
  const now = await livesOf(machine, Object.keys(before));
  return Object.entries(before).every(([unit, life]) => now[unit] !== life);
}
