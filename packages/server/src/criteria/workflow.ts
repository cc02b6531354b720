/** Assessments of sealed facts, and the packs they are made under. */
import {
  BreakwaterError,
  type PackDecisionStatement,
  type Signature,
  assess,
  factsFromRecords,
} from '@breakwater/rules';
import {
  type Assessment,
  type Facts,
  type PolicyPack,
  getPack,
  listPacks,
  packDigest,
  packInForce,
  parsePack,
} from '@breakwater/rules/criteria';
import { assessed, packDecided, packImported } from '@breakwater/rules/criteria/record';
import { canonicalJson, digestOf } from '@breakwater/rules/evidence';
import * as evidence from '#evidence';
import { type ApprovalVerdict, acceptStatement, judgeApprovals } from '#platform/auth';
import { type Db, inTransaction } from '#platform/db';
import type { SealedRun } from './sealed.ts';
import {
  type StoredAssessment,
  type StoredPack,
  insertAssessment,
  insertDecision,
  insertPack,
  readDecisions,
  readPack,
  readPacks,
} from './store.ts';

/** Persons other than the importer who must approve a pack before anything is assessed under it. */
const APPROVERS = 2;

/** A pack as this installation knows it. One that comes with Breakwater needs no approval. */
export interface KnownPack {
  readonly pack: PolicyPack;
  readonly digest: string;
  readonly origin: 'built-in' | 'imported';
  readonly verdict: ApprovalVerdict;
}

/**
 * Takes a pack that a company loads. It is used once two persons other than the importer approved it.
 * Throws BreakwaterError `pack.*` with the place of what is wrong in it.
 */
export async function importPack(
  db: Db,
  institution: string,
  { document, by }: { document: unknown; by: string },
  now: Date,
): Promise<KnownPack> {
  const pack = parsePack(document);
  const digest = packDigest(pack);
  const stored: StoredPack = { digest, document: pack, importedBy: by, importedAt: now };
  return inTransaction(db, async (tx) => {
    if (await insertPack(tx, institution, stored)) {
      await evidence.append(tx, {
        type: packImported.type,
        institution,
        subjects: { pack: pack.id, digest },
        actor: { kind: 'person', id: by },
        at: now.toISOString(),
        payload: packImported.payload.parse({
          pack: pack.id,
          version: pack.version,
          digest,
          by,
          at: now.toISOString(),
        }),
      });
    }
    return judged(
      (await readPack(tx, institution, digest)) ?? stored,
      await readDecisions(tx, institution, digest),
      now,
    );
  });
}

/**
 * Takes a signed decision about an imported pack. Throws BreakwaterError `pack.not-found`, `pack.changed` when the
 * statement names another pack under this digest, `approval.role`, or `key.*`.
 */
export async function decidePack(
  db: Db,
  institution: string,
  statement: PackDecisionStatement,
  signature: Signature,
  now: Date,
): Promise<KnownPack> {
  return inTransaction(db, async (tx) => {
    const stored = await readPack(tx, institution, statement.digest);
    if (stored === null) {
      throw new BreakwaterError(
        'pack.not-found',
        `no pack of digest ${statement.digest} was imported: import it first`,
        '/digest',
      );
    }
    if (stored.document.id !== statement.pack) {
      throw new BreakwaterError(
        'pack.changed',
        `the pack of this digest is ${stored.document.id}, not ${statement.pack}`,
        '/pack',
      );
    }
    const signer = await acceptStatement(tx, institution, statement, signature, now);
    if (signer.role !== statement.role) {
      throw new BreakwaterError(
        'approval.role',
        `the key is enrolled for the role ${signer.role}, not ${statement.role}`,
        '/role',
      );
    }
    if (await insertDecision(tx, institution, statement)) {
      const { schema: _, ...decided } = statement;
      await evidence.append(tx, {
        type: packDecided.type,
        institution,
        subjects: { pack: statement.pack, digest: statement.digest },
        actor: { kind: 'person', id: statement.person },
        at: now.toISOString(),
        payload: packDecided.payload.parse({ ...decided, ...signature }),
      });
    }
    return judged(stored, await readDecisions(tx, institution, statement.digest), now);
  });
}

