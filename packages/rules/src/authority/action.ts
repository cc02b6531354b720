/** What may be done, by whom, in which states: the only copy, for server, command line and console alike. */
import { planCan, type PlanState } from '#plan';
import { runCan, type RunPhase } from '#runner';
import { company, everybody, working, type Role } from './role.ts';

/**
 * How a caller that is no person in a session came in. `machine`: through the Unix socket of the API, so the administrator of
 * the installation. `token`: over TCP with a token.
 */
export type Machine = 'machine' | 'token';

/** The thing that is acted on, as far as its state permits or forbids it. */
export type States =
  | { readonly of: 'plan'; readonly in: readonly PlanState[] }
  | { readonly of: 'run'; readonly in: readonly RunPhase[] };

export interface ActionRule {
  readonly ko: string;
  readonly en: string;
  readonly roles: readonly Role[];
  readonly machines: readonly Machine[];
  /** It is done by a person's signature over it; whoever may do it hands the signed statement in. */
  readonly signed?: true;
  /** Nobody does it to what they wrote themselves. */
  readonly notByAuthor?: true;
  /** The member of a case only: of others nothing is seen. */
  readonly membersOnly?: readonly Role[];
  /** Nobody does it to themselves. */
  readonly notToSelf?: true;
  /** A person must have shown who they are within this time, in seconds: an open console on a desk is not enough. */
  readonly freshSeconds?: number;
  /** It stops: permitted in every state, also when a database or a second factor is out of reach. */
  readonly stops?: true;
  readonly states?: States;
}

const seesEveryCase: readonly Role[] = ['ciso', 'compliance', 'auditor'];
/** Whoever works for the company sees the case in which they apply; a member that in which they sit. */
const everybodyOfCases: readonly Role[] = [...company, 'committee-member'];

const both: readonly Machine[] = ['machine', 'token'];
const machine: readonly Machine[] = ['machine'];
/** Long enough to fill in a form after signing in again. */
const fresh = 900;

