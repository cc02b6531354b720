/** Commands on runs, their execution hosts and the advisories they answer. */
import type { Command } from 'commander';
import { defineHost } from './hosts.ts';
import { defineRehearse, defineRun } from './request.ts';
import { defineStarts } from './starts.ts';
import { defineResume, defineRollback, defineStatus } from './status.ts';

/** Adds `rehearse`, `run`, `status`, `resume`, `rollback`, `starts`, `host` and `advisory` to the program. */
export function runCommands(program: Command): void {
  defineRehearse(program);
  defineRun(program);
  defineStatus(program);
  defineResume(program);
  defineRollback(program);
  defineStarts(program);
  defineHost(program);
}
