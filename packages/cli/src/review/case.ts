/** `case`: cases before a committee or an authority, as the company conducts them. Members vote in the console, each for themselves. */
import { caseAuthorities, caseKinds, disclosureLevels, opinions, replies, seats } from '@breakwater/rules/review';
import type { Command } from 'commander';
import { Argument, Option } from 'commander';
import { printJson, printRows, printText, withExamples, withJson } from '../frame.ts';
import { localServer } from '../server.ts';
import { defineCaseReading } from './case-reading.ts';

type Json = { json?: boolean; by: string };
const id = '<case>';
const idOf = 'id of the case: see `case list`';
const byOption = ['--by <person>', 'who does it: a pseudonym such as p-07'] as const;
const level = (): Option =>
  new Option('--level <level>', 'from which view on the text is shown').choices(disclosureLevels).default('member');
const pathOf = (one: string) => ({ params: { path: { case: one } } });

/** Adds `case` to the program. */
export function defineCase(program: Command): void {
  const cases = program
    .command('case')
    .description('Cases before a review committee or an authority: open, seal, file, answer, record what was told.');
  defineOpen(cases);
  defineCaseReading(cases);
  defineConduct(cases);
  defineAnswers(cases);
  defineTold(cases);
}

function defineOpen(cases: Command): void {
  withExamples(
    withJson(
      cases
        .command('open')
        .description('Open a case: an application, one that inspectors refer, or an inquiry in advance.')
        .addArgument(new Argument('<kind>', 'what it is').choices(caseKinds))
        .requiredOption('--title <text>', 'what it is about, in a line')
        .addOption(new Option('--authority <name>', 'before whom').choices(caseAuthorities).default('FSS'))
        .option('--run <run>', 'the run that it is about')
        .option('--plan <plan>', 'the plan that it is about')
        .option('--individual <person>', 'an individual applies: their pseudonym')
        .option('--left', 'the individual works for the company no more')
        .requiredOption(...byOption)
        .action(open),
    ),
    [
      [
        './breakwater case open application --run 0190c0de-… --title "이체 서비스 보안 패치" --by p-07',
        'the institution applies to the committee of the FSS',
      ],
      [
        './breakwater case open prior-inquiry --authority FSI --plan transfer-openssl-2026-11 --title "대상 여부" --by p-07',
        'asks before the work whether it is covered; `case letter` prints the letter',
      ],
    ],
  );
}

async function open(
  kind: (typeof caseKinds)[number],
  said: Json & {
    title: string;
    authority: (typeof caseAuthorities)[number];
    run?: string;
    plan?: string;
    individual?: string;
    left?: boolean;
  },
): Promise<void> {
  const { title, authority, run = null, plan = null, individual = null, left = false, by } = said;
  const body = { kind, title, authority, run, plan, individual, left, by };
  const { data } = await localServer().POST('/cases', { body });
  tell(data, said, '개설 · opened');
}

/** Prints what an act made of the case. */
function tell(data: { case: string; state: string } | undefined, { json }: { json?: boolean }, did: string): void {
  if (json === true) return printJson(data);
  printText(`${data?.case}  ${did} (${data?.state})`);
}

function defineConduct(cases: Command): void {
  withJson(
    cases
      .command('window')
      .description(
        'Record a window of the case, as a letter names it. No end is made up: leave it out while it is not known.',
      )
      .argument(id, idOf)
      .addArgument(new Argument('<window>', 'which').choices(['inspection', 'opinion', 'reply'] as const))
      .requiredOption('--from <time>', 'RFC 3339 with offset')
      .option('--until <time>', 'RFC 3339 with offset')
      .requiredOption('--source <reference>', 'the letter that says so')
      .requiredOption(...byOption)
      .action(
        async (
          one: string,
          window: 'inspection' | 'opinion' | 'reply',
          said: Json & { from: string; until?: string; source: string },
        ) => {
          const { from, until = null, source, by } = said;
          const { data } = await localServer().POST('/cases/{case}/windows', {
            ...pathOf(one),
            body: { window, from, until, source, by },
          });
          tell(data, said, '기간 기록 · window recorded');
        },
      ),
  );
  withJson(
    cases
      .command('seat')
      .description('Seat a member of the committee. They see this case from then on, and no other.')
      .argument(id, idOf)
      .argument('<person>', 'pseudonym of a person with the role committee-member')
      .addOption(new Option('--as <seat>', 'which seat').choices(seats).default('member'))
      .requiredOption(...byOption)
      .action(async (one: string, person: string, said: Json & { as: (typeof seats)[number] }) => {
        const { data } = await localServer().POST('/cases/{case}/members', {
          ...pathOf(one),
          body: { person, seat: said.as, by: said.by },
        });
        tell(data, said, `위원 등록 · seated: ${person}`);
      }),
  );
  withExamples(
    withJson(
      cases
        .command('seal')
        .description(
          'Seal the dossier of the case’s run as its next version, and say what changed since the one before.',
        )
        .argument(id, idOf)
        .option('--pack <id>', 'policy pack; default: the one in force at the start of the work')
        .requiredOption(...byOption)
        .action(seal),
    ),
    [['./breakwater case seal 4f0c… --by p-07', 'version 2 says which findings, duties and facts differ']],
  );
  withJson(
    cases
      .command('file')
      .description('Record that the case was handed to the authority.')
      .argument(id, idOf)
      .requiredOption('--at <time>', 'when, RFC 3339 with offset')
      .addOption(new Option('--window <window>', 'within which window').choices(['inspection', 'opinion']))
      .requiredOption('--reference <number>', 'number of the letter')
      .requiredOption(...byOption)
      .action(
        async (one: string, said: Json & { at: string; window?: 'inspection' | 'opinion'; reference: string }) => {
          const { at: filedAt, window = null, reference, by } = said;
          const { data } = await localServer().POST('/cases/{case}/filing', {
            ...pathOf(one),
            body: { filedAt, window, reference, by },
          });
          const late = data?.filing?.late === true ? ' · 기간 밖 · outside its window' : '';
          tell(data, said, `제출 · filed${late}`);
        },
      ),
  );
}

