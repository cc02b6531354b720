/** Audit: changes that others recorded held against runs, the register of overrides, samples that can be drawn again. */
export {
  type ChangeSource,
  type RecordedChange,
  changeSources,
  readDpkgLog,
  readRpmList,
  readTickets,
} from './change.ts';
export {
  type Override,
  type Population,
  type RunSpan,
  drawSample,
  inventoryChanges,
  matchChanges,
  overrideRegister,
  populationDigest,
  runSpans,
} from './population.ts';
