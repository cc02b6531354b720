/** The tester `nmap`: its report is read while it is written. */
import type { Scope, TesterEvent } from '@breakwater/rules/containment';
import { endOf } from '../command.ts';
import { outcomeEvent } from '../events.ts';
import { giveFiles } from '../given.ts';
import { runProgram, type Reading } from '../program.ts';
import { timeGiven } from '../time.ts';
import type { Tester } from '../tester.ts';
import { eventsOf, type Meaning } from './meaning.ts';
import { nmapWords } from './options.ts';
import { createNmapReader } from './report-reader.ts';

export const nmapTester: Tester = {
  prepare(context) {
    nmapWords(context);
    return { mounts: [giveFiles(context)], env: {} };
  },
  start: (cage, context) =>
    runProgram(
      cage,
      nmapWords(context),
      { folder: context.folder, name: 'nmap', timeMs: timeGiven(context) },
      readReport(context.scope, cage.gate),
    ),
};

/** Reads the report of one scan. `gate`: addresses that answer for the cage; none = not known. */
export function readReport(scope: Scope, gate: readonly string[] = []): Reading {
  const reader = createNmapReader();
  const meaning: Meaning = { scope, gate: new Set(gate) };
  let finished: string | null = null;
  const told = function* (seen: ReturnType<typeof reader.write>): Generator<TesterEvent> {
    for (const one of seen) {
      if (one.kind === 'finished') finished = one.exit;
      yield* eventsOf(one, meaning);
    }
  };
  return {
    take: (chunk) => told(reader.write(chunk)),
    *end(exitCode, kept) {
      yield* told(reader.end());
      const end = endOf(exitCode);
      const broken = reader.broken === null ? '' : `the report was not read to its end: ${reader.broken}; `;
      const outcome = end === 'completed' && (reader.broken !== null || finished !== 'success') ? 'failed' : end;
      yield outcomeEvent(outcome, exitCode, `${broken}${kept}`);
    },
  };
}
