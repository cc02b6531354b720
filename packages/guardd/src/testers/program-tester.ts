/** Testers that are a program of the bank: its words, its files, its time, and how what it says is read. */

import { giveFiles } from './given.ts';
import { runProgram, type Reading } from './program.ts';
import type { Tester, TesterCage, TesterContext } from './tester.ts';
import { timeGiven } from './time.ts';

export interface ProgramTesterOptions {
  /** Names its artefacts. */
  readonly name: string;
  /** Throws BreakwaterError when the plan's words may not be run. */
  words(context: TesterContext): readonly string[];
  reading(context: TesterContext, cage: TesterCage): Reading;
}

export function programTester({ name, words, reading }: ProgramTesterOptions): Tester {
  return {
    prepare(context) {
      words(context);
      return { mounts: [giveFiles(context)], env: {} };
    },
    start: (cage, context) =>
      runProgram(
        cage,
        words(context),
        { folder: context.folder, name, timeMs: timeGiven(context) },
        reading(context, cage),
      ),
  };
}
