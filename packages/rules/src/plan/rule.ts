/**
 * Every rule of readiness as data: may it be waived, which criterion does it weaken, and where does it come from.
 *
 * `never`: without it the guard could not keep its promise, nobody would answer for the work, or the act would be
 * outside what was authorised; or setting it right costs no more than writing a smaller number. `waivable`: a company
 * may choose to work with a weaker criterion, if a named person takes it upon themselves with a reason.
 */

/** Where a rule comes from. `clause: null` = the text itself was not read, or has none. */
export interface RuleSource {
  readonly document: string;
  readonly date: string;
  readonly clause: string | null;
}

export interface PlanRule {
  readonly class: 'never' | 'waivable';
  /** Criterion of pack `kr-fsc-2026-06-30` that a fault weakens. */
  readonly criterion: string;
  readonly source: RuleSource;
  readonly title: { readonly ko: string; readonly en: string };
}

const relief: RuleSource = {
  document:
    'FSC decision on relief from sanctions for security tests and emergency patches, as reported by the press on 2026-07-02',
  date: '2026-06-30',
  clause: null,
};
const presumption: RuleSource = {
  document:
    'FSC Notice 2020-12, Regulation on Inspection and Sanctions of Financial Institutions: presumption of no gross negligence without serious procedural defect',
  date: '2020-04-16',
  clause: 'Art. 27-2',
};
const access: RuleSource = {
  document: 'Electronic Financial Transactions Act (전자금융거래법)',
  date: '2026-10-02',
  clause: 'Art. 21-4',
};
const contractor: RuleSource = {
  document: 'Electronic Financial Transactions Act (전자금융거래법)',
  date: '2026-10-02',
  clause: 'Art. 11',
};
const safetyGuideline: RuleSource = {
  document:
    'IT safety guideline of FSS and seven financial associations (sufficient test, separate verification, deployment at quiet hours), as reported by the press',
  date: '2023-11-08',
  clause: null,
};
const changeControl: RuleSource = {
  document:
    'FSS findings on program-change and performance management at 491 financial companies, as reported by the press',
  date: '2026-06-29',
  clause: null,
};

export const planRules = {
  'scope.undisseminated': {
    class: 'waivable',
    criterion: 'scope.work',
    source: relief,
    title: { ko: '전파된 취약점에 대한 패치', en: 'The patch answers a disseminated vulnerability' },
  },
  'scope.no-ai': {
    class: 'waivable',
    criterion: 'scope.work',
    source: relief,
    title: { ko: 'AI를 활용한 보안 테스트', en: 'The security test uses AI' },
  },
  'pre-test.missing': {
    class: 'waivable',
    criterion: 'recovery.pre-test',
    source: relief,
    title: { ko: '사전 테스트', en: 'Pre-test' },
  },
  'kill-switch.missing': {
    class: 'never',
    criterion: 'recovery.spread-prevention',
    source: relief,
    title: { ko: '킬스위치', en: 'Kill switch' },
  },
  'isolation.missing': {
    class: 'waivable',
    criterion: 'recovery.spread-prevention',
    source: relief,
    title: { ko: '서비스 모듈 격리', en: 'Service-module isolation' },
  },
  'continuity.missing': {
    class: 'waivable',
    criterion: 'recovery.continuity',
    source: relief,
    title: { ko: '업무 연속성', en: 'Continuity of service' },
  },
  'notice.missing': {
    class: 'waivable',
    criterion: 'consumer.notice',
    source: relief,
    title: { ko: '사전 안내', en: 'Advance notice' },
  },
  'notice.channel': {
    class: 'waivable',
    criterion: 'consumer.notice',
    source: relief,
    title: { ko: '안내 채널(홈페이지와 문자)', en: 'Channels of the notice (website and text message)' },
  },
  'notice.fields': {
    class: 'waivable',
    criterion: 'consumer.notice',
    source: relief,
    title: {
      ko: '안내 항목(시기, 범위, 내용, 대체 채널)',
      en: 'Contents of the notice (timing, scope, details, alternative channels)',
    },
  },
  'notice.too-late': {
    class: 'waivable',
    criterion: 'consumer.notice',
    source: relief,
    title: { ko: '안내 시기', en: 'Lead time of the notice' },
  },
  'relief.missing': {
    class: 'waivable',
    criterion: 'consumer.relief-prepared',
    source: relief,
    title: { ko: '피해구제 준비', en: 'Relief is prepared' },
  },
  'limits.beyond-policy': {
    class: 'never',
    criterion: 'minor.outage',
    source: relief,
    title: { ko: '중단 한도', en: 'Limits of the disruption' },
  },
  'pnr.impossible': {
    class: 'never',
    criterion: 'minor.outage',
    source: relief,
    title: { ko: '원복 결정 시한', en: 'Point of no return' },
  },
  'approval.missing': {
    class: 'never',
    criterion: 'general.gross-negligence',
    source: presumption,
    title: { ko: '승인', en: 'Approval' },
  },
  'approval.self': {
    class: 'never',
    criterion: 'general.gross-negligence',
    source: presumption,
    title: { ko: '작성자와 승인자의 분리', en: 'The author does not approve' },
  },
  'window.past': {
    class: 'never',
    criterion: 'general.gross-negligence',
    source: access,
    title: { ko: '작업 시간', en: 'The window is not over' },
  },
  'window.protected-day': {
    class: 'waivable',
    criterion: 'general.consumer-loss',
    source: safetyGuideline,
    title: { ko: '보호일', en: 'Protected days' },
  },
  'window.conflict': {
    class: 'waivable',
    criterion: 'minor.outage',
    source: changeControl,
    title: { ko: '다른 작업과의 중복', en: 'Overlap with other works' },
  },
  'probe.missing': {
    class: 'never',
    criterion: 'minor.outage',
    source: relief,
    title: { ko: '서비스 감시(탐침)', en: 'Probes of every service' },
  },
  'step.no-way-back': {
    class: 'waivable',
    criterion: 'recovery.continuity',
    source: relief,
    title: { ko: '단계별 원복 수단', en: 'A way back for each step' },
  },
  'rehearsal.missing': {
    class: 'waivable',
    criterion: 'recovery.pre-test',
    source: relief,
    title: { ko: '사전 모의수행', en: 'Rehearsals' },
  },
  'rehearsal.unlike': {
    class: 'waivable',
    criterion: 'recovery.pre-test',
    source: safetyGuideline,
    title: { ko: '모의수행과 계획의 일치', en: 'Rehearsals of this very plan' },
  },
  'vendor.unconfirmed': {
    class: 'waivable',
    criterion: 'recovery.carried-out',
    source: contractor,
    title: { ko: '협력업체 비상 대기', en: 'Suppliers on call' },
  },
  'authority.missing': {
    class: 'never',
    criterion: 'general.gross-negligence',
    source: access,
    title: { ko: '작업 권한', en: 'Written authority' },
  },
  'playbook.changed': {
    class: 'never',
    criterion: 'general.gross-negligence',
    source: presumption,
    title: { ko: '승인된 플레이북', en: 'The approved playbook' },
  },
} as const satisfies Record<string, PlanRule>;

export type PlanRuleId = keyof typeof planRules;
export const planRuleIds = Object.keys(planRules) as PlanRuleId[];

/**
 * The bounds of a minor disruption, beyond which no policy of a company reaches: outage at most, the others less than.
 * Source: FSC decision of 2026-06-30 as reported by the press; clause not read.
 */
export const minorBounds = {
  outageMs: 4 * 3_600_000,
  damageWon: 100_000_000,
  records: 10_000,
  source: relief,
} as const;
