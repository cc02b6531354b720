/** Judges of recovery: pre-test, planned measures, recovery carried out. */
import { type Ground, type Ruling, ground } from '../finding.ts';
import type { ParametersOf } from '../measure.ts';
import { at, stampOf } from '../time.ts';
import { type Truth, every, holds, not, someOf } from '../truth.ts';
import { named } from '../wording.ts';
import type { Inquiry } from './inquiry.ts';

/** KR: the plan contains a pre-test (FSC decision of 2026-06-30, as reported); passed before the start. */
export function judgePreTest({ facts }: Inquiry): Ruling {
  const test = facts.plan?.preTest;
  const start = at(facts.work.start) ?? -Infinity;
  const passed = every([test?.passed ?? null, holds(at(test?.at), (testedAt) => testedAt < start)]);
  return {
    grounds: ground('pre-test.not-passed', not(passed), 'not-met', {
      holds: {
        ko: `작업 시작(${facts.work.start}) 전에 통과한 사전 테스트가 없습니다.`,
        en: `No pre-test passed before the start (${facts.work.start}).`,
      },
      unknown: {
        ko: '사전 테스트의 시각이나 결과가 확인되지 않았습니다.',
        en: 'When the pre-test was made, or its result, is not known.',
      },
    }),
    met: { ko: `사전 테스트를 ${test?.at}에 통과하였습니다.`, en: `The pre-test passed at ${test?.at}.` },
  };
}

/** KR: the plan contains measures of a group (same decision). The listed measures are examples, so others are for the committee. */
export function judgePlannedMeasures({ facts }: Inquiry, parameters: ParametersOf<'planned-measures'>): Ruling {
  const group = parameters['measures.any-of'];
  const planned = facts.plan?.measures ?? null;
  const inGroup = planned?.filter((measure) => group.includes(measure)) ?? [];
  const [listed, found] = [named(group), named(planned ?? [])];
  const unknown = { ko: '계획된 복구 수단이 확인되지 않았습니다.', en: 'Which measures were planned is not known.' };
  const none = { ko: '계획된 복구 수단이 없습니다.', en: 'No measure was planned.' };
  const others = {
    ko: `계획된 수단(${found.ko}) 가운데 예시된 수단(${listed.ko})이 없어 심의가 필요합니다.`,
    en: `None of the listed measures (${listed.en}) is among those planned (${found.en}); the list is one of examples.`,
  };
  return {
    grounds: [
      ...ground(
        'measures.none',
        holds(planned, (list) => list.length === 0),
        'not-met',
        { holds: none, unknown },
      ),
      ...ground(
        'measures.others-only',
        planned !== null && planned.length > 0 && inGroup.length === 0,
        'for-committee',
        {
          holds: others,
          unknown,
        },
      ),
    ],
    raised: new Set(inGroup).size === 1 ? ['measures.single'] : [],
    met: {
      ko: `계획된 수단: ${named(inGroup).ko}.`,
      en: `Planned: ${named(inGroup).en}.`,
    },
  };
}

/** KR: recovery is carried out, not only planned (same decision). */
export function judgeRecovery(
  { facts, offset, rows: rowsOf }: Inquiry,
  parameters: ParametersOf<'recovery-carried-out'>,
): Ruling {
  const rows = rowsOf(parameters['attribution.observe'])?.filter(({ attribution }) => attribution !== 'other');
  const met = {
    ko: '장애 이후 복구 수단이 성공하였고 서비스가 정상화되었습니다.',
    en: 'A measure succeeded at or after the first disruption, and service is back.',
  };
  if (rows === undefined) {
    const unknown = { ko: '전산장애 유무가 확인되지 않았습니다.', en: 'Whether there was a disruption is not known.' };
    return { grounds: [{ rule: 'recovery.unknown', status: 'undetermined', words: unknown }], met };
  }
  if (rows.length === 0) {
    const none = { ko: '작업으로 인한 전산장애가 없었습니다.', en: 'There was no disruption by the work.' };
    return { grounds: [{ rule: 'recovery.no-disruption', status: 'not-applicable', words: none }], met };
  }
  const first = rows.reduce(
    (least, { began }) => ({
      earliest: Math.min(least.earliest, began.earliest),
      latest: Math.min(least.latest, began.latest),
    }),
    { earliest: Infinity, latest: Infinity },
  );
  const inTime = (instant: number): Truth => (instant >= first.latest ? true : instant < first.earliest ? false : null);
  const succeeded = someOf(facts.recovery, (recovery) => {
    const done = at(recovery.at);
    return every([recovery.succeeded ?? null, done === null ? null : inTime(done)]);
  });
  const down = rows.some(({ open }) => open);
  const since = Number.isFinite(first.earliest) ? stampOf(first.earliest, offset) : null;
  return {
    grounds: [
      ...ground('recovery.none-while-down', every([down, not(succeeded)]), 'not-met', {
        holds: {
          ko: `장애가 계속되고 있으며 성공한 복구 수단이 없습니다${since === null ? '' : ` (최초 장애 ${since})`}.`,
          en: `Service is still down and no measure succeeded${since === null ? '' : ` (first disruption ${since})`}.`,
        },
        unknown: {
          ko: '장애가 계속되고 있으며 복구 수단의 결과가 확인되지 않았습니다.',
          en: 'Service is still down; whether a measure succeeded is not known.',
        },
      }),
      ...ground('recovery.not-by-measure', every([!down, not(succeeded)]), 'for-committee', {
        holds: {
          ko: '서비스는 정상화되었으나 성공한 복구 수단이 기록되지 않았습니다.',
          en: 'Service is back, but no measure is recorded to have succeeded.',
        },
        unknown: {
          ko: '서비스는 정상화되었으나 복구 수단의 결과가 확인되지 않았습니다.',
          en: 'Service is back; whether a measure succeeded is not known.',
        },
      }),
      ...(down && succeeded === true ? [STILL_DOWN] : []),
    ],
    met,
  };
}

const STILL_DOWN: Ground = {
  rule: 'recovery.still-down',
  status: 'undetermined',
  words: {
    ko: '복구 수단은 성공하였으나 아직 종료되지 않은 장애가 있습니다.',
    en: 'A measure succeeded, but a disruption has not ended yet.',
  },
};
