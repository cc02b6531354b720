/** What each fault of a scope is called, with its numbers, in Korean and English. */

interface Said {
  readonly ko: string;
  readonly en: string;
}
const say = (ko: string, en: string): Said => ({ ko, en });

type Lost = { cidr: string; lost: string; whole: boolean; ko: string; en: string };

export const wordingOfScope = {
  'target.too-wide': ({ cidr, bound, addresses }: { cidr: string; bound: number; addresses: bigint }) =>
    say(
      `대상 ${cidr}은(는) 주소 ${addresses}개로 /${bound}보다 넓습니다. 좁히거나 reason에 사유를 적으십시오.`,
      `The target ${cidr} holds ${addresses} addresses, wider than /${bound}: narrow it, or say why in reason.`,
    ),
  'target.host-bits': ({ cidr, network, addresses }: { cidr: string; network: string; addresses: bigint }) =>
    say(
      `대상 ${cidr}은(는) 주소 한 개가 아니라 ${network} 전체(${addresses}개)입니다. 뜻한 대로 ${network} 또는 한 주소로 적으십시오.`,
      `The target ${cidr} is not one address but all ${addresses} of ${network}: write ${network}, or the one address.`,
    ),
  'target.built-in': ({ cidr, lost, whole, ko, en }: Lost) =>
    say(
      `대상 ${cidr}의 ${whole ? '전체' : '일부'}(${lost})는 어떤 범위로도 열 수 없는 주소입니다: ${ko}. ${whole ? '대상에서 빼십시오.' : '이 부분은 차단됩니다.'}`,
      `${whole ? 'All' : 'Part'} of the target ${cidr} (${lost}) is never opened by any scope: ${en}. ${whole ? 'Leave it out.' : 'This part stays closed.'}`,
    ),
  'target.never': ({ cidr, lost, whole }: Lost) =>
    say(
      `대상 ${cidr}의 ${whole ? '전체' : '일부'}(${lost})를 never가 막습니다. ${whole ? '대상이나 never를 고치십시오.' : '이 부분은 시험하지 않습니다.'}`,
      `never closes ${whole ? 'all' : 'part'} of the target ${cidr} (${lost}). ${whole ? 'Correct the target or never.' : 'This part is not tested.'}`,
    ),
  'targets.closed': ({ targets }: { targets: number }) =>
    say(
      `대상 ${targets}개가 모두 막혀 있어 시험할 것이 없습니다. 대상이나 never를 고치십시오.`,
      `All ${targets} targets are closed, so that nothing would be tested: correct the targets or never.`,
    ),
  'target.own': ({ cidr, lost }: { cidr: string; lost: string }) =>
    say(
      `대상 ${cidr}에 Breakwater 자신의 주소(${lost})가 들어 있습니다. never에 넣거나 대상에서 빼십시오.`,
      `The target ${cidr} holds addresses on which Breakwater itself listens (${lost}): leave them out.`,
    ),
  'target.loopback': ({ cidr }: { cidr: string }) =>
    say(
      `대상 ${cidr}은(는) 루프백 주소, 곧 시험을 실행하는 컴퓨터 자신입니다. 운영 시스템의 시험이 아닙니다.`,
      `The target ${cidr} is loopback, the machine that runs the test: that is no test of a live system.`,
    ),
  'target.double': ({ cidr, other, at }: { cidr: string; other: string; at: number }) =>
    say(
      `대상 ${cidr}이(가) ${at}번째 대상 ${other}와(과) 주소와 포트에서 겹칩니다. 하나만 두십시오.`,
      `The target ${cidr} overlaps the target ${other} at position ${at} in addresses and ports: keep one.`,
    ),
  'never.idle': ({ cidr }: { cidr: string }) =>
    say(
      `never의 ${cidr}은(는) 어떤 대상과도 겹치지 않습니다. 잘못 적었는지 확인하십시오.`,
      `The never-entry ${cidr} touches no target: check that it says what is meant.`,
    ),
  'caps.order': ({ each, total }: { each: number; total: number }) =>
    say(
      `목적지별 초당 새 연결 ${each}개가 전체 ${total}개보다 많습니다. 낮추십시오.`,
      `${each} new connections a second to one destination are more than the total of ${total}: lower the cap.`,
    ),
  'caps.packets': ({ packets, connections }: { packets: number; connections: number }) =>
    say(
      `초당 패킷 ${packets}개로는 초당 새 연결 ${connections}개를 열 수 없어 시험이 한도에서 유실됩니다.`,
      `${packets} packets a second cannot open ${connections} connections a second: probes are lost to the cap.`,
    ),
  'caps.high': ({ given, most }: { given: number; most: number }) =>
    say(
      `초당 새 연결 ${given}개는 운영 시스템이 견디기 어려운 값입니다(권장 ${most}개 이하).`,
      `${given} new connections a second are more than a live system is likely to bear (${most} at most are usual).`,
    ),
  'caps.memory': ({ given, least }: { given: number; least: number }) =>
    say(
      `메모리 한도 ${given}바이트로는 도구가 시작하지 못할 수 있습니다(최소 ${least}바이트 권장).`,
      `With ${given} bytes of memory a tool may not even start; give it ${least} or more.`,
    ),
  'window.too-long': ({ length, bound }: { length: Said; bound: Said }) =>
    say(
      `시험 시간이 ${length.ko}으로 ${bound.ko}을 넘습니다. 여러 번으로 나누십시오.`,
      `The window is ${length.en} long, more than ${bound.en}: split the test.`,
    ),
  'window.absurd': ({ length, bound }: { length: Said; bound: Said }) =>
    say(
      `시험 시간이 ${length.ko}입니다. 날짜를 잘못 적은 것으로 보입니다(한도 ${bound.ko}).`,
      `The window is ${length.en} long, which is surely a slip of the date: ${bound.en} is the most.`,
    ),
  'window.past': ({ end, now }: { end: string; now: string }) =>
    say(
      `시험 시간이 끝났습니다(종료 ${end}, 현재 ${now}). 새 시간을 정하고 다시 서명하십시오.`,
      `The window is over (end ${end}, now ${now}): set a new one and have it signed.`,
    ),
  'lease.too-long': ({ lease, bound }: { lease: Said; bound: Said }) =>
    say(
      `임대 시간 ${lease.ko}이 ${bound.ko}을 넘습니다. 감시가 끊긴 뒤 그동안 시험이 계속됩니다.`,
      `The lease of ${lease.en} is longer than ${bound.en}: for so long a test would go on with nobody watching.`,
    ),
  'lease.too-short': ({ lease, bound }: { lease: Said; bound: Said }) =>
    say(
      `임대 시간 ${lease.ko}이 ${bound.ko}보다 짧아 갱신이 늦어지면 시험이 멈춥니다.`,
      `The lease of ${lease.en} is shorter than ${bound.en}: one late renewal ends the test.`,
    ),
  'name.outside': ({ name, address }: { name: string; address: string }) =>
    say(
      `이름 ${name}이 가리키는 ${address}은(는) 범위 밖입니다. 주소나 대상을 고치십시오.`,
      `The name ${name} leads to ${address}, which the scope does not open: correct the address or the targets.`,
    ),
  'http.nothing': () =>
    say(
      'allow가 비어 있어 어떤 경로도 열리지 않습니다. 경로를 적거나 allow를 빼십시오.',
      'allow is empty, so that no path is open: name paths, or leave allow out.',
    ),
  'http.unclear': ({ path }: { path: string }) =>
    say(
      `경로 ${path}은(는) 서버마다 다르게 읽힙니다. 점, 이중 슬래시, 이중 인코딩 없이 적으십시오.`,
      `Servers read the path ${path} in different ways: write it without dots, double slashes and double encoding.`,
    ),
  'http.denied': ({ path, by }: { path: string; by: string }) =>
    say(`경로 ${path}은(는) deny의 ${by}에 막힙니다.`, `The path ${path} is closed by ${by} in deny.`),
  'authority.none': ({ targets }: { targets: number }) =>
    say(
      `대상 ${targets}개에 대한 권한 문서가 없습니다. 손으로 실행할 수는 있으나 보고서에 서명 없음으로 남습니다.`,
      `Nobody authorised ${targets} of the targets: a run by hand is possible, and its report says that it was not signed.`,
    ),
  'authority.public': ({ cidr, addresses }: { cidr: string; addresses: string }) =>
    say(
      `대상 ${cidr}은(는) 공인 주소(${addresses})입니다. 그 대상만의 authority를 적으십시오.`,
      `The target ${cidr} holds public addresses (${addresses}): give it an authority of its own.`,
    ),
  'authority.placeholder': ({ relation }: { relation: string }) =>
    say(
      `권한 문서의 해시가 자리표시입니다(소유 관계 ${relation}). 문서를 제시하십시오.`,
      `The digest of the authority is a placeholder (owner: ${relation}): show the document.`,
    ),
  'authority.expired': ({ until, end }: { until: string; end: string }) =>
    say(
      `권한이 시험이 끝나기 전에 만료됩니다(만료 ${until}, 종료 ${end}).`,
      `The authority runs out (${until}) before the window ends (${end}).`,
    ),
} as const;

export type ScopeRule = keyof typeof wordingOfScope;
