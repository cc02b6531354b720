/** guardd as a program: its words, its signals, its end. */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { leverEffects } from '@breakwater/rules/guard';
import { cageLevel } from '@breakwater/rules/containment';
import type { Lever } from '@breakwater/rules/guard/record';
import { prioritise } from '../priority.ts';
import type { CageSettings } from '../supervisor/run-file.ts';
import { NotTrusted } from '../trust/credentials.ts';
import { enrolHere, NotEnrolled } from '../trust/enrol.ts';
import type { WorkCaps } from '../work/cgroup.ts';
import { startGuardd, type Guardd, type GuarddOptions } from './daemon.ts';

const guarddUsage = `guardd --run-dir DIR [--host NAME] [--workdir DIR] [--max-processes N] [--max-memory BYTES] [--target PLAN-ORIGIN=ORIGIN]...
        [--cage LEVEL] [--model NAME=URL]... [--model-key NAME=FILE]... [--listen ADDRESS:PORT]
guardd enrol --run-dir DIR --server URL --code-file FILE

The guard's daemon of this host. It keeps everything in DIR/guardd and serves two sockets there:
orchestrator.sock (owner and group may plan and run) and lever.sock (may stop).

  --run-dir   folder for sockets, journals and levers
  --host      the name by which plans call this host; default: local
  --workdir   where programs of plans run; default: the folder guardd is started in
  --max-processes, --max-memory
              bounds of what the work of a run may use, in processes and bytes
  --target    address that stands in for one of the plan here, for a host of rehearsals
  --cage      how tests are held: kernel or cooperative; default: the strongest that this machine enforces
  --model, --model-key
              endpoint of a model by the name that plans use, and the file with its key
  --listen    where servers and levers of other machines reach this host by TLS, such as 10.0.0.5:8490;
              enrol it first, with the code that breakwater host invite gives (- reads it from standard input)

SIGTERM, SIGUSR2 cut every run; SIGUSR1 holds them; SIGINT ends the daemon, runs stay guarded.
`;

/** The options in the words of a command line. Throws TypeError for words that are not known or a folder that is missing. */
function readGuarddOptions(argv: readonly string[]): GuarddOptions | 'help' {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      'run-dir': { type: 'string' },
      host: { type: 'string' },
      workdir: { type: 'string' },
      target: { type: 'string', multiple: true },
      'max-processes': { type: 'string' },
      'max-memory': { type: 'string' },
      cage: { type: 'string' },
      model: { type: 'string', multiple: true },
      'model-key': { type: 'string', multiple: true },
      listen: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help === true) return 'help';
  if (values['run-dir'] === undefined) throw new TypeError('name a folder: --run-dir DIR');
  return {
    runDir: values['run-dir'],
    host: values.host ?? 'local',
    targets: Object.fromEntries((values.target ?? []).map(readTarget)),
    caps: readCaps(values['max-processes'], values['max-memory']),
    cages: readCages(values.cage, values.model ?? [], values['model-key'] ?? []),
    ...(values.workdir === undefined ? {} : { workdir: values.workdir }),
    ...(values.listen === undefined ? {} : { listen: readListen(values.listen) }),
  };
}

/** `ADDRESS:PORT` as a place to listen at. Throws TypeError. */
export function readListen(text: string): { host: string; port: number } {
  const [, host, port] = /^(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9.-]+):(\d{1,5})$/.exec(text) ?? [];
  if (host === undefined || Number(port) > 65_535)
    throw new TypeError(`${JSON.stringify(text)} is no place to listen at such as 10.0.0.5:8490`);
  return { host: host.replace(/^\[|\]$/g, ''), port: Number(port) };
}

/** Bounds of the work from the words of a command line. Throws TypeError for what is no whole number above zero. */
export function readCaps(processes: string | undefined, memoryBytes: string | undefined): WorkCaps {
  return {
    ...(processes === undefined ? {} : { processes: wholeNumber(processes) }),
    ...(memoryBytes === undefined ? {} : { memoryBytes: wholeNumber(memoryBytes) }),
  };
}

/** What the host has for caged tests, from the words of a command line. Throws TypeError. */
export function readCages(level: string | undefined, models: readonly string[], keys: readonly string[]): CageSettings {
  const keyFiles = new Map(keys.map((word) => named(word)));
  const endpoints = models.map((word): [string, { url: string; keyFile: string | null }] => {
    const [name, url] = named(word);
    if (!/^https?:$/.test(URL.parse(url)?.protocol ?? ''))
      throw new TypeError(`${JSON.stringify(url)} is no address such as https://api.example.com/v1`);
    return [name, { url, keyFile: keyFiles.get(name) ?? null }];
  });
  for (const name of keyFiles.keys())
    if (!endpoints.some(([known]) => known === name)) throw new TypeError(`there is no --model ${name} for this key`);
  return {
    ...(level === undefined ? {} : { level: cageLevelOf(level) }),
    ...(endpoints.length === 0 ? {} : { models: Object.fromEntries(endpoints) }),
  };
}

