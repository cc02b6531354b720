/** What a cage stands on: the whole machine, or a user namespace of it. */
import type { Containment } from '@breakwater/rules/containment';

export interface Ground {
  readonly level: 'kernel' | 'rootless';
  /** The number that caged programs run under; null = one of their own for each cage. */
  readonly user: number | null;
  /** Addresses of the machine beyond those of the uplink's namespace. */
  readonly addresses: readonly string[];
  readonly broadcast: readonly string[];
  notHeld(boundsMemory: boolean): NonNullable<Containment['notHeld']>;
}

export const machine: Ground = { level: 'kernel', user: null, addresses: [], broadcast: [], notHeld: () => [] };
