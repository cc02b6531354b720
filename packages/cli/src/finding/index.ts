/** Commands on what security tests found. */
import type { Command } from 'commander';
import { defineConvert, defineExport } from './export.ts';
import { defineImport } from './import.ts';
import { defineList } from './list.ts';
import { defineRestricted } from './restricted.ts';

/** Adds `finding` to the program. */
export function findingCommands(program: Command): void {
  const finding = program.command('finding').description('Findings of security tests: import, list, export, convert.');
  defineImport(finding);
  defineList(finding);
  defineExport(finding);
  defineConvert(finding);
  defineRestricted(finding);
}
