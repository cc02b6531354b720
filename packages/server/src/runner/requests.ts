import { randomUUID } from 'node:crypto';
import {
  BreakwaterError,
  statementBytes,
  type ResumeStatement,
  type Signature,
  type WaiverStatement,
} from '@breakwater/rules';
import { digestOf, type Actor } from '@breakwater/rules/evidence';
import type { Lever } from '@breakwater/rules/guard/record';
import { foldRun, runCan, type RunEventBody, type RunView } from '@breakwater/rules/runner';
import { requirePlan, type Readiness } from '@breakwater/rules/plan';
import type { StopAnswer } from '@breakwater/rules/guard';
import type { Guard } from '#guard';
import { acceptStatement } from '#platform/auth';
import { inTransaction, type Db, type Tx } from '#platform/db';
import type { Log } from '#platform/telemetry';
import { findPlan, planRunBegan } from '#plan';
import { judgeStart, type Gate, type GateSources } from './gate.ts';
import { forbidStarts, type Why } from './starts.ts';
import type { Hub } from './hub.ts';
import { write, type Author } from './log.ts';
import {
  askedChannel,
  endRun,
  insertRun,
  liveRunOf,
  notify,
  openRuns,
  readEvents,
  readRun,
  type RunRow,
} from './store.ts';

/** A waiver with the signature of the person who takes the finding upon themselves. */
export interface SignedWaiver {
  readonly statement: WaiverStatement;
  readonly signature: Signature;
}

export interface RunRequest {
  /** A plan's id (its newest revision) or its hash. */
  readonly plan: string;
  readonly mode: 'live' | 'rehearsal';
  readonly by: Actor;
  readonly waivers: readonly SignedWaiver[];
}

/** What became of a request: a new run, the live run that this plan revision has already, or a refusal by the gate. */
export interface Requested {
  readonly run: string;
  readonly outcome: 'requested' | 'attached' | 'refused';
  readonly readiness: Readiness;
  /** The gate's findings that stand in the way, beyond those of the plan. */
  readonly findings: Gate['event']['data']['findings'];
}

export interface RequestDeps extends GateSources {
  readonly guard: Guard;
  readonly hub: Hub;
  readonly log: Log;
  now(): Date;
}

/**
 * Asks for a run and has the start gate judge it at once. A second request for the same plan revision attaches to the
 * live run that it has or had. What the gate refuses is kept as a refused run: the attempt is evidence.
 * Throws BreakwaterError `plan.*`, `key.*`, `run.no-stand-in`, `run.host-unknown`, `waiver.*`.
 */
