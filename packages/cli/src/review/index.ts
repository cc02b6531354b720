/** Commands about dossiers: export from a running server, list, and render the PDF again. */
import type { Command } from 'commander';
import { defineExport, defineList } from './export.ts';
import { defineRender } from './render-command.ts';

/** Adds `dossier` to the program. */
export function dossierCommands(program: Command): void {
  const dossier = program
    .command('dossier')
    .description('Dossiers: export and seal, list, render again. To check one: verify.');
  defineExport(dossier);
  defineList(dossier);
  defineRender(dossier);
}
