export { authoritySchema, isShown, type Authority } from './authority.ts';
export { toCsv } from './export-csv.ts';
export type { ExportedFinding } from './export-findings.ts';
export { toJsonLines } from './export-jsonl.ts';
export { toOcsf } from './export-ocsf.ts';
export { toSarif } from './export-sarif.ts';
export { draftOf, type FindingAct, type FindingDraft } from './finding-drafts.ts';
export { mergeFindings, type MergedFinding, type Sighting } from './finding-duplicates.ts';
export { findingOf, findingRecord, type FindingRecord, type SeenFinding } from './finding.ts';
export { assetId, endpointOf, pathTemplate, type Endpoint } from './finding-place.ts';
export {
  afterRun,
  coverageOf,
  historiesOf,
  type FindingHistories,
  type FindingHistory,
  type FindingRun,
  type FindingState,
  type PlaceCoverage,
  type RunCoverage,
} from './finding-states.ts';
export { harmless, harmlessJson } from './finding-text.ts';
export type { ImportedFindings, ImportOptions } from './import-findings.ts';
export { nmapReader } from './import-nmap.ts';
export { importNuclei } from './import-nuclei.ts';
export { openvasReader } from './import-openvas.ts';
export { importSarif } from './import-sarif.ts';
export { importTester } from './import-tester.ts';
export { gradeOf, ungraded, type Severity, type SeverityLevel } from './severity.ts';
export {
  cageLevel,
  cageTrip,
  containmentSchema,
  transport,
  type AllowedTraffic,
  type CageLevel,
  type CageTrip,
  type Containment,
  type DeniedTraffic,
  type Transport,
} from './report.ts';
export { decideHttp, defaultMethods, type HttpDecision, type HttpRefusal, type HttpRequest } from './http-rule.ts';
export { decideLogin, type LoginCounts, type LoginDecision } from './login-cap.ts';
export { builtInNever } from './never.ts';
export { closedBy, portsOf, type Closed, type Ports } from './reach.ts';
export { scopeSchema, type HttpScope, type Scope, type ScopeTarget } from './scope.ts';
export { testerEvent, type ProbeResult, type TesterEvent, type TesterOutcome } from './tester-event.ts';
export { addressNumber, addressRange, addressText, networkRange, overlaps, type Range } from './address.ts';
export { parseScope } from './read-scope.ts';
export {
  destinationKey,
  foldTraffic,
  readGate,
  type Attempt,
  type GateCounts,
  type Steps,
  type Traffic,
} from './report-fold.ts';
export { compileRuleset, triedSet, type GateFacts } from './ruleset.ts';
export { checkScope, scopeBounds, type ScopeChecked, type ScopeFinding } from './check-scope.ts';
export { believed, coverage, type Coverage, type CoverageState, type Destination, type PortState } from './coverage.ts';
export { widens, type Widening } from './widening.ts';
export { wideningText } from './widening-text.ts';
