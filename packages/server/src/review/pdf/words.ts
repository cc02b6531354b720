/** Official words of the pages, in both languages. */
import type { AdverseKind } from '@breakwater/rules/review';
import type { Mark } from './block.ts';
import type { Words } from './format.ts';

export const statusWords: Readonly<Record<Mark, Words>> = {
  met: { ko: '충족', en: 'met' },
  'not-met': { ko: '미충족', en: 'not met' },
  undetermined: { ko: '미확인', en: 'undetermined' },
  'for-committee': { ko: '심의 필요', en: 'for the committee' },
  'not-applicable': { ko: '해당 없음', en: 'not applicable' },
};

export const workWords: Readonly<Record<string, Words>> = {
  'emergency-patch': { ko: '긴급 패치', en: 'emergency patch' },
  'security-test': { ko: '보안 시험', en: 'security test' },
  other: { ko: '그 밖의 작업', en: 'other work' },
  'vulnerability-scan': { ko: '취약점 점검', en: 'vulnerability scan' },
  'port-scan': { ko: '포트 점검', en: 'port scan' },
  'automated-pentest': { ko: '자동 침투 시험', en: 'automated penetration test' },
  'os-patch': { ko: '운영체제 패치', en: 'operating system patch' },
  'software-patch': { ko: '소프트웨어 패치', en: 'software patch' },
  'equipment-change': { ko: '전산장비 변경', en: 'equipment change' },
};

export const channelWords: Readonly<Record<string, Words>> = {
  website: { ko: '누리집', en: 'website' },
  sms: { ko: '문자메시지', en: 'text message' },
  push: { ko: '앱 알림', en: 'push message' },
  email: { ko: '전자우편', en: 'e-mail' },
  alimtalk: { ko: '알림톡', en: 'AlimTalk' },
};

export const fieldWords: Readonly<Record<string, Words>> = {
  timing: { ko: '시기', en: 'timing' },
  scope: { ko: '범위', en: 'scope' },
  details: { ko: '내용', en: 'details' },
  'alternative-channels': { ko: '대체 수단', en: 'alternatives' },
};

export const causeWords: Readonly<Record<string, Words>> = {
  work: { ko: '작업', en: 'the work' },
  mixed: { ko: '작업과 다른 원인', en: 'mixed' },
  other: { ko: '다른 원인', en: 'other' },
};

export const wayBackWords: Readonly<Record<string, Words>> = {
  undo: { ko: '되돌리기', en: 'undo' },
  failover: { ko: '페일오버', en: 'failover' },
  restore: { ko: '복원', en: 'restore' },
  'forward-fix': { ko: '앞으로 고침', en: 'forward fix' },
  none: { ko: '없음(확정 지점)', en: 'none (commit point)' },
};

export const dutyWords: Readonly<Record<string, Words>> = {
  'efars-initial': { ko: '전자금융사고 최초 보고', en: 'EFARS initial report' },
  'pipc-report': { ko: '개인정보 유출 신고', en: 'report to PIPC/KISA' },
  'subject-notice': { ko: '정보주체 통지', en: 'notice to persons' },
  'credit-leak-notice': { ko: '개인신용정보 누설 통지', en: 'notice of a personal credit leak' },
  'user-cause-and-result': { ko: '이용자에 대한 원인·처리결과 통지', en: 'cause and result to the user' },
};

export const dutyStatusWords: Readonly<Record<string, Words>> = {
  due: { ko: '기한 있음', en: 'due' },
  possible: { ko: '해당할 수 있음', en: 'possible' },
  unknown: { ko: '미확인', en: 'unknown' },
};

export const carveOutWords: Readonly<Record<string, Words>> = {
  applies: {
    ko: '개인신용정보가 유출되었습니다. 이 조치와 관계없이 「신용정보의 이용 및 보호에 관한 법률」에 따른 제재가 따로 적용됩니다.',
    en: 'Personal credit information was leaked. Sanctions of the Credit Information Act apply regardless of this measure.',
  },
  'does-not-apply': {
    ko: '개인신용정보의 유출은 확인되지 않았고, 분류되지 않은 기록도 없습니다.',
    en: 'No leak of personal credit information was found, and no record is left unclassified.',
  },
  undetermined: {
    ko: '개인신용정보의 유출 여부를 확인하지 못했습니다. 한 건이라도 있으면 「신용정보의 이용 및 보호에 관한 법률」에 따른 제재가 따로 적용됩니다.',
    en: 'Whether personal credit information was leaked is not known. One record is enough for the Credit Information Act to apply.',
  },
};

export const adverseWords: Readonly<Record<AdverseKind, Words>> = {
  override: { ko: '시작 점검 예외 적용', en: 'start gate overridden' },
  'failed-delivery': { ko: '도달하지 않은 안내', en: 'notices not delivered' },
  'probe-gap': { ko: '탐침 미확인 구간', en: 'probe gaps' },
  'unrehearsed-step': { ko: '모의수행하지 않은 단계', en: 'unrehearsed steps' },
  'clock-offset': { ko: '시계 오차', en: 'clock offsets' },
  'journal-alarm': { ko: '가드 기록 경보', en: 'guard journal alarms' },
  'failed-step': { ko: '정상 종료하지 않은 단계', en: 'steps that did not end well' },
  'failed-recovery': { ko: '실패한 복구 조치', en: 'recovery measures that failed' },
  'failed-rehearsal': { ko: '실패한 모의수행', en: 'rehearsals that failed' },
  'author-approval': { ko: '작성자 본인의 승인', en: 'approvals by the author' },
  'late-record': { ko: '늦게 남은 기록', en: 'records received late' },
};

/** Known statements of what a pack rests on; any other is printed as it is. */
export const basisWords: Readonly<Record<string, string>> = {
  'press-derived; primary text not seen': '언론 보도에서 옮긴 기준이며, 원문은 확인하지 못했습니다.',
};

/** Parts of the facts, as people call them. */
export const factWords: Readonly<Record<string, Words>> = {
  damage: { ko: '피해 금액', en: 'damage' },
  leaks: { ko: '유출', en: 'leaks' },
  relief: { ko: '피해구제', en: 'relief' },
  disruptions: { ko: '전산장애', en: 'disruptions' },
  notices: { ko: '사전 안내', en: 'notices' },
  fault: { ko: '고의·과실', en: 'fault' },
  consumerLoss: { ko: '소비자 피해', en: 'consumer loss' },
  work: { ko: '작업', en: 'the work' },
  awareAt: { ko: '인지 시각', en: 'when it was known' },
  history: { ko: '이전 작업', en: 'earlier works' },
};

/** How much is proved of a message to a customer. */
export const levelWords: Readonly<Record<string, Words>> = {
  submitted: { ko: '인계', en: 'submitted' },
  accepted: { ko: '접수', en: 'accepted' },
  delivered: { ko: '도달', en: 'delivered' },
  viewed: { ko: '열람', en: 'viewed' },
  certificate: { ko: '유통증명', en: 'certificate' },
};
