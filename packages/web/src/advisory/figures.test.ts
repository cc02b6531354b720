import { expect, test } from 'vitest';
import { sayIn } from '#words';
import { idsIn, nameOfComponent, percentOf, sayDecision, sayInput, targetsSeen } from './figures.ts';
import { advisoryWords } from './words.ts';

const say = sayIn(advisoryWords, 'ko');

test('a decision that what is not known leaves open is said from the mildest to the strictest', () => {
  expect(sayDecision({ decision: 'act', mildest: 'act' }, say)).toBe('즉시 조치');
  expect(sayDecision({ decision: 'attend', mildest: 'track*' }, say)).toBe('주시–우선 조치');
});

test('an input that nobody knows is never one value', () => {
  expect(sayInput({ values: ['active'] }, say)).toBe('악용 중');
  expect(sayInput({ values: ['none', 'poc', 'active'] }, say)).toBe(
    '알 수 없음: 없음 · 개념 증명 공개 · 악용 중 모두로 읽음',
  );
});

test.each([
  [0.975, '98'],
  [0.42, '42'],
  [0.0201, '2.1'],
  [0.0001, '0.1'],
])('odds of %d are shown as %s percent, never as less than they are', (share, shown) => {
  expect(percentOf(share)).toBe(shown);
});

test('a component is named with the release of its distribution, which is part of what it is', () => {
  const component = { package: 'deb/debian/openssl', version: '3.0.11-1', distro: 'debian-12' };
  expect(nameOfComponent(component)).toBe('deb/debian/openssl 3.0.11-1 (debian-12)');
});

test('a target is done when it was seen without the exposure, not when nobody looked', () => {
  const target = (state: 'waiting' | 'gone' | 'still-exposed') => ({ asset: 'a', at: null, exposure: 'e', state });
  expect(targetsSeen({ targets: [target('gone'), target('waiting'), target('still-exposed')] })).toEqual({
    done: 1,
    all: 3,
  });
});

test('ids are read with commas, spaces or lines between, each once', () => {
  expect(idsIn(' CVE-2026-1, CVE-2026-2\nCVE-2026-1 ')).toEqual(['CVE-2026-1', 'CVE-2026-2']);
  expect(idsIn(' , ')).toEqual([]);
});
