/** The daemon of an execution host: takes requests, starts supervisors, finds those of before again, and stops. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  allRuns,
  foldJournal,
  leverEffects,
  protocolVersion,
  stoppedFile,
  type Host,
  type Request,
  type RunState,
  type StopAnswer,
} from '@breakwater/rules/guard';
import type { Lever } from '@breakwater/rules/guard/record';
import { bootId, instantOf, monoNow, wallNow } from '../clock.ts';
import { entryCommand } from '../entry.ts';
import type { GuardedPlan } from '../guarded-plan.ts';
import { openHostKey } from '../host-key.ts';
import { isRunId, makeLeverFolder, openLayout, type Layout } from '../layout.ts';
import { codeOf, logFor, type Log } from '../log.ts';
import { Refused } from '../refused.ts';
import { startSentinel } from '../sentinel.ts';
import { answerLever, leversIn, removeAnswers, removeAskedLevers } from '../supervisor/lever-files.ts';
import { runState } from '../supervisor/run-state.ts';
import { readRunFile, writeRunFile, type CageSettings, type RunFile } from '../supervisor/run-file.ts';
import { readCredentials } from '../trust/credentials.ts';
import { isPopulated, removeGroup, type WorkCaps } from '../work/cgroup.ts';
import { findLevel, type StoppingLevel } from '../work/level.ts';
import { openDoor, openTlsDoor, type Answering, type Door } from './door.ts';
import { trustDesk, type TrustDesk } from './trust-desk.ts';
import { readPlan, requireCage, unfit } from './read-plan.ts';
import { RunLink } from './run-link.ts';

export interface GuarddOptions {
  /** guardd keeps everything in `<runDir>/guardd`. */
  readonly runDir: string;
  /** The name by which plans call this host. */
  readonly host: string;
  /** Where the programs of plans run. Default: the folder guardd is started in. */
  readonly workdir?: string;
  /** Added to the environment of programs, which is cleaned otherwise. */
  readonly env?: Readonly<Record<string, string>>;
  /** Origins of plans (`http://10.77.0.2:8081`) and what stands in for them here; for a host of rehearsals. */
  readonly targets?: Readonly<Record<string, string>>;
  /** Bounds of what work may use. */
  readonly caps?: WorkCaps;
  /** What this host has for caged tests. */
  readonly cages?: CageSettings;
  /** Where servers and levers of other hosts reach this one by TLS; the host must be enrolled. Default: nowhere. */
  readonly listen?: { readonly host: string; readonly port: number };
  readonly log?: Log;
}

export interface Guardd {
  readonly host: string;
  /** `<runDir>/guardd`. */
  readonly folder: string;
  readonly orchestratorSocket: string;
  readonly leverSocket: string;
  /** The port that is listened on by TLS; null: none. */
  readonly tlsPort: number | null;
  /** How work is stopped here: `cgroup-v2+pidns` … `process-group`. */
  readonly level: string;
  /** Runs that are not over. */
  readonly running: number;
  /** Pulls a lever on every run, and forbids new ones until its file in `levers/ALL` is removed. */
  stopAll(lever: Lever, by: string): Promise<readonly StopAnswer[]>;
  /** Ends the daemon. Its runs go on under their supervisors. */
  close(): Promise<void>;
}

/** guardd is running for this folder already. */
export class GuarddRunning extends Error {
  override readonly name = 'GuarddRunning';
}

const startWithinMs = 15_000;
const stopWithinMs = 400;
const askWithinMs = 4000;
const answerEveryMs = 100;
/** Killed processes are gone within this, but for one that is stuck in the kernel. */
const goneWithinMs = 1000;

/** Starts the daemon. Throws GuarddRunning, or what reading and writing its folder throws. */
export async function startGuardd(options: GuarddOptions): Promise<Guardd> {
  const layout = openLayout(options.runDir);
  const held = await hold(`breakwater-guardd ${layout.tag}`);
  if (held === null) throw new GuarddRunning(`guardd is already running for ${layout.folder}`);
  if (spawnSync('bash', ['-c', 'true']).status !== 0)
    throw new Error('guardd needs bash, for its sentinel: install it');
  const level = findLevel(layout.tag);
  const daemon = new Daemon(options, layout, level, options.log ?? logFor('guardd'));
  daemon.adopt();
  const release = (): Promise<void> => new Promise((resolve) => held.close(() => resolve()));
  const doors = await daemon.open().catch(async (error: unknown) => {
    daemon.end();
    await release();
    throw error;
  });
  return {
    host: options.host,
    folder: layout.folder,
    level: level.name,
    orchestratorSocket: layout.orchestratorSocket,
    leverSocket: layout.leverSocket,
    tlsPort: daemon.tlsPort,
    get running() {
      return daemon.running;
    },
    stopAll: (lever, by) => daemon.stopAll(lever, by, 'socket'),
    async close() {
      for (const door of doors) door.close();
      daemon.end();
      await release();
    },
  };
}

