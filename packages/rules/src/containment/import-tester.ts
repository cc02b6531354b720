/** Findings from the JSON lines that a caged tester spoke: other kinds of events are passed over. */
import { FindingCollector, linesOf, placed, requireSize, type ImportedFindings } from './import-findings.ts';
import { findingOf } from './finding.ts';
import { readJson } from './import-json.ts';
import { testerEvent } from './tester-event.ts';
import { BreakwaterError } from '../error.ts';

/**
 * Reads the events of a tester, one a line. A finding must have the fingerprint that its own fields give.
 *
 * Throws BreakwaterError `tester.*` or `import.*` with `path` = `line:column`.
 */
export function importTester(text: string): ImportedFindings {
  requireSize(text);
  const collector = new FindingCollector();
  for (const { line, number } of linesOf(text)) {
    const event = readJson(line, testerEvent, 'tester', number);
    if (event.kind !== 'finding') {
      collector.ignore();
      continue;
    }
    const at = `${number}:1`;
    const { fingerprint, ...seen } = event.finding;
    const finding = placed(at, () => findingOf(seen));
    if (finding.fingerprint !== fingerprint) {
      throw new BreakwaterError(
        'tester.fingerprint',
        'the fingerprint is not the one of its rule and place: take the findings as the tester gave them',
        at,
      );
    }
    collector.add(at, () => finding);
  }
  return collector.end();
}
