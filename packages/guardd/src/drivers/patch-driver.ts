/** What a patch driver is: five questions about one change on one machine. */
import { Failed, Unclear } from './answer.ts';
import type { Machine, RunOptions, Said } from './machine.ts';

/** What is there before the first change, as far as the undo needs it: it goes into the journal, so no contents and no secrets. */
export interface Prepared<Before> {
  readonly before: Before;
  /** Why there is no undo; null = there is one. */
  readonly unavailable: string | null;
}

/** Where a step may keep what it replaces, on the machine that it changes. */
export interface Keeping {
  readonly run: string;
  readonly step: string;
}

/** A change on one machine. All but `do` may be asked any number of times. Each throws Failed or Unclear. */
export interface PatchDriver<What, Before> {
  /** Is everything as wanted? `before` when this run has prepared it. */
  check(what: What, machine: Machine, before: Before | null): Promise<boolean>;
  /** Records what is there and keeps what the undo needs, changing nothing that is in use. Throws Failed when it cannot be done at all. */
  prepare(what: What, machine: Machine, keeping: Keeping): Promise<Prepared<Before>>;
  do(what: What, machine: Machine, before: Before): Promise<void>;
  /** Back to `before`, from wherever the change got to. */
  undo(what: What, machine: Machine, before: Before): Promise<void>;
  /** Is anything not as it was before? */
  differs(what: What, machine: Machine, before: Before): Promise<boolean>;
}

/** Runs a program that must succeed. Throws Failed with what it said. */
export async function must(machine: Machine, argv: readonly string[], options?: RunOptions): Promise<string> {
  const said = await machine.run(argv, options);
  if (said.code !== 0) throw failure(argv, said);
  return said.stdout;
}

/** Runs a program that answers by its exit code, 0 or 1. Throws Unclear for any other end. */
export async function holds(machine: Machine, argv: readonly string[]): Promise<boolean> {
  const said = await machine.run(argv);
  if (said.code !== 0 && said.code !== 1) throw new Unclear(lastWords(argv, said));
  return said.code === 0;
}

/** A program that is not there, or was killed, answers nothing; any other end is a no. */
export function failure(argv: readonly string[], said: Said): Failed | Unclear {
  const unseen = said.code === null || said.code >= 125;
  return new (unseen ? Unclear : Failed)(lastWords(argv, said));
}

function lastWords([program = '']: readonly string[], { code, stderr, stdout }: Said): string {
  return `${program} ended with ${code ?? 'a signal'}: ${`${stdout.trim()}\n${stderr.trim()}`.trim().slice(-1500)}`;
}

const keptBy = '/var/lib/breakwater/kept';

/** Makes the folder in which a step keeps what it replaces; its path. */
export async function keepFolder(machine: Machine, keep: string | undefined, { run, step }: Keeping): Promise<string> {
  const folder = `${keep ?? keptBy}/${run}/${step}`;
  await must(machine, ['mkdir', '-p', '-m', '0700', '--', folder]);
  return folder;
}

/** SHA-256 of a file, in hex; null when it is not there. Throws Failed when it cannot be read. */
export async function sha256Of(machine: Machine, path: string): Promise<string | null> {
  if (!(await holds(machine, ['test', '-e', path]))) return null;
  const said = await must(machine, ['sha256sum', '--', path]);
  return /^\\?([0-9a-f]{64}) /.exec(said)?.[1] ?? null;
}

/** Copies a file so that it is on the disk when this returns. */
const copyScript =
  'cp --preserve=mode,ownership,timestamps -- "$1" "$2.new" && sync "$2.new" && mv -T -- "$2.new" "$2" && sync -- "$(dirname -- "$2")"';

/** Copies `from` to `to`, whole or not at all, flushed to the disk. */
export async function copyWhole(machine: Machine, from: string, to: string): Promise<void> {
  await must(machine, ['/bin/sh', '-c', copyScript, 'sh', from, to]);
}
