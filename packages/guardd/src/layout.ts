/** Where guardd keeps things. One folder a host's daemon; `runDir` is the argument of `guardd --run-dir`. */
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { allRuns } from '@breakwater/rules/guard';

export interface Layout {
  readonly folder: string;
  readonly orchestratorSocket: string;
  readonly leverSocket: string;
  readonly hostKey: string;
  /** Credentials by which other hosts reach this one. */
  readonly trust: string;
  readonly runs: string;
  readonly levers: string;
  /** Names this folder in cgroups and locks. */
  readonly tag: string;
  run(run: string): RunLayout;
  leverFolder(run: string): string;
}

export interface RunLayout {
  readonly folder: string;
  /** The prepared run, written before its supervisor starts. */
  readonly file: string;
  readonly journal: string;
  readonly damagedJournal: string;
  readonly socket: string;
  readonly output: string;
  /** Report and artefacts of a caged test. */
  readonly cage: string;
  readonly log: string;
  /** Process groups that are running, for a sentinel without cgroups. */
  readonly groups: string;
  readonly sentinelPid: string;
}

/** A run's id becomes a folder and a cgroup: letters, digits, dots, dashes, underscores. `ALL` is taken by the levers. */
export function isRunId(text: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/.test(text) && text !== allRuns;
}

/** The layout under `runDir`; the folders for levers and runs are made, readable by owner and group only. */
export function openLayout(runDir: string): Layout {
  mkdirSync(join(runDir, 'guardd'), { recursive: true, mode: 0o750 });
  const folder = realpathSync(join(runDir, 'guardd'));
  const runs = join(folder, 'runs');
  const levers = join(folder, 'levers');
  mkdirSync(runs, { recursive: true, mode: 0o700 });
  makeLeverFolder(levers);
  makeLeverFolder(join(levers, allRuns));
  return {
    folder,
    runs,
    levers,
    orchestratorSocket: join(folder, 'orchestrator.sock'),
    leverSocket: join(folder, 'lever.sock'),
    hostKey: join(folder, 'host-key.pem'),
    trust: join(folder, 'trust'),
    tag: createHash('sha256').update(folder).digest('hex').slice(0, 12),
    run: (run) => runLayout(join(runs, run)),
    leverFolder: (run) => join(levers, run),
  };
}

/** A folder for levers: owner and group may stop, whatever the process masks otherwise. */
export function makeLeverFolder(path: string): void {
  mkdirSync(path, { recursive: true });
  chmodSync(path, 0o770);
}

/** The layout of one run's folder. */
export function runLayout(folder: string): RunLayout {
  return {
    folder,
    file: join(folder, 'run.json'),
    journal: join(folder, 'journal.jsonl'),
    damagedJournal: join(folder, 'journal.damaged'),
    socket: join(folder, 'supervisor.sock'),
    output: join(folder, 'output'),
    cage: join(folder, 'cage'),
    log: join(folder, 'supervisor.log'),
    groups: join(folder, 'groups'),
    sentinelPid: join(folder, 'sentinel.pid'),
  };
}
