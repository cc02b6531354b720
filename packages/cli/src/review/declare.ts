/** `review`: what persons state about a run, beside what its host saw. */
import type { Command } from 'commander';
import { Argument, Option } from 'commander';
import { printJson, printText, withExamples, withJson } from '../frame.ts';
import { localServer } from '../server.ts';

/** Adds `review` to the program. */
export function defineReview(program: Command): void {
  const review = program
    .command('review')
    .description('Statements about a run that persons make: fault and consumer loss, causes of its disruptions.');
  defineDeclare(review);
  defineCause(review);
}

const answers = ['yes', 'no', 'unknown'] as const;
type Answer = (typeof answers)[number];
const known: Readonly<Record<Answer, boolean | null>> = { yes: true, no: false, unknown: null };

const answer = (flags: string, does: string): Option =>
  new Option(flags, does).choices(answers).default('unknown' satisfies Answer);

function defineDeclare(review: Command): void {
  const command = withJson(
    review
      .command('declare')
      .description('Record what the applicant states about fault and consumer loss. What is left out stays unknown.')
      .argument('<run>', 'id of the run')
      .requiredOption('--subject <id>', 'whom it is about: the institution, or the pseudonym of a person')
      .requiredOption('--by <person>', 'who declares it: a pseudonym such as p-17')
      .addOption(answer('--intent <answer>', 'was there intent'))
      .addOption(answer('--gross-negligence <answer>', 'was there gross negligence'))
      .addOption(answer('--private-interest <answer>', 'was a private interest pursued'))
      .addOption(answer('--procedural-defect <answer>', 'was a material procedure left out'))
      .addOption(answer('--serious-loss <answer>', 'did consumers lose seriously'))
      .addOption(answer('--consumer-damage <answer>', 'were consumers harmed at all'))
      .action(declare),
  );
  withExamples(command, [
    [
      './breakwater review declare 0190c0de-… --subject hanbit-bank --intent no --private-interest no --procedural-defect no --by p-17',
      'gross negligence stays unknown: nobody said',
    ],
  ]);
}

type Declared = {
  subject: string;
  by: string;
  intent: Answer;
  grossNegligence: Answer;
  privateInterest: Answer;
  proceduralDefect: Answer;
  seriousLoss: Answer;
  consumerDamage: Answer;
  json?: boolean;
};

async function declare(run: string, declared: Declared): Promise<void> {
  const { data } = await localServer().POST('/runs/{run}/declarations', {
    params: { path: { run } },
    body: {
      subject: declared.subject,
      by: declared.by,
      intent: known[declared.intent],
      grossNegligence: known[declared.grossNegligence],
      privateInterest: known[declared.privateInterest],
      proceduralDefect: known[declared.proceduralDefect],
      consumerLossSerious: known[declared.seriousLoss],
      consumerDamage: known[declared.consumerDamage],
    },
  });
  if (declared.json === true) return printJson(data);
  printText(`${run}  진술 기록 · declaration recorded`);
}

const causes = ['work', 'mixed', 'other'] as const;

function defineCause(review: Command): void {
  const command = withJson(
    review
      .command('cause')
      .description('Record what caused a disruption, and on what evidence. The newest word counts.')
      .argument('<run>', 'id of the run')
      .argument('<disruption>', 'id of the disruption: see status RUN --json')
      .addArgument(new Argument('<cause>', 'the work, something else, or both').choices(causes))
      .option('--evidence <reference...>', 'where it is shown: a document, a digest, a ticket')
      .requiredOption('--by <person>', 'who classifies it: a pseudonym such as p-17')
      .action(cause),
  );
  withExamples(command, [
    [
      './breakwater review cause 0190c0de-… d-1 other --evidence sha256:… --by p-17',
      'another cause counts only with evidence',
    ],
  ]);
}

async function cause(
  run: string,
  disruption: string,
  kind: (typeof causes)[number],
  { evidence = [], by, json }: { evidence?: string[]; by: string; json?: boolean },
): Promise<void> {
  const { data } = await localServer().POST('/runs/{run}/causes', {
    params: { path: { run } },
    body: { disruption, cause: kind, evidence, by },
  });
  if (json === true) return printJson(data);
  printText(`${run}  ${disruption}  원인 기록 · cause recorded: ${kind}`);
}
