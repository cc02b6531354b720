/** Every refusal of guardd in words and on the wire: the only place where an arm becomes text, an HTTP status or an exit code. */
import { spellDuration } from '../duration.ts';
import type { Refusal } from './protocol.ts';

/** A text in Korean and English. */
export interface Words {
  readonly ko: string;
  readonly en: string;
}

type Reason = Refusal['reason'];

/** 409: the state of the run forbids it. 404: not known. 400: wrong request. 403: not through this socket. 503: the host cannot. */
export const refusalHttp: Readonly<Record<Reason, 400 | 403 | 404 | 409 | 503>> = {
  'epoch-stale': 409,
  'run-unknown': 404,
  'run-exists': 409,
  'run-closed': 409,
  'plan-hash': 409,
  'step-unknown': 404,
  'step-order': 409,
  'step-busy': 409,
  held: 409,
  tripped: 409,
  'lease-lost': 409,
  unrehearsed: 409,
  'would-cross-pnr': 409,
  'window-over': 409,
  'starts-forbidden': 409,
  role: 403,
  malformed: 400,
  protocol: 400,
  'steps-left': 409,
  'baseline-unknown': 409,
  'host-unfit': 503,
};

/** 1: the answer is no. 2: wrong use. 3: it could not be done or checked here. */
export const refusalExit: Readonly<Record<Reason, 1 | 2 | 3>> = {
  'epoch-stale': 1,
  'run-unknown': 2,
  'run-exists': 1,
  'run-closed': 1,
  'plan-hash': 1,
  'step-unknown': 2,
  'step-order': 1,
  'step-busy': 1,
  held: 1,
  tripped: 1,
  'lease-lost': 1,
  unrehearsed: 1,
  'would-cross-pnr': 1,
  'window-over': 1,
  'starts-forbidden': 1,
  role: 2,
  malformed: 2,
  protocol: 3,
  'steps-left': 1,
  'baseline-unknown': 1,
  'host-unfit': 3,
};

