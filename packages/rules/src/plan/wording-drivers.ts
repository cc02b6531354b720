/** What faults are called that lie in how drivers act. */
import { en, ko, say } from './say.ts';

/** Ways in which a point of no return is impossible. */
export const driverReturns = {
  'reverts-late': (v: { step: string; after: number; outage: number }) =>
    say(
      `단계 ${v.step}의 장비는 ${ko(v.after)} 뒤에야 스스로 되돌리므로 중단 한도 ${ko(v.outage)}을(를) 넘습니다. revertAfter를 줄이십시오.`,
      `In step ${v.step} the device takes the change back by itself only after ${en(v.after)}, beyond the outage limit of ${en(v.outage)}: shorten revertAfter.`,
    ),
};

/** Ways in which a way back does not lead back. */
export const driverWaysBack = {
  'drains-late': (v: { step: string; drain: number; timeout: number }) =>
    say(
      `단계 ${v.step}은(는) 세션이 끝나기를 ${ko(v.drain)} 기다리나 제한 시간은 ${ko(v.timeout)}입니다. timeout을 늘리거나 drainFor를 줄이십시오.`,
      `Step ${v.step} waits ${en(v.drain)} for sessions to end, but its timeout is ${en(v.timeout)}: lengthen timeout or shorten drainFor.`,
    ),
  'restarts-too-early': (v: { step: string; switched: string }) =>
    say(
      `원복은 거꾸로 진행되므로 단계 ${v.step}의 재시작이 단계 ${v.switched}의 되돌리기보다 먼저 일어나 새 버전이 계속 실행됩니다. 단계 ${v.switched}에 restart를 적고 이 단계를 빼십시오.`,
      `The way back runs in reverse: step ${v.step} would restart before step ${v.switched} is taken back, and the new version would go on running. Name the unit in restart of step ${v.switched} and leave this step out.`,
    ),
};

/** Ways in which a group does not go on serving. */
export const groupContinuity = {
  'too-many-out': (v: { step: string; group: string; out: number; most: number }) =>
    say(
      `단계 ${v.step}에서 그룹 ${v.group}의 ${v.out}대가 동시에 빠집니다. ${v.most}대까지만 빠질 수 있습니다. 단계를 나누거나 앞에서 뺀 것을 먼저 되돌리십시오.`,
      `During step ${v.step} ${v.out} members of group ${v.group} are out at once; at most ${v.most} may be. Divide the step, or put back first what earlier steps took out.`,
    ),
  'canary-late': (v: { step: string; canary: string }) =>
    say(
      `단계 ${v.step}이(가) 카나리 ${v.canary}보다 먼저이거나 함께 다른 서버를 바꿉니다. ${v.canary}만 먼저 바꾸십시오.`,
      `Step ${v.step} changes others before the canary ${v.canary}, or along with it: change ${v.canary} first, alone.`,
    ),
  'group-unused': (v: { group: string }) =>
    say(
      `그룹 ${v.group}의 서버를 바꾸는 단계가 없습니다. 그룹을 빼거나 단계의 on을 확인하십시오.`,
      `No step changes a member of group ${v.group}: leave the group out, or correct on of the steps.`,
    ),
};
