/**
 * A stand for runs: two enrolled persons, a small real target (files that steps make and remove, a probe that looks for one),
 * real guardd daemons in processes of their own, and workers as processes that may be killed.
 */
import { generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';
import { spawn, type ChildProcess } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sql } from 'kysely';
import { connectGuardd } from '@breakwater/guardd';
import { statementBytes, type EnrolmentStatement, type Statement } from '@breakwater/rules';
import { approvalBytes, type Approval, type SentNotice } from '@breakwater/rules/plan';
import { receiveDissemination, transcribe } from '#advisory';
import { createGuard, enrolHost, hostTransport } from '#guard';
import { foundKeys, keyDigest } from '#platform/auth';
import { connect, type Db } from '#platform/db';
import { createLog, type Log } from '#platform/telemetry';
import { decidePlan, submitPlan, type CompanyPolicy } from '#plan';
import { createRunner, type Runner } from '#runner';
import { institution, iso, noticesOf, type SmallPlan } from './run-plan.testing.ts';

/** Looser than a company's: rehearsed once, announced at any time. */
export const company: CompanyPolicy = {
  policy: { leadTime: 'PT0S', protectedDays: [], rehearsals: { atLeast: 1 }, limits: {}, measures: [] },
  vendors: [],
  playbooks: [],
  accountableRoles: ['ciso'],
  remediation: {},
};

export interface Person {
  readonly id: string;
  readonly role: string;
  readonly key: string;
  readonly publicKey: string;
  readonly privateKey: KeyObject;
}

export function newPerson(id: string, role: string): Person {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  return { id, role, privateKey, publicKey: pem, key: keyDigest(pem) };
}

export const newNonce = (): string => randomBytes(16).toString('hex');

export function signStatement(by: Person, statement: Statement): { key: string; signature: string } {
  return { key: by.key, signature: sign(null, statementBytes(statement), by.privateKey).toString('base64') };
}

/** A key that one person enrols for another. */
export function enrolment(of: string, who: Person, by: Person) {
  const statement: EnrolmentStatement = {
    schema: 'breakwater.enrolment/1',
    institution: of,
    person: who.id,
    role: who.role,
    publicKey: who.publicKey,
    enrolledBy: by.id,
    from: '2026-01-01T00:00:00Z',
    to: '2036-01-01T00:00:00Z',
    nonce: newNonce(),
  };
  return { statement, enroller: signStatement(by, statement), possession: signStatement(who, statement).signature };
}

async function found(db: Db, a: Person, b: Person): Promise<void> {
  await foundKeys(db, institution, [enrolment(institution, a, b), enrolment(institution, b, a)], new Date());
}

/** A running guardd and the folder in which its programs run. */
export interface GuarddProcess {
  readonly host: string;
  readonly runDir: string;
  readonly workdir: string;
  readonly socket: string;
  child: ChildProcess;
  /** What steps did, a line each. */
  effects(): string[];
  start(): Promise<void>;
}

const guarddMain = fileURLToPath(new URL('../../guardd/src/main.ts', import.meta.url));
const workerMain = fileURLToPath(new URL('run-worker.testing.ts', import.meta.url));

