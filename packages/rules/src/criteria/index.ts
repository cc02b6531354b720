/**
 * Criteria: what the facts of a work say under the effective-dated policy pack of an authority.
 *
 * The facts are strict data, the pack is data with the source of every bound, and `assess` is a pure function of both
 * and a time. Its answer is a table with numbers; whether a company is relieved is for the committee alone.
 */
export { assess, statusFromExplanation } from './assess.ts';
export { type Assessment, type DutyNotice, type Finding, assessmentSchema } from './assessment.ts';
export { factsFromRecords } from './facts-from-records.ts';
export { type Facts, factsSchema, parseFacts } from './facts.ts';
export { type Interval, unionMillis } from './interval.ts';
export { type PackChange, diffPacks } from './pack-diff.ts';
export { type Clause, type Criterion, type PolicyPack, packDigest, packSchema, parsePack } from './pack.ts';
export { type Range, rangeOf, standing } from './range.ts';
export { moved } from './time.ts';
export { tell, tellRange } from './wording.ts';
export { defaultPackId, getPack, listPacks, packInForce } from './packs.ts';
