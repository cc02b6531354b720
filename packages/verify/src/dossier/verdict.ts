/** Do the records give these facts, and do these facts under this pack give this assessment? */
import { BreakwaterError, assess, factsFromRecords, packDecisionStatement, statementBytes } from '@breakwater/rules';
import {
  type Assessment,
  type PolicyPack,
  assessmentSchema,
  listPacks,
  packDigest,
  parsePack,
} from '@breakwater/rules/criteria';
import { assessed, packDecided } from '@breakwater/rules/criteria/record';
import { type EvidenceRecord, canonicalJson, digestOf } from '@breakwater/rules/evidence';
import { cited } from '@breakwater/rules/review';
import { checkSignature } from './approvals.ts';
import type { Crypto } from './crypto.ts';
import type { Dossier } from './dossier.ts';
import type { KeyRing } from './keys.ts';
import { type Ledger, Unavailable, Wrong } from './ledger.ts';

/** Persons who must have approved a pack that does not come with Breakwater. */
const APPROVERS = 2;

type DerivedFacts = ReturnType<typeof factsFromRecords>;

export function checkFacts(ledger: Ledger, dossier: Dossier, records: readonly EvidenceRecord[]): DerivedFacts | null {
  let facts: DerivedFacts | null = null;
  ledger.check('facts', 'facts.json', () => {
    const derived = factsFromRecords(records);
    if (canonicalJson(dossier.json('facts.json')) !== canonicalJson(derived))
      throw new Wrong('the records give other facts');
    facts = derived;
    return 'exactly what the records give';
  });
  return facts;
}

/** Reads the packs and holds each against those known here, or against two signed approvals. */
export function checkPacks(
  ledger: Ledger,
  dossier: Dossier,
  records: readonly EvidenceRecord[],
  keys: KeyRing | null,
  crypto: Crypto,
): PolicyPack[] {
  return dossier.within('packs').flatMap((path) => {
    let read: PolicyPack | null = null;
    ledger.check('pack', path, () => {
      const pack = parsePack(dossier.json(path));
      read = pack;
      const digest = packDigest(pack);
      if (listPacks().some((known) => packDigest(known) === digest))
        return `${digest}, the one that comes with Breakwater`;
      const approvers = approversOf(digest, records, keys, crypto);
      if (approvers.length >= APPROVERS) return `${digest}, approved by ${approvers.join(', ')}`;
      throw new Wrong(`it does not come with Breakwater, and ${approvers.length} of ${APPROVERS} persons approved it`);
    });
    return read === null ? [] : [read];
  });
}

/** Persons whose newest signed decision approves the pack; without keys nobody can be named. */
function approversOf(
  digest: string,
  records: readonly EvidenceRecord[],
  keys: KeyRing | null,
  crypto: Crypto,
): string[] {
  const decided = cited(records, packDecided).filter(({ payload }) => payload.digest === digest);
  if (decided.length > 0 && keys === null) throw new Unavailable('its approvals need keys, and none were given');
  const newest = new Map(decided.map(({ payload }) => [payload.person, payload]));
  return [...newest.values()].flatMap((payload) => {
    const { key: _key, signature: _signature, ...statement } = payload;
    const message = statementBytes(packDecisionStatement.parse({ schema: 'breakwater.pack-decision/1', ...statement }));
    checkSignature(payload, message, keys, crypto);
    return payload.decision === 'approve' ? [payload.person] : [];
  });
}

/** Makes the assessment again from the facts that the records gave. */
export function checkAssessment(
  ledger: Ledger,
  dossier: Dossier,
  facts: DerivedFacts | null,
  packs: readonly PolicyPack[],
  records: readonly EvidenceRecord[],
): void {
  ledger.check('assessment', 'assessment.json', () => {
    const said = readAssessment(dossier);
    if (facts === null) throw new Wrong('the facts it rests on are not those of the records');
    const pack = packs.find((known) => packDigest(known) === said.pack.digest);
    if (pack === undefined) throw new Wrong(`the pack it names (${said.pack.digest}) is not in the dossier`);
    const again = assess(facts, pack, said.asOf);
    if (canonicalJson(again) !== canonicalJson(said)) throw new Wrong('these facts give another assessment');
    const digest = digestOf(new TextEncoder().encode(canonicalJson(said)));
    const recorded = cited(records, assessed).filter(
      ({ payload }) => payload.facts === said.facts && payload.asOf === said.asOf,
    );
    if (recorded.some(({ payload }) => payload.pack.digest === said.pack.digest && payload.assessment !== digest)) {
      throw new Wrong('the log holds another assessment of the same facts at the same time');
    }
    return `made again under ${pack.id} ${pack.version} as of ${said.asOf}`;
  });
}

function readAssessment(dossier: Dossier): Assessment {
  const result = assessmentSchema.safeParse(dossier.json('assessment.json'));
  if (!result.success)
    throw new BreakwaterError('dossier.member', 'it does not have the shape of an assessment', 'assessment.json');
  return result.data;
}