export async function until(what: string, check: () => Promise<boolean> | boolean, withinMs = 45_000): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (!(await check())) {
    if (Date.now() > deadline) throw new Error(`not within ${withinMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

async function startGuarddProcess(folder: string, host: string): Promise<GuarddProcess> {
  const runDir = join(folder, host);
  const workdir = join(runDir, 'work');
  mkdirSync(workdir, { recursive: true });
  const socket = join(runDir, 'guardd', 'orchestrator.sock');
  const guardd: GuarddProcess = {
    host,
    runDir,
    workdir,
    socket,
    child: spawn('true'),
    effects: () =>
      existsSync(join(workdir, 'effects'))
        ? readFileSync(join(workdir, 'effects'), 'utf8')
            .trim()
            .split('\n')
            .filter((line) => line !== '')
        : [],
    async start() {
      guardd.child = spawn(process.execPath, [guarddMain, '--run-dir', runDir, '--host', host, '--workdir', workdir], {
        stdio: ['ignore', 'ignore', 'inherit'],
      });
      await until(`guardd ${host} answers`, async () => {
        const client = await connectGuardd(socket, { timeoutMs: 500 }).catch(() => null);
        client?.end();
        return client !== null;
      });
    },
  };
  await guardd.start();
  return guardd;
}

/** A worker in a process of its own. */
export interface WorkerProcess {
  readonly child: ChildProcess;
  /** Resolves when it has ended. */
  readonly gone: Promise<void>;
  /** Lets one that waits begin. */
  begin(): void;
  state(): 'alive' | 'stopped' | 'gone';
}

/** What the kernel says of a process. */
function processState({ pid, exitCode, signalCode }: ChildProcess): 'alive' | 'stopped' | 'gone' {
  if (pid === undefined || exitCode !== null || signalCode !== null) return 'gone';
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const state = stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3);
    return state === 'T' ? 'stopped' : state === 'Z' ? 'gone' : 'alive';
  } catch {
    return 'gone';
  }
}

export interface Stand {
  readonly db: Db;
  readonly url: string;
  readonly folder: string;
  readonly ciso: Person;
  readonly operator: Person;
  readonly local: GuarddProcess;
  readonly staging: GuarddProcess;
  /** Submits and approves a plan, and has it rehearsed by a worker of this process. */
  prepare(plan: SmallPlan): Promise<string>;
  submit(plan: SmallPlan): Promise<string>;
  approve(planHash: string, by: Person): Promise<void>;
  /** What the evidence log holds of a run, in order. */
  evidenceOf(run: string): Promise<{ type: string; payload: unknown }[]>;
  /** A runner in this process, without a worker. */
  runner(): Runner;
  /** Starts a worker in a process of its own; resolves when it may claim runs, or waits to be told. */
  worker(options?: Pick<WorkerConfig, 'fault' | 'waits'>): Promise<WorkerProcess>;
  close(): Promise<void>;
}

/** Everything that a worker process must be told. */
export interface WorkerConfig {
  readonly url: string;
  readonly sockets: Readonly<Record<string, string>>;
  /** Notices of each plan, a JSON file that is read when they are asked for. */
  readonly noticesFile: string;
  readonly fault?: WorkerFault;
  /** Begins to work only when told to. */
  readonly waits?: boolean;
}

/** What a worker does to itself when it has appended the run's event of this number: before the commit, or after. */
export interface WorkerFault {
  readonly event: number;
  readonly when: 'at' | 'after';
  readonly signal: 'SIGKILL' | 'SIGSTOP';
}

/** The runner of a stand, in whichever process it works. The notices of its plans are in a file. */
export function standRunner(of: {
  db: Db;
  url: string;
  log: Log;
  sockets: Readonly<Record<string, string>>;
  noticesFile: string;
}): Runner {
  const { db, url, log, sockets, noticesFile } = of;
  return createRunner({
    db,
    url,
    institution,
    company,
    log,
    guard: createGuard({ db, institution, log, transport: hostTransport(sockets) }),
    now: () => new Date(),
    noticesOf: async (plan) =>
      (JSON.parse(readFileSync(noticesFile, 'utf8')) as Record<string, SentNotice[]>)[plan] ?? [],
  });
}

export async function openStand(url: string): Promise<Stand> {
  const folder = mkdtempSync(join(tmpdir(), 'breakwater-runs-'));
  const log: Log = createLog(process.env['BREAKWATER_TEST_LOG'] === undefined ? 'silent' : 'debug');
  const db = connect(url, { max: 4, prepared: true, idleInTransactionMs: 1000 });
  const [ciso, operator] = [newPerson('p-1', 'ciso'), newPerson('p-2', 'operations')];
  await found(db, ciso, operator);
  const local = await startGuarddProcess(folder, 'local');
  appendFileSync(join(local.workdir, 'live'), '');
  const staging = await startGuarddProcess(folder, 'staging');
  for (const { host, socket } of [local, staging]) {
    const client = await connectGuardd(socket);
    await enrolHost(db, institution, { host, publicKey: client.host.publicKey, by: 'p-1' });
    client.end();
  }
  const advisory = { id: 'FSI-2026-0142', vulnerabilities: ['CVE-2026-1234'] };
  const letter = {
    authority: 'FSI',
    channel: 'letter',
    document: Buffer.from('CVE-2026-1234'),
    signature: null,
  } as const;
  const received = { ...advisory, ...letter, receivedAt: iso(-86_400_000), remediation: null };
  await receiveDissemination(db, institution, received, { kind: 'person', id: 'p-1' }, new Date());
  await transcribe(db, institution, advisory, { kind: 'person', id: 'p-2' }, new Date());
  const sockets = { local: local.socket, staging: staging.socket };
  const noticesFile = join(folder, 'notices.json');
  writeFileSync(noticesFile, '{}');
  const config: WorkerConfig = { url, sockets, noticesFile };
  const children: ChildProcess[] = [];
  const runners: Runner[] = [];

  const stand: Stand = {
    db,
    url,
    folder,
    ciso,
    operator,
    local,
    staging,
    async submit(plan) {
      const known = JSON.parse(readFileSync(noticesFile, 'utf8')) as Record<string, SentNotice[]>;
      writeFileSync(
        noticesFile,
        JSON.stringify({
          ...known,
          [plan.id]: noticesOf(plan),
        }),
      );
      return (
        await submitPlan(
          db,
          institution,
          {
            document: plan,
            by: 'p-3',
          },
          new Date(),
        )
      ).planHash;
    },
    async approve(planHash, by) {
      const decision = {
        planHash,
        decision: 'approve' as const,
        person: by.id,
        role: by.role,
        at: iso(0),
        expires: iso(864e5),
        nonce: newNonce(),
      };
      const approval: Approval = {
        schema: 'breakwater.approval/1',
        ...decision,
        key: by.key,
        signature: sign(null, approvalBytes(decision), by.privateKey).toString('base64'),
      };
      await decidePlan(db, institution, approval, new Date());
    },
    async prepare(plan) {
      const planHash = await stand.submit(plan);
      const runner = stand.runner();
      const stop = await runner.work();
      const { run } = await runner.request({
        plan: planHash,
        mode: 'rehearsal',
        by: {
          kind: 'person',
          id: 'p-2',
        },
        waivers: [],
      });
      await until('the rehearsal ends', async () => (await runner.status(run)).view.phase === 'ended', 3e4);
      await stop();
      await stand.approve(planHash, ciso);
      await stand.approve(planHash, operator);
      return planHash;
    },
    async evidenceOf(run) {
      const { rows } = await sql<{ type: string; payload: string }>`
        select leaf::jsonb ->> 'type' as type, payload from evidence_outbox
        where leaf::jsonb #>> '{subjects,run}' = ${run} order by xid, id`.execute(db);
      return rows.map(({ type, payload }) => ({ type, payload: JSON.parse(payload) as unknown }));
    },
    runner() {
      const runner = standRunner({ db, url, log, sockets, noticesFile });
      runners.push(runner);
      return runner;
    },
    async worker(options = {}) {
      const child = spawn(
        process.execPath,
        [
          workerMain,
          JSON.stringify({
            ...config,
            ...options,
          }),
        ],
        { stdio: ['pipe', 'pipe', 'inherit'] },
      );
      children.push(child);
      const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
      let said = '';
      child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
      child.stdin.on('error', () => undefined);
      await until('the worker is ready', () => said !== '' || child.exitCode !== null || child.signalCode !== null);
      return {
        child,
        gone,
        begin: () => void child.stdin.write('go\n'),
        state: () => processState(child),
      };
    },
    async close() {
      for (const child of children) child.kill('SIGKILL');
      for (const runner of runners) await runner.close();
      for (const { child, socket } of [local, staging]) {
        const client = await connectGuardd(socket, { timeoutMs: 500 }).catch(() => null);
        const stop = { type: 'stop', run: null, lever: 'abort-all', by: 'the end of the test' } as const;
        await client?.ask(stop).catch(() => undefined);
        client?.end();
        child.kill('SIGKILL');
      }
      await db.destroy();
      await until('nothing of the stand is left', () => killUnder(folder) === 0);
      rmSync(folder, {
        recursive: true,
        force: true,
        maxRetries: 5,
        retryDelay: 100,
      });
    },
  };
  return stand;
}

/** Kills every process that names the folder in its command line: supervisors and sentinels outlive their daemon. */
function killUnder(folder: string): number {
  const pids = readdirSync('/proc').filter((name) => {
    try {
      return /^\d+$/.test(name) && readFileSync(`/proc/${name}/cmdline`, 'utf8').includes(folder);
    } catch {
      return false;
    }
  });
  for (const pid of pids) {
    try {
      process.kill(Number(pid), 'SIGKILL');
    } catch {
      // It ended meanwhile.
    }
  }
  return pids.length;
}

/** Makes the service of a stand go down, or up again. */
export function setService(guardd: GuarddProcess, state: 'down' | 'up'): void {
  const file = join(guardd.workdir, 'down');
  if (state === 'down') appendFileSync(file, '');
  else rmSync(file, { force: true });
}
