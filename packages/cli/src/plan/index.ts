/** Commands on work plans: write, check, approve, which need no server, and what a server keeps; schemas; operator keys. */
import type { Command } from 'commander';
import { defineKeyServer } from '../auth/key.ts';
import { definePlanServer } from '../run/plans.ts';
import { defineApprove } from './approve.ts';
import { defineCheck } from './check.ts';
import { defineKeyNew } from './key.ts';
import { defineNew } from './new.ts';
import { patchCommands } from './patch.ts';
import { defineRings } from './rings.ts';
import { defineSchema, definePlanSchema } from './schema.ts';

/** Adds `plan`, `patch`, `schema` and `key` to the program. */
export function planCommands(program: Command): void {
  const plan = program.command('plan').description('Write, check and approve work plans.');
  defineNew(plan);
  defineCheck(plan);
  defineRings(plan);
  definePlanSchema(plan);
  defineApprove(plan);
  definePlanServer(plan);
  patchCommands(program);
  defineSchema(program);
  const key = program.command('key').description('Make operator keys and enrol them to named persons.');
  defineKeyNew(key);
  defineKeyServer(key);
}
