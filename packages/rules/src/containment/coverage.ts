/**
 * What a test has really covered, told by the gate and not by the tool. A probe that the gate dropped says nothing about its
 * target: it is neither closed nor filtered, it was not tested.
 */
import { addressText, addressValue } from './network.ts';
import { closedBy } from './reach.ts';
import type { AllowedTraffic, DeniedTraffic, Transport } from './report.ts';
import type { Scope } from './scope.ts';

/**
 * `tested`: traffic reached the destination, and no cap dropped any of it. `not-allowed`: the scope closes it, or the gate
 * turned it away. `lost-to-cap`: some of it was dropped, so an answer that did not come means nothing. `not-attempted`:
 * it was planned, and the gate saw nothing of it.
 */
export type CoverageState = 'tested' | 'not-allowed' | 'lost-to-cap' | 'not-attempted';

export interface Destination {
  readonly address: string;
  /** null where the protocol has none. */
  readonly port: number | null;
  readonly protocol: Transport;
}

/** What the gate counted. */
export interface GateCount {
  readonly allowed: readonly AllowedTraffic[];
  readonly denied: readonly DeniedTraffic[];
  /** Packets inside the scope that a cap dropped; `by` destination where the gate knows it. */
  readonly lostToCap: { readonly packets: number; readonly by?: readonly DeniedTraffic[] };
}

export interface Coverage {
  readonly destinations: readonly (Destination & { readonly state: CoverageState })[];
  readonly totals: Readonly<Record<CoverageState, number>>;
  /** False when the gate dropped packets of destinations it cannot name: then nothing that it let through counts as tested. */
  readonly lossIsPlaced: boolean;
}

/** What was to be tested, and the scope that it was to be tested in. */
export interface PlannedCoverage {
  readonly scope: Scope;
  readonly destinations: readonly Destination[];
}

/**
 * The state of every destination that was attempted or planned, each once. A report of a cage is a count of its gate.
 * `planned` left out: what the tool never tried is not listed.
 */
export function coverage(gate: GateCount, planned?: PlannedCoverage): Coverage {
  const lost = gate.lostToCap.by ?? [];
  const lossIsPlaced = lost.reduce((sum, { packets }) => sum + packets, 0) >= gate.lostToCap.packets;
  const states = new Map<string, Destination & { state: CoverageState }>();
  const put = ({ address, port, protocol }: Destination, state: CoverageState): void => {
    const value = addressValue(address);
    const one = { address: value === null ? address : addressText(value), port, protocol, state };
    states.set(`${protocol} ${port} ${one.address}`, one);
  };
  // Later words overrule earlier ones: what the gate saw overrules the plan, and a loss overrules what it let through.
  if (planned !== undefined) {
    for (const one of planned.destinations) {
      const isOpen = closedBy(planned.scope, one.address, one.port, one.protocol) === null;
      put(one, isOpen ? 'not-attempted' : 'not-allowed');
    }
  }
  for (const one of gate.denied) put(one, 'not-allowed');
  // Without a connection, all that was sent there was lost.
  for (const one of gate.allowed) put(one, lossIsPlaced && one.connections > 0 ? 'tested' : 'lost-to-cap');
  for (const one of lost) if (one.packets > 0) put(one, 'lost-to-cap');
  const destinations = [...states.values()];
  const count = (state: CoverageState): number => destinations.filter((one) => one.state === state).length;
  return {
    destinations,
    totals: {
      tested: count('tested'),
      'not-allowed': count('not-allowed'),
      'lost-to-cap': count('lost-to-cap'),
      'not-attempted': count('not-attempted'),
    },
    lossIsPlaced,
  };
}

/** What a tool may be believed to say of a port. */
export type PortState = 'open' | 'closed' | 'filtered' | 'not-tested';

/** A tool's word on a port, believed only as far as its probes got through: silence behind a drop of ours is no finding. */
export function believed(said: Exclude<PortState, 'not-tested'>, state: CoverageState): PortState {
  // An answer that came is an answer, whatever else was lost; from a destination that is closed to us none can come.
  if (state === 'tested') return said;
  return state === 'lost-to-cap' && said !== 'filtered' ? said : 'not-tested';
}
