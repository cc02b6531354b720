/**
 * Versions in the order of Semantic Versioning 2.0.0: npm, Go modules and NuGet. Fewer or more than three numbers are
 * understood, absent ones are zero; build metadata does not count.
 */
import { KeyWriter, malformed, withoutTrailingZeros } from './key.ts';

const marks = { preRelease: 1, release: 2, number: 3 } as const;
const identifierMarks = { end: 0, number: 1, text: 2 } as const;
const form = /^[v=]*([0-9]+(?:\.[0-9]+)*)(?:-?([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+[0-9A-Za-z.-]*)?$/;

export function semverKey(version: string): KeyWriter {
  const match = form.exec(version);
  if (match === null) throw malformed(version, 'must be MAJOR.MINOR.PATCH[-pre.release][+build]');
  const [, numbers = '', preRelease] = match;
  const key = new KeyWriter();
  for (const digits of withoutTrailingZeros(numbers.split('.'))) key.mark(marks.number).number(digits);
  if (preRelease === undefined) return key.mark(marks.release);
  key.mark(marks.preRelease);
  for (const identifier of preRelease.split('.')) {
    if (/^[0-9]+$/.test(identifier)) key.mark(identifierMarks.number).number(identifier);
    else key.mark(identifierMarks.text).text(identifier);
  }
  return key.mark(identifierMarks.end);
}

/** NuGet compares without regard to case. */
export function nugetKey(version: string): KeyWriter {
  return semverKey(version.toLowerCase());
}

/** Versions of Go modules and of Go itself, whose releases are written `go1.22rc1`. */
export function golangKey(version: string): KeyWriter {
  return semverKey(version.replace(/^go(?=[0-9])/, ''));
}