function cageLevelOf(word: string): NonNullable<CageSettings['level']> {
  const level = cageLevel.safeParse(word);
  if (!level.success) throw new TypeError(`${JSON.stringify(word)} is no level: ${cageLevel.options.join(', ')}`);
  return level.data;
}

/** `NAME=VALUE` as a pair. Throws TypeError. */
function named(word: string): [name: string, value: string] {
  const [, name, value] = /^([a-z0-9][a-z0-9-]{0,63})=(.+)$/.exec(word) ?? [];
  if (name === undefined || value === undefined) throw new TypeError(`write ${JSON.stringify(word)} as NAME=VALUE`);
  return [name, value];
}

function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,14}$/.test(text)) throw new TypeError(`${JSON.stringify(text)} is no whole number above zero`);
  return Number(text);
}

/** `PLAN-ORIGIN=ORIGIN` as a pair. Throws TypeError. */
export function readTarget(text: string): [plan: string, here: string] {
  const [plan = '', here = ''] = text.split('=', 2);
  return [originOf(plan), originOf(here)];
}

function originOf(text: string): string {
  const { origin, pathname } = new URL(text);
  if (origin === 'null' || pathname !== '/')
    throw new TypeError(`${JSON.stringify(text)} is no origin such as http://10.77.0.2:8081`);
  return origin;
}

/** Starts the daemon and resolves when a signal has ended it. `ready` is told when the sockets are open. */
export async function guardUntilSignalled(options: GuarddOptions, ready: (guardd: Guardd) => void): Promise<void> {
  prioritise();
  const guardd = await startGuardd(options);
  const ended = Promise.withResolvers<void>();
  for (const [lever, { signals }] of Object.entries(leverEffects) as [Lever, (typeof leverEffects)[Lever]][]) {
    for (const signal of signals) {
      process.on(signal, () => {
        void guardd.stopAll(lever, signal).finally(() => {
          if (signal === 'SIGTERM') ended.resolve();
        });
      });
    }
  }
  process.once('SIGINT', () => ended.resolve());
  ready(guardd);
  await ended.promise;
  await guardd.close();
}

/** `guardd enrol` by its words. Answers the exit code: 0 enrolled, 1 refused, 2 wrong use. */
export async function enrolByWords(words: readonly string[]): Promise<number> {
  const string = { type: 'string' } as const;
  let values;
  try {
    ({ values } = parseArgs({ args: [...words], options: { 'run-dir': string, server: string, 'code-file': string } }));
    const { 'run-dir': runDir, server, 'code-file': codeFile } = values;
    if (runDir === undefined || server === undefined || codeFile === undefined)
      throw new TypeError('name all three: --run-dir DIR --server URL --code-file FILE');
    const code = readFileSync(codeFile === '-' ? 0 : codeFile, 'utf8');
    const { identity, notAfter } = await enrolHere(runDir, server, code);
    process.stderr.write(`guardd: enrolled as ${identity.name} until ${notAfter.toISOString()}\n`);
    return 0;
  } catch (error) {
    process.stderr.write(`guardd: ${error instanceof Error ? error.message : String(error)}\n`);
    return error instanceof NotEnrolled || error instanceof NotTrusted ? 1 : 2;
  }
}

/** guardd by the words of its command line. Answers the exit code: 0 ended by a signal, 2 wrong use, 3 it could not be started. */
export async function serveWords(words: readonly string[]): Promise<number> {
  let options;
  try {
    options = readGuarddOptions(words);
  } catch (error) {
    process.stderr.write(`guardd: ${error instanceof Error ? error.message : String(error)}\n${guarddUsage}`);
    return 2;
  }
  if (options === 'help') {
    process.stdout.write(guarddUsage);
    return 0;
  }
  try {
    await guardUntilSignalled(options, ({ folder, level, tlsPort }) =>
      process.stderr.write(
        `guardd: ${folder}, stopping by ${level}${tlsPort === null ? '' : `, TLS on port ${tlsPort}`}\n`,
      ),
    );
    return 0;
  } catch (error) {
    process.stderr.write(`guardd: ${error instanceof Error ? error.message : String(error)}\n`);
    return 3;
  }
}