const table = {
  read: { ko: '조회', en: 'read', roles: company, machines: both },
  'session.read': { ko: '자신의 권한 조회', en: 'see who one is', roles: everybody, machines: both },
  'session.own': { ko: '자신의 로그인 관리', en: 'look after one’s own sessions', roles: everybody, machines: [] },
  'case.read': {
    ko: '심의 안건 조회',
    en: 'read a case',
    roles: everybodyOfCases,
    machines: both,
    membersOnly: everybodyOfCases.filter((role) => !seesEveryCase.includes(role)),
  },
  'case.conduct': {
    ko: '심의 안건 진행',
    en: 'open a case and conduct it for the company',
    roles: ['ciso', 'compliance'],
    machines: both,
  },
  'case.answer': {
    ko: '심의 신청·답변',
    en: 'apply to a committee, and answer it',
    roles: working,
    machines: both,
    membersOnly: working.filter((role) => !seesEveryCase.includes(role)),
  },
  'case.deliberate': {
    ko: '심의 (질의·회피·의견)',
    en: 'deliberate: ask, recuse, vote',
    roles: ['committee-member'],
    machines: [],
    membersOnly: ['committee-member'],
  },

  'plan.submit': {
    ko: '작업계획 제출',
    en: 'submit a plan',
    roles: ['author', 'operator'],
    machines: both,
    states: { of: 'plan', in: planCan.edit.states },
  },
  'plan.decide': {
    ko: '작업계획 승인·반려',
    en: 'approve or return a plan',
    roles: ['approver', 'ciso', 'consumer-protection', 'compliance'],
    machines: both,
    signed: true,
    notByAuthor: true,
    states: { of: 'plan', in: [...new Set([...planCan.approve.states, ...planCan.return.states])] },
  },
  'advisory.record': {
    ko: '전파 취약점 등록',
    en: 'record an advisory',
    roles: ['operator', 'author', 'ciso'],
    machines: both,
  },

  'inventory.import': {
    ko: '자산·구성요소 반입',
    en: 'import into the inventory',
    roles: ['operator', 'ciso'],
    machines: both,
  },
  'advisory.import': { ko: '취약점 정보 반입', en: 'take in advisories', roles: ['operator', 'ciso'], machines: both },
  'authority.pin': {
    ko: '전파 기관 공개키 고정·폐기',
    en: 'pin and revoke keys of authorities',
    roles: ['ciso'],
    machines: ['machine'],
    freshSeconds: fresh,
  },
  'advisory.match': { ko: '취약점 재대조', en: 'match everything anew', roles: ['operator', 'ciso'], machines: both },

  'patch.track': {
    ko: '패치 추적 등록·철회',
    en: 'open and withdraw patches',
    roles: ['operator', 'author', 'ciso'],
    machines: both,
  },
  'exception.ask': {
    ko: '패치 예외 신청·종료',
    en: 'ask for an exception, or end one',
    roles: ['operator', 'author', 'ciso'],
    machines: both,
  },
  'exception.decide': {
    ko: '패치 예외 승인·반려',
    en: 'agree to an exception or return it',
    roles: ['approver', 'ciso', 'compliance'],
    machines: both,
    signed: true,
  },

  'run.request': {
    ko: '실행·모의수행 요청',
    en: 'ask for a run or a rehearsal',
    roles: ['operator'],
    machines: both,
    states: { of: 'plan', in: planCan.rehearse.states },
  },
  'run.stop': {
    ko: '작업 중지',
    en: 'stop a run',
    roles: working,
    machines: both,
    stops: true,
    states: { of: 'run', in: runCan.stop.phases },
  },
  'run.rollback': {
    ko: '작업 원복',
    en: 'roll a run back',
    roles: ['operator', 'author', 'approver', 'ciso'],
    machines: both,
    states: { of: 'run', in: runCan.rollback.phases },
  },
  'run.resume': {
    ko: '보류 해제',
    en: 'let a held run go on',
    roles: ['operator', 'approver', 'ciso'],
    machines: both,
    signed: true,
    states: { of: 'run', in: runCan.resume.phases },
  },
  'starts.allow': {
    ko: '새 시작 다시 허용',
    en: 'allow starts again',
    roles: ['operator', 'approver', 'ciso'],
    machines: both,
    signed: true,
  },
  'run.waive': {
    ko: '지적 감수',
    en: 'take a finding upon oneself',
    roles: ['approver', 'ciso'],
    machines: both,
    signed: true,
    notByAuthor: true,
  },

  'notice.submit': {
    ko: '안내 작성',
    en: 'write a notice',
    roles: ['author', 'operator', 'consumer-protection'],
    machines: both,
  },
  'notice.publish': { ko: '안내 게시', en: 'publish a notice', roles: ['consumer-protection'], machines: both },
  'notice.send': { ko: '안내 발송', en: 'send a notice', roles: ['consumer-protection'], machines: both },
  'notice.decide': {
    ko: '안내 승인·반려',
    en: 'approve or return a notice',
    roles: ['approver', 'ciso', 'consumer-protection', 'compliance'],
    machines: both,
    signed: true,
    notByAuthor: true,
  },
  'notice.halt': {
    ko: '전체 발송 중지와 해제',
    en: 'hold all sendings, or let them go on',
    roles: ['consumer-protection', 'operator'],
    machines: both,
  },
  'notice.told': {
    ko: '수신 여부 확인',
    en: 'ask whether a number was told',
    roles: ['consumer-protection'],
    machines: both,
  },
  'notice.suppress': {
    ko: '수신 제외 명단 변경',
    en: 'change who gets no notices',
    roles: ['consumer-protection'],
    machines: both,
  },
  'notice.report': { ko: '수신 결과 보고', en: 'report what became of messages', roles: [], machines: both },
  'notice.erase': {
    ko: '수신자 정보 파기',
    en: 'erase recipients',
    roles: ['consumer-protection'],
    machines: machine,
    freshSeconds: fresh,
  },

  'claim.open': { ko: '피해 접수', en: 'open a claim', roles: ['consumer-protection', 'operator'], machines: both },
  'claim.decide': {
    ko: '피해구제 결정·지급',
    en: 'decide and pay a claim',
    roles: ['consumer-protection'],
    machines: both,
  },
  'claim.contact': {
    ko: '신청인 연락처 조회',
    en: 'read how to reach a claimant',
    roles: ['consumer-protection'],
    machines: machine,
    freshSeconds: fresh,
  },
  'claim.second': {
    ko: '피해구제 결정의 두 번째 서명',
    en: 'sign a claim as the second person',
    roles: ['consumer-protection', 'approver', 'ciso'],
    machines: both,
    signed: true,
  },
  'claim.payee': {
    ko: '지급 대상 조회',
    en: 'read whom to pay',
    roles: ['consumer-protection'],
    machines: machine,
    freshSeconds: fresh,
  },
  'claim.erase': {
    ko: '신청인 정보 파기',
    en: 'erase claimants',
    roles: ['consumer-protection'],
    machines: machine,
    freshSeconds: fresh,
  },
  'relief.record': {
    ko: '피해구제 준비·집계',
    en: 'prepare relief and keep its ledgers',
    roles: ['consumer-protection', 'operator'],
    machines: both,
  },
  'relief.policy': {
    ko: '피해구제 정책 설정',
    en: 'set the relief policy',
    roles: ['consumer-protection', 'compliance'],
    machines: machine,
    freshSeconds: fresh,
  },

  'pack.import': { ko: '판단 기준 반입', en: 'import a policy pack', roles: ['compliance'], machines: both },
  'pack.decide': {
    ko: '판단 기준 승인·반려',
    en: 'approve or return a policy pack',
    roles: ['approver', 'ciso', 'compliance'],
    machines: both,
    signed: true,
  },
  'run.assess': { ko: '기준 대비 평가', en: 'assess a run', roles: ['operator', 'ciso', 'compliance'], machines: both },
  'review.declare': {
    ko: '소명 진술',
    en: 'declare fault, loss and causes',
    roles: ['ciso', 'compliance'],
    machines: both,
  },
  'duty.file': {
    ko: '보고·통지 기록',
    en: 'record that a report was filed',
    roles: ['ciso', 'compliance'],
    machines: both,
  },
  'dossier.export': { ko: '소명자료 내보내기', en: 'export a dossier', roles: ['ciso', 'compliance'], machines: both },

  'finding.import': { ko: '점검 결과 반입', en: 'import findings', roles: ['operator', 'ciso'], machines: both },
  'finding.restricted': {
    ko: '제한 점검 결과 조회·조치',
    en: 'read and act on restricted findings',
    roles: ['operator', 'author', 'approver', 'ciso'],
    machines: both,
    signed: true,
  },

  'key.found': {
    ko: '서명키 최초 등록',
    en: 'found the operator keys',
    roles: ['administrator'],
    machines: machine,
    signed: true,
  },
  'passkey.register': {
    ko: '패스키 등록',
    en: 'register a passkey',
    roles: everybody,
    machines: [],
    freshSeconds: fresh,
  },
  'key.propose': {
    ko: '서명키 등록 요청',
    en: 'propose an operator key of one’s own',
    roles: working,
    machines: [],
    signed: true,
  },
  'key.enrol': { ko: '서명키 등록', en: 'enrol an operator key', roles: working, machines: both, signed: true },
  'key.revoke': { ko: '서명키 폐기', en: 'revoke an operator key', roles: working, machines: both, signed: true },
  'host.enrol': {
    ko: '실행 호스트 등록',
    en: 'enrol an execution host',
    roles: ['administrator'],
    machines: machine,
    freshSeconds: fresh,
  },

  'person.read': {
    ko: '사용자·권한 조회',
    en: 'read persons and their roles',
    roles: ['administrator', 'compliance', 'auditor'],
    machines: machine,
  },
  'person.change': {
    ko: '사용자 등록·정지',
    en: 'register and disable persons',
    roles: ['administrator'],
    machines: machine,
    notToSelf: true,
    freshSeconds: fresh,
  },
  'role.change': {
    ko: '권한 부여·회수',
    en: 'grant and take back roles',
    roles: ['administrator'],
    machines: machine,
    notToSelf: true,
    freshSeconds: fresh,
  },
  'token.read': {
    ko: 'API 토큰 조회',
    en: 'read which API tokens there are',
    roles: ['administrator', 'compliance', 'auditor'],
    machines: machine,
  },
  'token.change': {
    ko: 'API 토큰 발급·폐기',
    en: 'issue and revoke API tokens',
    roles: ['administrator'],
    machines: machine,
    freshSeconds: fresh,
  },
  'webhook.read': {
    ko: '웹훅 전송 기록 조회',
    en: 'read what was told to webhooks',
    roles: ['administrator', 'operator', 'ciso', 'auditor'],
    machines: both,
  },
  'webhook.redeliver': {
    ko: '웹훅 재전송',
    en: 'tell a webhook again',
    roles: ['administrator', 'operator'],
    machines: both,
  },
  'break-glass.seal': {
    ko: '비상계정 봉인',
    en: 'seal the break-glass account',
    roles: ['administrator'],
    machines: machine,
    freshSeconds: fresh,
  },
  'sign-in.invite': {
    ko: '일회용 로그인 링크 발급',
    en: 'issue a one-time sign-in link',
    roles: ['administrator'],
    machines: machine,
    notToSelf: true,
    freshSeconds: fresh,
  },
} as const satisfies Record<string, ActionRule>;

export type Action = keyof typeof table;

/** Every action by its name. What is not here is denied. */
export const actions: Readonly<Record<Action, ActionRule>> = table;

export const actionNames = Object.keys(table) as readonly Action[];

/** Actions that stop: what they need is never more than being let in. */
export const stopping: readonly Action[] = actionNames.filter((name) => actions[name].stops === true);
