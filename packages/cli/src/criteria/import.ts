/** What a server keeps of packs and assessments: `pack import` and `reassess`. */
import { conform, packDecisionStatement, signature } from '@breakwater/rules';
import type { Command } from 'commander';
import { printJson, printText, withExamples, withJson } from '../frame.ts';
import { localServer } from '../server.ts';
import { readFile, readPackFile } from './read.ts';

const signedDecision = packDecisionStatement.extend(signature.shape);

/** `pack import FILE`. */
export function definePackImport(pack: Command): void {
  const command = withJson(
    pack
      .command('import')
      .description('Load a pack into the server. It is used once two persons have approved it.')
      .argument('<file>', 'pack in YAML or JSON')
      .requiredOption('--by <person>', 'your pseudonym')
      .option('--decision <file...>', 'signed decisions of pack approve that go along')
      .action(importPack),
  );
  withExamples(command, [
    ['./breakwater pack import official.yaml --by p-30', 'load it; nothing uses it yet'],
    [
      './breakwater pack import official.yaml --by p-30 --decision p-17.json p-21.json',
      'with two approvals: used from now on',
    ],
  ]);
}

async function importPack(
  file: string,
  { by, decision: files = [], json }: { by: string; decision?: string[]; json?: boolean },
): Promise<void> {
  const document = await readPackFile(file);
  const decisions = await Promise.all(
    files.map(async (each) => conform(signedDecision, (await readFile(each)).value, { name: 'pack-decision' })),
  );
  const client = localServer();
  let { data } = await client.POST('/packs', { body: { document, by } });
  for (const body of decisions) ({ data } = await client.POST('/packs/decisions', { body }));
  if (data === undefined) throw new Error('the server answered without content');
  if (json === true) return printJson({ schema: 'breakwater.known-pack/1', ...data });
  const state = data.approved ? '승인됨 · approved' : `승인 대기 · approvals so far: ${data.approvedBy.length}`;
  printText(`${data.id}  ${data.version}  ${data.digest}\n${state}`);
}

/** `reassess RUN`. */
export function defineReassess(program: Command): void {
  const command = withJson(
    program
      .command('reassess')
      .description('Assess a run again from its sealed records. Earlier assessments stay beside the new one.')
      .argument('<run>', 'id of a run')
      .option('--pack <id>', 'id or digest of a pack; default: the one in force at the start of the work')
      .option('--as-of <time>', 'RFC 3339 with offset; default: now')
      .action(reassess),
  );
  withExamples(command, [
    ['./breakwater reassess 0190… --pack kr-fsc-official', 'under the official text, beside the press-derived one'],
  ]);
}

async function reassess(
  run: string,
  { pack, asOf, json }: { pack?: string; asOf?: string; json?: boolean },
): Promise<void> {
  const client = localServer();
  const params = { path: { run } };
  await client.POST('/runs/{run}/assessments', { params, body: { pack: pack ?? null, asOf: asOf ?? null } });
  const { data } = await client.GET('/runs/{run}/assessments', { params });
  const assessments = data?.assessments ?? [];
  if (json === true) return printJson({ schema: 'breakwater.assessments/1', run, assessments });
  printText(
    assessments
      .map(({ madeAt, assessment: { pack: used, contradicted, open } }) => {
        const list = (ids: readonly string[]): string => (ids.length === 0 ? '-' : ids.join(', '));
        return `${madeAt}  ${used.id} ${used.version}\n  미충족 · contradicted: ${list(contradicted)}\n  열림 · open: ${list(open)}`;
      })
      .join('\n'),
  );
}
