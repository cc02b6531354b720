/** Commands on the claims of consumers and the relief of a run. */
import type { Command } from 'commander';
import { defineDecide } from './decide.ts';
import { defineImport } from './import.ts';
import { defineList } from './list.ts';
import { defineRelief } from './of-run.ts';
import { definePay } from './pay.ts';

/** Adds `claim` and `relief` to the program. */
export function reliefCommands(program: Command): void {
  const claim = program.command('claim').description('Relief: open, list, decide and pay the claims of consumers.');
  defineImport(claim);
  defineList(claim);
  defineDecide(claim);
  definePay(claim);
  defineRelief(program);
}
