/**
 * Drafts of reports, filled from the evidence: each part with the records that show it. What no record tells stays empty and
 * is listed as missing: a person fills it in; nothing is made up.
 */
import { type Assessment, type Facts, rangeOf, tell, tellRange } from '#criteria';
import type { EvidenceRecord } from '#evidence/record';
import { type JournalEvent, journalRecord } from '#guard/record';
import { planSubmitted } from '#plan/record';
import { claimDecided, claimPaid, damageLedger, leakLedger } from '#relief/record';
import { runStarted } from '#runner/record';
import { z } from 'zod';
import { cited } from '../live.ts';
import type { Words } from '../say.ts';
import { measureWords } from '../timeline.ts';
import { type FilingDutyId, type FilingPart, filingDuties, filingParts } from './duty.ts';

export interface DraftedPart {
  readonly part: FilingPart;
  readonly title: Words;
  /** null: a person fills it in. */
  readonly value: Words | null;
  /** Numbers of records. */
  readonly records: readonly number[];
}

export interface FilingDraft {
  readonly duty: FilingDutyId;
  readonly title: Words;
  readonly to: Words;
  readonly parts: readonly DraftedPart[];
  readonly missing: readonly FilingPart[];
}

export interface Known {
  readonly facts: Facts;
  readonly assessment: Assessment;
  readonly records: readonly EvidenceRecord[];
}

/** The draft of a duty. */
export function draftFiling(duty: FilingDutyId, known: Known): FilingDraft {
  const { title, to, parts } = filingDuties[duty];
  const drafted = parts.map((part): DraftedPart => {
    const told = tellers[part](known);
    return { part, title: filingParts[part], value: told?.value ?? null, records: told?.records ?? [] };
  });
  return {
    duty,
    title,
    to,
    parts: drafted,
    missing: drafted.flatMap(({ part, value }) => (value === null ? [part] : [])),
  };
}

/** The draft as text, for whoever copies it into a form. */
export function filingText({ title, to, parts, missing }: FilingDraft, lang: 'ko' | 'en'): string {
  const t = (ko: string, en: string): string => (lang === 'ko' ? ko : en);
  const rows = parts.map(({ title: name, value, records }, i) => {
    const shown =
      records.length === 0 ? '' : ` (${t('기록', 'records')} ${records.map((index) => `#${index}`).join(', ')})`;
    return `${i + 1}. ${name[lang]}: ${value === null ? t('[담당자 기재]', '[to be filled in]') : `${value[lang]}${shown}`}`;
  });
  const open = missing.map((part) => filingParts[part][lang]).join(', ');
  return `${[
    `${title[lang]} (${t('초안', 'draft')})`,
    `${t('제출처', 'To')}: ${to[lang]}`,
    '',
    ...rows,
    '',
    missing.length === 0
      ? t(
          '빈 항목이 없습니다. 제출 전에 담당자가 확인하십시오.',
          'Nothing is left empty. A person confirms it before it is filed.',
        )
      : t(`담당자가 채울 항목: ${open}`, `To be filled in by a person: ${open}`),
  ].join('\n')}\n`;
}

type Told = { readonly value: Words; readonly records: readonly number[] } | null;

