import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { Command } from 'commander';
import { finish, type ExitCode } from './frame.ts';
import { repository } from './server.ts';

/**
 * Adds `kill` to the overview. The lever itself is a shell script, because stopping needs no Node.js; `./breakwater kill`
 * never comes here, and whoever does is sent back to it.
 */
export function killCommand(program: Command): void {
  program
    .command('kill')
    .description('Stop runs on this machine, now.')
    .helpOption(false)
    .allowUnknownOption()
    .argument('[words...]')
    .action((_words: string[], _options: object, command: Command) => {
      const script = join(repository, 'breakwater');
      const { status } = spawnSync(script, ['kill', ...command.args], { stdio: 'inherit' });
      finish((status ?? 3) as ExitCode);
    });
}
