/** What a widening is called, with its numbers, in Korean and English. */
import type { Widening } from './widening.ts';

interface Said {
  readonly ko: string;
  readonly en: string;
}
const say = (ko: string, en: string): Said => ({ ko, en });

const httpParts: Record<Extract<Widening, { what: 'http' }>['part'], Said> = {
  rules: say('HTTP 규칙을 없앰', 'the rules of HTTP are gone'),
  allow: say('허용 경로를 넓힘', 'more paths are allowed'),
  deny: say('금지 경로를 없앰', 'a denied path is open'),
  mark: say('시험 표시 헤더를 없애거나 바꿈', 'the mark of the test is gone or another'),
  login: say('로그인 시도 한도를 넓힘', 'more login attempts'),
  bodies: say('보관하는 본문을 늘림', 'more of the bodies is kept'),
};

/** One line for people. */
export function wideningText(widening: Widening): Said {
  switch (widening.what) {
    case 'destinations':
      return say(
        `${widening.addresses}의 ${widening.ports}이(가) 새로 열립니다.`,
        `${widening.ports} of ${widening.addresses} is open now.`,
      );
    case 'number': {
      const { name, before, after } = widening;
      return say(
        `${name}: ${before ?? '없음'} → ${after ?? '한도 없음'}`,
        `${name}: ${before ?? 'none'} -> ${after ?? 'no limit'}`,
      );
    }
    case 'window': {
      const { edge, before, after } = widening;
      return say(
        `시험 ${edge === 'start' ? '시작' : '종료'}: ${before} → ${after}`,
        `the window's ${edge}: ${before} -> ${after}`,
      );
    }
    case 'name':
      return say(
        `이름 ${widening.name}이(가) ${widening.address}을(를) 가리킵니다.`,
        `the name ${widening.name} leads to ${widening.address}.`,
      );
    case 'methods':
      return say(`메서드 ${widening.methods.join(', ')} 추가`, `methods ${widening.methods.join(', ')} are allowed`);
    case 'http': {
      const { ko, en } = httpParts[widening.part];
      const detail = widening.detail === '' ? '' : `: ${widening.detail}`;
      return say(`${ko}${detail}`, `${en}${detail}`);
    }
  }
}