const tellers: Readonly<Record<FilingPart, (known: Known) => Told>> = {
  recognised: ({ facts, records }) => instant(facts.awareAt, eventsOf(records, 'disruption.opened').slice(0, 1)),
  occurred: ({ facts, records }) => {
    const starts = (facts.disruptions ?? []).flatMap(({ start }) =>
      start === null || start === undefined ? [] : [start],
    );
    return instant(starts.toSorted(byTime)[0], eventsOf(records, 'disruption.opened').slice(0, 1));
  },
  ended: ({ facts, records }) => {
    const rows = facts.disruptions ?? [];
    const ends = rows.flatMap(({ end }) => (end === null || end === undefined ? [] : [end]));
    if (rows.length === 0) return null;
    if (ends.length < rows.length) return { value: { ko: '계속 중', en: 'not ended' }, records: [] };
    return instant(ends.toSorted(byTime).at(-1), eventsOf(records, 'disruption.closed').slice(-1));
  },
  lasted: ({ assessment, records }) => {
    const outage = assessment.findings.find(({ criterion }) => criterion === 'minor.outage')?.value;
    if (outage === null || outage === undefined || !('unit' in outage)) return null;
    return { value: tellRange(outage, outage.unit), records: eventsOf(records, 'disruption.closed') };
  },
  services: ({ facts, records }) => {
    const down = new Set(
      (facts.disruptions ?? []).flatMap(({ service }) => (service === null || service === undefined ? [] : [service])),
    );
    const names =
      down.size > 0
        ? [...down]
        : (facts.services ?? []).flatMap(({ id }) => (id === null || id === undefined ? [] : [id]));
    return names.length === 0
      ? null
      : { value: same(names.join(', ')), records: numbers(cited(records, planSubmitted)).slice(-1) };
  },
  users: ({ facts }) => {
    const counts = (facts.services ?? []).map(({ subscribers }) => rangeOf(subscribers).high);
    if (counts.length === 0 || counts.includes(null)) return null;
    const most = counts.reduce<number>((total, high) => total + (high ?? 0), 0);
    const words = tell(most, 'persons');
    return { value: { ko: `가입자 ${words.ko} 이하`, en: `at most ${words.en} (subscribers)` }, records: [] };
  },
  amount: ({ assessment, records }) => {
    const damage = assessment.findings.find(({ criterion }) => criterion === 'minor.damage')?.value;
    if (damage === null || damage === undefined || !('unit' in damage)) return null;
    return { value: tellRange(damage, damage.unit), records: numbers(cited(records, damageLedger)).slice(-1) };
  },
  cause: ({ records }) => {
    const plan = planOf(records);
    if (plan === null) return null;
    return {
      value: { ko: `작업 중 발생: ${plan.title.ko}`, en: `In the course of: ${plan.title.en}` },
      records: [plan.index],
    };
  },
  change: ({ facts, records }) => {
    const plan = planOf(records);
    const started = cited(records, runStarted).at(-1);
    if (plan === null || started === undefined) return null;
    const fixes = (facts.work.fixes ?? []).join(', ');
    return {
      value: {
        ko: `${korean(started.payload.at)}, ${fixes === '' ? '계획된 작업' : `${fixes} 조치`}`,
        en: `${korean(started.payload.at)}, ${fixes === '' ? 'planned work' : `to mend ${fixes}`}`,
      },
      records: [started.index, plan.index],
    };
  },
  external: () => null,
  action: ({ facts, records }) => {
    const rows = facts.recovery ?? [];
    if (rows.length === 0) return null;
    const told = (lang: 'ko' | 'en'): string =>
      rows
        .map(({ measure, succeeded, at }) => {
          const name = measureWords[measure ?? '']?.[lang] ?? measure ?? '';
          const end =
            succeeded === true ? { ko: '완료', en: 'done' } : { ko: '완료 확인되지 않음', en: 'not known to be done' };
          return `${name} ${end[lang]}${at === null || at === undefined ? '' : ` (${korean(at)})`}`;
        })
        .join('; ');
    return { value: { ko: told('ko'), en: told('en') }, records: eventsOf(records, 'recovery.end') };
  },
  compensation: ({ facts, records }) => {
    const claims = facts.relief?.claims ?? null;
    if (claims === null) return null;
    const [accepted, paid, open] = [claims.accepted, claims.paid, claims.open].map((count) =>
      tellRange(rangeOf(count), 'claims'),
    );
    return {
      value: {
        ko: `인정 ${accepted?.ko}, 지급 ${paid?.ko}, 심사 중 ${open?.ko}`,
        en: `accepted ${accepted?.en}, paid ${paid?.en}, open ${open?.en}`,
      },
      records: numbers([...cited(records, claimDecided), ...cited(records, claimPaid)]).slice(-20),
    };
  },
  prevention: () => null,
  leaked: ({ facts, records }) => {
    const { leaks } = facts;
    if (leaks === null || leaks === undefined) return null;
    const ledger = numbers(cited(records, leakLedger)).slice(-1);
    const count = (of: LeakCount): Words => {
      const range = typeof of === 'object' && of !== null && !('low' in of) ? of.records : of;
      return tellRange(rangeOf(range), 'records');
    };
    const [credit, other, rest] = [count(leaks.personalCredit), count(leaks.other), count(leaks.unclassified)];
    return {
      value: {
        ko: `개인신용정보 ${credit.ko}, 그 밖의 개인정보 ${other.ko}, 분류되지 않은 기록 ${rest.ko}`,
        en: `personal credit information ${credit.en}, other ${other.en}, unclassified ${rest.en}`,
      },
      records: ledger,
    };
  },
  discovered: ({ facts, records }) => instant(facts.leaks?.discoveredAt, numbers(cited(records, leakLedger)).slice(-1)),
  circumstances: () => null,
  remedies: () => null,
  contact: () => null,
};

function instant(at: string | null | undefined, records: readonly number[]): Told {
  return at === null || at === undefined ? null : { value: same(korean(at)), records };
}

type LeakCount = NonNullable<Facts['leaks']>['other'];

const same = (text: string): Words => ({ ko: text, en: text });
const byTime = (a: string, b: string): number => Date.parse(a) - Date.parse(b);
const numbers = (rows: readonly { index: number }[]): number[] => rows.map(({ index }) => index);

/** As forms write it: to the minute, in Korean time. */
function korean(at: string): string {
  return `${new Date(Date.parse(at) + 9 * 3_600_000).toISOString().slice(0, 16).replace('T', ' ')} KST`;
}

function eventsOf(records: readonly EvidenceRecord[], type: JournalEvent['type']): number[] {
  return numbers(cited(records, journalRecord).filter(({ payload }) => payload.event.type === type));
}

const titled = z.object({ title: z.object({ ko: z.string(), en: z.string() }) });

function planOf(records: readonly EvidenceRecord[]): { title: Words; index: number } | null {
  const newest = cited(records, planSubmitted).at(-1);
  const read = titled.safeParse(newest?.payload.document);
  return newest === undefined || !read.success ? null : { title: read.data.title, index: newest.index };
}
