import type { ExceptionState, PatchState } from '@breakwater/rules/plan';
import { patchStateNames } from '@breakwater/rules/plan';
import { Refused } from '#platform/http';

/** Why a patch or an exception is not moved on. */
export type PatchRefusal =
  | { reason: 'patch-not-now'; plan: string; act: 'withdraw' | 'verify'; state: PatchState }
  | { reason: 'exception-not-now'; exception: string; act: 'decide' | 'end'; state: ExceptionState }
  | { reason: 'exception-own'; exception: string; person: string }
  | { reason: 'exception-other'; exception: string; digest: string };

const acts = {
  withdraw: { ko: '철회', en: 'withdrawn' },
  verify: { ko: '확인', en: 'verified' },
  decide: { ko: '결정', en: 'decided' },
  end: { ko: '종료', en: 'ended' },
};
const exceptionNames: Readonly<Record<ExceptionState, { ko: string; en: string }>> = {
  asked: { ko: '승인 대기', en: 'waiting for approvals' },
  'in-force': { ko: '유효', en: 'in force' },
  returned: { ko: '반려', en: 'returned' },
  expired: { ko: '기간 만료', en: 'expired' },
  ended: { ko: '종료', en: 'ended' },
};

/** The refusal in words. */
export function refuse(refusal: PatchRefusal): Refused {
  switch (refusal.reason) {
    case 'patch-not-now': {
      const { ko, en } = patchStateNames[refusal.state];
      return new Refused(refusal, {
        ko: `패치 ${refusal.plan}은(는) '${ko}' 상태이므로 ${acts[refusal.act].ko}할 수 없습니다.`,
        en: `the patch ${refusal.plan} is ${en} and cannot be ${acts[refusal.act].en}`,
      });
    }
    case 'exception-not-now': {
      const { ko, en } = exceptionNames[refusal.state];
      return new Refused(refusal, {
        ko: `예외 ${refusal.exception}은(는) '${ko}' 상태이므로 ${acts[refusal.act].ko}할 수 없습니다.`,
        en: `the exception ${refusal.exception} is ${en} and cannot be ${acts[refusal.act].en}`,
      });
    }
    case 'exception-own':
      return new Refused(refusal, {
        ko: `예외 ${refusal.exception}은(는) ${refusal.person}이(가) 신청하였으므로 다른 사람이 승인해야 합니다.`,
        en: `${refusal.person} asked for the exception ${refusal.exception}: somebody else agrees to it`,
      });
    case 'exception-other':
      return new Refused(refusal, {
        ko: `서명하신 내용이 예외 ${refusal.exception}의 신청 내용(${refusal.digest})과 다릅니다.`,
        en: `what was signed is not what the exception ${refusal.exception} asks for (${refusal.digest})`,
      });
  }
}
