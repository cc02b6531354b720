export { authoritySchema, isShown, type Authority } from './authority.ts';
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