/** The name is free again the moment its holder is dead. */
function hold(name: string): Promise<Server | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(null));
    server.listen({ path: `\0${name}` }, () => resolve(server));
    server.unref();
  });
}

class Daemon {
  readonly #options: GuarddOptions;
  readonly #layout: Layout;
  readonly #level: StoppingLevel;
  readonly #log: Log;
  readonly #links = new Map<string, RunLink>();
  readonly #publicKey: string;
  readonly #trust: TrustDesk;
  tlsPort: number | null = null;
  #all: NodeJS.Timeout | null = null;

  constructor(options: GuarddOptions, layout: Layout, level: StoppingLevel, log: Log) {
    this.#options = options;
    this.#layout = layout;
    this.#level = level;
    this.#log = log;
    this.#publicKey = openHostKey(layout.hostKey).publicKey;
    this.#trust = trustDesk(layout.trust);
  }

  get running(): number {
    return [...this.#links.values()].filter((link) => !link.over).length;
  }

  async open(): Promise<Door[]> {
    const { listen } = this.#options;
    if (listen !== undefined) readCredentials(this.#layout.trust);
    const answer = (request: Request, answering: Answering): Promise<unknown> => this.#answer(request, answering);
    const doors: Door[] = [
      await openDoor(this.#layout.orchestratorSocket, 'orchestrator', answer, this.#log),
      await openDoor(this.#layout.leverSocket, 'lever', answer, this.#log),
    ];
    if (listen === undefined) return doors;
    const listener = await openTlsDoor(listen, this.#layout.trust, answer, this.#log);
    this.tlsPort = listener.port;
    this.#trust.onChange(() => listener.renew());
    return [...doors, listener];
  }

  /** Finds the runs of before. One whose supervisor is gone gets a new one, also after a reboot. */
  adopt(): void {
    for (const run of readdirSync(this.#layout.runs)) {
      if (!isRunId(run) || !existsSync(this.#layout.run(run).file)) continue;
      const link = this.#link(run);
      const last = link.entries.at(-1);
      const closed = link.entries.some(({ event }) => event.type === 'run.closed');
      const rebooted = !closed && last !== undefined && last.boot !== bootId();
      void link.keep(rebooted ? 'boot' : null).then(() => this.#sweep(link));
    }
    this.#all = setInterval(() => this.#answerAll(), answerEveryMs);
    this.#all.unref();
  }

  /** `ALL/STOPPED` is there when every run has answered to the lever for all, and goes when the lever is taken away. */
  #answerAll(): void {
    const folder = this.#layout.leverFolder(allRuns);
    const [lever] = leversIn(folder);
    if (lever === undefined) return removeAnswers(folder);
    const open = [...this.#links.values()].filter((link) => !link.over).map(({ run }) => run);
    if (
      existsSync(join(folder, stoppedFile)) ||
      !open.every((run) => existsSync(join(folder, `${stoppedFile}-${run}`)))
    )
      return;
    answerLever(folder, { lever: lever.lever, runs: open, at: instantOf(wallNow()) });
  }

  /** What a run leaves behind that was closed and whose supervisor could not tidy up any more. */
  #sweep(link: RunLink): void {
    if (!link.over) return;
    rmSync(this.#layout.leverFolder(link.run), { recursive: true, force: true });
    if (this.#level.cgroups === null) return;
    const group = join(this.#level.cgroups, link.run);
    for (const name of ['work', 'recovery', 'watch']) removeGroup(join(group, name));
    removeGroup(group);
  }

  end(): void {
    if (this.#all !== null) clearInterval(this.#all);
    for (const link of this.#links.values()) link.end();
    if (this.#level.cgroups !== null) removeGroup(this.#level.cgroups);
  }

  async #answer(request: Request, answering: Answering): Promise<unknown> {
    const through = answering.role === 'lever' ? 'socket' : 'orchestrator';
    switch (request.type) {
      case 'hello':
        return this.#hello();
      case 'status':
        return { runs: await this.#status(request.run) };
      case 'prepare':
        return this.#prepare(request);
      case 'stop':
        return {
          stopped:
            request.run === null
              ? await this.stopAll(request.lever, request.by, through)
              : [await this.#stop(request.run, request, through)],
        };
      case 'allow-starts':
        return this.#allowStarts(request.approvedBy);
      case 'entries': {
        const each = (entry: unknown): void => answering.send({ entry });
        return {
          lastSeq: this.#known(request.run).follow(request.after, each, request.follow ? answering.gone : null),
        };
      }
      case 'findings':
        return this.#known(request.run).findings(request.after);
      case 'begin':
        return this.#known(request.run).ask(request, through, null);
      case 'close':
        return this.#close(request, through);
      case 'certificate-request':
        return this.#trust.request();
      case 'certificate':
        return this.#trust.take(request);
      case 'renew':
      case 'rollback':
      case 'resume':
        return this.#known(request.run).ask(request, through, askWithinMs);
    }
  }

  #hello(): Host {
    return {
      host: this.#options.host,
      boot: bootId(),
      protocol: protocolVersion,
      wall: instantOf(wallNow()),
      mono: monoNow(),
      publicKey: this.#publicKey,
      level: this.#level.name,
    };
  }

  #known(run: string): RunLink {
    const link = this.#links.get(run);
    if (link === undefined) throw new Refused({ reason: 'run-unknown', run });
    return link;
  }

  #link(run: string): RunLink {
    const layout = this.#layout.run(run);
    const cgroup = this.#level.cgroups === null ? null : join(this.#level.cgroups, run);
    const command = entryCommand('supervise', [layout.folder]);
    const link = new RunLink({
      run,
      layout,
      log: this.#log,
      startSentinel: (because) =>
        void startSentinel({
          run: layout,
          cgroup,
          command,
          because,
        }),
    });
    this.#links.set(run, link);
    return link;
  }

  async #status(run: string | null): Promise<RunState[]> {
    const links = run === null ? [...this.#links.values()] : [this.#known(run)];
    return (await Promise.all(links.map((link) => this.#stateOf(link)))).flatMap((state) =>
      state === null ? [] : [state],
    );
  }

  /** Of a run whose supervisor has ended, the daemon itself signs the last entry: its key is the host's. */
  async #close(request: Extract<Request, { type: 'close' }>, through: 'socket' | 'orchestrator'): Promise<unknown> {
    const link = this.#known(request.run);
    const last = link.entries.at(-1);
    if (!link.over || last === undefined) return link.ask(request, through, askWithinMs);
    const { run, host, seq, hash } = last;
    return {
      state: await this.#stateOf(link),
      head: openHostKey(this.#layout.hostKey).signHead({ run, host, seq, hash }),
    };
  }

  /** From the supervisor, or, where none answers, from what it left. */
  async #stateOf(link: RunLink): Promise<RunState | null> {
    try {
      const { runs } = (await link.ask(
        { type: 'status', run: link.run },
        'orchestrator',
        link.over ? 0 : stopWithinMs,
      )) as { runs: RunState[] };
      return runs[0] ?? null;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
    }
    const run = foldJournal(link.entries);
    if (run === null) return null;
    const { limits, plan } = readRunFile(this.#layout.run(link.run).file);
    const services = Object.fromEntries(plan.services.map((service) => [service, 'unknown' as const]));
    const steps = plan.steps.map(({ id }) => id);
    return runState(run, {
      steps,
      limits,
      services,
      now: run.anchor.age,
      probes: [],
      damage: null,
      records: null,
      leaseSilentMs: 0,
      busy: null,
      responses: [],
      test: null,
    });
  }

  /** A run that is here already is handed to its supervisor: the same again, or a takeover by a higher epoch. */
  async #prepare(request: Extract<Request, { type: 'prepare' }>): Promise<unknown> {
    const { run } = request;
    if (!isRunId(run)) {
      throw new Refused({
        reason: 'malformed',
        path: '/request/run',
        message: 'a run is named by letters, digits, dots, dashes and underscores',
      });
    }
    const known = this.#links.get(run);
    if (known !== undefined) return known.ask(request, 'orchestrator', askWithinMs);
    const [forbidden] = leversIn(this.#layout.leverFolder(allRuns));
    if (forbidden !== undefined)
      throw new Refused({ reason: 'starts-forbidden', by: forbidden.by, since: forbidden.since });
    const plan = readPlan({ ...request, host: this.#options.host, targets: this.#options.targets ?? {} });
    if (plan.test !== null) await requireCage(this.#options.cages?.level ?? 'kernel');
    const meanwhile = this.#links.get(run);
    if (meanwhile !== undefined) return meanwhile.ask(request, 'orchestrator', askWithinMs);
    this.#write(request, plan);
    const link = this.#link(run);
    void link.keep('prepared');
    return link.ask(request, 'orchestrator', startWithinMs);
  }

  #write(request: Extract<Request, { type: 'prepare' }>, plan: GuardedPlan): void {
    const { run, epoch, owner, mode, planHash, limits } = request;
    const layout = this.#layout.run(run);
    const own = this.#layout.leverFolder(run);
    const file: RunFile = {
      schema: 'breakwater.guardd-run/1',
      run,
      epoch,
      owner,
      mode,
      planHash,
      plan,
      limits,
      host: this.#options.host,
      tag: this.#layout.tag,
      hostKey: this.#layout.hostKey,
      caps: this.#options.caps ?? {},
      cages: this.#options.cages ?? {},
      place: {
        workdir: this.#options.workdir ?? process.cwd(),
        env: this.#options.env ?? {},
        targets: this.#options.targets ?? {},
      },
      levers: {
        own,
        all: this.#layout.leverFolder(allRuns),
      },
    };
    try {
      mkdirSync(layout.folder, { mode: 0o700 });
      makeLeverFolder(own);
      writeRunFile(layout.file, file);
    } catch (error) {
      rmSync(layout.folder, { recursive: true, force: true });
      throw unfit(codeOf(error), 'the folder of the run cannot be written');
    }
  }

  /** New runs are forbidden first, so that none slips in between. */
  async stopAll(lever: Lever, by: string, through: 'socket' | 'orchestrator'): Promise<StopAnswer[]> {
    this.#putLever(allRuns, lever, by);
    const runs = [...this.#links.values()].filter((link) => !link.over);
    return Promise.all(runs.map((link) => this.#stop(link.run, { lever, by }, through)));
  }

  /** Levers that were put by hand are empty files: they stay, whoever put them there takes them away. */
  #allowStarts(approvedBy: readonly string[]): { held: boolean } {
    const folder = this.#layout.leverFolder(allRuns);
    removeAskedLevers(folder);
    this.#log('starts-allowed', { approvedBy: approvedBy.join(' ') });
    return { held: leversIn(folder).length > 0 };
  }

  /** A supervisor that does not answer in time does not keep the work alive: the kernel stops it without it. */
  async #stop(
    run: string,
    { lever, by }: { lever: Lever; by: string },
    through: 'socket' | 'orchestrator',
  ): Promise<StopAnswer> {
    const link = this.#known(run);
    if (link.over) return { run, method: 'closed', latencyMs: null };
    const since = monoNow();
    try {
      const { stopped } = (await link.ask({ type: 'stop', run, lever, by }, through, stopWithinMs)) as {
        stopped: StopAnswer[];
      };
      return stopped[0] ?? { run, method: 'idle', latencyMs: null };
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.#log('supervisor-silent', { run, lever });
    }
    const method = await this.#killWork(run, lever);
    const latencyMs = Math.round(monoNow() - since);
    // Whoever replaces the supervisor finds the lever in its file.
    this.#putLever(run, lever, by);
    return { run, method, latencyMs };
  }

  #putLever(run: string, lever: Lever, by: string): void {
    try {
      writeFileSync(join(this.#layout.leverFolder(run), leverEffects[lever].file), `${by}\n`, { mode: 0o660 });
    } catch (error) {
      this.#log('lever-not-written', { run, lever, code: codeOf(error) });
    }
  }

  async #killWork(run: string, lever: Lever): Promise<string> {
    const { stopsWork, stopsRecovery } = leverEffects[lever];
    const { cgroups } = this.#level;
    if (!stopsWork || cgroups === null) return 'asked';
    const groups = (stopsRecovery ? ['work', 'recovery'] : ['work']).map((name) => join(cgroups, run, name));
    for (const group of groups) {
      try {
        writeFileSync(join(group, 'cgroup.kill'), '1');
      } catch (error) {
        this.#log('kill-failed', { run, group, code: codeOf(error) });
      }
    }
    const until = monoNow() + goneWithinMs;
    while (groups.some(isPopulated) && monoNow() < until) await sleep(1);
    return 'cgroup.kill';
  }
}
