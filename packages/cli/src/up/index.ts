/** Commands that start a server, keep and restore its database, and show its settings. */
import type { Command } from 'commander';
import { defineBackup } from './backup.ts';
import { defineConfig } from './config.ts';
import { defineServe } from './serve.ts';

/** Adds `up`, `serve`, `backup`, `restore` and `config` to the program. */
export function upCommands(program: Command): void {
  defineServe(program);
  defineBackup(program);
  defineConfig(program);
}
