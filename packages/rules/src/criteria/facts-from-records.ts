import { type EvidenceRecord, recordsOf, requireRecords } from '#evidence/record';
import { advisoryReceived } from '#advisory/record';
import { type Announced, noticeDelivered, noticePublished } from '#notice/record';
import { planDecided, planRehearsed } from '#plan/record';
import { canonicalDigest } from './pack.ts';
import { damageLedger, leakLedger, reliefPrepared } from '#relief/record';
import { faultDeclared } from '#review/record';
import { type Facts, parseFacts } from './facts.ts';
import { sum } from './range.ts';
import { claimsOf } from './sealed-claims.ts';
import {
  type Journals,
  type SealedRun,
  disruptionsOf,
  eventsOf,
  journalsOf,
  liveRuns,
  newestOf,
  newestRun,
} from './sealed-run.ts';
import { at } from './time.ts';
import { every } from './truth.ts';

type Records = readonly EvidenceRecord[];
type Work = Facts['work'];

/**
 * The facts that a log's records give about its newest live run, and nothing else: whoever has the same records gets
 * the same facts. What the records do not say stays null. What only Breakwater does (approvals, notices, what the
 * host saw) is known to be absent where no record tells of it; what may also happen elsewhere is unknown then.
 *
 * Throws BreakwaterError: `facts.no-work` for records without a live run that started and its plan, `records.*` for what
 * is no list of records, `record.*` with its place for one that does not have the shape of its kind.
 */
export function factsFromRecords(given: Records): Facts {
  const records = requireRecords(given);
  const runs = liveRuns(records);
  const journals = journalsOf(records);
  const work = newestRun(runs);
  const { run, plan, leaf } = work;
  const declared = recordsOf(records, faultDeclared).flatMap(({ payload }) => (payload.run === run ? [payload] : []));
  const newest = (key: 'consumerLossSerious' | 'consumerDamage'): boolean | null =>
    declared.findLast((payload) => payload[key] !== null)?.[key] ?? null;
  return parseFacts({
    schema: 'breakwater.facts/1',
    institution: leaf.institution,
    awareAt: eventsOf(journals.get(run) ?? [], 'disruption.opened')[0]?.at ?? null,
    transactionErrorKnownAt: claimsOf(records, run).find(({ source }) => source === 'proactive')?.at ?? null,
    services: [...new Set(plan.services)].map((id) => ({ id, critical: null, subscribers: null })),
    work: workOf(records, work),
    fault: faultOf(declared),
    disruptions: disruptionsOf(records, journals, run),
    damage: damageOf(records, run),
    leaks: leaksOf(records, run),
    plan: { preTest: preTestOf(records, work), measures: [...new Set(plan.measures?.map(({ kind }) => kind))] },
    recovery: recoveryOf(journals, run),
    notices: noticesOf(records, work),
    relief: reliefOf(records, work, newest('consumerDamage')),
    consumerLoss: { serious: newest('consumerLossSerious') },
    history: historyOf(records, journals, runs.slice(0, -1)),
  });
}

function workOf(records: Records, { planHash, plan, start, end, observedUntil }: SealedRun): Work {
  return {
    kind: plan.kind,
    activity: plan.activity,
    usesAi: plan.tester?.usesAi ?? null,
    fixes: plan.fixes ?? null,
    otherChanges: plan.otherChanges ?? null,
    start,
    end,
    observedUntil,
    advisories: advisoriesOf(records, plan),
    approvals: approvalsOf(records, planHash, start),
  };
}

/** One row for each receipt of each advisory the plan names; an advisory nobody recorded is unknown but for its name. */
function advisoriesOf(records: Records, { advisories, fixes }: SealedRun['plan']): Work['advisories'] {
  const received = recordsOf(records, advisoryReceived);
  return (
    advisories?.flatMap((id) => {
      const receipts = received.filter(({ payload }) => payload.advisory === id);
      return receipts.length === 0
        ? [{ id }]
        : receipts.map(({ payload: { disseminatedBy, receivedAt, proof, vulnerabilities } }) => ({
            id,
            disseminatedBy,
            receivedAt,
            proof,
            covers: coverOf(fixes, vulnerabilities),
          }));
    }) ?? null
  );
}

