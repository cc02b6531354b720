/** A person's signature over what they decide, by the passkey of their browser (Web Authentication, W3C Level 2). */
import type { Assertion, Signature, Statement } from '@breakwater/rules';
import { BreakwaterError } from '@breakwater/rules/error';
import type { Schemas } from '@breakwater/client/browser';
import { answer, client } from './client.ts';

type OperatorKey = Schemas['OperatorKey'];
/** A signature that has its assertion beside it. */
export type SignedWithPasskey = Signature & { readonly webauthn: Assertion };
type Passkey = Schemas['Passkey'];

/** The passkey of the reader that is enrolled as an operator key, and the role that it signs in; null: none is. */
export async function passkeyOf(person: string): Promise<{ passkeys: Passkey[]; role: string } | null> {
  const [{ keys }, { passkeys }] = await Promise.all([answer(client.GET('/keys')), answer(client.GET('/passkeys'))]);
  const now = Date.now();
  const own = keys.filter(
    (key: OperatorKey) => key.person === person && key.revokedAt === null && Date.parse(key.to) > now,
  );
  const signing = passkeys.filter((passkey) => own.some(({ key }) => key === passkey.key));
  const role = own.find(({ key }) => signing.some((passkey) => passkey.key === key))?.role;
  return role === undefined ? null : { passkeys: signing, role };
}

/**
 * Has the reader sign a statement, which the browser shows a dialogue of its own for. Throws BreakwaterError
 * `sign.refused` when they did not go through with it.
 */
export async function signStatement(statement: Statement, passkeys: readonly Passkey[]): Promise<Signature> {
  const { statementBytes } = await import('@breakwater/rules');
  return signBytes(statementBytes(statement), passkeys);
}

/** As {@link signStatement}, for the bytes of what is no statement: an approval of a plan has bytes of its own. */
export async function signBytes(message: Uint8Array, passkeys: readonly Passkey[]): Promise<SignedWithPasskey> {
  const { challengeOf } = await import('@breakwater/rules');
  const credential = await navigator.credentials
    .get({
      publicKey: {
        challenge: bytesOf(challengeOf(message)),
        userVerification: 'required',
        allowCredentials: passkeys.map(({ credential: id }) => ({ type: 'public-key', id: bytesOf(id) })),
        ...(passkeys[0] === undefined ? {} : { rpId: passkeys[0].webauthn.rpId }),
      },
    })
    .catch(() => null);
  if (!(credential instanceof PublicKeyCredential)) throw new BreakwaterError('sign.refused', 'nothing was signed');
  const response = credential.response as AuthenticatorAssertionResponse;
  const used = passkeys.find(({ credential: id }) => id === credential.id);
  if (used === undefined) throw new BreakwaterError('sign.refused', 'another passkey answered');
  return {
    key: used.key,
    signature: base64(response.signature),
    webauthn: {
      authenticatorData: base64(response.authenticatorData),
      clientDataJSON: base64(response.clientDataJSON),
    },
  };
}

/** 16 random bytes in hex: each statement counts once. */
export function freshNonce(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

function bytesOf(base64url: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64url.replaceAll('-', '+').replaceAll('_', '/')), (character) =>
    character.charCodeAt(0),
  );
}

function base64(bytes: ArrayBuffer): string {
  return btoa(String.fromCharCode(...new Uint8Array(bytes)));
}