export async function requestRun(deps: RequestDeps, request: RunRequest): Promise<Requested> {
  const { db, institution, hub } = deps;
  const now = deps.now();
  const revision = await findPlan(db, institution, request.plan);
  const plan = requirePlan(revision.document);
  const host = request.mode === 'live' ? plan.host : plan.rehearse?.host;
  if (host === undefined) {
    throw new BreakwaterError(
      'run.no-stand-in',
      'the plan names no stand-in to rehearse on: add rehearse.host',
      '/rehearse',
    );
  }
  if (deps.guard.socketOf(host) === null) {
    throw new BreakwaterError(
      'run.host-unknown',
      `the execution host ${host} is not configured: see the setting hosts`,
      '/host',
    );
  }
  const run = randomUUID();
  const waivers = request.waivers.map(({ statement }) => {
    const { planHash, rule, reason, person, at, expires } = statement;
    return { planHash, rule, reason, person, at, expires };
  });
  const gate = await judgeStart(deps, { run, mode: request.mode, revision, waivers, now });
  const outcome = await inTransaction(db, async (tx) => {
    for (const waiver of request.waivers) await acceptWaiver(deps, tx, waiver, revision.planHash, now);
    const row: RunRow = {
      id: run,
      institution,
      plan: revision.plan,
      planHash: revision.planHash,
      mode: request.mode,
      host,
      requestedBy: request.by.id,
      requestedAt: now.toISOString(),
      outcome: null,
    };
    if (!(await insertRun(tx, row))) return null;
    await deps.guard.open(tx, run, host);
    if (gate.passes && request.mode === 'live') {
      await planRunBegan(tx, institution, revision, { id: run, at: row.requestedAt, by: request.by });
    }
    const requested: RunEventBody = {
      type: 'run.requested',
      data: {
        run,
        plan: row.plan,
        planHash: row.planHash,
        mode: row.mode,
        host,
        by: row.requestedBy,
        at: row.requestedAt,
      },
    };
    const refused: RunEventBody = {
      type: 'run.ended',
      data: { run, outcome: 'refused', at: now.toISOString(), observedUntil: null, journalSeq: null },
    };
    await write(
      tx,
      row,
      { actor: request.by, epoch: 0 },
      [requested, gate.event, ...(gate.passes ? [] : [refused])],
      now,
    );
    if (gate.passes) await notify(tx, askedChannel, [run]);
    else await endRun(tx, run, 'refused', now.toISOString());
    return gate.passes ? 'requested' : 'refused';
  });
  const { readiness } = gate.judged;
  const findings = gate.event.data.findings;
  if (outcome === null) {
    const attached = await liveRunOf(db, institution, revision.planHash);
    if (attached === null) throw new Error(`run of ${revision.planHash} exists and is not there`);
    return { run: attached.id, outcome: 'attached', readiness, findings };
  }
  hub.grown(run);
  return { run, outcome, readiness, findings };
}

/** Whether a plan could start live now, and what stands in the way; nothing is written. Throws BreakwaterError `plan.not-found`. */
export async function judgeNow(deps: RequestDeps, plan: string): Promise<Gate> {
  const revision = await findPlan(deps.db, deps.institution, plan);
  return judgeStart(deps, { run: '', mode: 'live', revision, waivers: [], now: deps.now() });
}

async function acceptWaiver(
  deps: RequestDeps,
  tx: Tx,
  waiver: SignedWaiver,
  planHash: string,
  now: Date,
): Promise<void> {
  const { statement, signature } = waiver;
  if (statement.planHash !== planHash) {
    throw new BreakwaterError(
      'waiver.other-plan',
      'the override was signed for another revision of the plan',
      '/waivers',
    );
  }
  if (Date.parse(statement.expires) <= now.getTime()) {
    throw new BreakwaterError('waiver.expired', `the override expired at ${statement.expires}`, '/waivers');
  }
  const { role } = await acceptStatement(tx, deps.institution, statement, signature, now);
  const { accountableRoles } = deps.company;
  if (!accountableRoles.includes(role)) {
    throw new BreakwaterError(
      'waiver.role',
      `a person in the role ${role} may not override: ${accountableRoles.join(', ')} may`,
      '/waivers',
    );
  }
}

/** What a lever did at the hosts, and whether the request could be written down. */
export interface Stopped {
  readonly answers: readonly StopAnswer[];
  /** Hosts that did not answer: the owner goes on asking them, and `breakwater kill` works on the host itself. */
  readonly unreachable: readonly string[];
  /** False when the database did not take the record: the host's journal has it. */
  readonly recorded: boolean;
}

/** How long the record of a stop may hold up its answer. */
const recordWithinMs = 2000;

/** Pulls a lever of a run at once, and writes the request down beside it: neither waits for the other. */
export async function askStop(deps: RequestDeps, run: string, lever: Lever, by: Actor): Promise<Stopped> {
  const pulled = deps.guard.stop(run, lever, by.id);
  const recorded = findRun(deps.db, deps.institution, run)
    .then((row) => ask(deps, row, { actor: by, epoch: null }, { type: 'stop.asked', data: { lever, by: by.id } }))
    .then(
      () => true,
      () => false,
    );
  return { ...(await pulled), recorded: await Promise.race([recorded, after(recordWithinMs, false)]) };
}

