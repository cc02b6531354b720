/**
 * The process that carries out one action of a step with a patch driver, or a command on another machine. It is started in
 * the enclosure of the work or the recovery, so that the levers stop all of it, and says by its exit code how it went.
 *
 * It reads its job as one JSON document and prints, for `prepare`, what was there before; everything else goes to stderr.
 */
import { json } from 'node:stream/consumers';
import type { GuardedTarget } from '../guarded-plan.ts';
import { Failed, Unclear } from './answer.ts';
import { thisHost, type Machine } from './machine.ts';
import { type Keeping, type PatchDriver, type Prepared } from './patch-driver.ts';
import { patchDrivers } from './registry.ts';
import { allRestarted, livesOf, restartAll, type Lives } from './restarts.ts';

/** `differs`: is anything of it there? What a recovery asks before it undoes again. */
export type DriveAction = 'check' | 'prepare' | 'do' | 'undo' | 'differs';

export interface DriveJob extends Keeping {
  readonly driver: string;
  readonly action: DriveAction;
  /** In the shape of the driver. */
  readonly what: unknown;
  /** What an earlier `prepare` printed; null = nothing was prepared. */
  readonly before: BeforeAll | null;
  readonly on: readonly GuardedTarget[];
  /** Environment of a command on another machine. */
  readonly env: Readonly<Record<string, string>>;
}

/** What was there before, by machine; this host's is under ''. */
export type BeforeAll = Readonly<Record<string, BeforeOne>>;

interface BeforeOne {
  readonly state: unknown;
  readonly units: Lives;
}

/** Exit codes: yes, no, and that nobody can tell. */
const exit = { yes: 0, no: 1, unclear: 125 } as const;
/** What is recorded goes into the journal and into evidence: more than this is no record of versions and states. */
const mostBeforeBytes = 48 * 1024;

/** Does the job on standard input; the process then ends with its answer. */
export async function drive(): Promise<void> {
  try {
    const job = (await json(process.stdin)) as DriveJob;
    process.exitCode = (await carryOut(job)) ? exit.yes : exit.no;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = error instanceof Failed ? exit.no : exit.unclear;
  }
}

async function carryOut(job: DriveJob): Promise<boolean> {
  const machines = await reach(job.on);
  try {
    if (job.driver === 'command') return await everywhere(machines, (machine) => command(job, machine));
    const load = patchDrivers[job.driver];
    if (load === undefined) throw new Unclear(`there is no driver ${job.driver} here`);
    const driver = await load();
    if (job.action === 'prepare') return await prepare(job, driver, machines);
    return await everywhere(
      machines,
      (machine) => act(job, driver, machine),
      job.action === 'differs' ? 'some' : 'every',
    );
  } finally {
    for (const machine of machines) machine.close();
  }
}

async function reach(targets: readonly GuardedTarget[]): Promise<Machine[]> {
  if (targets.length === 0) return [thisHost];
  const { reachBySsh } = await import('./ssh.ts');
  return Promise.all(targets.map(reachBySsh));
}

/** On all machines at once. All are waited for; what failed on one decides, a no before a doubt. */
async function everywhere(
  machines: readonly Machine[],
  each: (machine: Machine) => Promise<boolean>,
  joined: 'every' | 'some' = 'every',
): Promise<boolean> {
  const ends = await Promise.allSettled(machines.map(each));
  const faults = ends.flatMap((end, i) => {
    if (end.status === 'fulfilled') return [];
    const reason: unknown = end.reason;
    const name = machines[i]?.id ?? '';
    const text = `${name === '' ? '' : `${name}: `}${reason instanceof Error ? reason.message : String(reason)}`;
    process.stderr.write(`${text}\n`);
    return [reason instanceof Failed ? new Failed(text) : new Unclear(text)];
  });
  const fault = faults.find((one) => one instanceof Failed) ?? faults[0];
  if (fault !== undefined) throw fault;
  return ends[joined]((end) => end.status === 'fulfilled' && end.value);
}

async function command({ what, env }: DriveJob, machine: Machine): Promise<boolean> {
  const { run } = what as { run: readonly string[] };
  const { code, stdout, stderr } = await machine.run(run, { env });
  process.stderr.write(stdout + stderr);
  if (code === null || code >= 125) throw new Unclear(`${run[0]} ended with ${code ?? 'a signal'}`);
  return code === 0;
}

async function prepare(
  job: DriveJob,
  driver: PatchDriver<never, unknown>,
  machines: readonly Machine[],
): Promise<boolean> {
  const all: Record<string, BeforeOne> = {};
  const lacking: string[] = [];
  const prepared = await everywhere(machines, async (machine) => {
    const { before, unavailable }: Prepared<unknown> = await driver.prepare(job.what as never, machine, job);
    all[machine.id] = { state: before, units: await livesOf(machine, unitsOf(job)) };
    if (unavailable !== null) lacking.push(machine.id === '' ? unavailable : `${machine.id}: ${unavailable}`);
    return true;
  });
  const before = JSON.stringify(all);
  if (before.length > mostBeforeBytes)
    throw new Failed(
      `what would have to be recorded is ${before.length} bytes, more than ${mostBeforeBytes}: divide the step`,
    );
  const unavailable = lacking.length === 0 ? null : lacking.toSorted().join('; ').slice(0, 2000);
  process.stdout.write(JSON.stringify({ before: all, unavailable }));
  return prepared;
}

async function act(job: DriveJob, driver: PatchDriver<never, unknown>, machine: Machine): Promise<boolean> {
  const what = job.what as never;
  const before = job.before?.[machine.id] ?? null;
  const state = before?.state ?? null;
  const units = unitsOf(job);
  switch (job.action) {
    case 'check':
      return (
        (await driver.check(what, machine, state)) && (before === null || (await allRestarted(machine, before.units)))
      );
    case 'differs':
      return before === null ? driver.check(what, machine, null) : driver.differs(what, machine, state);
    case 'do':
      // A measure of recovery: it has no undo of its own and waits for no journal.
      if (before === null && (await driver.check(what, machine, null))) return true;
      await driver.do(what, machine, before === null ? (await driver.prepare(what, machine, job)).before : state);
      if (!(await driver.check(what, machine, state))) throw new Failed('done, but it is not as the step wants it');
      await restartAll(machine, units);
      return true;
    case 'undo':
      if (before === null) throw new Unclear('nothing was recorded before, so there is nothing to go back to');
      await driver.undo(what, machine, state);
      if (await driver.differs(what, machine, state)) throw new Failed('undone, but it is not as it was before');
      await restartAll(machine, units);
      return true;
    case 'prepare':
      throw new Unclear('prepare is asked of all machines together');
  }
}

function unitsOf({ what }: DriveJob): readonly string[] {
  return (what as { restart?: readonly string[] }).restart ?? [];
}
