/** Judge of what work the measure covers. */
import type { Facts } from '../facts.ts';
import { type Ground, type Ruling, ground } from '../finding.ts';
import type { ParametersOf } from '../measure.ts';
import { at } from '../time.ts';
import { type Truth, every, holds, not, someOf } from '../truth.ts';
import { named } from '../wording.ts';
import type { Inquiry } from './inquiry.ts';

type Advisory = NonNullable<NonNullable<Facts['work']['advisories']>[number]>;

/**
 * KR: security tests using AI, and emergency patches for vulnerabilities that FSC, FSS or FSI disseminated (FSC
 * decision of 2026-06-30, as reported). Whatever is outside these words goes to the committee; other work is not covered.
 */
export function judgeCoveredWork({ facts }: Inquiry, parameters: ParametersOf<'covered-work'>): Ruling {
  const { work } = facts;
  const covered = parameters['scope.activities'][work.kind]?.includes(work.activity) ?? false;
  const from = at(parameters['scope.from']) ?? -Infinity;
  const kind = named([work.kind, work.activity]);
  const notCovered = {
    ko: `대상 작업에 해당하지 않습니다: ${kind.ko}.`,
    en: `This is not covered work: ${kind.en}.`,
  };
  const before = {
    ko: `작업 시작(${work.start})이 적용 기준일(${parameters['scope.from']})보다 앞서 위원회 심의가 필요합니다.`,
    en: `The work began (${work.start}) before the decision took effect (${parameters['scope.from']}).`,
  };
  return {
    grounds: [
      ...ground('scope.not-covered', !covered, 'not-met', { holds: notCovered, unknown: notCovered }),
      ...ground('scope.before-effect', (at(work.start) ?? Infinity) < from, 'for-committee', {
        holds: before,
        unknown: before,
      }),
      ...(work.kind === 'security-test' ? withoutAi(work.usesAi ?? null) : outsideWords(work, parameters)),
    ],
    met:
      work.kind === 'security-test'
        ? { ko: '인공지능을 활용한 보안 점검 작업입니다.', en: 'A security test that uses AI.' }
        : {
            ko: `작업 시작 전에 전파된 취약점만을 조치하는 긴급 패치입니다(전파 기관: ${named(parameters['scope.disseminators']).ko}).`,
            en: `An emergency patch of nothing but vulnerabilities disseminated before the start (by one of ${named(parameters['scope.disseminators']).en}).`,
          },
    evidence: work.advisories?.flatMap(({ id }) => id ?? []) ?? [],
  };
}

function withoutAi(usesAi: Truth): Ground[] {
  return ground('scope.no-ai', not(usesAi), 'for-committee', {
    holds: {
      ko: '인공지능을 사용하지 않은 점검이 대상에 포함되는지는 위원회 심의가 필요합니다.',
      en: 'Whether a test without AI is covered is for the committee.',
    },
    unknown: {
      ko: '점검에 인공지능을 사용하였는지 확인되지 않았습니다.',
      en: 'It is not known whether the test used AI.',
    },
  });
}

function outsideWords(work: Facts['work'], parameters: ParametersOf<'covered-work'>): Ground[] {
  const bodies = parameters['scope.disseminators'];
  const start = at(work.start) ?? -Infinity;
  const disseminated = (advisory: Advisory): Truth =>
    every([
      holds(advisory.disseminatedBy, (body) => bodies.includes(body)),
      holds(advisory.proof, (proof) => proof !== 'absent'),
      holds(at(advisory.receivedAt), (received) => received < start),
      holds(advisory.covers, (covers) => covers === 'all'),
    ]);
  const names = named(bodies);
  return [
    ...ground('scope.outside-words', not(someOf(work.advisories, disseminated)), 'for-committee', {
      holds: {
        ko: `작업 시작(${work.start}) 전에 전파 기관(${names.ko})에서 받은, 조치 내용 전부를 포괄하고 증빙이 있는 취약점 정보가 없습니다.`,
        en: `No advisory of ${names.en} was received before the start (${work.start}) with proof and covering all that was fixed.`,
      },
      unknown: {
        ko: `취약점 전파(${names.ko})의 주체, 증빙, 수신 시각 또는 포괄 범위가 확인되지 않았습니다.`,
        en: `Who disseminated the vulnerability (${names.en}), with what proof, when and covering what is not known.`,
      },
    }),
    ...ground('scope.other-changes', work.otherChanges ?? null, 'for-committee', {
      holds: {
        ko: '전파된 취약점의 조치 외에 다른 변경이 함께 수행되었습니다.',
        en: 'Other changes were made together with the patch of the disseminated vulnerabilities.',
      },
      unknown: {
        ko: '취약점 조치 외에 다른 변경이 있었는지 확인되지 않았습니다.',
        en: 'It is not known whether other changes were made as well.',
      },
    }),
  ];
}
