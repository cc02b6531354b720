import { createWriteStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import {
  CageLacking,
  CageRefused,
  CageUnavailable,
  openCage,
  openProbeServer,
  type Cage,
  type TesterContext,
} from '@breakwater/guardd';
import { durationMs } from '@breakwater/rules';
import { exit, finish, NotChecked, withExamples, type ExitCode } from '../frame.ts';
import { openEvidenceFolder } from './folder.ts';
import { reportText } from './report.ts';
import { inItsPlace } from './rootless.ts';
import { readSoundScope } from './scope.ts';

interface McpOptions {
  readonly scope: string;
  readonly out?: string;
}

/** Events that are kept of one session. */
const mostEvents = 100_000;

/** Adds `cage mcp`. */
export function addTesterCommands(cage: Command): void {
  const mcp = cage
    .command('mcp')
    .description(
      'Serve the safe probes to an agent by the Model Context Protocol: the probes run in a cage, the agent stays where it is.',
    )
    .requiredOption('--scope <file>', 'the scope, breakwater.scope/1 as JSON or YAML')
    .option('--out <folder>', 'folder for the artefacts; default: one under .breakwater/cages')
    .action(async (options: McpOptions) => finish(await inItsPlace({}, () => serveMcp(options))));
  withExamples(mcp, [
    [
      './breakwater cage mcp --scope scope.json',
      'speak the protocol on standard input and output until the agent closes',
    ],
  ]);
  mcp.addHelpText(
    'after',
    '\nThe report of the cage is containment.json in the folder; standard output is the protocol alone.',
  );
}

/** Serves until standard input closes, and keeps the cage's report. */
async function serveMcp({ scope: file, out }: McpOptions): Promise<ExitCode> {
  const scope = await readSoundScope(file);
  const folder = await openEvidenceFolder(out);
  const context: TesterContext = { scope, tester: { kind: 'mcp' }, folder: join(folder, 'tester') };
  let told = 0;
  const events = createWriteStream(join(folder, 'probes.jsonl'), { mode: 0o600 });
  const server = openProbeServer(context, (event) => {
    if (++told <= mostEvents) events.write(`${JSON.stringify(event)}\n`);
  });
  let cage: Cage;
  try {
    cage = await openCage({ scope, name: `mcp-${process.pid}`, folder, mounts: server.mounts });
  } catch (error) {
    await server.end();
    if (error instanceof CageLacking) throw new NotChecked(error.code, error.message, error.path);
    if (error instanceof CageUnavailable) throw new NotChecked('cage.unavailable', error.message);
    if (!(error instanceof CageRefused)) throw error;
    process.stderr.write(`refused: ${error.message}\n`);
    return exit.no;
  }
  const lever = (signal: string): void => void cage.stop({ reason: 'lever', by: signal });
  process.on('SIGINT', lever).on('SIGTERM', lever).on('SIGHUP', lever);
  const renewal = setInterval(() => cage.renew(), Math.min(200, durationMs(scope.lease) / 4));
  try {
    await relay(cage, server.argv);
  } finally {
    clearInterval(renewal);
    process.off('SIGINT', lever).off('SIGTERM', lever).off('SIGHUP', lever);
  }
  const report = await cage.close();
  await server.end();
  events.end();
  await writeFile(join(folder, 'containment.json'), `${JSON.stringify(report, null, 2)}\n`, { mode: 0o600 });
  process.stderr.write(`${reportText(report, folder)}\n`);
  return report.outcome === 'exited' ? exit.done : exit.no;
}

/** Bytes of the protocol both ways, until the server ends. */
function relay(cage: Cage, argv: readonly string[]): Promise<void> {
  const server = cage.start(argv, { stdin: 'pipe' });
  const { stdin } = server;
  if (stdin !== null) process.stdin.pipe(stdin).on('error', () => undefined);
  server.stdout.pipe(process.stdout, { end: false });
  server.stderr.resume();
  return new Promise((settle) => {
    const ended = (): void => {
      process.stdin.unpipe();
      process.stdin.pause();
      settle();
    };
    server.once('close', ended);
    server.once('error', ended);
  });
}
