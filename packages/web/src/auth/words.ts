import { defineWords } from '#words';

export const authWords = defineWords({
  ko: {
    title: '로그인',
    signingIn: '로그인하는 중입니다.',
    noLink: '로그인 링크가 필요합니다. 서버에서 ./breakwater sign-in 으로 한 번만 쓸 수 있는 링크를 만드십시오.',
    failed: '로그인하지 못했습니다.',
    levers: '로그인하지 못해도 멈출 수 있습니다. 각 호스트에서 breakwater kill을 실행하십시오.',
  },
  en: {
    title: 'Sign in',
    signingIn: 'Signing in.',
    noLink: 'A sign-in link is needed: ./breakwater sign-in on the server makes one that works once.',
    failed: 'You could not be signed in.',
    levers: 'Stopping needs no sign-in: breakwater kill works on each host.',
  },
});