function coverOf(
  fixes: readonly string[] | undefined,
  vulnerabilities: readonly string[],
): 'all' | 'part' | 'none' | null {
  if (fixes === undefined || fixes.length === 0) return null;
  const covered = fixes.filter((fix) => vulnerabilities.includes(fix));
  if (covered.length === fixes.length) return 'all';
  return covered.length > 0 ? 'part' : 'none';
}

/** Each person's newest decision before the start, or the first after it; returned and expired ones approve nothing. */
function approvalsOf(records: Records, planHash: string, start: string): Work['approvals'] {
  const decisions = recordsOf(records, planDecided).flatMap(({ payload }) =>
    payload.planHash === planHash ? [payload] : [],
  );
  const begin = at(start) ?? 0;
  const before = (time: string): boolean => (at(time) ?? Infinity) < begin;
  return [...new Set(decisions.map(({ person }) => person))].flatMap((person) => {
    const own = decisions.filter((decision) => decision.person === person);
    const decision = own.findLast(({ at: decidedAt }) => before(decidedAt)) ?? own[0];
    if (decision === undefined || decision.decision !== 'approve' || before(decision.expires)) return [];
    return [{ by: person, role: decision.role, at: decision.at, author: decision.author }];
  });
}

type Declared = ReturnType<typeof faultDeclared.payload.parse>;

function faultOf(declared: readonly Declared[]): Facts['fault'] {
  const bySubject = new Map(declared.map((payload) => [payload.subject, payload]));
  const faults = [...bySubject.values()].map(
    ({ subject, intent, grossNegligence, privateInterest, proceduralDefect }) => ({
      subject,
      intent,
      grossNegligence,
      privateInterest,
      proceduralDefect,
    }),
  );
  return faults.length === 0 ? null : faults;
}

function damageOf(records: Records, run: string): Facts['damage'] {
  const ledger = newestOf(records, damageLedger, run);
  if (ledger === null) return null;
  const { customer, company, thirdParty, goodwill, recourse } = ledger;
  return { customer, company, thirdParty, goodwill, recourse };
}

function leaksOf(records: Records, run: string): Facts['leaks'] {
  const ledger = newestOf(records, leakLedger, run);
  if (ledger === null) return null;
  const { run: _run, at: _at, attestedBy: _by, ...leaks } = ledger;
  return leaks;
}

/**
 * The pre-test is the rehearsal: the newest that passed before the start, else the newest at all. It counts for a later
 * revision of the plan whose steps are the very same: a window or a contact that changed needs no new rehearsal.
 */
function preTestOf(
  records: Records,
  { planId, planHash, plan, start }: SealedRun,
): NonNullable<Facts['plan']>['preTest'] {
  const test = plan.tester === undefined ? [] : [['tester', canonicalDigest(plan.tester)] as const];
  const steps = [...(plan.steps ?? []).map((step) => [step.id, canonicalDigest(step)] as const), ...test];
  const rehearsals = recordsOf(records, planRehearsed).flatMap(({ leaf, payload }) => {
    const same = steps.length > 0 && steps.every(([id, digest]) => payload.stepDigests[id] === digest);
    return payload.planHash === planHash || (same && leaf.subjects['plan'] === planId) ? [payload] : [];
  });
  const passed = rehearsals.findLast((each) => each.passed && (at(each.at) ?? Infinity) < (at(start) ?? 0));
  const shown = passed ?? rehearsals.at(-1);
  return shown === undefined ? null : { at: shown.at, passed: shown.passed };
}

