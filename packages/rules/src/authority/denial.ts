/** Why something is not permitted: every arm with its numbers, and the only place where one becomes text. */
import { actions, type Action } from './action.ts';
import { roles, type Role } from './role.ts';

export type Denial =
  | { readonly reason: 'action-unknown'; readonly action: string }
  /** None of the person's roles permits it. */
  | { readonly reason: 'role-missing'; readonly action: Action; readonly needed: readonly Role[] }
  /** Whoever came in without being a person may not. */
  | { readonly reason: 'person-needed'; readonly action: Action }
  | { readonly reason: 'socket-needed'; readonly action: Action }
  | { readonly reason: 'scope-missing'; readonly action: Action; readonly scope: readonly string[] }
  | { readonly reason: 'signature-needed'; readonly action: Action }
  | {
      readonly reason: 'state';
      readonly action: Action;
      readonly of: 'plan' | 'run';
      readonly state: string;
      readonly permitted: readonly string[];
    }
  | { readonly reason: 'author'; readonly action: Action; readonly person: string }
  | { readonly reason: 'self'; readonly action: Action }
  /** A person who signed in says that it is somebody else who acts. */
  | { readonly reason: 'other-person'; readonly action: Action; readonly person: string }
  | { readonly reason: 'not-member'; readonly action: Action }
  | { readonly reason: 'other-institution'; readonly action: Action }
  /** Too long since the person showed who they are. */
  | { readonly reason: 'stale-sign-in'; readonly action: Action; readonly withinSeconds: number };

export type DenialReason = Denial['reason'];

type Words = { readonly ko: string; readonly en: string };

/** The reason for a person, as a disabled button shows it. */
export function denialText(denial: Denial): Words {
  if (denial.reason === 'action-unknown') {
    return { ko: `알 수 없는 동작입니다(${denial.action}).`, en: `There is no action ${denial.action}.` };
  }
  const { ko, en } = actions[denial.action];
  switch (denial.reason) {
    case 'role-missing':
      return {
        ko: `'${ko}' 권한이 없습니다. 필요한 역할: ${denial.needed.map((role) => roles[role].ko).join(', ')}.`,
        en: `None of your roles may ${en}. It takes one of: ${denial.needed.map((role) => roles[role].en).join(', ')}.`,
      };
    case 'person-needed':
      return {
        ko: `'${ko}'은(는) 로그인한 사람만 할 수 있습니다.`,
        en: `To ${en} takes a person who has signed in.`,
      };
    case 'socket-needed':
      return {
        ko: `'${ko}'은(는) 토큰으로 할 수 없습니다. 서버의 유닉스 소켓을 사용하거나 로그인하십시오.`,
        en: `A token may not ${en}: use the Unix socket of the server, or sign in.`,
      };
    case 'scope-missing':
      return {
        ko: `이 토큰의 범위에 '${ko}'(${denial.action})이(가) 없습니다.`,
        en: `The scope of this token does not hold ${denial.action} (${en}).`,
      };
    case 'signature-needed':
      return {
        ko: `'${ko}'에는 등록된 서명키의 서명이 필요합니다.`,
        en: `To ${en} takes a signature by an enrolled operator key.`,
      };
    case 'state':
      return {
        ko: `지금 상태(${denial.state})에서는 '${ko}'을(를) 할 수 없습니다. 가능한 상태: ${denial.permitted.join(', ')}.`,
        en: `In the state ${denial.state} nobody may ${en}; it may be done in: ${denial.permitted.join(', ')}.`,
      };
    case 'author':
      return {
        ko: `작성자(${denial.person})는 자신이 작성한 것에 '${ko}'을(를) 할 수 없습니다.`,
        en: `The author (${denial.person}) may not ${en} that they wrote.`,
      };
    case 'self':
      return { ko: `자신에 대해서는 '${ko}'을(를) 할 수 없습니다.`, en: `Nobody may ${en} for themselves.` };
    case 'other-person':
      return {
        ko: `로그인한 사람(${denial.person}) 본인의 이름으로만 '${ko}'을(를) 할 수 있습니다.`,
        en: `You are signed in as ${denial.person} and may ${en} in your own name only.`,
      };
    case 'not-member':
      return {
        ko: '이 안건의 심의위원이 아니므로 볼 수 없습니다.',
        en: 'You are not a member of this case, so it is closed to you.',
      };
    case 'other-institution':
      return { ko: '다른 회사의 자료입니다.', en: 'It belongs to another institution.' };
    case 'stale-sign-in':
      return {
        ko: `'${ko}'에는 최근 ${Math.round(denial.withinSeconds / 60)}분 이내의 본인 확인이 필요합니다. 다시 로그인하십시오.`,
        en: `To ${en} takes a sign-in within the last ${Math.round(denial.withinSeconds / 60)} minutes: sign in again.`,
      };
  }
}
