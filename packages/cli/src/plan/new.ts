import { createHash } from 'node:crypto';
import { createInterface } from 'node:readline/promises';
import { BreakwaterError } from '@breakwater/rules';
import { checkPlan, parsePlan } from '@breakwater/rules/plan';
import type { Command } from 'commander';
import { exit, finish, printJson, printText, readBinaryFile, withExamples, withJson } from '../frame.ts';
import { questions, type Answers, type Question } from './answers.ts';
import { spell } from './check.ts';
import { composePlan } from './compose.ts';
import { draftFromExposures, type Given } from './from-exposure.ts';
import { requireNew, writeNewFile } from './write-new.ts';

/** `plan new`. */
export function defineNew(plan: Command): void {
  const command = withJson(
    plan
      .command('new')
      .description(
        'Write a commented work plan from answers: from options, and on a terminal from questions for the rest.',
      )
      .option('--out <file>', 'where the plan goes; without it: standard output')
      .option('--force', 'overwrite the file')
      .option('--example', 'fill what is not said with the sample bank: to read and to change, not to approve')
      .option('--from-exposure <id...>', 'draft it for these exposures of the server, and follow it as their patch')
      .option('--asset <id...>', 'with --from-exposure: only these assets')
      .option('--no-track', 'with --from-exposure: do not open the patch'),
  );
  for (const { name, value, ask, several, usual } of questions) {
    const words = usual === undefined || usual === '' ? ask : `${ask} (usual: ${usual})`;
    if (several === true) command.option(`--${name} <${value}...>`, words);
    else command.option(`--${name} <${value}>`, words);
  }
  command.action(write);
  withExamples(command, [
    ['./breakwater plan new --out plan.yaml', 'asks for everything'],
    ['./breakwater plan new --example --out plan.yaml', 'a complete plan of the sample bank to start from'],
    [
      './breakwater plan new --from-exposure "CVE-2026-1234 in 17" --author p-03 --out plan.yaml',
      'assets in rings, drivers, owners and dissemination filled in; what is missing stands at the top',
    ],
  ]);
}

async function write(given: Given): Promise<void> {
  const out = given['out'];
  if (typeof out === 'string' && given['force'] !== true) await requireNew(out);
  if (given['fromExposure'] !== undefined) return draftFromExposures(given);
  const answers = await answer(given);
  const text = composePlan({
    ...answers,
    authorityDigest: await digestOfAuthority(answers['authority'], given['example'] === true),
  });
  const { document, place } = parsePlan(text);
  const readiness = checkPlan(document);
  if (!readiness.ready) {
    process.stderr.write(`${spell(readiness, place)}\nnothing was written: correct the answers\n`);
    if (given['json'] === true) printJson(readiness);
    finish(exit.no);
    return;
  }
  if (typeof out === 'string') await writeNewFile(out, text, { replace: given['force'] === true });
  if (given['json'] === true) printJson(document);
  else if (typeof out === 'string') printText(`${out}\nplan ${readiness.planHash}`);
  else printText(text);
  if (given['example'] === true)
    process.stderr.write('note: this plan holds example values; its authority document does not exist\n');
}

/** What was said, asked for, or usual. Throws BreakwaterError `answer.missing` naming every option that is missing. */
async function answer(given: Given): Promise<Answers> {
  const now = new Date();
  const answers: Record<string, string | readonly string[]> = {};
  const missing: string[] = [];
  const example = given['example'] === true;
  const ask = !example && given['json'] !== true && process.stdin.isTTY === true ? openQuestions() : null;
  try {
    for (const question of questions) {
      if (question.kind !== undefined && question.kind !== answers['kind']) continue;
      const said = given[camel(question.name)];
      if (typeof said === 'string' || Array.isArray(said)) answers[question.name] = said;
      else if (example) answers[question.name] = question.example(now, String(answers['kind'] ?? ''));
      else if (ask !== null) answers[question.name] = await ask.answer(question);
      else if (question.usual !== undefined) answers[question.name] = question.usual;
      else if (question.optional !== true) missing.push(`--${question.name}`);
    }
  } finally {
    ask?.close();
  }
  if (missing.length > 0) {
    throw new BreakwaterError(
      'answer.missing',
      `these answers are missing: ${missing.join(' ')} (or use --example)`,
      missing[0],
    );
  }
  return answers;
}

function openQuestions(): { answer: (question: Question) => Promise<string | string[]>; close: () => void } {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const ended = new Promise<never>((_, reject) => {
    terminal.once('close', () =>
      reject(new BreakwaterError('answer.ended', 'the questions were not answered to the end: nothing was written')),
    );
  });
  ended.catch(() => undefined);
  return {
    async answer({ ask, usual, several, optional }) {
      for (;;) {
        const hint = usual
          ? ` [${usual}]`
          : optional === true
            ? ' [none]'
            : several === true
              ? ', several with spaces'
              : '';
        const text = (await Promise.race([terminal.question(`${ask}${hint}: `), ended])).trim() || (usual ?? '');
        if (text !== '' || usual !== undefined || optional === true)
          return several === true ? text.split(/\s+/).filter(Boolean) : text;
      }
    },
    close: () => terminal.close(),
  };
}

async function digestOfAuthority(file: Answers[string] | undefined, example: boolean): Promise<string> {
  const bytes =
    example && (file === undefined || file === '')
      ? new TextEncoder().encode('example: there is no written authority')
      : await readBinaryFile(String(file), 64 * 1024 * 1024);
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

function camel(name: string): string {
  return name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
