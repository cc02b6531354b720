/** Commands of the guard: its daemon, and guarding any command without a plan. */
import type { Command } from 'commander';
import { defineGuard } from './guard.ts';
import { defineGuardd } from './guardd.ts';

/** Adds `guardd` and `guard` to the program. */
export function guardCommands(program: Command): void {
  defineGuardd(program);
  defineGuard(program);
}
