/** Duties to report and to tell that run besides, whatever the criteria give: due, possible, or not known. */
import { durationMs } from '../duration.ts';
import type { DutyNotice } from './assessment.ts';
import { type Row, episodes } from './downtime.ts';
import type { Facts } from './facts.ts';
import type { Interval } from './interval.ts';
import { type LeakUnit, leakedOf, leaksKnown } from './leak.ts';
import type { Duty, PolicyPack, Trigger } from './pack.ts';
import { type Range, rangeOf, sum } from './range.ts';
import { at, stampOf } from './time.ts';
import { type Words, tell, tellRange } from './wording.ts';

/** How far a trigger is established, in order: `possible` by the upper bound of a quantity, `unknown` for want of a fact. */
const levels = ['no', 'unknown', 'possible', 'due'] as const;
type Level = (typeof levels)[number];

const allOf = (of: readonly Level[]): Level => levels[Math.min(...of.map((level) => levels.indexOf(level)))] ?? 'no';
const anyOf = (of: readonly Level[]): Level => levels[Math.max(0, ...of.map((level) => levels.indexOf(level)))] ?? 'no';

/** What a trigger gives: how far it is established, why, and the instant it counts from (null: not known). */
type Triggered = { readonly level: Level; readonly from: number | null; readonly why: Words };

/** The duties of the pack that the facts do not rule out; `rows` are the disruptions of the work, of whatever cause. */
export function dutiesOf(pack: PolicyPack, facts: Facts, rows: readonly Row[] | null): DutyNotice[] {
  const { offset } = pack.timezone;
  return pack.duties.flatMap((duty) => {
    const { level, from, why } = triggered(duty.trigger, facts, rows, offset);
    if (level === 'no') return [];
    const due = level === 'due' && from !== null ? stampOf(from + durationMs(duty.within), offset) : null;
    return [{ id: duty.id, status: level, why: told(duty, level, why), due }];
  });
}

function told(duty: Duty, level: Exclude<Level, 'no'>, why: Words): Words {
  const verdicts = {
    due: { ko: '의무가 발생하였습니다.', en: 'The duty has arisen.' },
    possible: { ko: '의무가 발생하였을 수 있습니다.', en: 'The duty may have arisen.' },
    unknown: { ko: '사실이 확인되지 않아 판단할 수 없습니다.', en: 'The facts do not tell.' },
  } as const;
  const verdict = verdicts[level];
  return { ko: `${duty.title.ko}: ${verdict.ko} ${why.ko}`, en: `${duty.title.en}: ${verdict.en} ${why.en}` };
}

function triggered(trigger: Trigger, facts: Facts, rows: readonly Row[] | null, offset: string): Triggered {
  switch (trigger.kind) {
    case 'episode':
      return byEpisode(trigger, facts, rows, offset);
    case 'leak':
      return byLeak(trigger, facts, offset);
    case 'transaction-error':
      return byTransactionError(facts, offset);
  }
}

type EpisodeTrigger = Extract<Trigger, { kind: 'episode' }>;

/** The clock runs from awareness; where that is not known, from the instant the earliest episode had lasted long enough. */
function byEpisode(trigger: EpisodeTrigger, facts: Facts, rows: readonly Row[] | null, offset: string): Triggered {
  if (rows === null) {
    return {
      level: 'unknown',
      from: null,
      why: { ko: '전산장애가 확인되지 않았습니다.', en: 'Disruptions are not known.' },
    };
  }
  const services = [...new Set(rows.map(({ service }) => service))];
  const met = services.flatMap((service) => trigger.anyOf.map((threshold) => reached(threshold, rows, service, facts)));
  const instants = met
    .flatMap(({ level, instant }) => (level === 'due' && instant !== null ? [instant] : []))
    .toSorted((a, b) => a - b);
  const aware = at(facts.awareAt);
  const longest = rangeOfLongest(rows, services);
  const later = aware === null ? instants.slice(1) : instants;
  const others = [...new Set(later)].map((instant) => stampOf(instant, offset)).join(', ');
  return {
    level: anyOf(met.map(({ level }) => level)),
    from: aware ?? instants[0] ?? null,
    why: {
      ko: `한 서비스의 가장 긴 연속 장애는 ${tellRange(longest, 'ms').ko}입니다.${others === '' ? '' : ` 다른 기산점: ${others}.`}`,
      en: `The longest unbroken disruption of one service is ${tellRange(longest, 'ms').en}.${others === '' ? '' : ` Other starts of the clock: ${others}.`}`,
    },
  };
}

