/** Passkeys in the browser: what the server asks, in JSON, and what the authenticator answers. */
import { challengeOf, type Assertion } from '@breakwater/rules';

/** Whether this browser has passkeys at all. */
export const passkeysWork = (): boolean => 'PublicKeyCredential' in globalThis;

/** Makes a passkey. Rejects as the browser does when the person or the authenticator says no. */
export async function makePasskey(options: object): Promise<object> {
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options as PublicKeyCredentialCreationOptionsJSON);
  return jsonOf(await navigator.credentials.create({ publicKey }));
}

/** Answers a challenge of the server with a passkey of this person. */
export async function answerWithPasskey(options: object): Promise<object> {
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options as PublicKeyCredentialRequestOptionsJSON);
  return jsonOf(await navigator.credentials.get({ publicKey }));
}

function jsonOf(credential: Credential | null): object {
  if (credential === null) throw new Error('no passkey answered');
  return (credential as PublicKeyCredential).toJSON() as object;
}

/** A passkey that is enrolled for signing. */
export interface SigningPasskey {
  /** base64url. */
  readonly credential: string;
  readonly key: string;
  readonly rpId: string;
}

/** Signs a statement: its hash is the challenge, so that the signature is over this statement and no other. */
export async function signWithPasskey(
  { credential, key, rpId }: SigningPasskey,
  message: Uint8Array,
): Promise<{ key: string; signature: string; webauthn: Assertion }> {
  const options = {
    challenge: challengeOf(message),
    rpId,
    allowCredentials: [{ type: 'public-key', id: credential }],
    userVerification: 'required',
  };
  const { response } = (await answerWithPasskey(options)) as {
    response: { authenticatorData: string; clientDataJSON: string; signature: string };
  };
  return {
    key,
    signature: standard(response.signature),
    webauthn: {
      authenticatorData: standard(response.authenticatorData),
      clientDataJSON: standard(response.clientDataJSON),
    },
  };
}

/** Standard base64 of base64url. */
function standard(text: string): string {
  const base64 = text.replaceAll('-', '+').replaceAll('_', '/');
  return base64.padEnd(Math.ceil(base64.length / 4) * 4, '=');
}

/** 16 random bytes in hex: no two statements are the same. */
export function newNonce(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
