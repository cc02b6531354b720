/** Commands on advisories, their dissemination, and what is exposed. */
import type { Command } from 'commander';
import { defineCheck } from './check.ts';
import { defineExposure } from './exposure.ts';
import { defineImport } from './import.ts';
import { defineList, defineShow } from './list.ts';
import { defineReceive } from './receive.ts';

/** Adds `advisory` and `exposure` to the program. */
export function advisoryCommands(program: Command): void {
  const advisory = program
    .command('advisory')
    .description('Advisories, and the proof that an authority disseminated them.');
  defineImport(advisory);
  defineList(advisory);
  defineShow(advisory);
  defineCheck(advisory);
  defineReceive(advisory);
  defineExposure(program);
}