/** What was refused and why, with its numbers, for people. */
export function refusalText(refusal: Refusal): Words {
  switch (refusal.reason) {
    case 'epoch-stale':
      return {
        ko: `다른 작업자가 이 실행을 넘겨받았습니다(요청 에폭 ${refusal.epoch}, 현재 에폭 ${refusal.current}).`,
        en: `Another worker has taken this run over (epoch ${refusal.epoch} asked, ${refusal.current} is current).`,
      };
    case 'run-unknown':
      return { ko: `이 호스트에 실행 ${refusal.run}이(가) 없습니다.`, en: `This host has no run ${refusal.run}.` };
    case 'run-exists':
      return {
        ko: `실행 ${refusal.run}이(가) 이미 다른 내용으로 있습니다.`,
        en: `Run ${refusal.run} exists already with other contents.`,
      };
    case 'run-closed':
      return {
        ko: `실행 ${refusal.run}은(는) 이미 종결되었습니다(${refusal.outcome}).`,
        en: `Run ${refusal.run} is closed (${refusal.outcome}).`,
      };
    case 'plan-hash':
      return {
        ko: `작업계획서가 승인된 것과 다릅니다(기대 ${refusal.expected}, 실제 ${refusal.actual}).`,
        en: `The plan is not the one that was named (expected ${refusal.expected}, it is ${refusal.actual}).`,
      };
    case 'step-unknown':
      return { ko: `작업계획서에 단계 ${refusal.step}이(가) 없습니다.`, en: `The plan has no step ${refusal.step}.` };
    case 'step-order':
      return refusal.expected === null
        ? {
            ko: `단계 ${refusal.step}을(를) 포함하여 모든 단계가 끝났습니다.`,
            en: `No step is left, step ${refusal.step} is done.`,
          }
        : {
            ko: `단계 ${refusal.step}의 차례가 아닙니다. 다음 단계는 ${refusal.expected}입니다.`,
            en: `It is not the turn of step ${refusal.step}: next is ${refusal.expected}.`,
          };
    case 'step-busy':
      return { ko: `단계 ${refusal.step}이(가) 아직 진행 중입니다.`, en: `Step ${refusal.step} is still running.` };
    case 'held':
      return {
        ko: `${refusal.by}이(가) 실행을 보류했습니다. 재개에는 두 사람의 승인이 필요합니다.`,
        en: `The run is held by ${refusal.by}. Two persons must approve to resume.`,
      };
    case 'tripped':
      return {
        ko: `가드가 작업을 멈췄습니다(${refusal.trip}).`,
        en: `The guard has stopped the work (${refusal.trip}).`,
      };
    case 'lease-lost':
      return {
        ko: `임대가 끊겼습니다(${refusal.silentMs} ms 무응답).`,
        en: `The lease is lost (${refusal.silentMs} ms of silence).`,
      };
    case 'unrehearsed':
      return {
        ko: `단계 ${refusal.step}의 원복 시간이 모의수행으로 측정되지 않았습니다.`,
        en: `The way back from step ${refusal.step} was never rehearsed.`,
      };
    case 'would-cross-pnr':
      return {
        ko: `단계 ${refusal.step}(최대 ${spellDuration(refusal.stepMs).ko})을(를) 시작하면 원복 결정 시한을 넘깁니다(남은 시간 ${spellDuration(refusal.remainingMs).ko}).`,
        en: `Step ${refusal.step} (up to ${spellDuration(refusal.stepMs).en}) would cross the point of no return (${spellDuration(refusal.remainingMs).en} left).`,
      };
    case 'window-over':
      return {
        ko: `작업 시간이 ${new Date(refusal.endedEpochMs).toISOString()}에 끝났습니다.`,
        en: `The window ended at ${new Date(refusal.endedEpochMs).toISOString()}.`,
      };
    case 'starts-forbidden':
      return {
        ko: `${refusal.by}이(가) ${refusal.since}부터 이 호스트의 새 시작을 금지했습니다.`,
        en: `${refusal.by} has forbidden new starts on this host since ${refusal.since}.`,
      };
    case 'role':
      return {
        ko: `${refusal.socket} 소켓으로는 ${refusal.type} 요청을 할 수 없습니다.`,
        en: `The ${refusal.socket} socket does not take ${refusal.type}.`,
      };
    case 'malformed':
      return {
        ko: `요청의 형식이 잘못되었습니다(${refusal.path}: ${refusal.message}).`,
        en: `The request is malformed at ${refusal.path}: ${refusal.message}.`,
      };
    case 'protocol':
      return {
        ko: `프로토콜 버전이 맞지 않습니다(상대 ${refusal.theirs}, 이쪽 ${refusal.ours}).`,
        en: `The protocol versions are too far apart (theirs ${refusal.theirs}, ours ${refusal.ours}).`,
      };
    case 'steps-left':
      return {
        ko: `${refusal.of}개 단계 중 ${refusal.done}개만 끝났습니다. 나머지를 마치거나 원복해야 종결할 수 있습니다.`,
        en: `Only ${refusal.done} of ${refusal.of} steps are done: finish or roll back before closing.`,
      };
    case 'baseline-unknown':
      return {
        ko: `탐침 ${refusal.probe}의 평상시 응답 시간을 아직 알 수 없습니다(응답 ${refusal.answers}건, 필요 ${refusal.needed}건).`,
        en: `What answering takes without the test is not known yet (probe ${refusal.probe}: ${refusal.answers} answers, ${refusal.needed} are needed).`,
      };
    case 'host-unfit':
      return {
        ko: `이 호스트는 이 실행을 지킬 수 없습니다(${refusal.code}: ${refusal.detail}).`,
        en: `This host cannot guard the run (${refusal.code}: ${refusal.detail}).`,
      };
  }
}
