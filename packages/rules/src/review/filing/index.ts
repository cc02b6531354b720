/** Filings: what a company reports and tells about a work, until when, with drafts from the evidence. */
export { type Filed, type FilingClock, filingClocks } from './clock.ts';
export { type FilingDraft, draftFiling, filingText } from './draft.ts';
export { type FilingDutyId, filingDuties, filingDutyIds, filingParts } from './duty.ts';
