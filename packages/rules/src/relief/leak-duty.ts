/** What a leak obliges a company to do besides, from the moment it knows of it. */
import type { LeakClass, LeakEntry, ClassifiedLeak } from './leak.ts';

type Words = { readonly ko: string; readonly en: string };

export type LeakDutyRule = {
  readonly title: Words;
  /** From awareness, ms; 0 = without delay. */
  readonly withinMs: number;
  readonly source: { readonly document: string; readonly date: string; readonly clause: string | null };
  /** Persons from which it is owed whatever the data is. */
  readonly persons: number;
  readonly classes: readonly LeakClass[];
  /** Data or circumstances by which it is owed from the first person on. */
  readonly orFor: readonly ('special' | 'illegalExternalAccess')[];
};

const hourMs = 3_600_000;
const personalData: readonly LeakClass[] = ['personalCredit', 'other', 'unclassified'];

/** The duties, with their sources. The reading that comes first in time is the one whose clock is shown. */
export const leakDuties = {
  'pipc-report': {
    title: { ko: '개인정보 유출 신고(개인정보보호위원회·한국인터넷진흥원)', en: 'Report to PIPC/KISA' },
    withinMs: 72 * hourMs,
    source: { document: '개인정보 보호법 시행령 (대통령령 제36671호) 제40조', date: '2026-09-11', clause: '40' },
    persons: 1000,
    classes: personalData,
    orFor: ['special', 'illegalExternalAccess'],
  },
  'subject-notice': {
    title: { ko: '정보주체 통지', en: 'Notice to the persons concerned' },
    withinMs: 72 * hourMs,
    source: { document: '개인정보 보호법 시행령 (대통령령 제36671호) 제39조', date: '2026-09-11', clause: '39' },
    persons: 1,
    classes: personalData,
    orFor: [],
  },
  'credit-leak-notice': {
    title: {
      ko: '개인신용정보 누설 통지(지체 없이)',
      en: 'Notice of a leak of personal credit information, without delay',
    },
    withinMs: 0,
    source: { document: '신용정보의 이용 및 보호에 관한 법률 제39조의4', date: '2026-06-30', clause: '39-4' },
    persons: 1,
    classes: ['personalCredit', 'unclassified'],
    orFor: [],
  },
  'credit-leak-report': {
    title: {
      ko: '개인신용정보 누설 신고(금융위원회·금융감독원)',
      en: 'Report of a leak of personal credit information to FSC/FSS',
    },
    withinMs: 0,
    source: {
      document: '신용정보의 이용 및 보호에 관한 법률 시행령 제34조의4 (general knowledge, text not read)',
      date: '2026-06-30',
      clause: null,
    },
    persons: 10_000,
    classes: ['personalCredit', 'unclassified'],
    orFor: [],
  },
} as const satisfies Record<string, LeakDutyRule>;
export type LeakDuty = keyof typeof leakDuties;
export const leakDutyNames = Object.keys(leakDuties) as [LeakDuty, ...LeakDuty[]];

/** How far a duty is established: `possible` by an upper bound, a class or a circumstance that nobody knows yet. */
export type LeakDutyState = { readonly duty: LeakDuty; readonly status: 'due' | 'possible'; readonly due: number };

/**
 * The duties that a leak starts, each with its end in epoch ms. One that the facts do not rule out is `possible`, and its
 * clock runs all the same. Data that was open to access but is not known to have left makes a duty possible: whether that
 * is a leak is for the authority.
 */
export function dutiesOfLeak(entry: LeakEntry, classified: ClassifiedLeak): LeakDutyState[] {
  const aware = Date.parse(entry.awareAt);
  return leakDutyNames.flatMap((duty) => {
    const level = levelOf(leakDuties[duty], entry, classified);
    return level === null ? [] : [{ duty, status: level, due: aware + leakDuties[duty].withinMs }];
  });
}

function levelOf(
  { classes, persons, orFor }: LeakDutyRule,
  entry: LeakEntry,
  classified: ClassifiedLeak,
): 'due' | 'possible' | null {
  if (!classes.includes(classified.class)) return null;
  const { low, high } = entry.persons ?? { low: 0, high: null };
  if (high === 0) return null;
  const flags = orFor.map((flag) => (flag === 'special' ? classified.special : entry.illegalExternalAccess));
  const byCircumstance = flags.includes(true);
  const reaches = high === null || high >= persons;
  if (!reaches && !byCircumstance && !flags.includes(null)) return null;
  const certain =
    (low >= persons || (byCircumstance && low >= 1)) &&
    entry.kind === 'exfiltration' &&
    classified.class !== 'unclassified';
  return certain ? 'due' : 'possible';
}
