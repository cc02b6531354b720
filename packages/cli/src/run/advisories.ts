/** `advisory import` and `advisory list`. */
import type { Command } from 'commander';
import type { Schemas } from '@breakwater/client';
import { readDocument } from '@breakwater/rules';
import { printJson, printRows, printText, readTextFile, withExamples, withJson } from '../frame.ts';
import { localServer } from '../server.ts';

const mostBytes = 1024 * 1024;

export function defineAdvisory(program: Command): void {
  const advisory = program
    .command('advisory')
    .description('Advisories and the proof that an authority disseminated them.');
  withExamples(
    withJson(
      advisory
        .command('import')
        .description(
          'Record a disseminated advisory: id, disseminatedBy, receivedAt, proof, vulnerabilities, document.',
        )
        .argument('<file>', 'JSON or YAML')
        .requiredOption('--by <person>', 'who records it, by pseudonym')
        .action(importFile),
    ),
    [['./breakwater advisory import fsi-2026-0142.yaml --by p-17', 'the server checks and keeps it, with evidence']],
  );
  withJson(advisory.command('list').description('All advisories, newest first.').action(list));
}

async function importFile(file: string, { by, json }: { by: string; json?: boolean }): Promise<void> {
  const { value } = readDocument(await readTextFile(file, mostBytes));
  // What it must be is checked by the server, which names the place.
  const body = { ...(value as object), by } as Schemas['Advisory'] & { by: string };
  const { data } = await localServer().POST('/advisories', { body });
  if (data === undefined) throw new Error('the server answered without content');
  if (json === true) printJson({ schema: 'breakwater.advisory/1', ...data });
  else printText(data.id);
}

async function list({ json }: { json?: boolean }): Promise<void> {
  const { data } = await localServer().GET('/advisories');
  const advisories = data?.advisories ?? [];
  if (json === true) return printJson({ schema: 'breakwater.advisories/1', advisories });
  printRows(
    advisories.map(({ id, disseminatedBy, receivedAt, proof }) => `${id}  ${disseminatedBy}  ${receivedAt}  ${proof}`),
    '기록된 권고가 없습니다 · no advisory yet: breakwater advisory import',
  );
}
