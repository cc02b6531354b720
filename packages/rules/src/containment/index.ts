export { authoritySchema, isShown, scopeSchema, type Authority, type Scope } from './scope.ts';
