import type { Command } from 'commander';
import { printJson, printText, withExamples, withJson } from '../frame.ts';
import { localServer } from '../server.ts';

/** Adds `sign-in`. */
export function defineSignIn(program: Command): void {
  withExamples(
    withJson(
      program
        .command('sign-in')
        .description('Print a link that signs a person in to the console, once, within ten minutes.')
        .option('--person <id>', 'whom, by pseudonym; without it the first administrator')
        .action(signIn),
    ),
    [
      ['./breakwater sign-in', 'let the first administrator in'],
      ['./breakwater sign-in --person p-17', 'let p-17 in, whom `person add` registered'],
    ],
  );
}

async function signIn({ person, json }: { person?: string; json?: boolean }): Promise<void> {
  const { data } = await localServer().POST('/sign-in-links', { body: { person: person ?? null } });
  if (data === undefined) throw new Error('the server answered without content');
  if (json === true) printJson({ schema: 'breakwater.sign-in/1', ...data });
  else printText(`${data.url}\n${data.person} · ${data.expiresAt}까지 한 번 · once, until then`);
}
