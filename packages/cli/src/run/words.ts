/** Words of a run on the terminal, Korean and English. */
import type { Schemas } from '@breakwater/client';
import type { Words } from '../demo/tell.ts';

type Run = Schemas['Run'];

export const phaseWords: Readonly<Record<Run['phase'], Words>> = {
  requested: { ko: '요청됨', en: 'requested' },
  ready: { ko: '시작 준비됨', en: 'ready to start' },
  starting: { ko: '시작하는 중', en: 'starting' },
  working: { ko: '작업 중', en: 'working' },
  held: { ko: '보류(재개 승인 대기)', en: 'held (waits for approvals to go on)' },
  tripped: { ko: '가드가 중지함', en: 'tripped by the guard' },
  recovering: { ko: '원복 중', en: 'recovering' },
  closed: { ko: '가드가 종결함', en: 'closed by the guard' },
  ended: { ko: '종료', en: 'ended' },
};

export const stepWords: Readonly<Record<Run['steps'][number]['state'], Words>> = {
  pending: { ko: '대기', en: 'pending' },
  begun: { ko: '진행', en: 'running' },
  done: { ko: '완료', en: 'done' },
  failed: { ko: '실패', en: 'failed' },
  cut: { ko: '중지됨', en: 'cut' },
  unresolved: { ko: '결과 미확인', en: 'end not seen' },
  undone: { ko: '원복됨', en: 'undone' },
};

export const stepMarks: Readonly<Record<Run['steps'][number]['state'], string>> = {
  pending: ' ',
  begun: '>',
  done: '+',
  failed: 'x',
  cut: 'x',
  unresolved: '?',
  undone: '-',
};

export const outcomeWords: Readonly<Record<string, Words>> = {
  completed: { ko: '완료', en: 'completed' },
  'rolled-back': { ko: '원복 완료', en: 'rolled back' },
  stopped: { ko: '중지됨', en: 'stopped' },
  failed: { ko: '실패: 서비스 확인 필요', en: 'failed: look at the services' },
  refused: { ko: '시작 거부', en: 'refused at the start' },
};

export const labels = {
  live: { ko: '실행', en: 'run' },
  rehearsal: { ko: '모의수행', en: 'rehearsal' },
  outage: { ko: '중단', en: 'outage' },
  damage: { ko: '손해', en: 'damage' },
  records: { ko: '정보유출', en: 'records' },
  pnr: { ko: '원복 결정 시한까지', en: 'to the point of no return' },
  pnrStill: { ko: '흐르지 않음', en: 'not running' },
  unknown: { ko: '미확인', en: 'unknown' },
  noHost: {
    ko: '실행 호스트가 응답하지 않습니다. 가드는 혼자서도 지킵니다.',
    en: 'the execution host does not answer; its guard goes on alone',
  },
  trip: { ko: '중지 사유', en: 'tripped' },
  alarm: { ko: '경보', en: 'alarm' },
  refusal: { ko: '호스트의 거부', en: 'refused by the host' },
  services: { ko: '서비스', en: 'services' },
  test: { ko: '시험', en: 'test' },
  testOver: { ko: '끝남', en: 'over' },
  connections: { ko: '연결', en: 'connections' },
  denied: { ko: '범위 밖 시도', en: 'attempts outside the scope' },
  findings: { ko: '발견', en: 'findings' },
  answers: { ko: '응답', en: 'answers in' },
  usually: { ko: '평상시', en: 'usually' },
} as const satisfies Record<string, Words>;

export const serviceWords: Readonly<Record<'up' | 'down' | 'unknown', Words>> = {
  up: { ko: '정상', en: 'up' },
  down: { ko: '중단', en: 'down' },
  unknown: { ko: '미확인', en: 'unknown' },
};
