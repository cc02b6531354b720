export { pointOfNoReturn, upperTolerance, type PointOfNoReturnInput } from './pnr.ts';
export * from './protocol.ts';
