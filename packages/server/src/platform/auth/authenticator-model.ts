import { decodeAttestationObject } from '@simplewebauthn/server/helpers';
import { BreakwaterError } from '@breakwater/rules';

/** Who vouches for the model of an authenticator: its maker by a certificate, or nobody but itself. */
type Attestation = 'maker' | 'itself';

/** Who vouches in an attestation object whose signature was verified. */
export function attestationOf(attestationObject: Uint8Array): Attestation {
  const chain = decodeAttestationObject(new Uint8Array(attestationObject)).get('attStmt').get('x5c');
  return chain !== undefined && chain.length > 0 ? 'maker' : 'itself';
}

/**
 * Where the company names the models that it hands out, a passkey of any other, and one whose model only it itself vouches
 * for, is refused: BreakwaterError `passkey.model`.
 */
export function requireModel(allowed: readonly string[], aaguid: string, attestation: Attestation): void {
  if (allowed.length === 0 || (attestation === 'maker' && allowed.includes(aaguid))) return;
  const why = attestation === 'maker' ? `its model is ${aaguid}` : 'it does not attest its model';
  throw new BreakwaterError(
    'passkey.model',
    `this authenticator is not one that the company allows: ${why} (see auth.authenticators)`,
    '/response',
  );
}
