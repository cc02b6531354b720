/** The tester `command`: any program. What it says is kept, not understood. */
import { outcomeEvent } from './events.ts';
import type { Reading } from './program.ts';
import { programTester } from './program-tester.ts';
import { wordsOf } from './words.ts';

export const commandTester = programTester({
  name: 'command',
  words: (context) => wordsOf(context.tester.run ?? [], context),
  reading: () => unread,
});

const unread: Reading = {
  take: () => [],
  end: (exitCode, kept) => [outcomeEvent(endOf(exitCode), exitCode, kept)],
};

/** A program that was killed was stopped; 0 is done, as everywhere; anything else is a failure of the tool. */
export function endOf(exitCode: number | null): 'completed' | 'stopped' | 'failed' {
  if (exitCode === null || exitCode > 128) return 'stopped';
  return exitCode === 0 ? 'completed' : 'failed';
}
