import { createHash } from 'node:crypto';
import { BreakwaterError } from '@breakwater/rules';
import { proofBySignature, readCsaf, type Proof, type ProofDoubt } from '@breakwater/rules/advisory';
import { disseminationReceived, disseminationTranscribed } from '@breakwater/rules/advisory/record';
import type { Actor } from '@breakwater/rules/evidence';
import { sql } from 'kysely';
import * as evidence from '#evidence';
import { inTransaction, type Db, type Tx } from '#platform/db';
import { readAuthorityKeys, signerOf, type PinnedKey } from './authority.ts';
import { addReceipt } from './workflow.ts';

export const channels = ['csaf', 'taxii', 'letter', 'portal', 'mail'] as const;

/** Largest document of a dissemination, bytes: a scan of a letter has room. */
export const mostDisseminationBytes = 32 * 1024 * 1024;

export interface Received {
  readonly id: string;
  readonly authority: string;
  readonly channel: (typeof channels)[number];
  readonly document: Uint8Array;
  /** Detached OpenPGP signature, armored or binary. */
  readonly signature: Uint8Array | null;
  readonly receivedAt: string;
  /** Ids that the document names. For CSAF they are read from it, and what is given here is not needed. */
  readonly vulnerabilities: readonly string[];
  readonly remediation: string | null;
}

export interface Judged {
  readonly id: string;
  readonly proof: Proof;
  readonly doubt: ProofDoubt | null;
  readonly fingerprint: string | null;
  readonly sha512: string;
  readonly vulnerabilities: readonly string[];
  /** More persons who must read the same in an unsigned document until it is attested. */
  readonly transcriptsNeeded: number;
}

const attesting = 2;

/**
 * Keeps what an authority sent, as it came, with the verdict at its receipt and the key it was made with. A good signature of a pinned
 * key proves it; an unsigned one waits for a second person's transcript. Fails closed. Throws BreakwaterError `dissemination.*`.
 */
export async function receiveDissemination(
  db: Db,
  institution: string,
  received: Received,
  by: Actor,
  now: Date,
): Promise<Judged> {
  const { id, authority, channel, document, signature, receivedAt, remediation } = received;
  if (Date.parse(receivedAt) > now.getTime()) {
    throw new BreakwaterError('dissemination.future', 'it was not received yet: correct receivedAt', '/receivedAt');
  }
  const vulnerabilities = channel === 'csaf' ? idsOfCsaf(document) : [...new Set(received.vulnerabilities)].toSorted();
  if (vulnerabilities.length === 0) {
    throw new BreakwaterError(
      'dissemination.no-ids',
      'name the vulnerabilities that the document names',
      '/vulnerabilities',
    );
  }
  const keys = await readAuthorityKeys(db, institution);
  const signer = signature === null ? null : await signerOf(document, signature, keys, new Date(receivedAt));
  const { proof, doubt } = verdictOf(signature, signer, keys, received);
  const [sha256, sha512] = ['sha256', 'sha512'].map(
    (name) => `${name}:${createHash(name).update(document).digest('hex')}`,
  ) as [string, string];
  await inTransaction(db, async (tx) => {
    const { rows } = await sql`
      insert into advisory_dissemination (institution, id, authority, channel, document, sha256, sha512, signature, fingerprint, key, proof,
        doubt, received_at, vulnerabilities, remediation, recorded_by, recorded_at)
      values (${institution}, ${id}, ${authority}, ${channel}, ${Buffer.from(document)}, ${sha256}, ${sha512},
        ${signature === null ? null : Buffer.from(signature)}, ${signer?.fingerprint ?? null}, ${signer?.armored ?? null}, ${proof}, ${doubt},
        ${receivedAt}, ${vulnerabilities}::text[], ${remediation}, ${by.id}, ${now})
      on conflict do nothing returning id`.execute(tx);
    if (rows.length === 0) throw new BreakwaterError('dissemination.exists', `${id} was received already`, '/id');
    await evidence.append(tx, {
      type: disseminationReceived.type,
      institution,
      subjects: { advisory: id },
      actor: by,
      at: now.toISOString(),
      payload: {
        advisory: id,
        authority,
        channel,
        document: sha256,
        sha512,
        fingerprint: signer?.fingerprint ?? null,
        proof,
        doubt,
        receivedAt,
        vulnerabilities,
      },
    });
    if (proof === 'proven') {
      await addReceipt(
        tx,
        institution,
        { id, disseminatedBy: authority, receivedAt, proof, vulnerabilities, document: sha256 },
        by,
        now,
      );
    } else await keepTranscript(tx, institution, id, by, vulnerabilities, now);
  });
  const transcriptsNeeded = proof === 'proven' ? 0 : attesting - 1;
  return { id, proof, doubt, fingerprint: signer?.fingerprint ?? null, sha512, vulnerabilities, transcriptsNeeded };
}

function verdictOf(
  signature: Uint8Array | null,
  signer: PinnedKey | null,
  keys: readonly PinnedKey[],
  { authority, receivedAt }: Received,
): { proof: 'proven' | 'absent'; doubt: ProofDoubt | null } {
  if (signature === null) return { proof: 'absent', doubt: 'no-signature' };
  if (signer === null && !keys.some((key) => key.authority === authority)) return { proof: 'absent', doubt: 'no-key' };
  return proofBySignature(signer?.fingerprint ?? null, keys, authority, receivedAt);
}

