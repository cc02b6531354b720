import { writeFile } from 'node:fs/promises';
import { BreakwaterError } from '@breakwater/rules';
import type { Command } from 'commander';
import { printJson, printText, withExamples, withJson } from '../frame.ts';
import { localServer } from '../server.ts';

/** Adds `break-glass seal`. */
export function defineBreakGlass(program: Command): void {
  const account = program.command('break-glass').description('The account that is opened when nobody can sign in.');
  withExamples(
    withJson(
      account
        .command('seal')
        .description('Write a new code into a file (0600), to be printed and sealed; earlier codes count no more.')
        .requiredOption('--out <file>', 'where the code is written; must not exist')
        .action(seal),
    ),
    [['./breakwater break-glass seal --out envelope.txt', 'print it, seal it, and shred the file']],
  );
}

async function seal({ out, json }: { out: string; json?: boolean }): Promise<void> {
  // The file is made before the code: a code that could not be kept would be lost, and the earlier one with it.
  await writeFile(out, '', { flag: 'wx', mode: 0o600 }).catch((error: NodeJS.ErrnoException) => {
    throw new BreakwaterError('file.exists', `${out} cannot be made (${error.code ?? 'failed'})`, '--out');
  });
  const { data } = await localServer().POST('/break-glass', {});
  if (data === undefined) throw new Error('the server answered without content');
  await writeFile(out, `${data.code}\n`, { mode: 0o600 });
  if (json === true) printJson({ schema: 'breakwater.break-glass/1', file: out });
  else printText(`→ ${out}\n한 번, 한 시간 · once, for one hour; opening it raises an alarm`);
}
