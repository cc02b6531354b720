/** The process of a supervisor: one run, from its folder, to its end. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { leverEffects, foldJournal } from '@breakwater/rules/guard';
import type { JournalEntry, Lever } from '@breakwater/rules/guard/record';
import { instantOf, wallNow } from '../clock.ts';
import { entryCommand } from '../entry.ts';
import { openHostKey } from '../host-key.ts';
import { runLayout, type RunLayout } from '../layout.ts';
import { codeOf, logFor, type Log } from '../log.ts';
import { prioritise } from '../priority.ts';
import { alreadySupervised } from '../sentinel.ts';
import { removeGroup } from '../work/cgroup.ts';
import { openEnclosure, type Enclosure } from '../work/enclosure.ts';
import { findLevel, type StoppingLevel } from '../work/level.ts';
import { startBeating } from './beats.ts';
import { loadForTests } from './caged-test.ts';
import { openControl } from './control.ts';
import { Journal } from './journal.ts';
import { answerLever, leversIn, removeLever, watchLevers } from './lever-files.ts';
import { RunGuard } from './run-guard.ts';
import { readRunFile, type RunFile } from './run-file.ts';

type Because = 'prepared' | 'replaced' | 'boot';

/** How many ms of the clock's error are assumed where the limits state none. */
const defaultClockErrorMs = 1000;

/** What is left of a cage after this is found by whoever opens the next one. */
const tidyWithinMs = 10_000;

/** Guards the run in the folder `argv[0]` until it is over. `argv[1]`: why it is started; `argv[2]`: pid of its sentinel. */
export async function supervise([folder = '', because = 'replaced', sentinel = '0']: readonly string[]): Promise<void> {
  const layout = runLayout(folder);
  process.chdir(folder);
  const log = logFor(`supervisor ${basename(folder)}`);
  const file = readRunFile(layout.file);
  if (!(await lock(`breakwater-supervisor ${file.tag} ${file.run}`))) process.exit(alreadySupervised);
  prioritise();
  // Before the first beat nobody takes a busy process for a hung one; in mid-run half a second of loading is enough for that.
  // A supervisor that replaces another never begins its test again, and must be there soon.
  if (file.plan.test !== null && because === 'prepared') await loadForTests();
  const level = findLevel(file.tag);
  const cgroup = level.cgroups === null ? null : join(level.cgroups, file.run);
  const beats = startBeating(
    Number(sentinel),
    { run: layout, cgroup, command: entryCommand('supervise', [folder]) },
    log,
  );

  const [work, recovery, watching] = openEnclosures(file, layout, level);
  await Promise.all([work, recovery, watching].map((enclosure) => enclosure.stop()));
  // Of a supervisor before this one a cage may be left, without anybody in it. The run does not wait for it to be tidied away.
  const tidied = file.plan.test === null || because === 'prepared' ? Promise.resolve() : tidyCages(log);
  mkdirSync(layout.output, { recursive: true, mode: 0o700 });

  const durable: JournalEntry[] = [];
  let tell = (_entry: JournalEntry): void => undefined;
  const { journal, entries } = await Journal.open(layout.journal, layout.damagedJournal, {
    run: file.run,
    host: file.host,
    onDurable: (entry) => {
      durable.push(entry);
      tell(entry);
    },
  });
  durable.push(...entries);
  if (entries.length === 0) prepare(journal, file, level);
  await journal.flushed();
  const run = foldJournal(durable);
  if (run === null) throw new Error('the journal holds no entry');

  const guard = new RunGuard({
    file,
    journal,
    run,
    work,
    recovery,
    watching,
    output: layout.output,
    cage: layout.cage,
    key: openHostKey(file.hostKey),
    log,
    startsForbidden: () => leversIn(file.levers.all)[0] ?? null,
    releaseHold: () => removeLever(file.levers.own, 'hold'),
  });
  guard.start(because as Because);
  await journal.flushed();
  const control = await openControl('supervisor.sock', guard, durable, log);
  tell = (entry) => control.tell(entry);
  const levers = [watchFolder(file.levers.own, file, guard), watchFolder(file.levers.all, file, guard)];
  writePid(file.levers.own, log);
  for (const [lever, { signals }] of Object.entries(leverEffects) as [Lever, (typeof leverEffects)[Lever]][]) {
    for (const signal of signals) process.on(signal, () => void guard.pull(lever, signal, 'signal'));
  }

  await guard.over;
  await Promise.race([tidied, sleep(tidyWithinMs)]);
  for (const files of levers) files.stop();
  await journal.close();
  control.close();
  rmSync(file.levers.own, { recursive: true, force: true });
  if (cgroup !== null) removeGroup(cgroup);
  if (level.cgroups !== null) removeGroup(level.cgroups);
  await beats.bye();
  process.exit(0);
}

async function tidyCages(log: Log): Promise<void> {
  try {
    await (await import('../cage/kernel/leftovers.ts')).removeLeftovers();
  } catch (error) {
    log('cage-left', { code: codeOf(error) });
  }
}

/** For `breakwater kill`, which signals a supervisor that does not answer to its lever. A full disk does not end the guard. */
function writePid(folder: string, log: Log): void {
  try {
    writeFileSync(join(folder, 'pid'), `${process.pid}\n`);
  } catch (error) {
    log('pid-not-written', { code: codeOf(error) });
  }
}

/** Two supervisors of one run never work side by side: the name is free again the moment its holder is dead. */
function lock(name: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ path: `\0${name}` }, () => resolve(true));
    server.unref();
  });
}

function openEnclosures(
  file: RunFile,
  { groups }: RunLayout,
  level: StoppingLevel,
): [work: Enclosure, recovery: Enclosure, watching: Enclosure] {
  const open = (name: 'work' | 'recovery' | 'watch'): Enclosure =>
    openEnclosure({ level, run: file.run, name, caps: name === 'work' ? file.caps : {}, groupsFile: groups });
  return [open('work'), open('recovery'), open('watch')];
}

/** The first words of a journal. */
function prepare(journal: Journal, file: RunFile, level: StoppingLevel): void {
  const { limits, mode, planHash, epoch, owner } = file;
  journal.append(epoch, {
    type: 'run.prepared',
    data: {
      planHash,
      mode,
      level: level.name,
      budgetMs: limits.outageMs,
      takeoverGraceMs: limits.takeoverGraceMs,
      clockErrorMs: limits.clockErrorMs ?? defaultClockErrorMs,
      windowEnd: instantOf(limits.windowEndEpochMs),
    },
  });
  journal.append(epoch, { type: 'epoch.changed', data: { from: 0, owner } });
}

/** Levers of a folder act on the run. The answer goes into the run's own folder, and under the run's name beside a lever for all. */
function watchFolder(folder: string, { run, levers }: RunFile, guard: RunGuard): { stop(): void } {
  return watchLevers(folder, (lever, by) => {
    void guard.pull(lever, by, 'file').then(({ method, latencyMs }) => {
      const answer = { lever, run, method, latencyMs, at: instantOf(wallNow()) };
      answerLever(levers.own, answer);
      if (folder !== levers.own) answerLever(folder, answer, `STOPPED-${run}`);
    });
  });
}
