/** Commands about who may sign in and what they may do. */
import type { Command } from 'commander';
import { defineBreakGlass } from './break-glass.ts';
import { definePersons } from './person.ts';
import { defineSignIn } from './sign-in.ts';
import { defineTokens } from './token.ts';

/** Adds `sign-in`, `person`, `role`, `token` and `break-glass`. */
export function authCommands(program: Command): void {
  defineSignIn(program);
  definePersons(program);
  defineTokens(program);
  defineBreakGlass(program);
}
