/** What a simulated SMS centre does wrong. Numbers that count: every n-th message; 0 = never. */
export type SmscFaults = {
  /** Answers come after this time, ms. */
  delayMs: number;
  /** Messages a second; more are answered `ESME_RTHROTTLED`. 0 = no limit. */
  perSecond: number;
  /** Answered `ESME_RMSGQFUL`. */
  queueFullEvery: number;
  /** Answered `ESME_RINVDSTADR`. */
  refuseEvery: number;
  /** Taken and reported `UNDELIV`. */
  failEvery: number;
  /** Taken and never reported. */
  silentEvery: number;
  /** Taken and never answered. */
  dropEvery: number;
  /** Taken, and the connection is cut before the answer. */
  cutEvery: number;
  /** Before the answer comes a PDU that breaks the standard: an unknown command, or an answer without its end. */
  malformedEvery: number;
  /** Instead of the answer come octets that are no PDU. */
  garbageEvery: number;
  /** From the n-th message on nothing is answered any more, and connections stay open. */
  stallAfter: number;
  /** At the n-th message the process is killed, as by `kill -9`. */
  crashAfter: number;
};

export const noFaults: SmscFaults = {
  delayMs: 0,
  perSecond: 0,
  queueFullEvery: 0,
  refuseEvery: 0,
  failEvery: 0,
  silentEvery: 0,
  dropEvery: 0,
  cutEvery: 0,
  malformedEvery: 0,
  garbageEvery: 0,
  stallAfter: 0,
  crashAfter: 0,
};

export function isEvery(n: number, nth: number): boolean {
  return n > 0 && nth % n === 0;
}
