/** Commands about what persons state of a run, and dossiers: export from a running server, list, and render the PDF again. */
import type { Command } from 'commander';
import { defineReview } from './declare.ts';
import { defineExport, defineList } from './export.ts';
import { defineRender } from './render-command.ts';

/** Adds `review` and `dossier` to the program. */
export function reviewCommands(program: Command): void {
  defineReview(program);
  const dossier = program
    .command('dossier')
    .description('Dossiers: export and seal, list, render again. To check one: verify.');
  defineExport(dossier);
  defineList(dossier);
  defineRender(dossier);
}
