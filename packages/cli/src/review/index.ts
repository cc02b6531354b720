/** Commands about what persons state of a run, cases, regulatory clocks, and dossiers: export, list, render again. */
import type { Command } from 'commander';
import { defineAudit } from './audit.ts';
import { defineCase } from './case.ts';
import { defineClock } from './clock.ts';
import { defineReview } from './declare.ts';
import { defineExport, defineList } from './export.ts';
import { defineRender } from './render-command.ts';

/** Adds `review`, `case`, `clock`, `audit` and `dossier` to the program. */
export function reviewCommands(program: Command): void {
  defineReview(program);
  defineCase(program);
  defineClock(program);
  defineAudit(program);
  const dossier = program
    .command('dossier')
    .description('Dossiers: export and seal, list, render again. To check one: verify.');
  defineExport(dossier);
  defineList(dossier);
  defineRender(dossier);
}
