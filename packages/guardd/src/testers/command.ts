/** The tester `command`: any program. What it says is kept, not understood. */
import { outcomeEvent } from './events.ts';
import { giveFiles } from './given.ts';
import { runProgram, type Reading } from './program.ts';
import { timeGiven } from './time.ts';
import type { Tester } from './tester.ts';
import { wordsOf } from './words.ts';

export const commandTester: Tester = {
  prepare(context) {
    wordsOf(context.tester.run ?? [], context);
    return { mounts: [giveFiles(context)], env: {} };
  },
  start: (cage, context) =>
    runProgram(
      cage,
      wordsOf(context.tester.run ?? [], context),
      { folder: context.folder, name: 'command', timeMs: timeGiven(context) },
      unread,
    ),
};

const unread: Reading = {
  take: () => [],
  end: (exitCode, kept) => [outcomeEvent(endOf(exitCode), exitCode, kept)],
};

/** A program that was killed was stopped; 0 is done, as everywhere; anything else is a failure of the tool. */
export function endOf(exitCode: number | null): 'completed' | 'stopped' | 'failed' {
  if (exitCode === null || exitCode > 128) return 'stopped';
  return exitCode === 0 ? 'completed' : 'failed';
}
