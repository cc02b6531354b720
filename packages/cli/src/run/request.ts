/** `rehearse` and `run`: ask for it, then show it. */
import type { Command } from 'commander';
import type { Client, Schemas } from '@breakwater/client';
import { BreakwaterError, type WaiverStatement } from '@breakwater/rules';
import { languageOf, secondsUsed, type Language } from '../demo/tell.ts';
import { exit, finish, printJson, printText, withExamples, withJson } from '../frame.ts';
import { readDuration } from '../guard/one-step.ts';
import { localServer } from '../server.ts';
import { runLines, startBlock, stepLines } from './display.ts';
import { standing } from './plans.ts';
import { newNonce, signStatement } from './signing.ts';
import { watchRun } from './watch.ts';

type Run = Schemas['Run'];
type Requested = Schemas['RunRequested'];

interface Answers {
  by: string;
  override?: string[];
  reason?: string[];
  person?: string;
  key?: string;
  detach?: boolean;
  wait: string;
  json?: boolean;
}

/** Outcomes that are a yes, by mode: a rehearsal that was rolled back as planned is one. */
const wellEnded: Readonly<Record<Run['mode'], readonly string[]>> = {
  live: ['completed'],
  rehearsal: ['completed', 'rolled-back'],
};

const collect = (value: string, before: string[] = []): string[] => [...before, value];

export function defineRehearse(program: Command): void {
  const command = withWait(
    withJson(
      program
        .command('rehearse')
        .description('Rehearse a submitted plan on its stand-in: every step, then the whole way back, with its times.')
        .argument('<plan>', 'id or hash of the plan')
        .option('--by <person>', 'who asks, by pseudonym', 'operator')
        .option('--detach', 'return when it was asked for; see status --watch')
        .action((plan: string, answers: Answers) => request(plan, 'rehearsal', answers)),
    ),
  );
  withExamples(command, [
    ['./breakwater rehearse transfer-openssl-2026-11', 'exit 0: rehearsed and rolled back; 1: it was not'],
  ]);
}

export function defineRun(program: Command): void {
  const command = withWait(
    withJson(
      program
        .command('run')
        .description(
          'Run an approved plan under guard. The start gate answers first; asking again attaches to the same run.',
        )
        .argument('<plan>', 'id or hash of the plan')
        .option('--by <person>', 'who asks, by pseudonym', 'operator')
        .option(
          '--override <rule>',
          'take a waivable finding upon yourself; with --reason, --person and --key',
          collect,
        )
        .option('--reason <text>', 'why; one for each --override, in their order', collect)
        .option('--person <id>', 'your pseudonym, for --override')
        .option('--key <file>', 'your private operator key, for --override')
        .option('--detach', 'return when it was asked for; see status --watch')
        .action((plan: string, answers: Answers) => request(plan, 'live', answers)),
    ),
  );
  withExamples(command, [
    ['./breakwater run transfer-openssl-2026-11', 'exit 0: completed; 1: refused, stopped or rolled back'],
    [
      './breakwater run transfer-openssl-2026-11 --override relief.missing --reason "claims at every branch" --person p-17 --key p-17.pem',
      'an accountable person overrides a finding; the override is evidence',
    ],
  ]);
}

async function request(plan: string, mode: Run['mode'], answers: Answers): Promise<void> {
  const client = localServer();
  const waivers = await waiversOf(client, plan, answers);
  const { data: requested } = await client.POST('/runs', { body: { plan, mode, by: answers.by, waivers } });
  if (requested === undefined) throw new Error('the server answered without content');
  const language = languageOf(process.env);
  if (requested.outcome === 'refused') return refused(requested, answers, language);
  if (answers.detach === true) {
    if (answers.json === true)
      printJson({ schema: 'breakwater.run/1', run: requested.run, outcome: requested.outcome });
    else printText(requested.run);
    return;
  }
  const run = await show(client, requested.run, answers.wait, language);
  if (answers.json === true) printJson({ schema: 'breakwater.run/1', ...run });
  else printText(runLines(run, language).join('\n'));
  finish(run.outcome !== null && wellEnded[mode].includes(run.outcome) ? exit.done : exit.no);
}

function refused(requested: Requested, { json }: Answers, language: Language): void {
  finish(exit.no);
  if (json === true) return printJson({ schema: 'breakwater.run/1', ...requested });
  const heading = language === 'ko' ? '시작할 수 없습니다.' : 'The run may not start.';
  printText([heading, ...standing({ startable: false, ...requested }, language)].join('\n'));
}

/**
 * Shows a run until it has ended, and returns it as it ended. Throws NotChecked `server.away` when no server answers for
 * longer than `wait` (as {@link readDuration} reads it).
 */
export async function show(client: Client, run: string, wait: string, language: Language): Promise<Run> {
  const block = startBlock();
  const waitMs = readDuration(wait, '--wait');
  let last: Run | null = null;
  const told = (silentMs: number): void => {
    const { silent, each } = silence(silentMs, waitMs, language);
    const [lines, kept] = last === null ? [[run], [run]] : [runLines(last, language), stepLines(last, language)];
    block.draw([...lines, each], [...kept, silent]);
  };
  for await (const now of watchRun(client, run, { told, waitMs })) {
    last = now;
    block.draw(runLines(now, language), stepLines(now, language));
  }
  if (last === null) throw new Error('the run was never seen');
  return last;
}

/** `each` counts the seconds, for a terminal; `silent` stays the same, for a log. */
function silence(silentMs: number, waitMs: number, language: Language): { silent: string; each: string } {
  const [past, most] = [secondsUsed(silentMs), secondsUsed(waitMs)];
  return language === 'ko'
    ? {
        silent: `  서버가 응답하지 않습니다. 최대 ${most}초 동안 다시 시도합니다.`,
        each: `  서버가 응답하지 않습니다. 다시 시도하는 중: ${past} / ${most}초`,
      }
    : {
        silent: `  no server answers; trying again for up to ${most} s`,
        each: `  no server answers; trying again: ${past} / ${most} s`,
      };
}

/** Adds `--wait` to a command that shows a run. */
export function withWait(command: Command): Command {
  return command.option(
    '--wait <duration>',
    'how long to go on trying while no server answers, before giving up with exit 3',
    '2m',
  );
}

const waiverLifeMs = 3_600_000;

async function waiversOf(client: Client, plan: string, answers: Answers): Promise<Schemas['SignedWaiver'][]> {
  const { override = [], reason = [], person, key } = answers;
  if (override.length === 0) return [];
  if (reason.length !== override.length) {
    throw new BreakwaterError('usage.override', 'give one --reason for each --override', '--reason');
  }
  if (person === undefined || key === undefined) {
    throw new BreakwaterError(
      'usage.override',
      'an override names its person and is signed: add --person and --key',
      '--key',
    );
  }
  const { data } = await client.GET('/plans/{plan}', { params: { path: { plan } } });
  if (data === undefined) throw new Error('the server answered without content');
  const now = Date.now();
  return Promise.all(
    override.map(async (rule, i) => {
      const statement: WaiverStatement = {
        schema: 'breakwater.waiver/1',
        planHash: data.planHash,
        rule,
        reason: reason[i] ?? '',
        person,
        at: new Date(now).toISOString(),
        expires: new Date(now + waiverLifeMs).toISOString(),
        nonce: newNonce(),
      };
      return { statement, signature: await signStatement(statement, key) };
    }),
  );
}
