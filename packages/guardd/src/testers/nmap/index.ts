/** The tester `nmap`: its report is read while it is written. */
import type { Scope, TesterEvent } from '@breakwater/rules/containment';
import { endOf } from '../command.ts';
import { outcomeEvent } from '../events.ts';
import type { Reading } from '../program.ts';
import { programTester } from '../program-tester.ts';
import { eventsOf, type Meaning } from './meaning.ts';
import { nmapWords } from './options.ts';
import { createNmapReader } from './report-reader.ts';

/** Events of one scan; what is beyond them stays in its report, which is kept. */
const mostEvents = 1_000_000;

export const nmapTester = programTester({
  name: 'nmap',
  words: nmapWords,
  reading: ({ scope }, { gate }) => readReport(scope, gate),
});

/** Reads the report of one scan. `gate`: addresses that answer for the cage; none = not known. */
export function readReport(scope: Scope, gate: readonly string[] = []): Reading {
  const reader = createNmapReader();
  const meaning: Meaning = { scope, gate: new Set(gate) };
  let finished: string | null = null;
  let events = 0;
  const told = function* (seen: ReturnType<typeof reader.write>): Generator<TesterEvent> {
    for (const one of seen) {
      if (one.kind === 'finished') finished = one.exit;
      for (const event of events < mostEvents ? eventsOf(one, meaning) : []) {
        events++;
        yield event;
      }
    }
  };
  return {
    take: (chunk) => told(reader.write(chunk)),
    *end(exitCode, kept) {
      yield* told(reader.end());
      const end = endOf(exitCode);
      const full = events < mostEvents ? '' : `more than ${mostEvents} events: the rest is in the report alone; `;
      const broken = reader.broken === null ? '' : `the report was not read to its end: ${reader.broken}; `;
      const outcome = end === 'completed' && (reader.broken !== null || finished !== 'success') ? 'failed' : end;
      yield outcomeEvent(outcome, exitCode, `${full}${broken}${kept}`);
    },
  };
}
