/** Which records of a log are about one run: those that a dossier opens; all others in its range stay bare hashes. */
import { z } from 'zod';
import {
  advisoryReceived,
  authorityKeyPinned,
  disseminationReceived,
  disseminationTranscribed,
} from '#advisory/record';
import { packDecided } from '#criteria/record';
import { formatDigest, hashLeaf, leafBytes } from '#evidence';
import {
  type DisclosedRecord,
  type EvidenceRecord,
  type WithheldRecord,
  keySucceeded,
  originOpened,
} from '#evidence/record';
import { hostEnrolled, journalRecord } from '#guard/record';
import { keyEnrolled, keyRevoked, planDecided, planRehearsed, planSubmitted } from '#plan/record';
import { claimAssigned, claimOpened } from '#relief/record';
import { runRequested } from '#runner/record';
import { BreakwaterError } from '../error.ts';
import { cited } from './live.ts';

/** Where a run begins to leave traces: the subjects under which its records are found in a log. */
export interface RunSubjects {
  readonly institution: string;
  readonly run: string;
  readonly plan: string;
  readonly planHash: string;
  /** Advisories that the plan names. */
  readonly advisories: readonly string[];
}

const named = z.object({ advisories: z.array(z.string()).default([]) });

/**
 * Reads the subjects of a run from its own records and those of its plan.
 *
 * Throws BreakwaterError `run.not-found` when no record asks for the run, or holds the plan it ran.
 */
export function runSubjects(records: readonly EvidenceRecord[], run: string): RunSubjects {
  const requested = cited(records, runRequested).find(({ payload }) => payload.run === run);
  if (requested === undefined) throw new BreakwaterError('run.not-found', `the log holds no run ${run}`, '/run');
  const { plan, planHash } = requested.payload;
  const submitted = cited(records, planSubmitted).find(({ payload }) => payload.planHash === planHash);
  const document = named.safeParse(submitted?.payload.document);
  const advisories = document.success ? document.data.advisories : [];
  return { institution: requested.leaf.institution, run, plan, planHash, advisories };
}

/** The records with everything withheld that is not about the run, or that is another institution's. */
export function openForRun(records: readonly EvidenceRecord[], subjects: RunSubjects): EvidenceRecord[] {
  const own = records.filter((record) => 'leaf' in record && record.leaf.institution === subjects.institution);
  const isAbout = aboutRun(own, subjects);
  return records.map((record) => ('leaf' in record && !isAbout(record) ? withheld(record) : record));
}

/** A record as its bare leaf hash: that it stands there is all it says. */
export function withheld(record: DisclosedRecord): WithheldRecord {
  const { schema, index, leaf } = record;
  return { schema, index, leafHash: formatDigest(hashLeaf(leafBytes(leaf))) };
}

function aboutRun(records: readonly EvidenceRecord[], about: RunSubjects): (record: DisclosedRecord) => boolean {
  const { institution, run, plan, advisories } = about;
  const rehearsals = new Set(
    cited(records, planRehearsed).flatMap(({ leaf, payload }) => (leaf.subjects['plan'] === plan ? [payload.run] : [])),
  );
  const claims = new Set(
    [...cited(records, claimOpened), ...cited(records, claimAssigned)].flatMap(({ payload }) =>
      payload.run === run ? [payload.claim] : [],
    ),
  );
  const decisions = [...cited(records, planDecided), ...cited(records, packDecided)];
  const persons = new Set(decisions.map(({ payload }) => payload.person));
  const keys = new Set(decisions.map(({ payload }) => payload.key));
  const hosts = new Set(
    cited(records, journalRecord).flatMap(({ payload }) => (payload.run === run ? [payload.host] : [])),
  );
  const has = (set: ReadonlySet<string>, value: string | undefined): boolean => value !== undefined && set.has(value);
  const answers = ({ advisory }: Readonly<Record<string, string>>): boolean =>
    advisory !== undefined && advisories.includes(advisory);
  const signers = new Set(
    cited(records, disseminationReceived).flatMap(({ payload: { advisory, fingerprint } }) =>
      advisories.includes(advisory) && fingerprint !== null ? [fingerprint] : [],
    ),
  );
  const byType = new Map<string, (subjects: Readonly<Record<string, string>>) => boolean>([
    [advisoryReceived.type, answers],
    [disseminationReceived.type, answers],
    [disseminationTranscribed.type, answers],
    [authorityKeyPinned.type, ({ key }) => has(signers, key)],
    [keyEnrolled.type, ({ key, person }) => has(keys, key) || has(persons, person)],
    [keyRevoked.type, ({ key }) => has(keys, key)],
    [hostEnrolled.type, ({ host }) => has(hosts, host)],
    [packDecided.type, () => true],
    [originOpened.type, () => true],
    [keySucceeded.type, () => true],
  ]);
  return ({ leaf }) => {
    if (leaf.institution !== institution) return false;
    const { subjects } = leaf;
    if (subjects['run'] !== undefined && subjects['run'] !== run) {
      return subjects['plan'] === plan && rehearsals.has(subjects['run']);
    }
    return (
      subjects['run'] === run ||
      subjects['plan'] === plan ||
      has(claims, subjects['claim']) ||
      (byType.get(leaf.type)?.(subjects) ?? false)
    );
  };
}
