/** Commands about who may sign in and what they may do. */
import type { Command } from 'commander';
import { definePersons } from './person.ts';
import { defineSignIn } from './sign-in.ts';

/** Adds `sign-in`, `person` and `role`. */
export function authCommands(program: Command): void {
  defineSignIn(program);
  definePersons(program);
}
