/** Commands on the claims of consumers and the relief of a run. */
import type { Command } from 'commander';
import { defineCasework } from './casework.ts';
import { defineApprove, defineDecide } from './decide.ts';
import { defineFile, defineImport } from './import.ts';
import { defineList } from './list.ts';
import { defineRelief } from './of-run.ts';
import { definePay } from './pay.ts';

/** Adds `claim` and `relief` to the program. */
export function reliefCommands(program: Command): void {
  const claim = program
    .command('claim')
    .description('Relief: open, file, decide, pay and answer the claims of consumers.');
  defineImport(claim);
  defineFile(claim);
  defineList(claim);
  defineDecide(claim);
  defineApprove(claim);
  definePay(claim);
  defineCasework(claim);
  defineRelief(program);
}
