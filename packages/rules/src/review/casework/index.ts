/** Casework: what happens to a case, what it adds up to, who may do what to it, and what of it is shown to whom. */
export {
  type CaseActor,
  type CaseRefusal,
  type CaseSaying,
  type Side,
  actsFor,
  caseActs,
  judgeAct,
  judgeSaying,
} from './acts.ts';
export {
  type CaseAct,
  type CaseBody,
  type CaseEvent,
  type DisclosureLevel,
  type Opinion,
  caseActNames,
  caseAuthorities,
  caseBodies,
  caseKinds,
  caseWindows,
  disclosureLevels,
  opinions,
  positionTopic,
  replies,
  seats,
} from './event.ts';
export { type Case, type CaseState, caseDigest, caseEventDigest, caseStates, foldCase, sitting } from './fold.ts';
export { type InquiredWork, caseLetter } from './letter.ts';
export { viewOf } from './view.ts';
export { type CaseView, caseViewSchema, permittedActs } from './view-shape.ts';
