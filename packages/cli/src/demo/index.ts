/** `breakwater demo`: the main job on the sample bank, from plan to verified dossier, on real processes and real clocks. */
import { BreakwaterError } from '@breakwater/rules';
import type { Command } from 'commander';
import { exit, finish, NotChecked, printJson, withExamples, withJson } from '../frame.ts';
import { defaultScenario, scenarios, type ScenarioName } from './scenario.ts';
import { playDemo } from './story.ts';
import { createTeller, languageOf } from './tell.ts';

type Options = { scenario: string; open: boolean; json?: true };

/** Adds `demo` to the program. */
export function demoCommands(program: Command): void {
  const names = Object.entries(scenarios).map(([name, { summary }]) => `  ${name.padEnd(20)} ${summary}`);
  const command = program
    .command('demo')
    .description(
      'Take an emergency patch, or a security test, of a small running bank from plan to verified dossier, in about a minute.',
    )
    .option('--scenario <name>', 'what happens', defaultScenario)
    .option('--no-open', 'do not open the dossier afterwards')
    .addHelpText('after', `\nScenarios:\n${names.join('\n')}\n`);
  withExamples(withJson(command), [
    ['./breakwater demo', 'the patch goes bad and the guard brings the service back'],
    ['./breakwater demo --scenario controller-dies', 'the server is killed in the middle; the guard goes on alone'],
    ['./breakwater demo --scenario advisory-to-closure', 'from a signed advisory and an inventory to a closed patch'],
    ['./breakwater demo --scenario scan-trips-service', 'a test slows a service down and is stopped'],
    ['./breakwater demo --no-open --json', 'for scripts: one JSON document with the paths of all that was made'],
  ]).action(run);
}

async function run({ scenario: name, open, json }: Options): Promise<void> {
  if (!Object.hasOwn(scenarios, name)) {
    throw new BreakwaterError(
      'demo.scenario',
      `there is no scenario ${name}: use ${Object.keys(scenarios).join(', ')}`,
      '--scenario',
    );
  }
  const teller = createTeller(languageOf(process.env));
  try {
    const result = await playDemo(name as ScenarioName, {
      teller,
      open: open && json !== true && process.stdout.isTTY,
    });
    if (json === true) printJson(result);
    finish(result.verified ? exit.done : exit.no);
  } catch (error) {
    if (error instanceof BreakwaterError || error instanceof NotChecked || !(error instanceof Error)) throw error;
    throw new NotChecked('demo.failed', error.message);
  } finally {
    teller.end();
  }
}
