/** Work plans: their shape, what they hash to, whether they are ready, who approved them, what may be done with them. */
export {
  approvalBytes,
  approvalPayloadSchema,
  approvalSchema,
  countApprovals,
  tallyDecisions,
  type Approval,
  type ApprovalFault,
  type ApprovalPayload,
  type ApprovalTally,
  type EnrolledKey,
  type VerifySignature,
} from './approval.ts';
export { defaultProtectedDays, koreanInstant, protectedDaysIn, quietNight, type ProtectedDay } from './calendar.ts';
export {
  companyPolicySchema,
  planContextSchema,
  planPolicySchema,
  type Decision,
  type PlanContext,
  type PlanPolicy,
  type Rehearsal,
  type SentNotice,
} from './context.ts';
export { isPatchDriver, type PatchAction } from './driver.ts';
export { draftPlan, type DraftedAsset, type DraftedExposure, type EarlierPlan, type PlanDraft } from './draft.ts';
export { readinessSchema, type PlanFinding, type Readiness } from './finding.ts';
export {
  approvalsOfException,
  exceptionCan,
  exceptionState,
  exceptionStates,
  longestExceptionDays,
  type ExceptionState,
  type ExceptionWord,
} from './exception.ts';
export { planHash, stepDigest, stepDigests } from './hash.ts';
export {
  lookAgain,
  patchCan,
  patchStateNames,
  patchStates,
  patchView,
  type PatchEvent,
  type PatchState,
  type PatchTarget,
  type PatchView,
  type Sighting,
} from './patch.ts';
export {
  planCan,
  planState,
  planStates,
  type PlanAction,
  type PlanActionName,
  type PlanLife,
  type PlanState,
} from './lifecycle.ts';
export { runLimitsOf } from './limits.ts';
export { approvalsNeeded, defaultPolicy, leadTimeNeeded, planDefaults, rehearsalsNeeded, wayBackOf } from './policy.ts';
export { meterSchema, probeSchema, type Meter, type Probe } from './probe.ts';
export { checkPlan, isStartable } from './readiness.ts';
export { parsePlan, parsePlanContext, requirePlan, type ReadPlan } from './read.ts';
export { probeTime, rehearsedTimes, slowestService, type RehearsedTimes } from './rehearsed.ts';
export { expandRings } from './rings.ts';
export { planRuleIds, planRules, type PlanRule, type PlanRuleId, type RuleSource } from './rule.ts';
export { planSchema, testerStep, type Plan, type TesterSpec } from './schema.ts';
export {
  measureSchema,
  stepSchema,
  type CommandAction,
  type HttpAction,
  type HttpProbeCall,
  type ManualAction,
  type Measure,
  type Step,
} from './step.ts';
export { targetsOf, type SshAddress } from './target.ts';
