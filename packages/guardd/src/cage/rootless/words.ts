/** What level rootless does not hold, for every report of it. */
import type { Containment, Scope } from '@breakwater/rules/containment';
import type { Bounds } from '../kernel/ground.ts';

type Words = NonNullable<Containment['notHeld']>[number];

const always: readonly Words[] = [
  {
    ko: '허용된 트래픽은 pasta가 이 컴퓨터의 소켓으로 다시 보냅니다. 대상에는 이 컴퓨터의 주소와 새 출발 포트가 보이고, TTL·TCP 옵션 등 패킷 머리는 도구가 보낸 것이 아닙니다.',
    en: 'Allowed traffic is sent anew by pasta from sockets of this machine: targets see its address and another source port, and packet headers (TTL, TCP options) are not those of the tool.',
  },
  {
    ko: '점검 결과가 달라집니다. SYN은 완전한 TCP 연결이 되고, 닫힌 포트는 막힌 포트(filtered)처럼 보일 수 있으며, 에코 요청 외의 ICMP와 TCP·UDP가 아닌 프로토콜은 대상에 닿지 않습니다.',
    en: 'Scans change: a SYN becomes a full TCP connection, a closed port may look filtered, and ICMP other than echo and protocols other than TCP and UDP reach no target.',
  },
  {
    ko: '도구는 시험을 시작한 사용자의 번호로 실행됩니다. 권한은 CAP_NET_RAW뿐이고 파일 시스템은 읽기 전용이지만, 보이는 파일은 그 사용자로서 읽습니다.',
    en: 'The tool has the number of the user who started it: without capabilities but CAP_NET_RAW and on read-only files, but what it sees it reads as that user.',
  },
  {
    ko: '시험을 시작한 사용자는 이 컴퓨터에서 격리 장치의 모든 프로세스를 종료할 수 있습니다. 그러면 트래픽도 끝납니다.',
    en: 'The user who started it can kill every part of the cage on this machine; traffic ends then.',
  },
];

const memory: Words = {
  ko: '메모리 상한은 통제하지 못합니다. 이 사용자에게는 메모리 제어기를 가진 제어 그룹이 없습니다.',
  en: 'The cap on memory is not held: this user has no control group with that controller.',
};

/** In Korean and English. Processes are held without a control group, by the user namespace. */
export function notHeldRootless(bounds: Pick<Bounds, 'memory'>): Words[] {
  return [...always, ...(bounds.memory ? [] : [memory])];
}

/** The scope wants more than this uplink has: null, or what is missing. */
export function unreachable({ targets }: Scope, hasIpv6: boolean): string | null {
  const six = targets.find(({ cidr }) => cidr.includes(':'));
  return six === undefined || hasIpv6 ? null : `${six.cidr} cannot be reached: the uplink has no route for IPv6`;
}
