export { authoritySchema, isShown, type Authority } from './authority.ts';
export { findingOf, findingRecord, type FindingRecord, type SeenFinding } from './finding.ts';
export { assetId, endpointOf, pathTemplate, type Endpoint } from './finding-place.ts';
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
export { scopeSchema, type HttpScope, type Scope, type ScopeTarget } from './scope.ts';
export { testerEvent, type ProbeResult, type TesterEvent, type TesterOutcome } from './tester-event.ts';
