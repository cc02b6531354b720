import { Option, type Command } from 'commander';
import { findCageLevels } from '@breakwater/guardd';
import { cageLevel } from '@breakwater/rules/containment';
import { exit, finish, printJson, printText, withExamples, withJson } from '../frame.ts';
import { addPinCommand } from './pin.ts';
import { runInCage, type RunOptions } from './run.ts';
import { addScopeCommands } from './scope.ts';
import { addTesterCommands } from './tester.ts';

/** Adds `cage run`, `cage levels`, `cage scope` and `cage mcp`. */
export function cageCommands(program: Command): void {
  const cage = program.command('cage').description('Run test tools where nothing leaves but what a scope allows.');
  const run = withJson(
    cage
      .command('run')
      .description('Run a command in a cage and report what it reached, what it was denied, and how it ended.')
      .requiredOption('--scope <file>', 'the scope, breakwater.scope/1 as JSON or YAML; - reads standard input')
      .option(
        '--out <folder>',
        'folder for the artefacts and what the tool wrote; default: one under .breakwater/cages',
      )
      .addOption(
        new Option('--level <level>', 'hold it by this and nothing else').choices(
          cageLevel.options.filter((level) => level !== 'container'),
        ),
      )
      .option('--allow-weaker', 'take the cooperative level where this machine can hold nothing stronger')
      .option('--read <path>', 'let the command read this file or folder, too; may be repeated', collect, [])
      .option('--env <name>', 'hand down this variable of the environment; may be repeated', collect, [])
      .argument('<command...>', 'the command, after --; no shell reads it. Files that it names can be read inside'),
  ).action(async (command: string[], options: RunOptions) => finish(await runInCage(command, options)));
  withExamples(run, [
    ['./breakwater cage run --scope scope.json -- nmap -sS 10.66.0.10', 'a scan that cannot leave its scope'],
    [
      './breakwater cage run --scope scope.json --json -- sh probe.sh',
      'the report as JSON; it can be kept as evidence',
    ],
  ]);
  run.addHelpText(
    'after',
    '\nExit codes: 0 the command ran to its end (its own code is in the report), 1 it was stopped or refused, 2 bad scope, 3 no means to hold it.',
  );
  addPinCommand(addScopeCommands(cage));
  addTesterCommands(cage);
  withJson(cage.command('levels').description('Say how strongly this machine can hold a cage.')).action(
    async ({ json }: { json?: boolean }) => {
      const levels = await findCageLevels('command');
      if (json === true) printJson({ schema: 'breakwater.cage-levels/1', levels });
      else
        printText(
          levels.map(({ level, works, why }) => `${works ? 'yes' : 'no '}  ${level.padEnd(12)} ${why}`).join('\n'),
        );
      finish(levels.some(({ level, works }) => works && level !== 'cooperative') ? exit.done : exit.no);
    },
  );
}

function collect(value: string, before: readonly string[]): string[] {
  return [...before, value];
}
