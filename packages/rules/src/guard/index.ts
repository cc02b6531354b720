export { ageAt, ageOfDeadline, firstAnchor, moveAnchor, type AgeAnchor, type Mark } from './age.ts';
export { isDone, mayBegin, type BeginFacts } from './begin.ts';
export { entryHash, headMessage, sealEntry, verifyChain, type ChainFault, type UnhashedEntry } from './chain.ts';
export {
  ageOf,
  applyEntry,
  foldJournal,
  type CageOnHost,
  type DisruptionOnHost,
  type MeasureOnHost,
  type OpenAction,
  type RunOnHost,
  type StepOnHost,
} from './journal.ts';
export { leaseMs, recoverAfterMs } from './lease.ts';
export {
  blindMs,
  disruptionChanges,
  newProbe,
  outageMs,
  serviceVerdict,
  takeSample,
  type Disruption,
  type DisruptionChange,
  type ProbeChange,
  type ProbeSettings,
  type ProbeState,
  type ProbeVerdict,
  type Sample,
} from './ledger.ts';
export { allRuns, leverEffects, leversByStrength, stoppedFile, type LeverEffect } from './lever-effect.ts';
export { pointOfNoReturn, upperTolerance, type PointOfNoReturnInput } from './pnr.ts';
export * from './protocol.ts';
export {
  nextRecovery,
  type RecoveryCourse,
  type RecoveryMeasure,
  type RecoveryMove,
  type RecoveryStep,
  type Verification,
} from './recovery.ts';
export {
  baselineOf,
  fewestBefore,
  newResponse,
  recentMs,
  takeAnswer,
  type Baseline,
  type ResponseState,
  type SlowerLimit,
} from './response.ts';
export { refusalExit, refusalHttp, refusalText } from './refusal-text.ts';
export { decideTrip, tripCuts, type GuardFacts, type MeterState, type TestFacts } from './trip.ts';
export { hasEffect, lastEffect, longestStep, turnBackBy } from './turn-back.ts';
