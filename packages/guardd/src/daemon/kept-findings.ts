/** What the tester of a run found, from the lines that its supervisor keeps on this host. */
import { closeSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { testerEvent, type FindingRecord } from '@breakwater/rules/containment';
import { eventsFile } from '../supervisor/tester-events.ts';

/** Bytes that are looked at for one answer, and findings in it: an answer is one line of the protocol. */
const mostBytes = 1024 * 1024;
const mostFindings = 100;

/**
 * The findings in whole lines after the byte `after`, and the byte at which to go on; the same byte when there is nothing new.
 * A file that is shorter than `after` was begun again: it is read from its start.
 */
export function keptFindings(cage: string, after: number): { findings: FindingRecord[]; next: number } {
  const bytes = readAfter(join(cage, 'tester', eventsFile), after);
  if (bytes === null) return after === 0 ? { findings: [], next: 0 } : keptFindings(cage, 0);
  const findings: FindingRecord[] = [];
  let from = 0;
  while (findings.length < mostFindings) {
    const end = bytes.indexOf(10, from);
    if (end === -1) break;
    const found = findingIn(bytes.subarray(from, end).toString('utf8'));
    if (found !== null) findings.push(found);
    from = end + 1;
  }
  // A line that is longer than all that is read is no event of ours.
  const skipped = from === 0 && bytes.length === mostBytes ? bytes.length : from;
  return { findings, next: after + skipped };
}

/** Null when the file does not reach so far, or there is none. */
function readAfter(path: string, after: number): Buffer | null {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch {
    return null;
  }
  try {
    const buffer = Buffer.alloc(mostBytes);
    const read = readSync(file, buffer, 0, mostBytes, after);
    const isBefore = after > 0 && readSync(file, Buffer.alloc(1), 0, 1, after - 1) === 0;
    return isBefore ? null : buffer.subarray(0, read);
  } finally {
    closeSync(file);
  }
}

function findingIn(line: string): FindingRecord | null {
  try {
    const event = testerEvent.safeParse(JSON.parse(line)).data;
    return event?.kind === 'finding' ? event.finding : null;
  } catch {
    return null;
  }
}
