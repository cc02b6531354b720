/** The sealed records of one run: a range of the log without a gap, in which what is not about the run is withheld. */
import { BreakwaterError } from '@breakwater/rules';
import type { EvidenceRecord } from '@breakwater/rules/evidence';
import { type RunSubjects, openForRun, runSubjects } from '@breakwater/rules/review';
import { records, recordsAbout, size } from '#evidence';
import type { Db } from '#platform/db';

export interface SealedRun {
  readonly subjects: RunSubjects;
  /** Every index of the half-open range `[first, end)`, in order. */
  readonly records: readonly EvidenceRecord[];
  readonly first: number;
  readonly end: number;
}

/** Records that are read at once at most; a longer range does not fit a dossier. */
const MOST_RECORDS = 60_000;

/**
 * The records about a run, from the first about its plan or an advisory that the plan names up to `end` (default: all
 * that the log holds now).
 *
 * Throws BreakwaterError `run.not-found` when the institution's log holds no such run, `dossier.too-large` when
 * too much stands between its first record and `end`.
 */
export async function sealedRun(db: Db, institution: string, run: string, end?: number): Promise<SealedRun> {
  const last = end ?? (await size(db));
  const about = async (subjects: Record<string, string>): Promise<EvidenceRecord[]> =>
    (await recordsAbout(db, subjects)).filter((record) => 'leaf' in record && record.leaf.institution === institution);
  const own = await about({ run });
  const plan = own.flatMap((record) => ('leaf' in record ? [record.leaf.subjects['plan']] : [])).find(Boolean);
  const ofPlan = plan === undefined ? [] : await about({ plan });
  const subjects = runSubjects([...ofPlan, ...own], run);
  const ofAdvisories = await Promise.all(subjects.advisories.map((advisory) => about({ advisory })));
  const related = [...own, ...ofPlan, ...ofAdvisories.flat()];
  const first = related.reduce((least, { index }) => Math.min(least, index), last);
  if (last - first > MOST_RECORDS) {
    throw new BreakwaterError(
      'dossier.too-large',
      `${last - first} records stand between the first about the run and the last: a dossier holds at most ${MOST_RECORDS}`,
      '/run',
    );
  }
  return { subjects, records: openForRun(await records(db, first, last), subjects), first, end: last };
}