/** Every pack: those that come with Breakwater, then those the company loaded. */
export async function knownPacks(db: Db, institution: string, now: Date): Promise<KnownPack[]> {
  const imported = await readPacks(db, institution);
  const builtIn = listPacks().map((pack): KnownPack => ({
    pack,
    digest: packDigest(pack),
    origin: 'built-in',
    verdict: { approved: true, persons: [] },
  }));
  const decided = imported.map(async (stored) =>
    judged(stored, await readDecisions(db, institution, stored.digest), now),
  );
  return [...builtIn, ...(await Promise.all(decided))];
}

function judged(stored: StoredPack, decisions: Parameters<typeof judgeApprovals>[0], now: Date): KnownPack {
  const { document: pack, digest, importedBy } = stored;
  const verdict = judgeApprovals(decisions, { needed: APPROVERS, excluded: [importedBy] }, now);
  return { pack, digest, origin: 'imported', verdict };
}

/**
 * The pack to assess under: the approved one of this id or digest, or, asked for none, the newest in force at the start
 * of the work. Throws BreakwaterError `pack.unknown`, or `pack.not-approved` for one that two persons did not approve.
 */
export async function packFor(
  db: Db,
  institution: string,
  asked: string | null,
  facts: Facts,
  now: Date,
): Promise<PolicyPack> {
  const known = await knownPacks(db, institution, now);
  if (asked === null) {
    const usable = known.flatMap(({ pack, verdict }) => (verdict.approved ? [pack] : []));
    return packInForce(facts.work.start, 'KR', usable) ?? getPack('kr-fsc-2026-06-30');
  }
  const named = known.filter(({ pack, digest }) => pack.id === asked || digest === asked);
  if (named.length === 0) return getPack(asked);
  const usable = named.findLast(({ verdict }) => verdict.approved);
  if (usable === undefined) {
    throw new BreakwaterError('pack.not-approved', `${asked} is used once ${APPROVERS} persons approved it`, '/pack');
  }
  return usable.pack;
}

export interface MadeAssessment {
  readonly facts: Facts;
  readonly pack: PolicyPack;
  readonly assessment: Assessment;
  readonly digest: string;
  /** False when this very assessment of the run was made before. */
  readonly isNew: boolean;
}

/**
 * Assesses what the sealed records of a run say, and keeps the answer beside every earlier one with its evidence.
 *
 * Throws BreakwaterError `facts.no-work` when the run did not start, or as `packFor`.
 */
export async function assessRun(
  db: Db,
  sealed: SealedRun,
  asked: { pack: string | null; asOf: string },
  now: Date,
): Promise<MadeAssessment> {
  const { institution, run } = sealed.subjects;
  const facts = factsFromRecords(sealed.records);
  const pack = await packFor(db, institution, asked.pack, facts, now);
  const assessment = assess(facts, pack, asked.asOf);
  const digest = digestOf(new TextEncoder().encode(canonicalJson(assessment)));
  const stored: StoredAssessment = { digest, run, facts, assessment, madeAt: now };
  const isNew = await inTransaction(db, async (tx) => {
    if (!(await insertAssessment(tx, institution, stored))) return false;
    const { id, version, digest: packDigested } = assessment.pack;
    await evidence.append(tx, {
      type: assessed.type,
      institution,
      subjects: { run },
      actor: { kind: 'system', id: 'criteria' },
      at: now.toISOString(),
      payload: assessed.payload.parse({
        run,
        facts: assessment.facts,
        pack: { id, version, digest: packDigested },
        asOf: assessment.asOf,
        assessment: digest,
      }),
    });
    return true;
  });
  return { facts, pack, assessment, digest, isNew };
}
