/** Roles of persons. A person may hold several; what each may do stands in `action.ts`. */

export const roles = {
  operator: { ko: '운영 담당자', en: 'Operator' },
  author: { ko: '작업계획 작성자', en: 'Author of plans' },
  approver: { ko: '승인자', en: 'Approver' },
  ciso: { ko: '정보보호최고책임자(CISO)', en: 'Chief information security officer' },
  'consumer-protection': { ko: '금융소비자보호 담당자', en: 'Consumer protection' },
  compliance: { ko: '준법감시 담당자', en: 'Compliance' },
  /** Reads everything, changes nothing. */
  auditor: { ko: '감사 담당자', en: 'Auditor' },
  /** From outside the company: sees the cases that they are a member of, and nothing else. */
  'committee-member': { ko: '심의위원', en: 'Committee member' },
  administrator: { ko: '시스템 관리자', en: 'Administrator' },
  /** Kept for the hub: permits nothing yet. */
  'hub-operator': { ko: '허브 운영자', en: 'Operator of the hub' },
  /** Kept for the hub: permits nothing yet. */
  'hub-member': { ko: '허브 참여기관 담당자', en: 'Member of the hub' },
} as const satisfies Record<string, { ko: string; en: string }>;

export type Role = keyof typeof roles;

export const roleNames = Object.keys(roles) as readonly Role[];

/** Roles that work for the company, other than those who look on. */
export const working = [
  'operator',
  'author',
  'approver',
  'ciso',
  'consumer-protection',
  'compliance',
  'administrator',
] as const satisfies readonly Role[];

/** Everybody of the company, and the auditor. */
export const company = [...working, 'auditor'] as const satisfies readonly Role[];

/** Everybody who can sign in at all. */
export const everybody = [
  ...company,
  'committee-member',
  'hub-operator',
  'hub-member',
] as const satisfies readonly Role[];
