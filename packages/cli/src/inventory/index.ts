/** Commands on what the institution has. */
import type { Command } from 'commander';
import { defineCollect } from './collect.ts';
import { defineDiff, defineImport } from './import.ts';
import { defineList } from './list.ts';

/** Adds `inventory` to the program. */
export function inventoryCommands(program: Command): void {
  const inventory = program
    .command('inventory')
    .description('Services, their modules, assets and components: import, compare, list and collect.');
  defineImport(inventory);
  defineDiff(inventory);
  defineList(inventory);
  defineCollect(inventory);
}
