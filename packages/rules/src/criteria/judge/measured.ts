/** Judges of what is counted: disruption, damage, leaked records. */
import { type Downtime, downtimeThrough } from '../downtime.ts';
import type { Damage } from '../facts.ts';
import { type Bound, type Ground, type Ruling, ground } from '../finding.ts';
import { leakedOther, leakedUnits } from '../leak.ts';
import { type DamageLens, type ParametersOf, damageLens, damageParts, downtimeLens } from '../measure.ts';
import { type Range, type Standing, UNKNOWN, less, marginOf, rangeOf, standing, sum } from '../range.ts';
import { at, moved, spanOf } from '../time.ts';
import { type Words, tell, tellBound, tellRange } from '../wording.ts';
import type { Inquiry } from './inquiry.ts';

/**
 * KR: disruption of up to 4 h (FSC decision of 2026-06-30, as reported). The aggregate is a parameter because the text
 * does not say how several services or relapses count.
 */
export function judgeDowntime(inquiry: Inquiry, parameters: ParametersOf<'downtime'>): Ruling {
  const { criterion, rows } = inquiry;
  const observe = parameters['attribution.observe'];
  const views = Object.entries(criterion.readings).map(
    ([name, lens]) => [name, downtimeThrough(downtimeLens.parse(lens), inquiry, observe)] as const,
  );
  const view = views.find(([name]) => name === parameters['outage.aggregate'])?.[1] ?? NOTHING_SEEN;
  const evidence = rows(observe)?.flatMap((row) => row.evidence) ?? [];
  return {
    ...ruled(inquiry, view.range, Object.fromEntries(views.map(([name, { range }]) => [name, range]))),
    grounds: [
      ...beyond('outage', inquiry, view.range),
      ...(standing(view.range, ...boundOf(inquiry)) === 'straddling' ? straddling(inquiry, view) : []),
    ],
    evidence: [...new Set(evidence)],
  };
}

const NOTHING_SEEN: Downtime = { range: UNKNOWN, workAlone: Infinity, certainMixed: 0 };

/** Why the range is on both sides of the bound: only because of mixed causes, or because times are not known. */
function straddling(inquiry: Inquiry, { range, workAlone, certainMixed }: Downtime): Ground[] {
  const inside = (value: number): boolean => standing({ low: value, high: value }, ...boundOf(inquiry)) === 'inside';
  const [value, bound] = [tellRange(range, 'ms'), boundWords(inquiry)];
  return [
    inside(workAlone) && !inside(certainMixed)
      ? {
          rule: 'outage.mixed',
          status: 'for-committee',
          words: {
            ko: `작업만으로 인한 시간은 기준(${bound.ko}) 이내이나, 원인이 혼재된 시간을 더하면 기준을 넘습니다: ${value.ko}.`,
            en: `Disruption by the work alone is within the bound (${bound.en}); with time of mixed cause it is beyond (${value.en}).`,
          },
        }
      : {
          rule: 'outage.unsure',
          status: 'undetermined',
          words: {
            ko: `장애 시간이 모두 확정되지 않아 기준(${bound.ko}) 이내인지 확인되지 않았습니다: ${value.ko}.`,
            en: `Not all of it is settled, so it is not known whether the disruption (${value.en}) is within the bound (${bound.en}).`,
          },
        },
  ];
}

/** KR: damage below KRW 100,000,000 (same decision). Gross: what customers, company and third parties lost. */
export function judgeDamage(inquiry: Inquiry, parameters: ParametersOf<'damage'>): Ruling {
  const readings = Object.entries(inquiry.criterion.readings).flatMap(([name, lens]) => {
    const range = damageThrough(damageLens.parse(lens), inquiry);
    return range === null ? [] : [[name, range] as const];
  });
  const value = readings.find(([name]) => name === parameters['damage.aggregate'])?.[1] ?? UNKNOWN;
  return {
    ...ruled(inquiry, value, Object.fromEntries(readings)),
    grounds: [...beyond('damage', inquiry, value), ...unknown('damage', inquiry, value)],
  };
}

const GROSS_PARTS: readonly string[] = ['customer', 'company', 'thirdParty'];

