/** Drafts of the notice to the persons whose data leaked: the contents the law asks for, with what is known filled in. */
import type { LeakEntry } from './leak.ts';

type Words = { readonly ko: string; readonly en: string };
export type LeakNoticeDraft = {
  /** For the website and by letter. */
  readonly website: Words;
  /** For a text message; no link. */
  readonly sms: string;
  /** What a person must fill in or confirm before it is told to anybody. */
  readonly missing: readonly Words[];
};

const fieldWords: Readonly<Record<string, Words>> = {
  'account-number': { ko: '계좌번호', en: 'account number' },
  'account-balance': { ko: '계좌 잔액', en: 'account balance' },
  'card-number': { ko: '카드번호', en: 'card number' },
  'credit-score': { ko: '신용평점', en: 'credit score' },
  income: { ko: '소득', en: 'income' },
  'loan-balance': { ko: '대출 잔액', en: 'loan balance' },
  'overdue-record': { ko: '연체 정보', en: 'overdue record' },
  'transaction-record': { ko: '거래 내역', en: 'transaction record' },
  address: { ko: '주소', en: 'address' },
  'birth-date': { ko: '생년월일', en: 'date of birth' },
  email: { ko: '전자우편 주소', en: 'e-mail address' },
  'log-in-id': { ko: '아이디', en: 'log-in name' },
  name: { ko: '성명', en: 'name' },
  'telephone-number': { ko: '전화번호', en: 'telephone number' },
  'alien-registration-number': { ko: '외국인등록번호', en: 'alien registration number' },
  'driving-licence-number': { ko: '운전면허번호', en: 'driving licence number' },
  'passport-number': { ko: '여권번호', en: 'passport number' },
  'resident-registration-number': { ko: '주민등록번호', en: 'resident registration number' },
  'health-data': { ko: '건강정보', en: 'health data' },
  biometric: { ko: '생체정보', en: 'biometric data' },
};

/** `company` and `phone` as customers know them; null = not known here. Times are told in Korean time. */
export function draftLeakNotice(
  { fields, discoveredAt, kind }: LeakEntry,
  { company, phone }: { company: Words | null; phone: string | null },
): LeakNoticeDraft {
  const named = (language: 'ko' | 'en'): string =>
    fields.map((field) => fieldWords[field]?.[language] ?? field).join(', ');
  const name = { ko: company?.ko ?? '[회사명]', en: company?.en ?? '[company]' };
  const call = phone ?? '[대표번호]';
  const on = koreanDay(discoveredAt);
  const happened = {
    ko: kind === 'exfiltration' ? '외부로 유출된' : '권한 없는 자가 열람할 수 있었던',
    en: kind === 'exfiltration' ? 'left the company' : 'could be read without authority',
  };
  return {
    website: {
      ko: [
        `${name.ko} 개인정보 유출에 관한 안내`,
        `1. 유출된 항목: ${named('ko')}`,
        `2. 시점과 경위: ${on.ko} 확인하였습니다. [경위를 적어 주십시오]`,
        '3. 피해를 줄이기 위해 하실 수 있는 일: 비밀번호를 바꾸시고, 출처를 알 수 없는 전화와 문자에 응하지 마시기 바랍니다.',
        `4. 회사의 조치와 피해구제: 원인을 차단하고 조사하고 있습니다. 피해가 있으신 경우 홈페이지 피해 신고 또는 ${call}로 접수해 주시기 바랍니다.`,
        `5. 담당 부서와 연락처: ${call} [부서명을 적어 주십시오]`,
      ].join('\n'),
      en: [
        `Notice of ${name.en} about personal data that ${happened.en}`,
        `1. What it concerns: ${named('en')}`,
        `2. When and how: found on ${on.en}. [say how it happened]`,
        '3. What you can do: change your password, and do not answer calls or messages from senders you do not know.',
        `4. What we do, and relief: we closed the cause and are investigating. If you suffered a loss, report it on our website or call ${call}.`,
        `5. Department and contact: ${call} [name the department]`,
      ].join('\n'),
    },
    sms: `[${name.ko}] 고객님의 개인정보(${named('ko')})가 ${happened.ko} 사실을 ${on.ko} 확인하였습니다. 자세한 내용은 홈페이지 공지사항 또는 ${call}에서 확인하시기 바랍니다. 출처를 알 수 없는 전화와 문자에 주의하시기 바랍니다.`,
    missing: [
      { ko: '유출 경위', en: 'how it happened' },
      { ko: '담당 부서', en: 'the department to ask' },
      ...(company === null ? [{ ko: '회사명', en: 'the name of the company' }] : []),
      ...(phone === null ? [{ ko: '대표번호', en: 'the main number' }] : []),
    ],
  };
}

function koreanDay(instant: string): Words {
  const day = new Date(Date.parse(instant) + 9 * 3_600_000);
  const [year, month, date] = [day.getUTCFullYear(), day.getUTCMonth() + 1, day.getUTCDate()];
  return {
    ko: `${year}년 ${month}월 ${date}일`,
    en: `${year}-${String(month).padStart(2, '0')}-${String(date).padStart(2, '0')}`,
  };
}
