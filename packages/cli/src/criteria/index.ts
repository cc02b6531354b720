/** Commands on criteria that need no server: assess facts; list, show, check, compare and approve policy packs. */
import type { Command } from 'commander';
import { defineAssess } from './assess.ts';
import { definePackApprove } from './approve.ts';
import { definePackCheck, definePackDiff, definePackList, definePackShow } from './pack.ts';

/** Adds `assess` and `pack` to the program. */
export function criteriaCommands(program: Command): void {
  defineAssess(program);
  const pack = program.command('pack').description('List, show, check, compare and approve policy packs.');
  definePackList(pack);
  definePackShow(pack);
  definePackCheck(pack);
  definePackDiff(pack);
  definePackApprove(pack);
}