type Threshold = EpisodeTrigger['anyOf'][number];

function reached(
  threshold: Threshold,
  rows: readonly Row[],
  service: string | null,
  facts: Facts,
): { level: Level; instant: number | null } {
  const lasts = durationMs(threshold.lasts);
  const long = (edge: 'certain' | 'possible'): Interval[] =>
    episodes(rows, service, edge).filter(({ start, end }) => end - start >= lasts);
  const [certain, possible] = [long('certain'), long('possible')];
  const duration: Level = certain.length > 0 ? 'due' : possible.length > 0 ? 'possible' : 'no';
  const first = certain[0];
  return {
    level: allOf([duration, subscribed(threshold, service, facts)]),
    instant: first === undefined ? null : first.start + lasts,
  };
}

function subscribed({ subscribers }: Threshold, service: string | null, facts: Facts): Level {
  if (subscribers === null) return 'due';
  return atLeast(rangeOf(facts.services?.find(({ id }) => id === service)?.subscribers), subscribers);
}

function atLeast({ low, high }: Range, least: number): Level {
  if (low >= least) return 'due';
  return high === null || high >= least ? 'possible' : 'no';
}

function rangeOfLongest(rows: readonly Row[], services: readonly (string | null)[]): Range {
  const longest = (edge: 'certain' | 'possible'): number =>
    services.reduce(
      (most, service) => episodes(rows, service, edge).reduce((m, { start, end }) => Math.max(m, end - start), most),
      0,
    );
  const most = longest('possible');
  return { low: longest('certain'), high: most === Infinity ? null : most };
}

type LeakTrigger = Extract<Trigger, { kind: 'leak' }>;

/** The clock runs from the earlier of awareness of the incident and discovery of the leak. */
function byLeak(trigger: LeakTrigger, facts: Facts, offset: string): Triggered {
  const range = leakedRange(trigger, facts, 'persons');
  const [any, persons] = leaksKnown(facts)
    ? [atLeast(leakedRange(trigger, facts, 'larger'), 1), atLeast(range, trigger.persons)]
    : (['unknown', 'unknown'] as const);
  const flags = trigger.orFlags.map((flag): Level => {
    const value = facts.leaks?.[flag] ?? null;
    return value === null ? 'unknown' : value ? 'due' : 'no';
  });
  const known = [at(facts.awareAt), at(facts.leaks?.discoveredAt)]
    .filter((instant) => instant !== null)
    .toSorted((a, b) => a - b);
  const [first = null, second = null] = known;
  const later = second === null || second === first ? '' : stampOf(second, offset);
  const stated = tell(trigger.persons, 'persons');
  return {
    level: trigger.persons === 1 && flags.length === 0 ? any : allOf([any, anyOf([persons, ...flags])]),
    from: first,
    why: {
      ko: `유출 정보주체 수: ${tellRange(range, 'persons').ko}, 기준: ${stated.ko}.${later === '' ? '' : ` 다른 기산점: ${later}.`}`,
      en: `Persons concerned: ${tellRange(range, 'persons').en}, threshold ${stated.en}.${later === '' ? '' : ` Another start of the clock: ${later}.`}`,
    },
  };
}

/** Classes that count for certain, and with unclassified data at most. */
function leakedRange({ classes }: LeakTrigger, facts: Facts, unit: LeakUnit): Range {
  const certain = sum(classes.map((each) => leakedOf(facts, each, unit)));
  return { low: certain.low, high: sum([certain, leakedOf(facts, 'unclassified', unit)]).high };
}

function byTransactionError(facts: Facts, offset: string): Triggered {
  const known = at(facts.transactionErrorKnownAt);
  if (known === null) {
    return {
      level: 'unknown',
      from: null,
      why: {
        ko: '거래 오류를 안 시각이 기재되지 않았습니다.',
        en: 'When a transaction error became known is not stated.',
      },
    };
  }
  const stamp = stampOf(known, offset);
  return {
    level: 'due',
    from: known,
    why: { ko: `거래 오류를 안 시각: ${stamp}.`, en: `The transaction error became known at ${stamp}.` },
  };
}
