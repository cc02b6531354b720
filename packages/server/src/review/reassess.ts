/** Assessing a run again because a fact came late. The earlier assessment and its dossier stay as they are. */
import { canonicalJson } from '@breakwater/rules/evidence';
import { factsFromRecords } from '@breakwater/rules';
import { changesBetween } from '@breakwater/rules/review';
import { assessmentsOf, assessRun, sealedRun } from '#criteria';
import { evidenceLog } from '#evidence';
import type { Platform } from '#platform';

/**
 * Assesses runs again under the pack of their newest assessment. Answers which findings, duties and facts differ; null
 * for a run that was never assessed, and nothing but null is done for one whose facts are the same.
 */
export function reassessmentOf(
  platform: Platform,
): (run: string) => Promise<{ changed: readonly string[]; assessment: string } | null> {
  const { db, clock, config } = platform;
  return async (run) => {
    const former = (await assessmentsOf(db, config.institution, run)).at(-1);
    if (former === undefined) return null;
    const log = evidenceLog(platform);
    await log.open();
    await log.flush();
    const sealed = await sealedRun(db, config.institution, run);
    if (canonicalJson(factsFromRecords(sealed.records)) === canonicalJson(former.facts)) return null;
    const now = clock.now();
    const pack = former.assessment.pack.digest;
    const made = await assessRun(db, sealed, { pack, asOf: now.toISOString() }, now);
    const { changes, facts } = changesBetween(former, made);
    return { changed: [...changes.map(({ kind, id }) => `${kind}:${id}`), ...facts], assessment: made.digest };
  };
}
