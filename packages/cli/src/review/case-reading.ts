/** What is read of cases: the list, a case, its open questions, its letter, the file of a version. */
import { disclosureLevels } from '@breakwater/rules/review';
import { type Command, Option } from 'commander';
import { printJson, printRows, printText, withExamples, withJson } from '../frame.ts';
import { requireNew, writeNewFile } from '../plan/write-new.ts';
import { localServer } from '../server.ts';

/** Adds the commands that read to `case`. */
export function defineCaseReading(cases: Command): void {
  withJson(cases.command('list').description('List cases, the newest first.').action(list));
  withJson(
    cases
      .command('show')
      .description('Show a case: its windows, versions, questions, vote and result.')
      .argument('<case>', 'id of the case')
      .addOption(
        new Option('--level <level>', 'as much as this view shows').choices(disclosureLevels).default('member'),
      )
      .action(show),
  );
  withExamples(
    withJson(
      cases
        .command('questions')
        .description(
          'Every open question with the numbers under each reading and the applicant’s own; gross negligence.',
        )
        .argument('<case>', 'id of the case')
        .action(questions),
    ),
    [['./breakwater case questions 4f0c… --json', 'Q1 to Q14, each with its readings against the bound']],
  );
  withJson(
    cases
      .command('letter')
      .description('Print the letter of a case: the inquiry, or the notice of the result.')
      .argument('<case>', 'id of the case')
      .option('--en', 'in English')
      .action(letter),
  );
  cases
    .command('dossier')
    .description('Write the dossier of a sealed version.')
    .argument('<case>', 'id of the case')
    .argument('<version>', 'its number', Number)
    .requiredOption('--out <file>', 'where it goes; must not exist')
    .action(dossier);
}

async function list({ json }: { json?: boolean }): Promise<void> {
  const { data } = await localServer().GET('/cases', {});
  if (json === true) return printJson(data);
  printRows(
    (data?.cases ?? []).map((one) => `${one.case}  ${one.kind}  ${one.state}  ${one.authority}  ${one.title ?? ''}`),
    '안건이 없습니다. `case open`으로 여십시오 · there is no case: open one with `case open`',
  );
}

async function show(
  one: string,
  { level, json }: { level: (typeof disclosureLevels)[number]; json?: boolean },
): Promise<void> {
  const { data } = await localServer().GET('/cases/{case}', { params: { path: { case: one }, query: { level } } });
  if (json === true || data === undefined) return printJson(data);
  const { windows, versions, questions: asked, vote, result, reply } = data;
  printText(
    [
      `${data.case}  ${data.kind}  ${data.state}  ${data.authority}  ${data.title ?? ''}`,
      ...windows.map(
        ({ window, from, until, state }) =>
          `  기간 · window  ${window}  ${from} – ${until ?? '미정 · not known'}  ${state}`,
      ),
      ...versions.map(
        ({ number, manifest, changed }) => `  ${number}판 · version  ${manifest}  ${changed?.join(' ') ?? ''}`,
      ),
      ...asked.map(
        ({ number, text, answers }) =>
          `  질의 · question ${number}  ${text ?? '–'}  (답변 · answers: ${answers.length})`,
      ),
      ...(vote === null
        ? []
        : [`  의견 · ballots  ${vote.cast}/${vote.sitting}  ${vote.openedAt ?? '비공개 · sealed'}`]),
      ...(result === null ? [] : [`  결과(구속력 없음) · result, not binding  ${result.result}  ${result.toldAt}`]),
      ...(reply === null ? [] : [`  회신(구속력 없음) · reply, not binding  ${reply.reply}  ${reply.toldAt}`]),
    ].join('\n'),
  );
}

async function questions(one: string, { json }: { json?: boolean }): Promise<void> {
  const { data } = await localServer().GET('/cases/{case}/sections', { params: { path: { case: one } } });
  if (json === true || data === undefined) return printJson(data);
  printText(
    data.questions
      .flatMap(({ id, ko, raised, readings, applicant }) => [
        `${id}${raised ? ' *' : '  '} ${ko}`,
        ...readings.map(
          ({ name, value, bound, standing }) =>
            `      ${name}  ${value.low === value.high ? value.low : `${value.low}–${value.high ?? '?'}`}${bound === null ? '' : `  ${bound.operator} ${bound.value}  ${standing}`}`,
        ),
        ...(applicant === null ? [] : [`      신청인 · applicant: ${applicant.reading ?? '–'}  ${applicant.text}`]),
      ])
      .join('\n'),
  );
}

async function letter(one: string, { en, json }: { en?: boolean; json?: boolean }): Promise<void> {
  const { data } = await localServer().GET('/cases/{case}/letter', { params: { path: { case: one } } });
  if (json === true) return printJson(data);
  printText(data?.[en === true ? 'en' : 'ko'] ?? '');
}

async function dossier(one: string, version: number, { out }: { out: string }): Promise<void> {
  await requireNew(out);
  const { data } = await localServer().GET('/cases/{case}/versions/{version}/dossier', {
    params: { path: { case: one, version } },
    parseAs: 'arrayBuffer',
  });
  await writeNewFile(out, new Uint8Array(data as unknown as ArrayBuffer));
  printText(out);
}
