/** Python versions (PEP 440). What is none comes first, in the order of the former `LegacyVersion` of setuptools. */
import { KeyWriter, withoutTrailingZeros } from './key.ts';

const form =
  /^v?(?:([0-9]+)!)?([0-9]+(?:\.[0-9]+)*)(?:[-_.]?(a|b|c|rc|alpha|beta|pre|preview)[-_.]?([0-9]*))?(?:-([0-9]+)|[-_.]?(post|rev|r)[-_.]?([0-9]*))?(?:[-_.]?(dev)[-_.]?([0-9]*))?(?:\+([a-z0-9]+(?:[-_.][a-z0-9]+)*))?$/;

const phases: Readonly<Record<string, number>> = {
  a: 1,
  alpha: 1,
  b: 2,
  beta: 2,
  c: 3,
  rc: 3,
  pre: 3,
  preview: 3,
};
const releases = { end: 1, number: 2 } as const;
/** A development release of the release itself comes ahead of every phase; no phase comes after all of them. */
const development = 0;
const noPhase = 4;
const local = { end: 0, text: 1, number: 2 } as const;

export function pypiKey(version: string): KeyWriter {
  const match = form.exec(version.toLowerCase());
  if (match === null) return legacyKey(version);
  const [
    ,
    epoch = '0',
    release = '',
    phase,
    phaseNumber = '',
    postDash,
    post,
    postNumber = '',
    dev,
    devNumber = '',
    localPart,
  ] = match;
  const hasPost = postDash !== undefined || post !== undefined;
  const key = new KeyWriter().mark(1).number(epoch);
  for (const digits of withoutTrailingZeros(release.split('.'))) key.mark(releases.number).number(digits);
  key.mark(releases.end);
  if (phase !== undefined) key.mark(phases[phase] ?? noPhase).number(phaseNumber);
  else key.mark(dev !== undefined && !hasPost ? development : noPhase);
  if (hasPost) key.mark(1).number(postDash ?? postNumber);
  else key.mark(0);
  if (dev === undefined) key.mark(1);
  else key.mark(0).number(devNumber);
  for (const word of localPart?.split(/[-_.]/) ?? []) {
    if (/^[0-9]+$/.test(word)) key.mark(local.number).number(word);
    else key.mark(local.text).text(word);
  }
  return key.mark(local.end);
}

const legacyWords: Readonly<Record<string, string>> = { pre: 'c', preview: 'c', '-': 'final-', rc: 'c', dev: '@' };

function legacyKey(version: string): KeyWriter {
  const parts: string[] = [];
  for (const [token] of version.toLowerCase().matchAll(/[0-9]+|[a-z]+|\.|-|[^0-9a-z.-]+/g)) {
    const word = legacyWords[token] ?? token;
    if (word === '.') continue;
    const part = /^[0-9]/.test(word) ? word.padStart(8, '0') : `*${word}`;
    if (part.startsWith('*')) {
      if (part < '*final') while (parts.at(-1) === '*final-') parts.pop();
      while (parts.at(-1) === '00000000') parts.pop();
    }
    parts.push(part);
  }
  const key = new KeyWriter().mark(0);
  for (const part of [...parts, '*final']) key.mark(1).text(part);
  return key.mark(0);
}