/** What was received, with what its verdict rests on. */
export interface KeptDissemination extends Judged {
  readonly authority: string;
  readonly channel: Received['channel'];
  readonly sha256: string;
  readonly receivedAt: string;
  readonly recordedBy: string;
  readonly recordedAt: string;
  readonly remediation: string | null;
  /** Who read the ids in an unsigned document; with two of them it is attested. */
  readonly readers: readonly { readonly person: string; readonly at: string }[];
}

type KeptRow = Omit<KeptDissemination, 'receivedAt' | 'recordedAt' | 'transcriptsNeeded'> & {
  receivedAt: Date;
  recordedAt: Date;
};

/** What was received, the newest first; at most `limit`. */
export async function listDisseminations(
  db: Db | Tx,
  institution: string,
  limit: number,
): Promise<KeptDissemination[]> {
  const { rows } = await sql<KeptRow>`
    select d.id, d.authority, d.channel, d.sha256, d.sha512, d.fingerprint, d.proof, d.doubt, d.received_at as "receivedAt",
      d.vulnerabilities, d.remediation, d.recorded_by as "recordedBy", d.recorded_at as "recordedAt",
      coalesce((select jsonb_agg(jsonb_build_object('person', t.person, 'at', t.at) order by t.at, t.person) from advisory_transcript t
        where t.institution = d.institution and t.dissemination = d.id), '[]') as readers
    from advisory_dissemination d where d.institution = ${institution}
    order by d.received_at desc, d.id limit ${limit}`.execute(db);
  return rows.map((row) => {
    const isAttested = row.proof !== 'proven' && row.readers.length >= attesting;
    return {
      ...row,
      proof: isAttested ? 'attested' : row.proof,
      receivedAt: row.receivedAt.toISOString(),
      recordedAt: row.recordedAt.toISOString(),
      transcriptsNeeded: row.proof === 'proven' ? 0 : Math.max(0, attesting - row.readers.length),
    };
  });
}

/**
 * A second person reads the document and names what it names. When that is what the first one read, it is attested. Throws
 * BreakwaterError `dissemination.not-found`, `.same-person`, `.proven` or `.differs`.
 */
export async function transcribe(
  db: Db,
  institution: string,
  { id, vulnerabilities }: { id: string; vulnerabilities: readonly string[] },
  by: Actor,
  now: Date,
): Promise<Judged> {
  const named = [...new Set(vulnerabilities)].toSorted();
  return inTransaction(db, async (tx) => {
    const { rows } = await sql<{
      authority: string;
      proof: Proof;
      doubt: ProofDoubt | null;
      sha256: string;
      sha512: string;
      received_at: Date;
      vulnerabilities: string[];
    }>`
      select authority, proof, doubt, sha256, sha512, received_at, vulnerabilities from advisory_dissemination
      where institution = ${institution} and id = ${id}`.execute(tx);
    const [kept] = rows;
    if (kept === undefined) throw new BreakwaterError('dissemination.not-found', `${id} was not received`, '/id');
    if (kept.proof === 'proven')
      throw new BreakwaterError('dissemination.proven', `${id} is proven by its signature`, '/id');
    if (named.join(' ') !== kept.vulnerabilities.join(' ')) {
      throw new BreakwaterError(
        'dissemination.differs',
        'the first person read other ids in the document: read it again together',
        '/vulnerabilities',
      );
    }
    await keepTranscript(tx, institution, id, by, named, now);
    const receipt = {
      id,
      disseminatedBy: kept.authority,
      receivedAt: kept.received_at.toISOString(),
      vulnerabilities: named,
      document: kept.sha256,
    };
    await addReceipt(tx, institution, { ...receipt, proof: 'attested' }, by, now);
    return {
      id,
      proof: 'attested',
      doubt: kept.doubt,
      fingerprint: null,
      sha512: kept.sha512,
      vulnerabilities: named,
      transcriptsNeeded: 0,
    };
  });
}

async function keepTranscript(
  tx: Tx,
  institution: string,
  id: string,
  by: Actor,
  vulnerabilities: readonly string[],
  now: Date,
): Promise<void> {
  const { rows } = await sql`
    insert into advisory_transcript (institution, dissemination, person, vulnerabilities, at)
    values (${institution}, ${id}, ${by.id}, ${[...vulnerabilities]}::text[], ${now}) on conflict do nothing returning person`.execute(
    tx,
  );
  if (rows.length === 0)
    throw new BreakwaterError('dissemination.same-person', 'another person must read the document', '/by');
  await evidence.append(tx, {
    type: disseminationTranscribed.type,
    institution,
    subjects: { advisory: id },
    actor: by,
    at: now.toISOString(),
    payload: { advisory: id, vulnerabilities: [...vulnerabilities] },
  });
}

function idsOfCsaf(document: Uint8Array): string[] {
  const { id, aliases, vulnerabilities } = readCsaf(Buffer.from(document).toString('utf8'));
  return [...new Set([id, ...aliases, ...vulnerabilities])].toSorted();
}
