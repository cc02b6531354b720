/**
 * What a notice of each kind says, in Korean and English: data without code, so that the same facts give the same bytes.
 * `{name}` is a value of {@link TemplateValues}. Korean sentences are built so that no particle depends on a value.
 * No template names a hole, a product or an address; the test holds every one against the lint.
 */
import type { NoticeKind } from './succession.ts';

type Words = { readonly ko: string; readonly en: string };

/** What stands in a template. `before` = the timing told last; `since` and `until` = of the disruption. */
export type TemplateValues = Readonly<
  Record<'company' | 'timing' | 'before' | 'scope' | 'details' | 'ways' | 'phone' | 'since' | 'until' | 'lasted', Words>
>;

interface Template {
  readonly title: Words;
  readonly website: Words;
  /** Korean, line by line. */
  readonly sms: readonly string[];
}

const closing = '문의: {phone}, 자세한 내용은 홈페이지 공지사항에서 확인하실 수 있습니다.';
const lossTold = '손해를 입으신 경우 홈페이지나 고객센터로 신고하실 수 있습니다.';
const lossToldInEnglish = 'If you suffered a loss, report it on our website or by telephone.';

export const noticeTemplates: Readonly<Record<NoticeKind, Template>> = {
  advance: {
    title: { ko: '{scope} 서비스 일시 중단 안내', en: '{scope}: temporary interruption' },
    website: {
      ko: '{details}으로 {timing} 동안 {scope} 서비스 이용이 일시 중단됩니다. 점검이 먼저 끝나면 바로 이용하실 수 있습니다.',
      en: '{details}: {scope} will be interrupted on {timing}. Services reopen as soon as the work is done.',
    },
    sms: [
      '[{company}] 서비스 일시 중단 안내',
      '일시: {timing}',
      '범위: {scope}',
      '내용: {details}',
      '이용 가능: {ways}',
      closing,
    ],
  },
  reminder: {
    title: { ko: '{scope} 서비스 일시 중단 재안내', en: '{scope}: reminder of the interruption' },
    website: {
      ko: '앞서 안내해 드린 대로 {timing} 동안 {scope} 서비스 이용이 일시 중단됩니다.',
      en: 'As announced, {scope} will be interrupted on {timing}.',
    },
    sms: ['[{company}] {timing} {scope} 중단. 문의 {phone}'],
  },
  change: {
    title: { ko: '{scope} 서비스 일시 중단 변경 안내', en: '{scope}: the interruption has changed' },
    website: {
      ko: '안내해 드린 내용이 변경되었습니다. 변경 후 일시는 {timing}, 범위는 다음과 같습니다: {scope}. (변경 전 일시: {before})',
      en: 'What we announced has changed. The interruption is now on {timing} and covers {scope}. (Before: {before})',
    },
    sms: [
      '[{company}] 서비스 일시 중단 변경 안내',
      '변경 전: {before}',
      '변경 후: {timing}',
      '범위: {scope}',
      '내용: {details}',
      '이용 가능: {ways}',
      closing,
    ],
  },
  postponement: {
    title: { ko: '{scope} 서비스 일시 중단 연기 안내', en: '{scope}: the interruption is postponed' },
    website: {
      ko: '{before} 예정이던 작업을 연기합니다. 새 일시는 {timing}이며, 그때까지 {scope} 서비스는 평소와 같이 이용하실 수 있습니다.',
      en: 'The work of {before} is postponed to {timing}. Until then {scope} can be used as usual.',
    },
    sms: [
      '[{company}] 서비스 일시 중단 연기 안내',
      '변경 전: {before}',
      '변경 후: {timing}',
      '범위: {scope}',
      '내용: {details}',
      '이용 가능: {ways}',
      closing,
    ],
  },
  extension: {
    title: { ko: '{scope} 서비스 중단 연장 안내', en: '{scope}: the interruption is extended' },
    website: {
      ko: '작업이 길어져 {scope} 서비스 중단 시간을 연장합니다. 새 일시: {timing}. (변경 전: {before}) 먼저 끝나면 바로 이용하실 수 있습니다.',
      en: 'The work takes longer: {scope} will be interrupted on {timing}. (Before: {before}) Services reopen as soon as the work is done.',
    },
    sms: [
      '[{company}] 서비스 중단 연장 안내',
      '변경 전: {before}',
      '변경 후: {timing}',
      '범위: {scope}',
      '내용: {details}',
      '이용 가능: {ways}',
      closing,
    ],
  },
  cancel: {
    title: { ko: '{scope} 서비스 일시 중단 취소 안내', en: '{scope}: the interruption is cancelled' },
    website: {
      ko: '{before} 예정이던 작업을 취소하였습니다. {scope} 서비스는 평소와 같이 이용하실 수 있습니다.',
      en: 'The work of {before} is cancelled. {scope} can be used as usual.',
    },
    sms: [
      '[{company}] 서비스 일시 중단 취소 안내',
      '취소된 일시: {before}',
      '범위: {scope}',
      '평소와 같이 이용하실 수 있습니다.',
      closing,
    ],
  },
  start: {
    title: { ko: '{scope} 서비스 중단 시작 안내', en: '{scope}: the interruption has begun' },
    website: {
      ko: '{details} 작업을 시작하였습니다. {timing} 동안 {scope} 서비스 이용이 일시 중단되며, 먼저 끝나면 바로 이용하실 수 있습니다.',
      en: '{details}: the work has begun. {scope} is interrupted on {timing}. Services reopen as soon as the work is done.',
    },
    sms: [
      '[{company}] 서비스 중단 시작 안내',
      '일시: {timing}',
      '범위: {scope}',
      '내용: {details}',
      '이용 가능: {ways}',
      closing,
    ],
  },
  disruption: {
    title: { ko: '{scope} 서비스 장애 안내', en: '{scope}: disruption' },
    website: {
      ko:
        '{since}부터 {scope} 서비스 이용이 원활하지 않아 복구하고 있습니다. 그동안 이용하실 수 있는 방법: {ways}. 불편을 드려 사과드립니다. ' +
        lossTold,
      en:
        'Since {since} {scope} has been disrupted; we are restoring it. Meanwhile you can use: {ways}. We apologise. ' +
        lossToldInEnglish,
    },
    sms: [
      '[{company}] 서비스 장애 안내',
      '발생: {since}',
      '범위: {scope}',
      '내용: 서비스 이용이 원활하지 않아 복구하고 있습니다.',
      '이용 가능: {ways}',
      closing,
    ],
  },
  end: {
    title: { ko: '{scope} 서비스 재개 안내', en: '{scope}: services are back' },
    website: {
      ko: '작업이 끝나 {scope} 서비스를 다시 이용하실 수 있습니다. ' + lossTold,
      en: 'The work is done and {scope} can be used again. ' + lossToldInEnglish,
    },
    sms: ['[{company}] 서비스 재개 안내', '범위: {scope}', '작업이 끝나 다시 이용하실 수 있습니다.', lossTold, closing],
  },
  result: {
    title: { ko: '{scope} 작업 결과 안내', en: '{scope}: result of the work' },
    website: {
      ko: '{timing} 작업의 결과를 안내해 드립니다. 서비스 중단 시간: {lasted}. ' + lossTold,
      en: 'Result of the work of {timing}. Time in which services were down: {lasted}. ' + lossToldInEnglish,
    },
    sms: [
      '[{company}] 작업 결과 안내',
      '일시: {timing}',
      '범위: {scope}',
      '서비스 중단 시간: {lasted}',
      lossTold,
      closing,
    ],
  },
};

/** The text of a template. Throws for a name that has no value: a template is ours, so that is a fault of the program. */
export function fillTemplate(template: string, values: TemplateValues, language: 'ko' | 'en'): string {
  return template.replace(/\{(\w+)\}/g, (_, name: string) => {
    if (!Object.hasOwn(values, name)) throw new Error(`no value ${name} for a template of notices`);
    return values[name as keyof TemplateValues][language];
  });
}