/**
 * Pulls a lever of every run of every host at once; each host then refuses new runs, and so does the start gate, until two
 * persons allow starts again. That and the requests, one a run that is open, are written down beside it: neither waits for
 * the other.
 */
export async function askStopAll(deps: RequestDeps, lever: Lever, by: Actor, why: Why): Promise<Stopped> {
  const pulled = deps.guard.stop(null, lever, by.id);
  const recorded = forbidStarts(deps, by, why)
    .then(() => openRuns(deps.db, deps.institution))
    .then(async (rows) => {
      for (const row of rows) {
        await ask(deps, row, { actor: by, epoch: null }, { type: 'stop.asked', data: { lever, by: by.id } });
      }
    })
    .then(
      () => true,
      () => false,
    );
  return { ...(await pulled), recorded: await Promise.race([recorded, after(recordWithinMs, false)]) };
}

/** Asks the owner to roll a run back. Throws BreakwaterError `run.phase` when there is nothing to roll back. */
export async function askRollback(deps: RequestDeps, row: RunRow, by: Actor): Promise<void> {
  requirePhase('rollback', await viewOf(deps.db, row.id));
  await ask(deps, row, { actor: by, epoch: null }, { type: 'rollback.asked', data: { by: by.id } });
}

/**
 * Takes one person's signed approval to go on after the present hold; with two persons' the owner resumes.
 * Returns who has approved. Throws BreakwaterError `run.phase`, `run.other-hold`, `key.*`, `statement.used`.
 */
export async function askResume(
  deps: RequestDeps,
  row: RunRow,
  statement: ResumeStatement,
  signature: Signature,
): Promise<readonly string[]> {
  const now = deps.now();
  await inTransaction(deps.db, async (tx) => {
    const view = await viewOf(tx, row.id);
    requirePhase('resume', view);
    if (statement.run !== row.id || statement.hold !== view.hold) {
      throw new BreakwaterError(
        'run.other-hold',
        `the approval is for another hold: sign for entry ${view.hold} of run ${row.id}`,
        '/hold',
      );
    }
    const { person } = await acceptStatement(tx, row.institution, statement, signature, now);
    const approval = digestOf(statementBytes(statement));
    await write(
      tx,
      row,
      { actor: { kind: 'person', id: person }, epoch: null },
      [{ type: 'resume.asked', data: { by: person, approval } }],
      now,
    );
    await notify(tx, askedChannel, [row.id]);
  });
  deps.hub.grown(row.id);
  return (await viewOf(deps.db, row.id)).resumeApprovals;
}

async function ask(deps: RequestDeps, row: RunRow, author: Author, body: RunEventBody): Promise<void> {
  await inTransaction(deps.db, async (tx) => {
    await write(tx, row, author, [body], deps.now());
    await notify(tx, askedChannel, [row.id]);
  });
  deps.hub.grown(row.id);
}

/** A run's row. Throws BreakwaterError `run.not-found`. */
export async function findRun(db: Db, institution: string, run: string): Promise<RunRow> {
  const row = await readRun(db, run);
  if (row === null || row.institution !== institution) {
    throw new BreakwaterError('run.not-found', `there is no run ${run}: see breakwater status`, '/run');
  }
  return row;
}

/** A run as its events say. */
export async function viewOf(db: Db | Tx, run: string): Promise<RunView> {
  const view = foldRun(await readEvents(db, run));
  if (view === null) throw new BreakwaterError('run.not-found', `there is no run ${run}`, '/run');
  return view;
}

function requirePhase(action: 'rollback' | 'resume', view: RunView): void {
  if (runCan[action](view)) return;
  const phases = runCan[action].phases.join(' or ');
  throw new BreakwaterError(
    'run.phase.conflict',
    `the run is ${view.phase}: ${action} is for a run that is ${phases}`,
    '/run',
  );
}

function after<T>(ms: number, value: T): Promise<T> {
  return new Promise((resolve) => setTimeout(() => resolve(value), ms));
}
