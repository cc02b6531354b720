/** A report of a cage for people. What a tool said is made harmless for a terminal. */
import { stripVTControlCharacters } from 'node:util';
import { coverage, type CageTrip, type Containment } from '@breakwater/rules/containment';

const mostRows = 50;

/** One line of a tool's output without escape sequences and control characters. */
export function harmless(text: string): string {
  return stripVTControlCharacters(text).replaceAll(/[^\t\P{Cc}]|\p{Bidi_Control}/gu, '\uFFFD');
}

export function reportText(report: Containment, folder: string): string {
  const {
    level,
    outcome,
    exitCode,
    trip,
    allowed,
    denied,
    lostToCap,
    bytes,
    stoppedAfterMs,
    selfTest,
    notHeld = [],
  } = report;
  const rows = <T>(list: readonly T[], row: (one: T) => string): string[] => [
    ...list.slice(0, mostRows).map(row),
    ...(list.length > mostRows ? [`  … and ${list.length - mostRows} more in the report`] : []),
  ];
  const place = ({ address, port, protocol }: { address: string; port: number | null; protocol: string }): string =>
    `  ${protocol.padEnd(5)} ${address}${port === null ? '' : ` port ${port}`}`;
  return [
    `level      ${level}${level === 'kernel' ? '' : ' (weaker than kernel)'}`,
    ...notHeld.map(({ ko, en }) => `           not held: ${en} / ${ko}`),
    `outcome    ${outcome}${exitCode === null ? '' : `, the tool's exit code was ${exitCode}`}`,
    ...(trip === null ? [] : [`reason     ${reasonOf(trip)}`]),
    ...(stoppedAfterMs === null ? [] : [`stopped    after ${stoppedAfterMs} ms`]),
    `self-test  ${selfTest === undefined ? 'not made' : `outside ${said(selfTest.outsideBlocked, 'blocked')}, inside ${said(selfTest.insideAnswered, 'answered')}, ${selfTest.rounds} rounds`}`,
    `bytes      ${bytes.out} out, ${bytes.in} in`,
    `lost       ${lostToCap.packets} packets to a cap: those probes tell nothing`,
    `coverage   ${coverageText(report)}`,
    `inside     ${allowed.length} destinations`,
    ...rows(
      allowed,
      (one) => `${place(one)}: ${one.connections === 0 ? 'all lost to a cap' : `${one.connections} connections`}`,
    ),
    `outside    ${denied.length} destinations denied`,
    ...rows(denied, (one) => `${place(one)}: ${one.packets} packets`),
    `evidence   ${folder}`,
  ].join('\n');
}

/** By the gate, not by the tool: what a cap took was not tested, whatever the tool says of it. */
function coverageText(report: Containment): string {
  const { totals, lossIsPlaced } = coverage(report);
  const states = `${totals.tested} tested, ${totals['not-allowed']} not allowed, ${totals['lost-to-cap']} lost to a cap`;
  return lossIsPlaced ? states : `${states} (where packets were lost is not known, so that none counts as tested)`;
}

function said(value: boolean | null, word: string): string {
  return value === null ? 'not tried' : value ? word : `NOT ${word}`;
}

function reasonOf(trip: CageTrip): string {
  switch (trip.reason) {
    case 'attempts':
      return `${trip.observed} attempts outside the scope, allowed were ${trip.limit}`;
    case 'self-test':
      return `the self-test ${trip.canary} failed: ${trip.detail}`;
    case 'proxy-gone':
      return 'the proxy at the gate ended';
    case 'window-start':
      return `the window opens at ${trip.startsAt}`;
    case 'window-end':
      return `the window ended at ${trip.endedAt}`;
    case 'lease-lost':
      return `nobody renewed the lease for ${trip.silentMs} ms`;
    case 'lever':
      return `stopped by ${trip.by}`;
  }
}
