/** What a company must file or tell about a work, besides the review: each duty with its source, and the rule of its clock. */

type Words = { readonly ko: string; readonly en: string };
export interface DutySource {
  readonly document: string;
  readonly date: string;
  /** null where the text was not read. */
  readonly clause: string | null;
}

export interface FilingDuty {
  readonly title: Words;
  /** Whom it is filed with, or told to. */
  readonly to: Words;
  readonly source: DutySource;
  /**
   * `pack`: the policy pack in force says when it is owed, and until when. `repeated`: again and again while the work is
   * not closed. `closing`: when everything that it asks for is known; no document sets a time.
   */
  readonly clock: 'pack' | 'repeated' | 'closing' | 'without-delay';
  /** Parts of its draft, in order. */
  readonly parts: readonly FilingPart[];
}

/** The parts that forms ask for. Those of an incident report follow the form as reported; it was not read. */
export const filingParts = {
  recognised: { ko: '사고 인지 일시', en: 'Recognised at' },
  occurred: { ko: '사고 발생 일시', en: 'Occurred at' },
  ended: { ko: '사고 종료 일시', en: 'Ended at' },
  lasted: { ko: '전산장애 시간', en: 'Disruption lasted' },
  services: { ko: '대상 시스템·서비스', en: 'Systems and services' },
  users: { ko: '영향 이용자 수', en: 'Users affected' },
  amount: { ko: '피해 금액', en: 'Amount' },
  cause: { ko: '원인', en: 'Cause' },
  change: { ko: '변경 일시와 사유', en: 'Change: when and why' },
  external: { ko: '관련 외부 업체', en: 'External firm' },
  action: { ko: '조치 내용', en: 'Action taken' },
  compensation: { ko: '배상·피해구제', en: 'Compensation and relief' },
  prevention: { ko: '재발 방지 대책', en: 'Prevention' },
  leaked: { ko: '유출된 항목과 규모', en: 'What leaked, and how much' },
  discovered: { ko: '유출 인지 일시', en: 'Leak discovered at' },
  circumstances: { ko: '유출 시점과 경위', en: 'When and how it leaked' },
  remedies: { ko: '정보주체가 할 수 있는 조치', en: 'What the persons can do' },
  contact: { ko: '담당 부서와 연락처', en: 'Department and contact' },
} as const satisfies Record<string, Words>;
export type FilingPart = keyof typeof filingParts;

const efars = {
  ko: '금융감독원 (전자금융사고대응시스템, EFARS)',
  en: 'Financial Supervisory Service (EFARS)',
} as const;
const incident: readonly FilingPart[] = [
  'recognised',
  'occurred',
  'ended',
  'lasted',
  'services',
  'users',
  'amount',
  'cause',
  'change',
  'external',
  'action',
];
const leak: readonly FilingPart[] = ['leaked', 'discovered', 'circumstances', 'action', 'remedies', 'contact'];
/** As reported of 제7조의4 and form 2 (it-server-room.com; m.boannews.com idx=55019); the text was not read. */
const efarsSource: DutySource = { document: '전자금융감독규정시행세칙', date: '2025-02-05', clause: null };

export const filingDuties = {
  'efars-initial': {
    title: { ko: '전자금융사고 최초 보고', en: 'Electronic financial incident: first report' },
    to: efars,
    source: efarsSource,
    clock: 'pack',
    parts: incident,
  },
  'efars-interim': {
    title: { ko: '전자금융사고 중간 보고', en: 'Electronic financial incident: interim report' },
    to: efars,
    source: efarsSource,
    clock: 'repeated',
    parts: [...incident, 'compensation'],
  },
  'efars-final': {
    title: { ko: '전자금융사고 종결 보고', en: 'Electronic financial incident: final report' },
    to: efars,
    source: efarsSource,
    clock: 'closing',
    parts: [...incident, 'compensation', 'prevention'],
  },
  'pipc-report': {
    title: { ko: '개인정보 유출 신고', en: 'Report of leaked personal data' },
    to: { ko: '개인정보보호위원회·한국인터넷진흥원', en: 'PIPC / KISA' },
    source: { document: '개인정보 보호법 시행령 (대통령령 제36671호)', date: '2026-09-11', clause: '제40조' },
    clock: 'pack',
    parts: leak,
  },
  'subject-notice': {
    title: { ko: '정보주체 통지', en: 'Notice to the persons concerned' },
    to: { ko: '정보주체', en: 'the persons concerned' },
    source: { document: '개인정보 보호법 시행령 (대통령령 제36671호)', date: '2026-09-11', clause: '제39조' },
    clock: 'pack',
    parts: leak,
  },
  'credit-leak-notice': {
    title: { ko: '개인신용정보 누설 통지', en: 'Notice of leaked personal credit information' },
    to: { ko: '신용정보주체', en: 'the persons concerned' },
    source: { document: '신용정보의 이용 및 보호에 관한 법률', date: '2020-02-04', clause: '제39조의4' },
    clock: 'pack',
    parts: leak,
  },
  'credit-leak-report': {
    title: { ko: '개인신용정보 누설 신고', en: 'Report of leaked personal credit information' },
    to: { ko: '금융위원회·금융감독원', en: 'FSC / FSS' },
    /** The size that a decree sets was not read: 10,000 persons is general knowledge, so the duty is never more than possible. */
    source: { document: '신용정보의 이용 및 보호에 관한 법률 시행령', date: '2020-08-05', clause: null },
    clock: 'without-delay',
    parts: leak,
  },
  'user-cause-and-result': {
    title: { ko: '이용자에 대한 원인·처리결과 통지', en: 'Cause and result told to users' },
    to: { ko: '이용자', en: 'users' },
    source: { document: '전자금융거래법', date: '2026-10-02', clause: '제8조' },
    clock: 'pack',
    parts: ['occurred', 'ended', 'services', 'cause', 'action', 'compensation', 'contact'],
  },
} as const satisfies Record<string, FilingDuty>;
export type FilingDutyId = keyof typeof filingDuties;
export const filingDutyIds = Object.keys(filingDuties) as [FilingDutyId, ...FilingDutyId[]];