async function seal(one: string, said: Json & { pack?: string }): Promise<void> {
  const { pack = null, by } = said;
  const { data } = await localServer().POST('/cases/{case}/versions', { ...pathOf(one), body: { pack, by } });
  if (said.json === true) return printJson(data);
  const version = data?.versions.at(-1);
  printText(`${one}  ${version?.number}판 봉인 · version sealed: ${version?.manifest}`);
  if (version?.changed !== null)
    printRows(version?.changed ?? [], '달라진 것이 없습니다 · nothing changed since the version before');
}

function defineAnswers(cases: Command): void {
  withExamples(
    withJson(
      cases
        .command('answer')
        .description('Answer a question of a member, with the numbers of the records that show it.')
        .argument(id, idOf)
        .argument('<question>', 'its number', Number)
        .requiredOption('--text <text>', 'the answer')
        .option('--records <index...>', 'numbers of records in the sealed version')
        .addOption(level())
        .requiredOption(...byOption)
        .action(answer),
    ),
    [
      [
        './breakwater case answer 4f0c… 1 --text "원복은 01:45에 끝났습니다." --records 41 42 --by p-07',
        'the answer cites records #41 and #42',
      ],
    ],
  );
  withExamples(
    withJson(
      cases
        .command('position')
        .description(
          'State the applicant’s reading of an open question, or on gross negligence. It is shown as a statement.',
        )
        .argument(id, idOf)
        .argument('<topic>', 'Q1 to Q14, or gross-negligence')
        .option('--reading <name>', 'a reading of the assessment, such as union')
        .requiredOption('--text <text>', 'why')
        .addOption(level())
        .requiredOption(...byOption)
        .action(
          async (
            one: string,
            topic: string,
            said: Json & { reading?: string; text: string; level: (typeof disclosureLevels)[number] },
          ) => {
            const { reading = null, text, level: from, by } = said;
            const { data } = await localServer().POST('/cases/{case}/positions', {
              ...pathOf(one),
              body: { topic, reading, text, level: from, by },
            });
            tell(data, said, `의견 기록 · stated: ${topic}`);
          },
        ),
    ),
    [
      [
        './breakwater case position 4f0c… Q2 --reading union --text "겹치는 시간은 한 번만 셉니다." --by p-07',
        'stands beside the numbers under every reading',
      ],
    ],
  );
}

async function answer(
  one: string,
  question: number,
  said: Json & { text: string; records?: string[]; level: (typeof disclosureLevels)[number] },
): Promise<void> {
  const { text, records = [], level: from, by } = said;
  const body = { question, text, records: records.map(Number), level: from, by };
  const { data } = await localServer().POST('/cases/{case}/answers', { ...pathOf(one), body });
  tell(data, said, `답변 · answered: ${question}`);
}

type ToldSaid = Json & { at: string; reference: string; text: string; document?: string };

function defineTold(cases: Command): void {
  const told = (command: Command): Command =>
    withJson(command)
      .requiredOption('--at <time>', 'when it was told, RFC 3339 with offset')
      .requiredOption('--reference <number>', 'number of the letter')
      .requiredOption('--text <text>', 'what it says')
      .option('--document <digest>', 'sha256: of the letter')
      .requiredOption(...byOption);
  told(
    cases
      .command('result')
      .description('Record the result that the committee told. It is marked as not binding wherever it stands.')
      .argument(id, idOf)
      .addArgument(new Argument('<result>', 'what it holds of the work against the criteria').choices(opinions)),
  ).action(async (one: string, result: (typeof opinions)[number], said: ToldSaid) => {
    const { at: toldAt, reference, text, document = null, by } = said;
    const { data } = await localServer().POST('/cases/{case}/result', {
      ...pathOf(one),
      body: { result, toldAt, reference, text, document, by },
    });
    tell(data, said, '결과 기록(구속력 없음) · result recorded, not binding');
  });
  told(
    cases
      .command('reply')
      .description('Record the reply to an inquiry. It is not binding.')
      .argument(id, idOf)
      .addArgument(new Argument('<reply>', 'what it says').choices(replies)),
  ).action(async (one: string, reply: (typeof replies)[number], said: ToldSaid) => {
    const { at: toldAt, reference, text, document = null, by } = said;
    const { data } = await localServer().POST('/cases/{case}/reply', {
      ...pathOf(one),
      body: { reply, toldAt, reference, text, document, by },
    });
    tell(data, said, '회신 기록 · reply recorded');
  });
  withJson(
    cases
      .command('withdraw')
      .description('Withdraw an application or an inquiry. What was recorded stays.')
      .argument(id, idOf)
      .requiredOption('--reason <text>', 'why')
      .requiredOption(...byOption)
      .action(async (one: string, said: Json & { reason: string }) => {
        const { data } = await localServer().POST('/cases/{case}/withdrawal', {
          ...pathOf(one),
          body: { reason: said.reason, by: said.by },
        });
        tell(data, said, '철회 · withdrawn');
      }),
  );
}
