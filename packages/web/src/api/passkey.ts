/** Passkeys in the browser: what the server asks, in JSON, and what the authenticator answers. */
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
  return (credential as PublicKeyCredential).toJSON();
}
