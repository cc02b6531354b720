import { createPublicKey } from 'node:crypto';
import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
  type AuthenticationResponseJSON,
  type AuthenticatorTransportFuture,
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
  type RegistrationResponseJSON,
} from '@simplewebauthn/server';
import { cose, decodeCredentialPublicKey } from '@simplewebauthn/server/helpers';
import { BreakwaterError, type PasskeyPlace } from '@breakwater/rules';
import { passkeyRegistered, passkeyRemoved } from '@breakwater/rules/authority/record';
import type { Config } from '#platform/config';
import { inTransaction, type Db } from '#platform/db';
import { attestationOf, requireModel } from './authenticator-model.ts';
import { tell, type Change } from './persons.ts';
import { beginSession, type Begun } from './sessions.ts';
import { keyDigest } from './signing.ts';
import {
  endPasskey,
  findPasskey,
  insertChallenge,
  insertPasskey,
  passkeysOf,
  useChallenge,
  usedPasskey,
  type Passkey,
} from './store-passkeys.ts';

const challengeLifeMs = 5 * 60_000;
/** Ed25519, ES256, RS256: what `verify` can check again offline. */
const algorithms = [-8, -7, -257];

/** What a browser is told to make a passkey for a person who has signed in. */
export async function registrationOptions(
  db: Db,
  change: Change,
  place: PasskeyPlace,
  person: { person: string; name: string | null },
): Promise<PublicKeyCredentialCreationOptionsJSON> {
  const { institution, at } = change;
  const known = await passkeysOf(db, institution, person.person);
  const options = await generateRegistrationOptions({
    rpName: 'Breakwater',
    rpID: place.rpId,
    userName: person.person,
    userDisplayName: person.name ?? person.person,
    userID: new TextEncoder().encode(`${institution}/${person.person}`.slice(0, 64)),
    attestationType: 'direct',
    supportedAlgorithmIDs: algorithms,
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    excludeCredentials: known.map(({ credential }) => ({ id: credential })),
  });
  const expiresAt = new Date(at.getTime() + challengeLifeMs);
  await insertChallenge(db, institution, {
    challenge: options.challenge,
    purpose: 'register',
    person: person.person,
    expiresAt,
  });
  return options;
}

/** Keeps the passkey that a browser made, on one of the allowed `models` (empty: any). Throws BreakwaterError `passkey.*`. */
export async function registerPasskey(
  db: Db,
  change: Change,
  place: PasskeyPlace,
  made: { person: string; label: string; response: RegistrationResponseJSON },
  models: readonly string[],
): Promise<Passkey> {
  const { institution, at } = change;
  const { person, label, response } = made;
  return inTransaction(db, async (tx) => {
    const verified = await verifyRegistrationResponse({
      response,
      expectedChallenge: (challenge) =>
        useChallenge(tx, institution, { challenge, purpose: 'register', person, now: at }),
      expectedOrigin: place.origin,
      expectedRPID: place.rpId,
      requireUserVerification: true,
      supportedAlgorithmIDs: algorithms,
    }).catch(refuse);
    if (!verified.verified) throw refused('the authenticator did not attest this passkey');
    const { credential, credentialDeviceType, aaguid, fmt, attestationObject } = verified.registrationInfo;
    requireModel(models, aaguid, attestationOf(attestationObject));
    const publicKey = pemOf(credential.publicKey);
    const passkey = {
      credential: credential.id,
      person,
      coseKey: Buffer.from(credential.publicKey),
      key: keyDigest(publicKey, place),
      publicKey,
      ...place,
      counter: credential.counter,
      transports: credential.transports ?? [],
      isSynced: credentialDeviceType === 'multiDevice',
      aaguid,
      label,
      registeredAt: at,
    };
    if (!(await insertPasskey(tx, institution, passkey))) {
      throw new BreakwaterError('passkey.exists', 'this passkey is registered already', '/response/id');
    }
    const { key, isSynced } = passkey;
    await tell(tx, change, person, passkeyRegistered, { key, person, aaguid, attestation: fmt, synced: isSynced });
    return { ...passkey, lastUsedAt: null };
  });
}

