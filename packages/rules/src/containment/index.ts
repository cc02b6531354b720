export { authoritySchema, scopeSchema, type Authority, type Scope } from './scope.ts';
