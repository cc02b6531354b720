/**
 * A stand for faults of an execution host: guardd in a process of its own, a small real target (files that steps make and
 * remove, an HTTP service that looks at them), and an orchestrator that renews its lease and begins one step after the other.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { createHash, createPublicKey, verify } from 'node:crypto';
import {
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import {
  connectGuardd,
  GuarddRefused,
  GuarddUnreachable,
  startRenewer,
  type GuarddClient,
  type Renewer,
} from '@breakwater/guardd';
import { headMessage, verifyChain, type AnswerTo, type Refusal, type RunLimits } from '@breakwater/rules/guard';
import type { JournalEntry, JournalEvent, JournalHead } from '@breakwater/rules/guard/record';
import { planHash, testerStep } from '@breakwater/rules/plan';

export const run = 'r1';
const guarddSource = fileURLToPath(new URL('../packages/guardd/src/main.ts', import.meta.url));
const both = (text: string): { ko: string; en: string } => ({ ko: text, en: text });

/** A program without a shell that is a shell script: the plan's words stay words. */
export const sh = (script: string): { run: string[] } => ({ run: ['/bin/sh', '-c', script] });

export interface StandStep {
  readonly id: string;
  /** Shell that follows the step's own effect. */
  readonly doing?: string;
  readonly undoing?: string;
  readonly onStop?: 'finish' | 'cut';
}

export interface PlanOptions {
  readonly steps?: readonly StandStep[];
  readonly windowMs?: number;
  readonly measures?: readonly unknown[];
  readonly probeEvery?: string;
}

/** Each step makes a file and writes a line into `effects`; its `check` sees the file. */
export function standPlan(url: string, options: PlanOptions = {}): Record<string, unknown> {
  const {
    steps = [{ id: 'one' }, { id: 'two' }, { id: 'three' }],
    windowMs = 600_000,
    measures = [],
    probeEvery = 'PT0.1S',
  } = options;
  return {
    schema: 'breakwater.plan/1',
    id: 'stand',
    institution: 'hanbit-bank',
    kind: 'emergency-patch',
    activity: 'software-patch',
    title: both('stand'),
    author: 'p-3',
    window: { start: new Date().toISOString(), end: new Date(Date.now() + windowMs).toISOString(), observe: 'PT5S' },
    services: ['transfer'],
    host: 'local',
    steps: steps.map(({ id, doing = ':', undoing = ':', onStop = 'cut' }) => ({
      id,
      title: both(id),
      driver: 'command',
      wayBack: 'undo',
      timeout: 'PT60S',
      onStop,
      check: sh(`test -f did.${id}`),
      do: sh(`echo "do ${id}" >>effects; touch did.${id}; ${doing}`),
      undo: sh(`echo "undo ${id}" >>effects; rm -f did.${id}; ${undoing}`),
    })),
    probes: [
      {
        id: 'up',
        service: 'transfer',
        kind: 'http',
        url,
        expect: { status: 200, within: 'PT2S' },
        every: probeEvery,
        downAfter: 3,
        upAfter: 2,
      },
    ],
    limits: { outage: 'PT1M', damage: 30_000_000, records: 0, personalCredit: 0 },
    measures,
  };
}

export interface StandOptions {
  /** Command that runs guardd; default: from source. */
  readonly guardd?: readonly string[];
  /** Folder for run files; default: inside the stand's own. */
  readonly runDir?: string;
  /** Runs guardd as this user. */
  readonly uid?: number;
  readonly env?: Readonly<Record<string, string>>;
  /** More words of its command line. */
  readonly words?: readonly string[];
}

export class Stand {
  readonly dir: string;
  readonly workdir: string;
  readonly runDir: string;
  readonly socket: string;
  readonly url: string;
  readonly clockFile: string;
  readonly #options: StandOptions;
  readonly #service: Server;
  readonly #renewers: Renewer[] = [];
  guardd: ChildProcess | null = null;

