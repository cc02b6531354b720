/** `breakwater guardd`: the daemon of an execution host, in the foreground. */
import { BreakwaterError } from '@breakwater/rules';
import {
  GuarddRunning,
  NotTrusted,
  guardUntilSignalled,
  readCages,
  readCaps,
  readListen,
  readTarget,
} from '@breakwater/guardd';
import type { Command } from 'commander';
import { NotChecked, printJson, withExamples, withJson } from '../frame.ts';
import { readConfig } from '../server.ts';

interface Options {
  readonly runDir?: string;
  readonly host: string;
  readonly workdir?: string;
  readonly target: readonly string[];
  readonly maxProcesses?: string;
  readonly maxMemory?: string;
  readonly cage?: string;
  readonly model: readonly string[];
  readonly modelKey: readonly string[];
  readonly listen?: string;
  readonly json?: boolean;
}

export function defineGuardd(program: Command): void {
  const command = program
    .command('guardd')
    .description("Run the guard's daemon of this host in the foreground.")
    .option('--run-dir <dir>', 'folder for sockets, journals and levers; default: the setting runDir')
    .option('--host <name>', 'the name by which plans call this host', 'local')
    .option('--workdir <dir>', 'where programs of plans run; default: the present folder')
    .option(
      '--target <plan-origin=origin>',
      'address that stands in for one of the plan here, for a host of rehearsals; may be repeated',
      collect,
      [] as readonly string[],
    )
    .option('--cage <level>', 'how tests are held: kernel or cooperative; default: the strongest enforced')
    .option(
      '--model <name=url>',
      'endpoint of a model by the name that plans use; may be repeated',
      collect,
      [] as readonly string[],
    )
    .option(
      '--model-key <name=file>',
      'file with the key of that endpoint; may be repeated',
      collect,
      [] as readonly string[],
    )
    .option('--listen <address:port>', 'where servers of other machines reach this host by TLS; see host invite')
    .option('--max-processes <n>', 'most processes that the work of a run may have')
    .option('--max-memory <bytes>', 'most memory that the work of a run may use')
    .addHelpText(
      'after',
      '\nSignals: SIGTERM and SIGUSR2 cut every run, SIGUSR1 holds them; SIGINT ends the daemon while runs stay guarded.',
    )
    .action(
      async ({
        runDir,
        host,
        workdir,
        target,
        maxProcesses,
        maxMemory,
        cage,
        model,
        modelKey,
        listen,
        json,
      }: Options) => {
        const options = {
          runDir: runDir ?? readConfig().runDir,
          host,
          targets: Object.fromEntries(target.map(targetOf)),
          caps: capsOf(maxProcesses, maxMemory),
          cages: cagesOf(cage, model, modelKey),
          ...(workdir === undefined ? {} : { workdir }),
          ...(listen === undefined ? {} : { listen: listenOf(listen) }),
        };
        try {
          await guardUntilSignalled(options, ({ folder, level, orchestratorSocket, leverSocket, tlsPort }) => {
            const tls = tlsPort === null ? '' : `, TLS on port ${tlsPort}`;
            process.stderr.write(`guardd: ${folder}, stopping by ${level}${tls}\n`);
            if (json)
              printJson({
                schema: 'breakwater.guardd/1',
                host,
                folder,
                orchestratorSocket,
                leverSocket,
                tlsPort,
                level,
              });
          });
        } catch (error) {
          if (error instanceof NotTrusted) throw new NotChecked('guardd.not-enrolled', error.message, '--listen');
          if (error instanceof GuarddRunning) throw new NotChecked('guardd.running', error.message, options.runDir);
          throw error;
        }
      },
    );
  withExamples(withJson(command), [
    ['./breakwater guardd', 'guard runs of this machine; the server finds it by its run folder'],
    [
      './breakwater guardd --host staging --run-dir /run/staging --target http://10.0.0.2:80=http://10.9.0.2:80',
      'a host of rehearsals',
    ],
  ]);
}

function collect(word: string, before: readonly string[]): readonly string[] {
  return [...before, word];
}

function cagesOf(...words: Parameters<typeof readCages>): ReturnType<typeof readCages> {
  try {
    return readCages(...words);
  } catch (error) {
    throw new BreakwaterError(
      'usage.cage',
      error instanceof Error ? error.message : '',
      '--cage, --model, --model-key',
    );
  }
}

function capsOf(processes?: string, memoryBytes?: string): ReturnType<typeof readCaps> {
  try {
    return readCaps(processes, memoryBytes);
  } catch (error) {
    throw new BreakwaterError(
      'usage.bound',
      error instanceof Error ? error.message : '',
      '--max-processes, --max-memory',
    );
  }
}

function listenOf(word: string): ReturnType<typeof readListen> {
  try {
    return readListen(word);
  } catch (error) {
    throw new BreakwaterError('usage.listen', error instanceof Error ? error.message : '', '--listen');
  }
}

function targetOf(word: string): [string, string] {
  try {
    return readTarget(word);
  } catch {
    throw new BreakwaterError(
      'usage.target',
      `${JSON.stringify(word)} is no target: write PLAN-ORIGIN=ORIGIN, such as http://10.77.0.2:8081=http://127.0.0.1:9081`,
      '--target',
    );
  }
}
