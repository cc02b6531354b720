import { type CaseRefusal, type FilingDutyId, type Side, caseActs, filingDuties } from '@breakwater/rules/review';
import { Refused, type Text } from '#platform/http';

/** Why something is not done in a case or about a duty, with its numbers. */
export type ReviewRefusal =
  | CaseRefusal
  | {
      readonly reason: 'filing-late-unexplained';
      readonly duty: FilingDutyId;
      readonly due: string;
      readonly filedAt: string;
    };

const sides: Readonly<Record<Side, Text>> = {
  company: { ko: '회사의 안건 담당자', en: 'whoever conducts cases for the company' },
  party: { ko: '신청인', en: 'the applicant' },
  member: { ko: '이 안건의 심의위원', en: 'a member of this committee' },
  chair: { ko: '위원장', en: 'the chair' },
};

const states: Readonly<Record<string, Text>> = {
  draft: { ko: '작성 중', en: 'being drawn up' },
  filed: { ko: '제출됨', en: 'filed' },
  voted: { ko: '의견 공개됨', en: 'voted on' },
  told: { ko: '결과 통지됨', en: 'told' },
  withdrawn: { ko: '철회됨', en: 'withdrawn' },
};

const nameOf = (act: CaseRefusal extends { act: infer A } ? A : string): Text =>
  (caseActs as Readonly<Record<string, Text>>)[act] ?? { ko: act, en: act };

/** The refusal in words. */
export function refuseReview(refusal: ReviewRefusal): Refused {
  return new Refused(refusal, textOf(refusal));
}

function textOf(refusal: ReviewRefusal): Text {
  switch (refusal.reason) {
    case 'case-state': {
      const act = nameOf(refusal.act);
      const permitted = refusal.permitted.map((state) => states[state]);
      return {
        ko: `${act.ko}: 안건의 현재 상태(${states[refusal.state]?.ko})에서는 할 수 없습니다. 가능한 상태: ${permitted.map((one) => one?.ko).join(', ')}.`,
        en: `${act.en}: not while the case is ${states[refusal.state]?.en}; only while it is ${permitted.map((one) => one?.en).join(' or ')}`,
      };
    }
    case 'case-kind': {
      const act = nameOf(refusal.act);
      return {
        ko: `${act.ko}: 이 종류의 안건(${refusal.kind})에는 없는 절차입니다.`,
        en: `${act.en}: a case of the kind ${refusal.kind} has no such step`,
      };
    }
    case 'case-not-party': {
      const act = nameOf(refusal.act);
      return {
        ko: `${act.ko}: ${sides[refusal.needed].ko}만 할 수 있습니다.`,
        en: `${act.en}: only ${sides[refusal.needed].en} may do that`,
      };
    }
    case 'case-recused':
      return {
        ko: `${refusal.person}은(는) 이 안건에서 회피 또는 기피되어 참여할 수 없습니다.`,
        en: `${refusal.person} is recused and takes no further part in this case`,
      };
    case 'case-seated-already':
      return {
        ko: `${refusal.person}은(는) 이미 이 안건의 위원으로 등록되었습니다.`,
        en: `${refusal.person} was seated in this case before`,
      };
    case 'case-chair-taken':
      return {
        ko: `위원장은 이미 ${refusal.person}입니다.`,
        en: `${refusal.person} is the chair already`,
      };
    case 'case-applicant-sits':
      return {
        ko: `${refusal.person}은(는) 신청인이므로 심의위원이 될 수 없습니다.`,
        en: `${refusal.person} is the applicant: they do not sit on their own case`,
      };
    case 'case-no-version':
      return {
        ko: '봉인된 소명자료가 없습니다. 먼저 소명자료를 봉인하십시오.',
        en: 'no version of the dossier is sealed for the case: seal one first',
      };
    case 'case-question-unknown':
      return {
        ko: `질의 ${refusal.question}번이 없습니다. 접수된 질의는 ${refusal.asked}건입니다.`,
        en: `there is no question ${refusal.question}: ${refusal.asked} were asked`,
      };
    case 'case-records-outside':
      return {
        ko: `기록 ${refusal.records.map((index) => `#${index}`).join(', ')}은(는) 봉인된 구간(#${refusal.first}–#${refusal.end - 1}) 밖에 있습니다. 새 소명자료를 봉인하거나 다른 기록을 인용하십시오.`,
        en: `records ${refusal.records.map((index) => `#${index}`).join(', ')} lie outside what is sealed (#${refusal.first}–#${refusal.end - 1}): seal another version, or cite others`,
      };
    case 'case-ballots-missing':
      return {
        ko: `의견을 내지 않은 위원이 있습니다: ${refusal.persons.join(', ')}. 의견을 받거나 불참으로 적으십시오.`,
        en: `no ballot of ${refusal.persons.join(', ')}: wait for it, or state that they are absent`,
      };
    case 'filing-late-unexplained': {
      const { title } = filingDuties[refusal.duty];
      return {
        ko: `${title.ko}: 기한(${refusal.due})이 지나 제출하였으므로(${refusal.filedAt}) 지연 사유를 적어야 합니다.`,
        en: `${title.en}: it was due at ${refusal.due} and filed at ${refusal.filedAt}: give the reason of the delay`,
      };
    }
  }
}
