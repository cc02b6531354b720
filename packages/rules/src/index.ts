export { BreakwaterError } from './error.ts';
export { pointOfNoReturn } from './guard/index.ts';
