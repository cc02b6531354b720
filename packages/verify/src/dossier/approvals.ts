/** Did the persons whom the records name really sign their decisions, with keys that were theirs then? */
import { type Assertion, assertedBytes, packDecisionStatement, statementBytes } from '@breakwater/rules';
import { packDecided } from '@breakwater/rules/criteria/record';
import { type EvidenceRecord, canonicalJson, decodeBase64 } from '@breakwater/rules/evidence';
import { approvalBytes } from '@breakwater/rules/plan';
import { planDecided, planSubmitted } from '@breakwater/rules/plan/record';
import { type Cited, approvalPath, approvalMember, cited } from '@breakwater/rules/review';
import type { Crypto } from './crypto.ts';
import type { Dossier } from './dossier.ts';
import { type KeyRing, type RingKey, keyAt } from './keys.ts';
import { type Ledger, Unavailable, Wrong } from './ledger.ts';

/** A decision, whatever it is about, as far as its signature goes. */
interface Signed {
  readonly person: string;
  readonly role: string;
  readonly at: string;
  readonly key: string;
  readonly signature: string;
  readonly webauthn?: Assertion | undefined;
}

/** One check for each signed decision in the records, and one that `approvals/` holds these and no others. */
export function checkApprovals(
  ledger: Ledger,
  dossier: Dossier,
  records: readonly EvidenceRecord[],
  keys: KeyRing | null,
  crypto: Crypto,
): void {
  const plans = cited(records, planDecided);
  const packs = cited(records, packDecided);
  const files = dossier.within('approvals');
  if (plans.length + packs.length + files.length > 0) {
    ledger.check('approval', 'approvals/', () => {
      const expected = new Map(
        [...plans, ...packs].map((row) => [approvalPath(row.index), canonicalJson(approvalMember(row))]),
      );
      for (const path of files) {
        if (canonicalJson(dossier.json(path)) !== expected.get(path))
          throw new Wrong(`${path} is not what the records say`);
      }
      if (files.length !== expected.size)
        throw new Wrong(`${files.length} files for ${expected.size} decisions in the records`);
      return `${files.length} decisions, as the records hold them`;
    });
  }
  const authors = new Map(cited(records, planSubmitted).map(({ payload }) => [payload.planHash, payload.author]));
  for (const row of plans) {
    const { planHash, person, role, decision, at, expires, nonce, author } = row.payload;
    ledger.check('approval', subjectOf(row), () => {
      if (authors.has(planHash) && author !== (authors.get(planHash) === person))
        throw new Wrong('it is wrong about who wrote the plan');
      const message = approvalBytes({ planHash, decision, person, role, at, expires, nonce });
      checkSignature(row.payload, message, keys, crypto);
      return `${decision} of plan ${planHash}${author ? ' by its author: not counted' : ''}`;
    });
  }
  for (const row of packs) {
    const { pack, digest, person, role, decision, at, nonce } = row.payload;
    ledger.check('approval', subjectOf(row), () => {
      const statement = { schema: 'breakwater.pack-decision/1', pack, digest, decision, person, role, at, nonce };
      checkSignature(row.payload, statementBytes(packDecisionStatement.parse(statement)), keys, crypto);
      return `${decision} of pack ${digest}`;
    });
  }
}

function subjectOf({ index, payload }: Cited<Signed>): string {
  return `${payload.person} (${payload.role}), record ${index}`;
}

/** Throws unless the signature verifies under a key that belonged to this person in this role when it was made. */
export function checkSignature(signed: Signed, message: Uint8Array, keys: KeyRing | null, crypto: Crypto): void {
  if (keys === null) throw new Unavailable('no keys were given, so no signature can be attributed');
  const known = keys.filter((key) => key.digest === signed.key);
  if (known.length === 0) throw new Unavailable(`the keys given do not hold ${signed.key}`);
  const theirs = known.filter(({ person, role }) => person === signed.person && role === signed.role);
  if (theirs.length === 0) throw new Wrong(`the key is not one of ${signed.person} as ${signed.role}`);
  const key = keyAt(theirs, () => true, signed.at);
  if (key === null) throw new Wrong('the key was not in force when it was signed');
  const signature = decodeBase64(signed.signature);
  const bytes = messageOf(signed, key, message);
  const isGood =
    signature !== null &&
    (key.raw === null ? crypto.passkey(key.spki, bytes, signature) : crypto.ed25519(key.raw, bytes, signature));
  if (!isGood) throw new Wrong('the signature does not verify');
}

/** What the signature is over. Throws when a passkey asserted something else, or the signature is of the other kind. */
function messageOf({ webauthn }: Signed, { webauthn: place }: RingKey, message: Uint8Array): Uint8Array {
  if (place === undefined && webauthn === undefined) return message;
  if (place === undefined || webauthn === undefined)
    throw new Wrong('a signature by a passkey and one by an ordinary key are not the same');
  const asserted = assertedBytes(webauthn, place, message);
  if ('fault' in asserted) throw new Wrong(`the passkey did not assert this decision: ${asserted.fault}`);
  return asserted.signed;
}
