export { BreakwaterError } from './error.ts';
