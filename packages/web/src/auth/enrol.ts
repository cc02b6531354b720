/** Making a passkey a signing key: its holder proposes it with its own signature, and a second person enrols it. */
import type { EnrolmentStatement } from '@breakwater/rules';
import type { Schemas } from '@breakwater/client/browser';
import { answer, client, freshNonce, signStatement, type OwnKey } from '#api';

/** How long a key is in force that is proposed here. */
const lifeMs = 365 * 86_400_000;

/** Proposes the reader's passkey in a role; `enrolledBy` is the person who is to enrol it. */
export async function proposeOwn(
  { institution, person }: Schemas['Session'],
  passkey: Schemas['Passkey'],
  enrolledBy: string,
  role: string,
): Promise<void> {
  const now = Date.now();
  const statement: EnrolmentStatement = {
    schema: 'breakwater.enrolment/1',
    institution,
    person: person ?? '',
    role,
    publicKey: passkey.publicKey,
    webauthn: passkey.webauthn,
    enrolledBy,
    from: new Date(now).toISOString(),
    to: new Date(now + lifeMs).toISOString(),
    nonce: freshNonce(),
  };
  const { signature, webauthn } = await signStatement(statement, [passkey]);
  const possession = { signature, ...(webauthn === undefined ? {} : { webauthn }) };
  await answer(client.POST('/keys/proposals', { body: { statement, possession } }));
}

/** Enrols a proposed key, signed by the reader's own. */
export async function enrolProposal(own: OwnKey, { statement, possession }: Schemas['KeyProposal']): Promise<void> {
  const enroller = await signStatement(statement, own.passkeys);
  await answer(client.POST('/keys', { body: { statement, enroller, possession } }));
}
