export { judgeApprovals } from './approvals.ts';
export type { ApprovalVerdict, Decision } from './approvals.ts';
export { acceptStatement, enrolKey, exportKeys, foundKeys, listKeys, requireSigner, revokeKey } from './keys.ts';
export type { SignedEnrolment } from './keys.ts';
export { identifyCallers } from './identify.ts';
export { newSecret, secretHash } from './secret-token.ts';
export { keyDigest, signatureVerifies } from './signing.ts';
