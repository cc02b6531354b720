/** What the pages of exposure compute: pure, so that it is tested without a browser. */
import type { Schemas } from '@breakwater/client/browser';
import type { IconName, Tone } from '#parts';
import type { SayAdvisory } from './words.ts';

type Exposure = Schemas['Exposure'];
type Priority = Exposure['priority'];

/** Shape and colour of a decision: the word stands beside it. */
export const decisionLooks: Readonly<Record<Priority['decision'], { icon: IconName; tone: Tone }>> = {
  act: { icon: 'attention', tone: 'crossed' },
  attend: { icon: 'attention', tone: 'attention' },
  'track*': { icon: 'running', tone: 'plain' },
  track: { icon: 'waiting', tone: 'plain' },
};

/** The decision in words: where something is not known, from the mildest to the strictest that it may be. */
export function sayDecision({ decision, mildest }: Pick<Priority, 'decision' | 'mildest'>, say: SayAdvisory): string {
  return decision === mildest ? say(decision) : say('undecided', { mildest: say(mildest), strictest: say(decision) });
}

/** One input of SSVC: its value, or that it was read in every way it may be. */
export function sayInput({ values }: { values: readonly string[] }, say: SayAdvisory): string {
  const words = values.map((value) => say(`value_${value}` as 'value_yes'));
  return words.length === 1 ? (words[0] ?? '') : say('inputOpen', { values: words.join(' · ') });
}

/** A probability as percent, rounded up at its first digit: it is never shown as less than it is. */
export function percentOf(share: number): string {
  const percent = share * 100;
  return percent >= 10 ? String(Math.ceil(percent)) : (Math.ceil(percent * 10) / 10).toFixed(1);
}

/** `maven/org.apache/log4j@2.14.1`, with the release of its distribution. */
export function nameOfComponent({
  package: name,
  version,
  distro,
}: Pick<Exposure['component'], 'package' | 'version' | 'distro'>): string {
  return `${name} ${version}${distro === null ? '' : ` (${distro})`}`;
}

/** How far the targets of a patch were seen without it: a target that nobody looked at again is not done. */
export function targetsSeen({ targets }: Pick<Schemas['Patch'], 'targets'>): { done: number; all: number } {
  return { done: targets.filter(({ state }) => state === 'gone').length, all: targets.length };
}

/** Ids as people type them: commas, spaces or lines between. */
export function idsIn(text: string): string[] {
  return [...new Set(text.split(/[\s,]+/).filter((id) => id !== ''))];
}
