/** Commands on criteria: assess facts; list, show, check, compare and approve policy packs; hand packs to a server and assess its runs again. */
import type { Command } from 'commander';
import { defineAssess } from './assess.ts';
import { definePackApprove } from './approve.ts';
import { definePackImport, defineReassess } from './import.ts';
import { definePackCheck, definePackDiff, definePackList, definePackShow } from './pack.ts';

/** Adds `assess`, `reassess` and `pack` to the program. */
export function criteriaCommands(program: Command): void {
  defineAssess(program);
  defineReassess(program);
  const pack = program.command('pack').description('List, show, check, compare and approve policy packs.');
  definePackList(pack);
  definePackShow(pack);
  definePackCheck(pack);
  definePackDiff(pack);
  definePackApprove(pack);
  definePackImport(pack);
}
