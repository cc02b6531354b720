/** The tester `nuclei`, and any other that writes nuclei's lines of results. */
import type { TesterEvent } from '@breakwater/rules/containment';
import { endOf } from '../command.ts';
import { findingEvent, logEvent, outcomeEvent, probeEvent } from '../events.ts';
import { createLineSplitter } from '../lines.ts';
import type { Reading } from '../program.ts';
import { programTester } from '../program-tester.ts';
import type { TesterContext } from '../tester.ts';
import { wordsOf } from '../words.ts';
import { readResultLine } from './result-line.ts';

/** Results of one run; what a tool says beyond them is counted. */
const mostResults = 100_000;

export const nucleiTester = programTester({
  name: 'nuclei',
  words: (context) => wordsOf(context.tester.run ?? [], context),
  reading: readResults,
});

/** Reads lines of results. A line that is none is counted, and never ends the reading. */
export function readResults({ scope }: Pick<TesterContext, 'scope'>): Reading {
  const splitter = createLineSplitter();
  let results = 0;
  let skipped = 0;
  const told = function* (lines: Iterable<string | null>): Generator<TesterEvent> {
    for (const line of lines) {
      if (line !== null && line.trim() === '') continue;
      const result = line === null || results >= mostResults ? null : readResultLine(line, scope);
      if (result === null) {
        skipped++;
        continue;
      }
      results++;
      const { finding, reach } = result;
      yield probeEvent({
        probe: 'nuclei-match',
        asset: finding.asset,
        protocol: finding.protocol,
        port: finding.port,
        result: reach.allowed ? 'answered' : 'not-allowed',
        ...(reach.allowed ? {} : { detail: reach.reason }),
      });
      if (!reach.allowed) yield logEvent('warn', `a result outside the scope: ${finding.asset}: ${reach.reason}`);
      yield findingEvent(finding);
    }
  };
  return {
    take: (chunk) => told(splitter.take(chunk)),
    *end(exitCode, kept) {
      yield* told(splitter.end());
      const lines = skipped === 0 ? '' : `${skipped} lines were no results; `;
      yield outcomeEvent(endOf(exitCode), exitCode, `${results} results; ${lines}${kept}`);
    },
  };
}
