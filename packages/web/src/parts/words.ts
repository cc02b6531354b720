import { defineWords } from '#words';

export const stateWords = defineWords({
  ko: {
    loading: '불러오는 중입니다.',
    failed: '{what} 읽지 못했습니다({since}부터).',
    reference: '오류 번호 {reference}',
    again: '다시 시도',
    forbidden: '이 화면을 볼 권한이 없습니다.',
    forbiddenLogged: '이 방문은 기록되었습니다.',
    unknown: '알 수 없음',
    notDone: '하지 못했습니다.',
  },
  en: {
    loading: 'Loading.',
    failed: 'Could not read {what} (since {since}).',
    reference: 'Error number {reference}',
    again: 'Retry',
    forbidden: 'You may not see this page.',
    forbiddenLogged: 'This visit was recorded.',
    unknown: 'unknown',
    notDone: 'It was not done.',
  },
});
