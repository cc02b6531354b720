import { Refused } from '#platform/http';
import { spellInstant, type NoticeFinding, type NoticeKind } from '@breakwater/rules/notice';
import { words, type Language } from './site/words.ts';

/** Why a notice was not published or sent, with its numbers. */
export type NoticeRefusal =
  | { reason: 'notice-draft-stale'; revision: number; newest: number }
  | {
      reason: 'notice-unapproved';
      notice: string;
      why: 'returned' | 'too-few' | 'role-missing';
      needed: number;
      persons: readonly string[];
    }
  | { reason: 'notice-too-late'; words: { readonly ko: string; readonly en: string } }
  | {
      reason: 'notice-waiver-needed';
      words: { readonly ko: string; readonly en: string };
      reachedBeforeStart: number;
    }
  | { reason: 'notice-quiet-hours'; until: string }
  | { reason: 'notice-recipients-erased'; notice: string }
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
    case 'notice-draft-stale': {
      const { revision, newest } = refusal;
      return new Refused(refusal, {
        ko: `${revision}판을 고치셨으나 그사이 다른 사람이 ${newest}판을 저장하였습니다. 최신 내용을 확인하고 다시 저장하십시오.`,
        en: `you changed revision ${revision}, but somebody saved revision ${newest} meanwhile: look at it and save again`,
      });
    }
    case 'notice-unapproved': {
      const { notice, why, needed, persons } = refusal;
      if (why === 'returned')
        return new Refused(refusal, {
          ko: '반려된 안내입니다. 고쳐서 다시 제출하십시오.',
          en: 'the notice was returned: correct and submit it',
        });
      return new Refused(refusal, {
        ko: `승인 ${needed}명이 필요합니다(현재 ${persons.length}명). 작성자의 승인은 세지 않습니다. 승인할 안내: ${notice} (notice approve)`,
        en: `it takes the approval of ${needed} ${needed === 1 ? 'person' : 'persons'} (${persons.length} so far), of whom the author is none: have ${notice} signed with notice approve`,
      });
    }
    case 'notice-too-late':
      return new Refused(refusal, {
        ko: `계획된 작업은 발송이 시간 안에 끝날 수 없으면 승인할 수 없습니다. ${refusal.words.ko}`,
        en: `planned work is not approved when its notice cannot be in time: ${refusal.words.en}`,
      });
    case 'notice-waiver-needed':
      return new Refused(refusal, {
        ko: `발송이 시간 안에 끝날 수 없습니다. 긴급 작업은 사유를 적어 승인할 수 있습니다. ${refusal.words.ko}`,
        en: `the notice cannot be in time; an emergency is approved with a waiver and its reason: ${refusal.words.en}`,
      });
    case 'notice-quiet-hours': {
      const until = spellInstant(Date.parse(refusal.until));
      return new Refused(refusal, {
        ko: `21시부터 08시까지는 문자를 보내지 않습니다. ${until.ko} 이후에 보내거나 사유를 적으십시오(--wake).`,
        en: `no text messages go out from 21:00 to 08:00: send after ${until.en}, or say why they must (--wake)`,
      });
    }
    case 'notice-recipients-erased':
      return new Refused(refusal, {
        ko: `앞선 안내(${refusal.notice})의 연락처가 파기되었습니다. 수신자 목록을 주어 보내십시오.`,
        en: `the numbers of ${refusal.notice} were erased: send it to a list of recipients`,
      });
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
