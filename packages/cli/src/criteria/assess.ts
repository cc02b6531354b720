import {
  type Assessment,
  type Facts,
  type PolicyPack,
  assess,
  defaultPackId,
  getPack,
  packInForce,
  parseFacts,
} from '@breakwater/rules';
import type { Command } from 'commander';
import { exit, finish, printJson, printText, withExamples, withJson } from '../frame.ts';
import { findPack, readFile } from './read.ts';
import { statusWords } from './words.ts';

/** `assess FILE`. */
export function defineAssess(program: Command): void {
  const command = withJson(
    program
      .command('assess')
      .description('Hold the facts of a work against a policy pack: which criteria are met, contradicted, open.')
      .argument('<file>', 'facts in JSON or YAML (breakwater.facts/1), - for standard input')
      .option('--pack <id>', 'pack by id, or a pack file; default: the one in force when the work started')
      .option('--as-of <time>', 'judge as of this time, RFC 3339 with offset; default: now')
      .action(assessFile),
  );
  withExamples(command, [
    ['./breakwater assess facts.json', 'a table in Korean and English; exit 0 whenever an assessment was made'],
    [
      './breakwater assess facts.json --as-of 2026-10-01T00:00:00+09:00 --json',
      'the same answer again, whenever it is asked',
    ],
    ['./breakwater assess facts.json --pack sg-mas-trm', 'under the pack of another authority'],
  ]);
}

async function assessFile(
  file: string,
  { pack: name, asOf, json }: { pack?: string; asOf?: string; json?: boolean },
): Promise<void> {
  const { value, place } = await readFile(file);
  const facts = parseFacts(value, place);
  const pack = name === undefined ? packFor(facts) : await findPack(name);
  const assessment = assess(value as Facts, pack, asOf ?? new Date().toISOString());
  if (json === true) printJson(assessment);
  else printText(spell(assessment, pack));
  finish(exit.done);
}

function packFor(facts: Facts): PolicyPack {
  return packInForce(facts.work.start) ?? getPack(defaultPackId);
}

/** The assessment for people: every criterion with its reason, then what is open, what is asked, and what is due. */
export function spell(assessment: Assessment, pack: PolicyPack): string {
  const { findings, questions, duties, carveOut, contradicted, open } = assessment;
  const titles = new Map(pack.criteria.map(({ id, title }) => [id, title]));
  return [
    `${pack.title.ko} · ${pack.title.en}`,
    `${pack.id} ${pack.version} (${pack.basis})`,
    `기준 시각 · as of ${assessment.asOf}`,
    '',
    ...findings.flatMap(({ criterion, status, reason }) => [
      `${statusWords[status].ko} · ${statusWords[status].en}  ${titles.get(criterion)?.ko ?? criterion} · ${criterion}`,
      `    ${reason.ko}`,
      `    ${reason.en}`,
    ]),
    '',
    ...(pack.carveOut === null
      ? []
      : [
          `개인신용정보 별도 적용 · personal credit information apart: ${carveOutWords[carveOut.personalCredit]}`,
          ...(carveOut.personalCredit === 'does-not-apply'
            ? []
            : [`    ${pack.carveOut.effect.ko}`, `    ${pack.carveOut.effect.en}`]),
          '',
        ]),
    ...section(
      '심의할 물음 · questions for the committee',
      questions.flatMap(({ id, ko, en }) => [`${id}  ${ko}`, `    ${en}`]),
    ),
    ...section(
      '함께 발생하는 의무 · duties that run besides',
      duties.flatMap(({ id, due, why }) => [
        `${id}${due === null ? '' : `  ${due}`}`,
        `    ${why.ko}`,
        `    ${why.en}`,
      ]),
    ),
    `사실과 어긋나는 기준 · contradicted: ${contradicted.join(', ') || '-'}`,
    `열려 있는 기준 · open: ${open.join(', ') || '-'}`,
    `facts ${assessment.facts}`,
    `pack  ${assessment.pack.digest}`,
  ].join('\n');
}

const carveOutWords = {
  applies: '적용 · applies',
  'does-not-apply': '적용 안 됨 · does not apply',
  undetermined: '미확인 · undetermined',
} as const;

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [title, ...lines.map((line) => `  ${line}`), ''];
}
