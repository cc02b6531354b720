/** Commands about who may sign in and what they may do. */
import type { Command } from 'commander';
import { definePersons } from './person.ts';
import { defineSignIn } from './sign-in.ts';
import { defineTokens } from './token.ts';

/** Adds `sign-in`, `person`, `role` and `token`. */
export function authCommands(program: Command): void {
  defineSignIn(program);
  definePersons(program);
  defineTokens(program);
}