/** One row a measure, at the end of its last part: succeeded where every part was done, unknown where an end is missing. */
function recoveryOf(journals: Journals, run: string): Facts['recovery'] {
  const journal = journals.get(run);
  if (journal === undefined) return null;
  const begun = eventsOf(journal, 'recovery.begin');
  const ended = eventsOf(journal, 'recovery.end');
  return [...new Set(begun.map(({ data }) => data.measure))].map((measure) => {
    const starts = begun.filter(({ data }) => data.measure === measure);
    const ends = ended.filter(({ data }) => data.measure === measure);
    const parts = ends.map(({ data: { outcome } }) =>
      outcome === 'unknown' ? null : outcome === 'done' || outcome === 'already-done',
    );
    const missing = ends.length < starts.length ? [null] : [];
    return { measure, at: (ends.at(-1) ?? starts.at(-1))?.at ?? null, succeeded: every([...parts, ...missing]) };
  });
}

/**
 * Notices of a plan: every publication on the website, and of each sending its newest state. Of a series, the window in
 * which the work began was announced for it, or else the first.
 */
function noticesOf(records: Records, { planId: plan, start }: SealedRun): Facts['notices'] {
  const announcedOf = ({ windows = [], ...span }: Announced) => {
    const began = Date.parse(start);
    const window = windows.find((one) => Date.parse(one.start) <= began && began < Date.parse(one.end)) ?? windows[0];
    return { ...span, ...window };
  };
  const published = recordsOf(records, noticePublished).filter(({ payload }) => payload.plan === plan);
  const sent = recordsOf(records, noticeDelivered).filter(({ payload }) => payload.plan === plan);
  const newest = new Map(sent.map(({ payload }) => [JSON.stringify([payload.notice, payload.channel]), payload]));
  return [
    ...published.map(({ payload: { channel, at: publishedAt, fields, announced } }) => ({
      channel,
      at: publishedAt,
      fields,
      announced: announcedOf(announced),
    })),
    ...[...newest.values()].map(({ channel, at: sentAt, fields, announced, intended, delivered }) => ({
      channel,
      at: sentAt,
      fields,
      announced: announcedOf(announced),
      intended,
      delivered,
    })),
  ];
}

function reliefOf(records: Records, { run, planId }: SealedRun, declaredDamage: boolean | null): Facts['relief'] {
  const prepared = recordsOf(records, reliefPrepared).flatMap(({ payload }) =>
    payload.plan === planId ? [payload] : [],
  );
  const claims = claimsOf(records, run);
  const open = claims.filter(({ state }) => state === 'open');
  const accepted = claims.filter(({ state }) => state === 'accepted');
  const unpaid = accepted.filter(({ isPaid }) => !isPaid);
  const settled = claims.length > 0 && open.length === 0 && unpaid.length === 0;
  const paidAt = accepted.flatMap(({ paidAt: last }) => (last === null ? [] : [last]));
  return {
    preparedAt: prepared[0]?.at ?? null,
    consumerDamage: accepted.length > 0 ? true : declaredDamage,
    implementedAt: settled ? (paidAt.toSorted((a, b) => (at(a) ?? 0) - (at(b) ?? 0)).at(-1) ?? null) : null,
    claims:
      claims.length === 0
        ? null
        : {
            open: open.length,
            accepted: accepted.length,
            refused: claims.length - open.length - accepted.length,
            paid: accepted.length - unpaid.length,
            openAmount: sum([...open, ...unpaid].map(({ outstanding }) => outstanding)),
          },
    claimsUntil: prepared.at(-1)?.claimsUntil ?? null,
  };
}

/** Earlier works; null unless every record from the beginning of the log stands open, because one may be missing. */
function historyOf(records: Records, journals: Journals, earlier: readonly SealedRun[]): Facts['history'] {
  const whole = records.every((record, i) => record.index === i && 'leaf' in record);
  if (!whole) return null;
  return earlier.map(({ run, start, end }) => ({
    start,
    end,
    disruptions: disruptionsOf(records, journals, run),
    damage: damageOf(records, run),
  }));
}
