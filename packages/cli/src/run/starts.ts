/** `starts`: whether new runs may start, and allowing them again after everything was stopped. */
import { BreakwaterError, type StartsStatement } from '@breakwater/rules';
import type { Command } from 'commander';
import { exit, finish, printJson, printText, withExamples, withJson } from '../frame.ts';
import { localServer } from '../server.ts';
import { newNonce, signStatement } from './signing.ts';

/** Adds `starts` and `starts allow` to the program. */
export function defineStarts(program: Command): void {
  const starts = withJson(
    program.command('starts').description('Say whether new runs may start. Exit 1: they are forbidden.').action(show),
  );
  withExamples(starts, [['./breakwater starts', 'since when they are forbidden, by whom and why']]);
  const allow = withJson(
    starts
      .command('allow')
      .description('Sign that new runs may start again; with two persons’ signatures they may.')
      .requiredOption('--person <id>', 'your pseudonym')
      .requiredOption('--key <file>', 'your private operator key')
      .action(allowAgain),
  );
  withExamples(allow, [['./breakwater starts allow --person p-17 --key p-17.pem', 'the first of two signatures']]);
}

async function show({ json }: { json?: boolean }): Promise<void> {
  const { data } = await localServer().GET('/starts');
  const forbidden = data?.forbidden ?? null;
  if (json === true) printJson({ schema: 'breakwater.starts-state/1', forbidden });
  else if (forbidden === null) printText('starts are allowed');
  else {
    const { at, by, reason, note, releasedBy } = forbidden;
    const why = [reason ?? 'no reason given yet', note].filter((text) => text !== null).join(': ');
    printText(`starts are forbidden since ${at} by ${by} (${why})`);
    if (releasedBy.length > 0) printText(`signed that they are allowed again: ${releasedBy.join(', ')}`);
  }
  finish(forbidden === null ? exit.done : exit.no);
}

async function allowAgain({ person, key, json }: { person: string; key: string; json?: boolean }): Promise<void> {
  const client = localServer();
  const { data } = await client.GET('/starts');
  if (data?.forbidden === null || data === undefined) {
    throw new BreakwaterError('starts.allowed', 'starts are not forbidden', '');
  }
  const statement: StartsStatement = {
    schema: 'breakwater.starts/1',
    institution: await institutionOf(client),
    ban: data.forbidden.id,
    person,
    at: new Date().toISOString(),
    nonce: newNonce(),
  };
  const signature = await signStatement(statement, key);
  const { data: released } = await client.POST('/starts/allow', { body: { statement, signature } });
  if (released === undefined) throw new Error('the server answered without content');
  if (json === true) return printJson({ schema: 'breakwater.starts-released/1', ...released });
  const { allowed, releasedBy, held, unreachable } = released;
  printText(allowed ? `starts are allowed again (${releasedBy.join(', ')})` : `signed: ${releasedBy.join(', ')}`);
  if (held.length > 0)
    printText(`a lever put by hand stays on ${held.join(', ')}: remove the file in levers/ALL there`);
  if (unreachable.length > 0) printText(`did not answer: ${unreachable.join(', ')}; starts stay forbidden there`);
}

async function institutionOf(client: ReturnType<typeof localServer>): Promise<string> {
  const { data } = await client.GET('/session');
  if (data === undefined) throw new Error('the server answered without content');
  return data.institution;
}
