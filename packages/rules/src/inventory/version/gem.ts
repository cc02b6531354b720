/** Ruby gems (`Gem::Version`): numbers and words; a word makes a pre-release. */
import { KeyWriter, isZero, malformed } from './key.ts';

const marks = { word: 1, end: 2, number: 3 } as const;
const form = /^[0-9]+(?:\.[0-9A-Za-z]+)*(?:-[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?$/;

/**
 * A zero is as good as no segment at all, wherever it stands, so zeros are counted: the more of them ahead of a word, the
 * nearer it is to the release, and the more ahead of a number, the smaller it is.
 */
export function gemKey(version: string): KeyWriter {
  if (!form.test(version)) throw malformed(version, 'must be numbers and words with dots between them');
  const segments = [...version.replaceAll('-', '.pre.').matchAll(/[0-9]+|[A-Za-z]+/g)].map(([segment]) => segment);
  const firstWord = segments.findIndex((segment) => !/[0-9]/.test(segment));
  const key = new KeyWriter();
  let zeros = 0;
  segments.forEach((segment, i) => {
    const isWord = !/[0-9]/.test(segment);
    if (!isWord && isZero(segment)) {
      zeros += 1;
      return;
    }
    // Zeros between the release and its first word are dropped: 1.0.a is 1.a.
    const counted = i === firstWord ? 0 : zeros;
    if (isWord) key.mark(marks.word).mark(Math.min(counted, 255)).text(segment);
    else
      key
        .mark(marks.number)
        .mark(255 - Math.min(counted, 255))
        .number(segment);
    zeros = 0;
  });
  return key.mark(marks.end);
}
