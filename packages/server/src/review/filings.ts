/** Regulatory clocks of a run: which duties it started, drafts of their reports, and the record that they were filed. */
import { type Facts, type PolicyPack, type Assessment, assess } from '@breakwater/rules/criteria';
import { factsFromRecords } from '@breakwater/rules';
import type { EvidenceRecord } from '@breakwater/rules/evidence';
import { leakDutyDone, leakEntered } from '@breakwater/rules/relief/record';
import {
  type Filed,
  type FilingClock,
  type FilingDraft,
  type FilingDutyId,
  cited,
  draftFiling,
  filingClocks,
  filingDutyIds,
} from '@breakwater/rules/review';
import { dutyFiled } from '@breakwater/rules/review/record';
import { packFor, sealedRun } from '#criteria';
import * as evidence from '#evidence';
import type { Platform } from '#platform';
import { inTransaction } from '#platform/db';
import { refuseReview } from './refusal.ts';
import { insertFiling, readFilings } from './store.ts';

interface Judged {
  readonly records: readonly EvidenceRecord[];
  readonly facts: Facts;
  readonly pack: PolicyPack;
  readonly assessment: Assessment;
}

/** The run as its records tell it now. Throws BreakwaterError `run.not-found` or `facts.no-work`. Nothing is kept. */
async function judgedNow({ db, clock, config, ...platform }: Platform, run: string): Promise<Judged> {
  const log = evidence.evidenceLog({ db, clock, config, ...platform });
  await log.open();
  await log.flush();
  const { records } = await sealedRun(db, config.institution, run);
  const facts = factsFromRecords(records);
  const now = clock.now();
  const pack = await packFor(db, config.institution, null, facts, now);
  return { records, facts, pack, assessment: assess(facts, pack, now.toISOString()) };
}

/** The clocks of a run's duties. Throws as `judgedNow`. */
export async function clocksOf(platform: Platform, run: string): Promise<FilingClock[]> {
  const judged = await judgedNow(platform, run);
  return filingClocks(judged, await filedOf(platform, run, judged.records), platform.clock.now().getTime());
}

/** The draft of a duty's report, filled from the evidence. Throws as `judgedNow`. */
export async function draftOf(platform: Platform, run: string, duty: FilingDutyId): Promise<FilingDraft> {
  return draftFiling(duty, await judgedNow(platform, run));
}

export interface NewFiling extends Filed {
  readonly run: string;
  readonly document: string | null;
  readonly by: string;
}

/**
 * Records that a report was filed. Throws Refused `filing-late-unexplained` for one that was filed after its time without
 * the reason of the delay, and as `judgedNow`.
 */
export async function fileDuty(platform: Platform, filing: NewFiling): Promise<FilingClock[]> {
  const { db, clock, config } = platform;
  const { duty, filedAt } = filing;
  const due = (await clocksOf(platform, filing.run)).find((known) => known.duty === duty)?.due ?? null;
  if (due !== null && filing.delayReason === null && Date.parse(filedAt) > Date.parse(due))
    throw refuseReview({ reason: 'filing-late-unexplained', duty, due, filedAt });
  const at = clock.now();
  await inTransaction(db, async (tx) => {
    await insertFiling(tx, config.institution, filing, at);
    await evidence.append(tx, {
      type: dutyFiled.type,
      institution: config.institution,
      subjects: { run: filing.run },
      actor: { kind: 'person', id: filing.by },
      at: at.toISOString(),
      payload: dutyFiled.payload.parse({ ...filing, at: at.toISOString() }),
    });
  });
  return clocksOf(platform, filing.run);
}

/** What was filed about the run, and what relief records as done for every leak that it entered. */
async function filedOf({ db, config }: Platform, run: string, records: readonly EvidenceRecord[]): Promise<Filed[]> {
  const leaks = new Set(cited(records, leakEntered).map(({ payload }) => payload.leak));
  const done = cited(records, leakDutyDone).filter(({ payload }) => payload.run === run);
  const byRelief = filingDutyIds.flatMap((duty): Filed[] => {
    const ofDuty = done.filter(({ payload }) => payload.duty === duty);
    const newest = ofDuty.at(-1)?.payload;
    const isWhole = new Set(ofDuty.map(({ payload }) => payload.leak)).size >= leaks.size;
    return newest === undefined || !isWhole
      ? []
      : [{ duty, filedAt: newest.doneAt, reference: newest.reference, delayReason: null }];
  });
  return [...byRelief, ...(await readFilings(db, config.institution, run))];
}