/** What a browser is told to sign in whoever has a passkey. */
export async function signInOptions(
  db: Db,
  config: Config,
  place: PasskeyPlace,
  now: Date,
): Promise<PublicKeyCredentialRequestOptionsJSON> {
  const options = await generateAuthenticationOptions({ rpID: place.rpId, userVerification: 'required' });
  const expiresAt = new Date(now.getTime() + challengeLifeMs);
  await insertChallenge(db, config.institution, {
    challenge: options.challenge,
    purpose: 'sign-in',
    person: null,
    expiresAt,
  });
  return options;
}

/** Signs a person in by their passkey. Throws BreakwaterError `passkey.not-signed-in`, without saying which part was wrong. */
export async function signInWithPasskey(
  db: Db,
  config: Config,
  place: PasskeyPlace,
  given: { response: AuthenticationResponseJSON; agent: string; at: Date; replaces: string | null },
): Promise<Begun> {
  const { institution } = config;
  const { response, agent, at, replaces } = given;
  return inTransaction(db, async (tx) => {
    const passkey = await findPasskey(tx, institution, response.id);
    if (passkey === null) throw notSignedIn();
    const verified = await verifyAuthenticationResponse({
      response,
      expectedChallenge: (challenge) =>
        useChallenge(tx, institution, { challenge, purpose: 'sign-in', person: null, now: at }),
      expectedOrigin: place.origin,
      expectedRPID: place.rpId,
      requireUserVerification: true,
      credential: {
        id: passkey.credential,
        publicKey: new Uint8Array(passkey.coseKey),
        counter: passkey.counter,
        transports: passkey.transports as AuthenticatorTransportFuture[],
      },
    }).catch(() => null);
    if (verified?.verified !== true) throw notSignedIn();
    await usedPasskey(tx, institution, passkey.credential, { counter: verified.authenticationInfo.newCounter, at });
    return beginSession(tx, config, { person: passkey.person, method: 'passkey', agent, at, replaces });
  });
}

/** A person's passkeys, oldest first. */
export async function listPasskeys(db: Db, institution: string, person: string): Promise<Passkey[]> {
  return passkeysOf(db, institution, person);
}

/** Takes a passkey away: it signs nobody in any more. An operator key of it is revoked apart. */
export async function removePasskey(db: Db, change: Change, person: string, credential: string): Promise<void> {
  const { institution, at } = change;
  await inTransaction(db, async (tx) => {
    const passkey = await findPasskey(tx, institution, credential);
    if (passkey === null || !(await endPasskey(tx, institution, person, credential, at))) {
      throw new BreakwaterError('passkey.not-found', 'this person has no such passkey', '/credential');
    }
    await tell(tx, change, person, passkeyRemoved, { key: passkey.key, person });
  });
}

/** The SPKI PEM of a COSE key. */
function pemOf(coseKey: Uint8Array<ArrayBuffer>): string {
  const key = decodeCredentialPublicKey(coseKey);
  const text = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString('base64url');
  const jwk = cose.isCOSEPublicKeyEC2(key)
    ? { kty: 'EC', crv: 'P-256', x: text(key.get(cose.COSEKEYS.x)), y: text(key.get(cose.COSEKEYS.y)) }
    : cose.isCOSEPublicKeyRSA(key)
      ? { kty: 'RSA', n: text(key.get(cose.COSEKEYS.n)), e: text(key.get(cose.COSEKEYS.e)) }
      : cose.isCOSEPublicKeyOKP(key)
        ? { kty: 'OKP', crv: 'Ed25519', x: text(key.get(cose.COSEKEYS.x)) }
        : null;
  if (jwk === null) throw refused('its key is of a kind that is not taken');
  return createPublicKey({ key: jwk, format: 'jwk' }).export({ type: 'spki', format: 'pem' }).toString();
}

function refuse(error: unknown): never {
  throw error instanceof BreakwaterError ? error : refused(error instanceof Error ? error.message : 'it is no passkey');
}

function refused(why: string): BreakwaterError {
  return new BreakwaterError('passkey.refused', `the passkey was not taken: ${why}`, '/response');
}

function notSignedIn(): BreakwaterError {
  return new BreakwaterError(
    'passkey.not-signed-in',
    'this passkey signs nobody in here: try again, or ask for a link',
  );
}
