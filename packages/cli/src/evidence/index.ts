/** Commands that look after the evidence log of this installation, and that witness the logs of others. */
import type { Command } from 'commander';
import { defineLog } from './log.ts';
import { defineWitness } from './witness.ts';

/** Adds `evidence` to the program. */
export function evidenceCommands(program: Command): void {
  const evidence = program
    .command('evidence')
    .description('The evidence log of this installation, and witnesses of logs.');
  defineLog(evidence);
  defineWitness(evidence);
}