/** One reading of the damage; null where it is of parts that nobody gave apart. */
function damageThrough(lens: DamageLens, { facts, offset }: Inquiry): Range | null {
  const own = amountThrough(lens, facts.damage);
  if (own === null || lens.window === null) return own;
  const span = spanOf(lens.window);
  const { history } = facts;
  if (history === null || history === undefined) return { low: own.low, high: null };
  const works = [facts.work, ...history]
    .flatMap(({ start, ...past }) => {
      const begun = at(start);
      const range = 'kind' in past ? own : (amountThrough(lens, past.damage) ?? UNKNOWN);
      return begun === null ? [] : [{ start: begun, range }];
    })
    .toSorted((a, b) => a.start - b.start);
  const most = (amounts: readonly number[]): number => {
    let [until, inside, largest] = [0, 0, 0];
    works.forEach(({ start }, first) => {
      const end = moved(start, span, 1, offset);
      for (; (works[until]?.start ?? Infinity) < end; until += 1) inside += amounts[until] ?? 0;
      largest = Math.max(largest, inside);
      inside -= amounts[first] ?? 0;
    });
    return largest;
  };
  const unbounded = works.length <= history.length || works.some(({ range }) => range.high === null);
  return {
    low: most(works.map(({ range }) => range.low)),
    high: unbounded ? null : most(works.map(({ range }) => range.high ?? 0)),
  };
}

function amountThrough(lens: DamageLens, damage: Damage | null | undefined): Range | null {
  const apart = [...lens.add, ...lens.less].filter((part) => !GROSS_PARTS.includes(part));
  if (damage === null || damage === undefined) return apart.length === 0 ? UNKNOWN : null;
  if (typeof damage === 'number' || 'low' in damage) return apart.length === 0 ? rangeOf(damage) : null;
  if (apart.some((part) => damage[part] === null || damage[part] === undefined)) return null;
  const total = (parts: readonly (typeof damageParts)[number][]): Range =>
    sum(parts.map((part) => rangeOf(damage[part])));
  return less(total(lens.add), total(lens.less));
}

/** KR: fewer than 10,000 records leaked, personal credit information apart (same decision). */
export function judgeLeak(inquiry: Inquiry, parameters: ParametersOf<'leak'>): Ruling {
  const { leaks } = inquiry.facts;
  const value = leakedOther(inquiry.facts, parameters['leak.unit']);
  const readings = Object.fromEntries(leakedUnits.map((unit) => [unit, leakedOther(inquiry.facts, unit)]));
  return {
    ...ruled(inquiry, value, readings),
    grounds: [...beyond('leak', inquiry, value), ...unknown('leak', inquiry, value)],
    raised: leaks?.accessOnly === true ? ['leak.access-only'] : [],
  };
}

function boundOf({ criterion }: Inquiry): [Bound['operator'], number] {
  if (criterion.bound === null) throw new TypeError(`${criterion.id} has no bound`);
  return [criterion.bound.operator, criterion.bound.value];
}

function boundWords({ criterion }: Inquiry): Words {
  return criterion.bound === null
    ? { ko: '', en: '' }
    : tellBound(criterion.bound.operator, criterion.bound.value, criterion.bound.unit);
}

const unitOf = ({ criterion }: Inquiry): Bound['unit'] => criterion.bound?.unit ?? 'records';

/** What all measured findings share: value, margin, readings, and the words of being inside. */
function ruled(inquiry: Inquiry, value: Range, readings: Readonly<Record<string, Range>>): Omit<Ruling, 'grounds'> {
  const unit = unitOf(inquiry);
  const margin = marginOf(value, ...boundOf(inquiry));
  const [amount, bound, left] = [tellRange(value, unit), boundWords(inquiry), tell(margin.low ?? 0, unit)];
  const title = inquiry.criterion.title;
  return {
    value: { ...value, unit },
    margin,
    readings,
    met: {
      ko: `${title.ko}: ${amount.ko}. 기준(${bound.ko}) 이내이며 여유는 ${left.ko}입니다.`,
      en: `${title.en}: ${amount.en}, within the bound (${bound.en}), margin ${left.en}.`,
    },
  };
}

function beyond(word: string, inquiry: Inquiry, value: Range): Ground[] {
  const is: Standing = standing(value, ...boundOf(inquiry));
  const [amount, bound, title] = [tellRange(value, unitOf(inquiry)), boundWords(inquiry), inquiry.criterion.title];
  const words = {
    ko: `${title.ko}: ${amount.ko}. 기준(${bound.ko})을 넘습니다.`,
    en: `${title.en}: ${amount.en}, beyond the bound (${bound.en}).`,
  };
  return ground(`${word}.beyond`, is === 'beyond', 'not-met', { holds: words, unknown: words });
}

function unknown(word: string, inquiry: Inquiry, value: Range): Ground[] {
  const is: Standing = standing(value, ...boundOf(inquiry));
  const [amount, bound, title] = [tellRange(value, unitOf(inquiry)), boundWords(inquiry), inquiry.criterion.title];
  const words = {
    ko: `${title.ko}: ${amount.ko}. 기준(${bound.ko}) 이내인지 확인되지 않았습니다.`,
    en: `${title.en}: ${amount.en}, so it is not known whether it is within the bound (${bound.en}).`,
  };
  return ground(`${word}.unknown`, is === 'straddling', 'undetermined', { holds: words, unknown: words });
}
