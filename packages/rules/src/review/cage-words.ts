/** A caged test in sentences: how strongly it was held, what it touched, what it tried beyond its scope. */
import type { CageLevel, Containment, DeniedTraffic } from '#containment/record';
import type { JournalEvent } from '#guard/record';
import { counted, countedEn, grouped, type Words } from './say.ts';

type CageEvent = Extract<JournalEvent, { type: `cage.${string}` }>;

/** How strongly a cage holds. */
export const cageLevelWords: Readonly<Record<CageLevel, Words>> = {
  kernel: { ko: '커널 강제', en: 'enforced by the kernel' },
  rootless: { ko: '비특권 커널 강제', en: 'enforced by the kernel, rootless' },
  container: { ko: '컨테이너', en: 'a container network' },
  cooperative: { ko: '프록시 협조(강제 아님)', en: 'cooperative proxy, not enforced' },
};

const outcomes: Readonly<Record<Containment['outcome'], Words>> = {
  exited: { ko: '도구가 스스로 끝남', en: 'the tool ended by itself' },
  stopped: { ko: '중지됨', en: 'stopped' },
  'window-closed': { ko: '시험 시간 종료로 중지됨', en: 'stopped by the end of its window' },
  'lease-lost': { ko: '임대 상실로 중지됨', en: 'stopped by the loss of its lease' },
  refused: { ko: '시작 거부', en: 'refused to start' },
};

/** `tcp/443 of 10.0.0.1`; an IPv6 address in brackets. */
function destination({ address, port, protocol }: Pick<DeniedTraffic, 'address' | 'port' | 'protocol'>): string {
  const place = address.includes(':') ? `[${address}]` : address;
  return port === null ? `${place} (${protocol})` : `${place} ${protocol}/${port}`;
}

const answered = (yes: boolean | null): Words =>
  yes === null ? { ko: '미확인', en: 'unknown' } : yes ? { ko: '예', en: 'yes' } : { ko: '아니요', en: 'no' };

/** What an entry about a cage tells. Findings are need-to-know: a time line does not tell them. */
export function cageWords(event: CageEvent): Words | null {
  switch (event.type) {
    case 'cage.opened': {
      const { level, selfTest } = event.data;
      const [outside, inside] = [
        answered(selfTest?.outsideBlocked ?? null),
        answered(selfTest?.insideAnswered ?? null),
      ];
      return {
        ko: `시험 격리 시작(${cageLevelWords[level].ko}; 자체 점검: 범위 밖 차단 ${outside.ko}, 범위 안 응답 ${inside.ko})`,
        en: `Cage opened (${cageLevelWords[level].en}; self-test: outside blocked ${outside.en}, inside answered ${inside.en})`,
      };
    }
    case 'cage.attempts':
      return attemptsWords(event.data);
    case 'cage.finding':
      return null;
    case 'cage.closed':
      return closedWords(event.data);
  }
}

/** Destinations that a sentence names. */
const mostNamed = 3;

function attemptsWords({ packets, attempts, soFar }: Extract<CageEvent, { type: 'cage.attempts' }>['data']): Words {
  const named = attempts.slice(0, mostNamed).map(destination).join(', ');
  const isMore = attempts.length > mostNamed;
  return {
    ko: `범위 밖 접근 시도 차단: ${named}${isMore ? ' 등' : ''}${named === '' ? '' : ', '}패킷 ${grouped(packets)}개(누적 ${grouped(soFar.destinations)}곳, 패킷 ${grouped(soFar.packets)}개)`,
    en: `Attempts outside the scope blocked: ${named}${isMore ? ' and more' : ''}${named === '' ? '' : '; '}${grouped(packets)} packets (so far ${grouped(soFar.destinations)} destinations, ${grouped(soFar.packets)} packets)`,
  };
}

/** How a cage ended and what went through it, by the counters of its gate. */
function closedWords({ containment, totals }: Extract<CageEvent, { type: 'cage.closed' }>['data']): Words {
  const { outcome, lostToCap, stoppedAfterMs } = containment;
  const after = stoppedAfterMs === null ? '' : `, ${stoppedAfterMs} ms`;
  return {
    ko: `시험 격리 종료: ${outcomes[outcome].ko}${after}; 허용 ${counted(totals.allowed, '곳')}(연결 ${grouped(totals.connections)}건), 차단 ${counted(totals.denied, '곳')}(패킷 ${grouped(totals.deniedPackets)}개), 상한으로 버려진 패킷 ${grouped(lostToCap.packets)}개`,
    en: `Cage closed: ${outcomes[outcome].en}${after}; allowed ${countedEn(totals.allowed)} destinations (${grouped(totals.connections)} connections), denied ${countedEn(totals.denied)} (${grouped(totals.deniedPackets)} packets), ${grouped(lostToCap.packets)} packets lost to a cap`,
  };
}
