/** `breakwater guard`: any command under guard. No plan, no server, no database. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BreakwaterError } from '@breakwater/rules';
import { refusalText } from '@breakwater/rules/guard';
import { GuarddRefused } from '@breakwater/guardd';
import type { Command } from 'commander';
import { exit, finish, NotChecked, printJson, withExamples, withJson } from '../frame.ts';
import { oneStep, readCommand, readDuration, type Asked } from './one-step.ts';
import { guardCommand, type Ending } from './run-guarded.ts';

interface Options {
  readonly probe: readonly string[];
  readonly budget: string;
  readonly undo: readonly string[];
  readonly check: readonly string[];
  readonly undoWithin?: string;
  readonly every: string;
  readonly keep?: string;
  readonly json?: boolean;
}

const collect = (word: string, before: readonly string[]): readonly string[] => [...before, word];
const none: readonly string[] = [];

export function defineGuard(program: Command): void {
  const command = program
    .command('guard')
    .description('Run any command under guard: when the service goes down for too long, it is cut off and undone.')
    .argument('<command...>', 'the command, after --')
    .option('--probe <url>', 'address that answers 2xx while the service is up; may be repeated', collect, none)
    .option('--budget <duration>', 'how long the service may be down in all', '10m')
    .option('--undo <word>', 'what takes the command back: one word each time, or a JSON array of words', collect, none)
    .option('--check <word>', 'tells by exit 0 that the command is done already; words as for --undo', collect, none)
    .option('--undo-within <duration>', 'longest time that the undo takes; default: a quarter of the budget')
    .option('--every <duration>', 'how often the probes ask', '500ms')
    .option('--keep <dir>', 'keep the journal in this folder; otherwise it is kept only when the command was undone')
    .addHelpText(
      'after',
      '\nNo shell reads the commands. Ctrl-C cuts and undoes; a second one leaves everything as it is.\nExit: 0 done, 1 cut off and undone (or it could not be), 2 wrong use, 3 it could not be guarded.',
    )
    .action(async (words: string[], options: Options) => {
      const asked = readAsked(words, options);
      const runDir = options.keep ?? mkdtempSync(join(tmpdir(), 'breakwater-guard-'));
      const ending = await guarded(asked, runDir, options.keep === undefined);
      const done = ending.outcome === 'completed';
      const kept = options.keep !== undefined || !done;
      if (!kept) rmSync(runDir, { recursive: true, force: true });
      if (options.json) printJson({ schema: 'breakwater.guard/1', ...ending, journal: kept ? ending.journal : null });
      else if (kept) process.stderr.write(`journal: ${ending.journal}\n`);
      finish(done ? exit.done : exit.no);
    });
  withExamples(withJson(command), [
    [
      './breakwater guard --probe http://127.0.0.1:8080/health --budget 10m --undo ./rollback.sh -- ./patch.sh',
      'patch; roll back when the service would be down for more than ten minutes',
    ],
    [
      `./breakwater guard --probe http://shop/ping --undo '["kubectl","rollout","undo","deploy/shop"]' -- kubectl apply -f shop.yaml`,
      'arguments of the undo as a JSON array',
    ],
  ]);
}

function readAsked(command: readonly string[], options: Options): Asked {
  if (options.probe.length === 0) {
    throw new BreakwaterError(
      'usage.probe',
      'name at least one address that tells whether the service is up: --probe URL',
      '--probe',
    );
  }
  if (options.undo.length === 0) {
    throw new BreakwaterError('usage.undo', 'say how the command is taken back: --undo COMMAND', '--undo');
  }
  const budgetMs = readDuration(options.budget, '--budget');
  return {
    command,
    undo: readCommand(options.undo, '--undo'),
    check: options.check.length === 0 ? null : readCommand(options.check, '--check'),
    probes: options.probe,
    budgetMs,
    undoWithinMs:
      options.undoWithin === undefined ? Math.round(budgetMs / 4) : readDuration(options.undoWithin, '--undo-within'),
    everyMs: readDuration(options.every, '--every'),
  };
}

/** What could not begin leaves no folder behind. */
async function guarded(asked: Asked, runDir: string, temporary: boolean): Promise<Ending> {
  try {
    return await guardCommand(oneStep(asked, Date.now()), runDir);
  } catch (error) {
    if (temporary) rmSync(runDir, { recursive: true, force: true });
    if (!(error instanceof GuarddRefused)) throw error;
    throw new NotChecked(`guard.${error.refusal.reason}`, refusalText(error.refusal).en, '');
  }
}
