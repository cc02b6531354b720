import { approvalBytes, type Approval } from '@breakwater/rules/plan';
import { answer, client, freshNonce, signBytes, type OwnKey } from '#api';

/** How long a decision counts that is signed here. */
const lifeMs = 30 * 86_400_000;

/** Signs a decision about this very plan with the reader's passkey and hands it in. */
export async function decide(key: OwnKey, planHash: string, decision: 'approve' | 'return'): Promise<void> {
  const now = Date.now();
  const decided = {
    planHash,
    decision,
    person: key.person,
    role: key.role,
    at: new Date(now).toISOString(),
    expires: new Date(now + lifeMs).toISOString(),
    nonce: freshNonce(),
  };
  const approval: Approval = {
    schema: 'breakwater.approval/1',
    ...decided,
    ...(await signBytes(approvalBytes(decided), key.passkeys)),
  };
  await answer(client.POST('/plans/decisions', { body: approval }));
}
