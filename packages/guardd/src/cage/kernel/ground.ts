/** What a cage stands on: the whole machine, or a user namespace of it. */
import type { Containment } from '@breakwater/rules/containment';

export interface Ground {
  readonly level: 'kernel' | 'rootless';
  /** The number that caged programs run under; null = one of their own for each cage. */
  readonly user: number | null;
  /** Addresses of the machine beyond those of the uplink's namespace. */
  readonly addresses: readonly string[];
  readonly broadcast: readonly string[];
  notHeld(bounds: Bounds): NonNullable<Containment['notHeld']>;
}

/** What the control groups of the cage hold. */
export interface Bounds {
  readonly memory: boolean;
  readonly processes: boolean;
}

const memory = {
  ko: '메모리 상한은 통제하지 못합니다. 이 컴퓨터의 제어 그룹에 메모리 제어기가 없습니다.',
  en: 'The cap on memory is not held: the control groups of this machine have no controller for it.',
};
const processes = {
  ko: '프로세스 수 상한은 통제하지 못합니다. 이 컴퓨터의 제어 그룹에 해당 제어기가 없습니다.',
  en: 'The cap on processes is not held: the control groups of this machine have no controller for it.',
};

export const machine: Ground = {
  level: 'kernel',
  user: null,
  addresses: [],
  broadcast: [],
  notHeld: (bounds) => [...(bounds.memory ? [] : [memory]), ...(bounds.processes ? [] : [processes])],
};
