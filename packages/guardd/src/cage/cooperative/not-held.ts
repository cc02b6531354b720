/** What the cooperative level does not hold, for every report and every screen that names the level. */
import type { Containment, Scope } from '@breakwater/rules/containment';
import type { Confinement } from './programs.ts';

type Words = NonNullable<Containment['notHeld']>[number];

const always: readonly Words[] = [
  {
    ko: '프록시 설정을 따르지 않는 도구의 연결은 막거나 세지 못합니다.',
    en: 'Connections of tools that ignore their proxy settings are neither blocked nor counted.',
  },
  {
    ko: '원시 소켓, UDP, ICMP 트래픽과 초당 패킷 수 제한은 통제하지 못합니다.',
    en: 'Raw sockets, UDP, ICMP and the cap on packets per second are not held.',
  },
  {
    ko: '도구가 직접 수행하는 DNS 조회는 막지 못합니다. 프록시를 통한 이름은 서명 시 고정된 주소로만 연결됩니다.',
    en: 'DNS queries that a tool sends by itself are not blocked; names asked of the proxy go to the addresses pinned at signing only.',
  },
  {
    ko: '호스트의 파일 시스템, 다른 프로세스, 로컬 소켓은 격리하지 못합니다.',
    en: 'The file system, other processes and local sockets of the host are not hidden.',
  },
  {
    ko: '커널 수준의 시간 창과 임대가 없으므로 이 프로세스가 멈추면 프록시 연결만 끊기고 도구는 계속 실행될 수 있습니다.',
    en: 'There is no window or lease in the kernel: when this process dies its proxy is gone, while the tool may run on.',
  },
];

const detached: Words = {
  ko: '새 세션(setsid)으로 분리된 하위 프로세스는 중지 후에도 남을 수 있습니다.',
  en: 'Descendants that detach into a session of their own may outlive a stop.',
};
const packets: Words = { ko: '패킷은 보관하지 못합니다.', en: 'Packets are not kept.' };
const memory: Words = { ko: '메모리 상한은 통제하지 못합니다.', en: 'The cap on memory is not held.' };
const processes: Words = { ko: '프로세스 수 상한은 통제하지 못합니다.', en: 'The cap on processes is not held.' };

/** In Korean and English; `held` is what this machine holds besides traffic. */
export function notHeldBy(scope: Scope, held: Omit<Confinement, 'user'>): Words[] {
  return [
    ...always,
    ...(held.stopsAll ? [] : [detached]),
    ...(scope.packets === undefined ? [] : [packets]),
    ...(scope.memoryBytes === undefined || held.capsMemory ? [] : [memory]),
    ...(scope.processes === undefined || held.capsProcesses ? [] : [processes]),
  ];
}
