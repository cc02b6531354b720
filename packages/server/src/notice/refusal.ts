import { Refused } from '#platform/http';
import type { NoticeFinding, NoticeKind } from '@breakwater/rules/notice';
import { words, type Language } from './site/words.ts';

/** Why a notice was not published or sent, with its numbers. */
export type NoticeRefusal =
  | { reason: 'notice-lint'; findings: readonly NoticeFinding[] }
  | { reason: 'notice-succession'; last: NoticeKind | null; kind: NoticeKind; may: readonly NoticeKind[] }
  | { reason: 'notice-sent-already'; intended: number }
  | { reason: 'notice-no-recipients' }
  | { reason: 'notice-list-changed'; lines: number }
  | { reason: 'notice-not-sending'; state: string | null; act: 'pause' | 'resume' }
  | { reason: 'notice-still-sending'; state: string };

/** The refusal in words. */
export function refuse(refusal: NoticeRefusal): Refused {
  switch (refusal.reason) {
    case 'notice-lint': {
      const rules = refusal.findings.map(({ rule, path }) => `${rule} (${path})`).join(', ');
      return new Refused(refusal, {
        ko: `안내문 점검에서 오류가 나왔습니다: ${rules}`,
        en: `the notice does not pass its lint: ${rules}`,
      });
    }
    case 'notice-succession': {
      const { last, kind, may } = refusal;
      const named = (language: Language, one: NoticeKind): string => words[language].kind[one];
      return new Refused(refusal, {
        ko: `${last === null ? '첫 안내로는' : `${named('ko', last)} 다음에는`} ${named('ko', kind)}를 낼 수 없습니다. 낼 수 있는 안내: ${may.map((one) => named('ko', one)).join(', ')}`,
        en: `${last === null ? 'the first notice of a work' : `a notice after a notice of ${named('en', last)}`} cannot be ${named('en', kind)}: it may be ${may.map((one) => named('en', one)).join(', ')}`,
      });
    }
    case 'notice-sent-already':
      return new Refused(refusal, {
        ko: `이 안내는 이미 ${refusal.intended}명에게 발송하였습니다. 바뀐 내용은 변경 안내로 보내십시오.`,
        en: `this notice was sent to ${refusal.intended} recipients already; announce changes with a new notice`,
      });
    case 'notice-no-recipients':
      return new Refused(refusal, { ko: '받을 사람이 없습니다.', en: 'there is nobody to send it to' });
    case 'notice-list-changed':
      return new Refused(refusal, {
        ko: `앞서 읽은 ${refusal.lines}줄이 이번 명단과 다릅니다. 같은 명단을 처음부터 다시 보내십시오.`,
        en: `the first ${refusal.lines} lines that were read before are others in this list; send the same list again from its beginning`,
      });
    case 'notice-not-sending':
      return new Refused(refusal, {
        ko: `발송 상태가 ${refusal.state ?? '없음'}이므로 ${refusal.act === 'pause' ? '보류' : '재개'}할 수 없습니다.`,
        en: `a sending that is ${refusal.state ?? 'not there'} cannot be ${refusal.act === 'pause' ? 'paused' : 'resumed'}`,
      });
    case 'notice-still-sending':
      return new Refused(refusal, {
        ko: '발송이 끝나지 않아 연락처를 파기할 수 없습니다.',
        en: `the numbers are still needed: the sending is ${refusal.state}`,
      });
  }
}
