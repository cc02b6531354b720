/** Commands that start a server, and that show its settings. */
import type { Command } from 'commander';
import { defineConfig } from './config.ts';
import { defineServe } from './serve.ts';

/** Adds `up`, `serve` and `config` to the program. */
export function upCommands(program: Command): void {
  defineServe(program);
  defineConfig(program);
}
