import type { Finding } from '@breakwater/rules';

/** Statuses as they are shown to people. */
export const statusWords: Readonly<Record<Finding['status'], { ko: string; en: string }>> = {
  met: { ko: '충족', en: 'met' },
  'not-met': { ko: '미충족', en: 'not met' },
  undetermined: { ko: '미확인', en: 'undetermined' },
  'for-committee': { ko: '심의 필요', en: 'for the committee' },
  'not-applicable': { ko: '해당 없음', en: 'not applicable' },
};