  private constructor(dir: string, service: Server, options: StandOptions) {
    const address = service.address();
    this.dir = dir;
    this.workdir = join(dir, 'work');
    this.runDir = options.runDir ?? join(dir, 'run');
    this.socket = join(this.runDir, 'guardd', 'orchestrator.sock');
    this.clockFile = join(dir, 'clock.json');
    this.url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/`;
    this.#service = service;
    this.#options = options;
  }

  /** A service that is down while there is a file `down`, and guardd. */
  static async open(options: StandOptions = {}): Promise<Stand> {
    const dir = mkdtempSync(join(tmpdir(), 'breakwater-stand-'));
    mkdirSync(join(dir, 'work'), { mode: 0o777 });
    const service = createServer((_, answer) => {
      answer.statusCode = existsSync(join(dir, 'work', 'down')) ? 503 : 200;
      answer.end('.');
    });
    await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
    const stand = new Stand(dir, service, options);
    const { uid } = options;
    if (uid !== undefined) {
      mkdirSync(stand.runDir);
      for (const folder of [dir, stand.workdir, stand.runDir]) chownSync(folder, uid, uid);
    }
    await stand.startGuardd();
    return stand;
  }

  async startGuardd(): Promise<void> {
    const [command = '', ...words] = this.#options.guardd ?? [process.execPath, guarddSource];
    const argv = [...words, '--run-dir', this.runDir, '--host', 'local', '--workdir', this.workdir];
    argv.push(...(this.#options.words ?? []));
    const { uid } = this.#options;
    this.guardd = spawn(command, argv, {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, BREAKWATER_CLOCK_FILE: this.clockFile, ...this.#options.env },
      ...(uid === undefined ? {} : { uid, gid: uid }),
    });
    await until('guardd answers', async () => {
      const client = await connectGuardd(this.socket, { timeoutMs: 500 }).catch(() => null);
      client?.end();
      return client !== null;
    });
  }

  /** The orchestrator's lease, renewed until `stop`; resolves when its process has reached guardd. */
  async lease(epoch = 1): Promise<Renewer> {
    const renewer = startRenewer({ address: this.socket });
    renewer.hold({ run, epoch, owner: `w${epoch}` });
    this.#renewers.push(renewer);
    await renewer.ready;
    return renewer;
  }

  /** The orchestrator says nothing more. */
  async silence(): Promise<void> {
    for (const renewer of this.#renewers.splice(0)) await renewer.stop();
  }

  client(): Promise<GuarddClient> {
    return connectGuardd(this.socket);
  }

  async prepare(
    client: GuarddClient,
    plan: Record<string, unknown>,
    options: { epoch?: number; mode?: 'live' | 'rehearsal'; limits?: Partial<RunLimits> } = {},
  ): Promise<AnswerTo<'prepare'>> {
    const { epoch = 1, mode = 'live' } = options;
    const steps = ((plan['steps'] ?? [{ id: testerStep }]) as { id: string }[]).map(({ id }) => id);
    const times = Object.fromEntries(steps.map((id) => [id, [500, 500, 500]]));
    const limits: RunLimits = {
      outageMs: 60_000,
      damageWon: 30_000_000,
      records: 0,
      personalCredit: 0,
      takeoverGraceMs: 5000,
      windowEndEpochMs: Date.parse((plan['window'] as { end: string }).end),
      blindAfterMs: 10_000,
      serviceDownMs: { transfer: 1000 },
      rehearsed: {
        detectMs: 800,
        decideMs: 0,
        stopMs: 100,
        verifyMs: 500,
        reserveMs: 500,
        rollbackMs: times,
        stepMs: times,
      },
      ...options.limits,
    };
    const request = {
      type: 'prepare',
      run,
      epoch,
      owner: `w${epoch}`,
      mode,
      planHash: planHash(plan),
      limits,
    } as const;
    return client.ask({ ...request, plan: plan as never }, { timeoutMs: 20_000 });
  }

  /** What the steps did to the target, in order. */
  effects(): string[] {
    const file = join(this.workdir, 'effects');
    return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
  }

  /** The journal as it stands on the disk. */
  journal(): JournalEntry[] {
    const [text = ''] = readFileSync(join(this.runDir, 'guardd', 'runs', run, 'journal.jsonl'), 'utf8').split('\0', 1);
    // What follows the last line feed is being written just now.
    return text
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as JournalEntry);
  }

  pidOf(who: 'supervisor' | 'sentinel' | 'guardd'): number {
    if (who === 'guardd') return this.guardd?.pid ?? 0;
    const file = who === 'sentinel' ? join('runs', run, 'sentinel.pid') : join('levers', run, 'pid');
    return Number(readFileSync(join(this.runDir, 'guardd', file), 'utf8').trim());
  }

  levers(name = run): string {
    return join(this.runDir, 'guardd', 'levers', name);
  }

  /** What a power cut does: nothing of the run or of guardd is left running. */
  async loseHost(): Promise<void> {
    for (const who of ['sentinel', 'guardd', 'supervisor'] as const) process.kill(this.pidOf(who), 'SIGKILL');
    for (const renewer of this.#renewers.splice(0)) await renewer.stop();
    await until('nothing runs any more', () => this.processes().length === 0);
  }

  /** Moves the host's wall clock, or lets it be another boot. */
  setClock(clock: { wallOffsetMs?: number; boot?: string }): void {
    writeFileSync(this.clockFile, JSON.stringify(clock));
  }

  setService(state: 'up' | 'down'): void {
    if (state === 'down') writeFileSync(join(this.workdir, 'down'), '');
    else rmSync(join(this.workdir, 'down'), { force: true });
  }

  /** Processes that belong to this stand, by the folder in their arguments or their working folder. */
  processes(): string[] {
    return readdirSync('/proc').flatMap((pid) => {
      if (!/^\d+$/.test(pid) || Number(pid) === process.pid) return [];
      try {
        const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
        const environment = readFileSync(`/proc/${pid}/environ`, 'utf8');
        const mine =
          words.includes(this.dir) ||
          environment.includes(`BREAKWATER_CLOCK_FILE=${this.clockFile}`) ||
          environment.includes(`PWD=${this.workdir}`);
        return mine && words !== '' ? [`${pid} ${words.slice(0, 120)}`] : [];
      } catch {
        return [];
      }
    });
  }

  /** Control groups of this stand's runs. */
  groups(): string[] {
    if (!existsSync(join(this.runDir, 'guardd'))) return [];
    const tag = createHash('sha256')
      .update(join(realpathSync(this.runDir), 'guardd'))
      .digest('hex')
      .slice(0, 12);
    const { unified, legacy } = findMounts();
    return [...unified, ...legacy].flatMap((mount) =>
      readdirSync(mount)
        .filter((name) => name.startsWith(`breakwater-${tag}`))
        .map((name) => join(mount, name)),
    );
  }

  /** Ends everything; answers what of the runs was still there, which is nothing if all is well. */
  async end(): Promise<string[]> {
    if (!this.#service.listening) return [];
    for (const renewer of this.#renewers.splice(0)) await renewer.stop();
    this.guardd?.kill('SIGINT');
    this.guardd?.kill('SIGCONT');
    const left = await settled(() => [...this.processes(), ...this.groups()]);
    for (const line of left) {
      try {
        process.kill(Number(line.split(' ')[0]), 'SIGKILL');
      } catch {
        // It ended meanwhile.
      }
    }
    await new Promise<void>((resolve) => this.#service.close(() => resolve()));
    rmSync(this.dir, { recursive: true, force: true });
    return left;
  }
}

/** Where control groups are mounted on this machine; groups of runs lie at the top of each. */
function findMounts(): { unified: string[]; legacy: string[] } {
  const mounts = readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .map((line) => line.split(' '));
  const of = (type: string): string[] =>
    mounts.flatMap((words) => (words.includes(type) && words[4] !== undefined ? [words[4]] : []));
  return { unified: of('cgroup2'), legacy: of('cgroup') };
}

async function settled(list: () => string[]): Promise<string[]> {
  const patience = Date.now() + 4000;
  while (list().length > 0 && Date.now() < patience) await sleep(50);
  return list();
}

/** Waits until it is so; throws after `withinMs`. */
export async function until(what: string, so: () => boolean | Promise<boolean>, withinMs = 45_000): Promise<void> {
  const end = Date.now() + withinMs;
  while (!(await so())) {
    if (Date.now() > end) throw new Error(`not within ${withinMs} ms: ${what}`);
    await sleep(20);
  }
}

/** What an orchestrator does: begins each step, again after a lost answer. It leaves the run to the guard when that stops it. */
export async function orchestrate(stand: Stand, steps: readonly string[], epoch = 1): Promise<void> {
  const until_ = Date.now() + 40_000;
  const left = [...steps];
  while (Date.now() < until_) {
    let client: GuarddClient | null = null;
    try {
      client = await stand.client();
      for (const step of left.slice()) {
        const refusal = await beginStep(client, step, epoch);
        if (refusal === null || refusal.reason === 'step-order') left.shift();
        else if (over.has(refusal.reason)) return;
        else break;
      }
      if (left.length === 0) return;
    } catch (error) {
      if (error instanceof GuarddRefused && over.has(error.refusal.reason)) return;
      if (!(error instanceof GuarddRefused) && !(error instanceof GuarddUnreachable)) throw error;
    } finally {
      client?.end();
    }
    await sleep(50);
  }
  throw new Error('the run came to no end');
}

const over: ReadonlySet<Refusal['reason']> = new Set(['tripped', 'run-closed', 'epoch-stale']);

async function beginStep(client: GuarddClient, step: string, epoch: number): Promise<Refusal | null> {
  try {
    const { outcome } = await client.ask({ type: 'begin', run, epoch, step }, { timeoutMs: 15_000 });
    return outcome === 'done' || outcome === 'already-done' ? null : { reason: 'tripped', trip: outcome };
  } catch (error) {
    if (error instanceof GuarddRefused) return error.refusal;
    throw error;
  }
}

/** The entry of this kind in the journal, or undefined. */
export function find<T extends JournalEvent['type']>(
  entries: readonly JournalEntry[],
  type: T,
): Extract<JournalEvent, { type: T }>['data'] | undefined {
  return entries.map(({ event }) => event).find((event) => event.type === type)?.data as never;
}

/** Waits until the journal holds an entry that `is`; answers the journal. */
export async function untilJournal(
  stand: Stand,
  what: string,
  is: (event: JournalEvent) => boolean,
  withinMs = 30_000,
): Promise<JournalEntry[]> {
  let entries: JournalEntry[] = [];
  await until(
    what,
    () => {
      entries = existsSync(join(stand.runDir, 'guardd', 'runs', run, 'journal.jsonl')) ? stand.journal() : [];
      return entries.some(({ event }) => is(event));
    },
    withinMs,
  );
  return entries;
}

/** Why a journal is not one that may be: a broken chain, or an effect that was begun again without its `check` in between. */
export function faultsOf(entries: readonly JournalEntry[]): string[] {
  const faults: string[] = [];
  const chain = verifyChain(entries);
  if (chain !== null) faults.push(`entry ${chain.seq}: ${chain.fault}`);
  const begun = new Map<string, boolean>();
  for (const { event } of entries) {
    if (event.type === 'step.begin' && event.data.action !== 'check') {
      const key = `${event.data.action} ${event.data.step}`;
      if (begun.get(key) === false) faults.push(`${key} twice without its check`);
      begun.set(key, false);
    }
    if (event.type === 'step.end' && event.data.action === 'check') {
      for (const action of ['do', 'undo'])
        if (begun.has(`${action} ${event.data.step}`)) begun.set(`${action} ${event.data.step}`, true);
    }
  }
  return faults;
}

/** True when the host's key signed this head. */
export function isSigned(head: JournalHead | null, publicKey: string): boolean {
  return (
    head !== null && verify(null, headMessage(head), createPublicKey(publicKey), Buffer.from(head.signature, 'base64'))
  );
}
