export { judgeApprovals } from './approvals.ts';
export type { ApprovalRule, ApprovalVerdict, Decision } from './approvals.ts';
export { acceptStatement, enrolKey, exportKeys, foundKeys, listKeys, requireSigner, revokeKey } from './keys.ts';
export type { SignedEnrolment } from './keys.ts';
export { actorOf, can, requirePermission } from './permissions.ts';
export type { ActorKind, Permission } from './permissions.ts';
export { keyDigest, signatureVerifies } from './signing.ts';
export type { OperatorKey } from './store.ts';
