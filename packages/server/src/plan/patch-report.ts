/** How old every exposure is, when it is due, and what is done about it: the report that is asked for each week. */
import {
  ageDays,
  decisions,
  remediationDue,
  type Decision,
  type RemediationPolicy,
  type RemediationSource,
} from '@breakwater/rules/advisory';
import type { PatchState } from '@breakwater/rules/plan';
import { exposuresOf } from '#advisory';
import type { Db } from '#platform/db';
import { listExceptions } from './exceptions.ts';
import { listPatches, type Patch } from './patches.ts';

export interface AgeingRow {
  readonly exposure: string;
  readonly vulnerability: string;
  readonly component: string;
  readonly version: string;
  readonly decision: Decision;
  /** When it was first known to be there. */
  readonly since: string;
  readonly ageDays: number;
  readonly dueAt: string | null;
  readonly source: RemediationSource;
  /** Whole days past the limit; null = within it, or there is none. */
  readonly overdueDays: number | null;
  readonly patch: { readonly plan: string; readonly state: PatchState } | null;
  readonly exception: { readonly id: string; readonly until: string } | null;
  readonly assets: readonly string[];
  readonly owners: readonly string[];
}

export interface AgeingTotals {
  readonly decision: Decision;
  readonly open: number;
  readonly overdue: number;
  /** Past the limit, with an exception in force. */
  readonly excepted: number;
  /** Without a patch. */
  readonly unplanned: number;
  readonly medianAgeDays: number | null;
  readonly mostAgeDays: number | null;
}

export interface AgeingReport {
  readonly asOf: string;
  /** The most overdue first, then what is due soonest, then the oldest. */
  readonly rows: readonly AgeingRow[];
  readonly totals: readonly AgeingTotals[];
  readonly closed: {
    readonly patches: number;
    readonly inTime: number;
    readonly late: number;
    /** Closed, and nothing set a limit. */
    readonly unlimited: number;
    readonly medianDays: number | null;
  };
  /** There are more exposures than are weighed at once. */
  readonly cut: boolean;
}

/** Every exposure that is there at `now`, by age and limit. What only a VEX statement hides is not in it. */
export async function ageingReport(
  db: Db,
  institution: string,
  policy: RemediationPolicy,
  now: Date,
): Promise<AgeingReport> {
  const asOf = now.toISOString();
  const { exposures, isCut } = await exposuresOf(db, institution, {}, asOf.slice(0, 10));
  const patches = await listPatches(db, institution, false);
  const patchOf = new Map(
    patches
      .filter(({ view }) => view.state !== 'closed' && view.state !== 'withdrawn')
      .flatMap((patch) => patch.exposures.map(({ exposure }) => [exposure, patch] as const)),
  );
  const exceptionOf = new Map(
    (await listExceptions(db, institution, now))
      .filter(({ state }) => state === 'in-force')
      .flatMap(({ id, until, exposures: excepted }) => excepted.map((exposure) => [exposure, { id, until }] as const)),
  );
  const rows = exposures.map(({ id, vulnerability, component, priority, since, places }): AgeingRow => {
    const due = remediationDue({ decision: priority.decision, since, kevDue: priority.kevDue }, policy);
    const patch = patchOf.get(id);
    return {
      exposure: id,
      vulnerability,
      component: component.package,
      version: component.version,
      decision: priority.decision,
      since,
      ageDays: ageDays(since, asOf),
      ...due,
      overdueDays: due.dueAt === null || Date.parse(due.dueAt) > now.getTime() ? null : ageDays(due.dueAt, asOf),
      patch: patch === undefined ? null : { plan: patch.plan, state: patch.view.state },
      exception: exceptionOf.get(id) ?? null,
      assets: places.map(({ asset }) => asset),
      owners: [...new Set(places.flatMap(({ owner }) => (owner === null ? [] : [owner])))].toSorted(),
    };
  });
  return {
    asOf,
    rows: rows.toSorted(byUrgency),
    totals: decisions.map((decision) => totalsOf(decision, rows)).toReversed(),
    closed: closedOf(patches),
    cut: isCut,
  };
}

function byUrgency(a: AgeingRow, b: AgeingRow): number {
  const never = Number.MAX_SAFE_INTEGER;
  const due = ({ dueAt }: AgeingRow): number => (dueAt === null ? never : Date.parse(dueAt));
  return due(a) - due(b) || Date.parse(a.since) - Date.parse(b.since) || (a.exposure < b.exposure ? -1 : 1);
}

function totalsOf(decision: Decision, all: readonly AgeingRow[]): AgeingTotals {
  const rows = all.filter((row) => row.decision === decision);
  const overdue = rows.filter(({ overdueDays }) => overdueDays !== null);
  const ages = rows.map((row) => row.ageDays);
  return {
    decision,
    open: rows.length,
    overdue: overdue.filter(({ exception }) => exception === null).length,
    excepted: overdue.filter(({ exception }) => exception !== null).length,
    unplanned: rows.filter(({ patch }) => patch === null).length,
    medianAgeDays: median(ages),
    mostAgeDays: ages.length === 0 ? null : Math.max(...ages),
  };
}

function closedOf(patches: readonly Patch[]): AgeingReport['closed'] {
  const closed = patches.flatMap(({ dueAt, exposures, view }) =>
    view.reached.closed === null ? [] : [{ at: view.reached.closed, dueAt, exposures }],
  );
  const limited = closed.flatMap(({ at, dueAt }) => (dueAt === null ? [] : [Date.parse(at) <= Date.parse(dueAt)]));
  const inTime = limited.filter((is) => is).length;
  return {
    patches: closed.length,
    inTime,
    late: limited.length - inTime,
    unlimited: closed.length - limited.length,
    medianDays: median(closed.flatMap(({ at, exposures }) => exposures.map(({ since }) => ageDays(since, at)))),
  };
}

/** The lower of the two in the middle where there are two. */
function median(values: readonly number[]): number | null {
  return values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? null;
}
