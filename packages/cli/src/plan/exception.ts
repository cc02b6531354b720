/** Exceptions: exposures that stay as they are until a day, by the reason of one person and the word of two others. */
import type { Schemas } from '@breakwater/client';
import type { ExceptionDecisionStatement } from '@breakwater/rules';
import type { Command } from 'commander';
import { NotChecked, printJson, printRows, printText, withExamples, withJson } from '../frame.ts';
import { newNonce, signStatement } from '../run/signing.ts';
import { localServer, readConfig } from '../server.ts';

type Exception = Schemas['PatchException'];

interface Ask {
  reason: string;
  meanwhile: string;
  until: string;
  by: string;
  json?: boolean;
}

interface Decide {
  by: string;
  role: string;
  with: string;
  return?: boolean;
  json?: boolean;
}

/** Adds `except`, `decide`, `exceptions` and `end-exception` to `patch`. */
export function defineExceptions(patch: Command): void {
  withExamples(
    withJson(
      patch
        .command('except')
        .description('Ask that exposures be left as they are until a day. It counts once two others agree.')
        .argument('<exposures...>', 'ids of exposures, as exposure list --json has them')
        .requiredOption('--reason <text>', 'why it cannot be patched')
        .requiredOption('--meanwhile <text>', 'what is done against the danger until then')
        .requiredOption('--until <time>', 'RFC 3339 with offset, at most a year from now')
        .requiredOption('--by <person>', 'who asks, by pseudonym')
        .action(ask),
    ),
    [
      [
        './breakwater patch except "CVE-2026-1234 in 17" --reason "the vendor has no fix yet" --meanwhile "reachable from the office only" --until 2027-01-31T00:00:00+09:00 --by p-03',
        'asks; prints the id that two others decide',
      ],
    ],
  );
  withJson(patch.command('exceptions').description('Exceptions as they stand, the newest first.')).action(list);
  withExamples(
    withJson(
      patch
        .command('decide')
        .description('Agree to an exception as it was asked for, or return it. Signed with your operator key.')
        .argument('<exception>', 'its id')
        .requiredOption('--by <person>', 'your pseudonym, such as p-17')
        .requiredOption('--role <role>', 'the role in which your key is enrolled')
        .requiredOption('--with <file>', 'your private operator key')
        .option('--return', 'return it instead of agreeing')
        .action(decide),
    ),
    [['./breakwater patch decide 0190… --by p-17 --role ciso --with p-17.pem', 'one of two words']],
  );
  withJson(
    patch
      .command('end-exception')
      .description('End an exception before its day.')
      .argument('<exception>', 'its id')
      .requiredOption('--reason <text>', 'why')
      .requiredOption('--by <person>', 'who ends it, by pseudonym')
      .action(end),
  );
}

async function ask(exposures: string[], { reason, meanwhile, until, by, json }: Ask): Promise<void> {
  const body = { exposures, reason, meanwhile, until, by };
  show((await localServer().POST('/patch-exceptions', { body })).data, json);
}

async function list({ json }: { json?: boolean }): Promise<void> {
  const exceptions = (await localServer().GET('/patch-exceptions')).data?.exceptions ?? [];
  if (json === true) return printJson({ schema: 'breakwater.patch-exceptions/1', exceptions });
  printRows(exceptions.flatMap(spell), '예외가 없습니다 · no exception');
}

async function decide(id: string, { by, role, with: file, return: back, json }: Decide): Promise<void> {
  const client = localServer();
  const exceptions = (await client.GET('/patch-exceptions')).data?.exceptions ?? [];
  const exception = exceptions.find((one) => one.id === id);
  if (exception === undefined)
    throw new NotChecked('exception.not-found', `there is no exception ${id}: see patch exceptions`, id);
  const statement: ExceptionDecisionStatement = {
    schema: 'breakwater.exception-decision/1',
    institution: readConfig().institution,
    exception: id,
    digest: exception.digest,
    decision: back === true ? 'return' : 'approve',
    person: by,
    role,
    at: new Date().toISOString(),
    nonce: newNonce(),
  };
  const signature = await signStatement(statement, file);
  show((await client.POST('/patch-exceptions/decisions', { body: { statement, signature } })).data, json);
}

async function end(id: string, { reason, by, json }: { reason: string; by: string; json?: boolean }): Promise<void> {
  const params = { path: { id } };
  show((await localServer().POST('/patch-exceptions/{id}/end', { params, body: { reason, by } })).data, json);
}

function show(exception: Exception | undefined, json: boolean | undefined): void {
  if (exception === undefined) throw new Error('the server answered without content');
  if (json === true) return printJson({ schema: 'breakwater.patch-exception/1', ...exception });
  printText(spell(exception).join('\n'));
}

function spell({ id, state, until, exposures, reason, meanwhile, askedBy, words }: Exception): string[] {
  return [
    `${id}  ${state}  ~ ${until}  ${askedBy}`,
    `  ${exposures.join(', ')}`,
    `  ${reason} / ${meanwhile}`,
    ...words.map(({ person, decision, at }) => `  ${decision} ${person} ${at}`),
  ];
}
