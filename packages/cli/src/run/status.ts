/** `status`, `resume` and `rollback`. */
import type { Command } from 'commander';
import type { Schemas } from '@breakwater/client';
import { BreakwaterError, type ResumeStatement } from '@breakwater/rules';
import { languageOf } from '../demo/tell.ts';
import { printJson, printText, withExamples, withJson } from '../frame.ts';
import { localServer } from '../server.ts';
import { runLines } from './display.ts';
import { show, withWait } from './request.ts';
import { newNonce, signStatement } from './signing.ts';
import { labels, outcomeWords } from './words.ts';

export function defineStatus(program: Command): void {
  const command = withWait(
    withJson(
      program
        .command('status')
        .description(
          'Where a run stands: steps, budgets, time to the point of no return. Without RUN: the newest runs.',
        )
        .argument('[run]', 'id of the run')
        .option('--watch', 'go on showing it until it has ended')
        .action(status),
    ),
  );
  withExamples(command, [
    ['./breakwater status', 'the newest runs'],
    ['./breakwater status 0190c0de-… --watch', 'live, until the run has ended'],
  ]);
}

async function status(
  run: string | undefined,
  { watch, wait, json }: { watch?: boolean; wait: string; json?: boolean },
): Promise<void> {
  const client = localServer();
  const language = languageOf(process.env);
  if (run === undefined) {
    if (watch === true) throw new BreakwaterError('usage.run', 'name the run to watch', 'RUN');
    const { data } = await client.GET('/runs');
    const runs = data?.runs ?? [];
    if (json === true) return printJson({ schema: 'breakwater.runs/1', runs });
    if (runs.length === 0) process.stderr.write(language === 'ko' ? '실행한 기록이 없습니다.\n' : 'no run yet\n');
    return printText(
      runs
        .map(({ run: id, plan, mode, requestedAt, outcome }) => {
          const end = outcome === null ? '…' : (outcomeWords[outcome]?.[language] ?? outcome);
          return `${id}  ${requestedAt}  ${labels[mode][language]}  ${plan}  ${end}`;
        })
        .join('\n'),
    );
  }
  const found: Schemas['Run'] | undefined =
    watch === true
      ? await show(client, run, wait, language)
      : (await client.GET('/runs/{run}', { params: { path: { run } } })).data;
  if (found === undefined) throw new Error('the server answered without content');
  if (json === true) printJson({ schema: 'breakwater.run/1', ...found });
  else printText(runLines(found, language).join('\n'));
}

export function defineResume(program: Command): void {
  const command = withJson(
    program
      .command('resume')
      .description('Sign that a held run may go on; with two persons’ signatures it does.')
      .argument('<run>', 'id of the run')
      .requiredOption('--person <id>', 'your pseudonym')
      .requiredOption('--key <file>', 'your private operator key')
      .action(resume),
  );
  withExamples(command, [
    ['./breakwater resume 0190c0de-… --person p-17 --key p-17.pem', 'the first of two approvals'],
  ]);
}

async function resume(
  run: string,
  { person, key, json }: { person: string; key: string; json?: boolean },
): Promise<void> {
  const client = localServer();
  const { data: found } = await client.GET('/runs/{run}', { params: { path: { run } } });
  if (found?.hold === null || found === undefined) {
    throw new BreakwaterError(
      'run.phase',
      `run ${run} is ${found?.phase ?? 'unknown'}: only a held run is resumed`,
      'RUN',
    );
  }
  const statement: ResumeStatement = {
    schema: 'breakwater.resume/1',
    run,
    hold: found.hold,
    person,
    at: new Date().toISOString(),
    nonce: newNonce(),
  };
  const { data } = await client.POST('/runs/{run}/resume', {
    params: { path: { run } },
    body: { statement, signature: await signStatement(statement, key) },
  });
  const approvedBy = data?.approvedBy ?? [];
  if (json === true) printJson({ schema: 'breakwater.resume-approvals/1', run, approvedBy });
  else printText(approvedBy.join('\n'));
}

export function defineRollback(program: Command): void {
  const command = withJson(
    program
      .command('rollback')
      .description('Roll a run back through its owner. To stop without a server: kill.')
      .argument('<run>', 'id of the run')
      .option('--by <person>', 'who asks, by pseudonym', 'operator')
      .action(rollback),
  );
  withExamples(command, [['./breakwater rollback 0190c0de-…', 'then see status --watch']]);
}

async function rollback(run: string, { by, json }: { by: string; json?: boolean }): Promise<void> {
  await localServer().POST('/runs/{run}/rollback', { params: { path: { run } }, body: { by } });
  if (json === true) printJson({ schema: 'breakwater.rollback/1', run, asked: true });
  else process.stderr.write(`asked; see ./breakwater status ${run} --watch\n`);
}
