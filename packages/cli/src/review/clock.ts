/** `clock`: what must be reported and told about a run, until when; drafts of reports; the record that they were filed. */
import { filingDutyIds } from '@breakwater/rules/review';
import type { Command } from 'commander';
import { Argument } from 'commander';
import { printJson, printRows, printText, withExamples, withJson } from '../frame.ts';
import { localServer } from '../server.ts';

type Duty = (typeof filingDutyIds)[number];
const duty = (): Argument => new Argument('<duty>', 'which duty').choices(filingDutyIds);

/** Adds `clock` to the program. */
export function defineClock(program: Command): void {
  const clock = program
    .command('clock')
    .description(
      'Regulatory clocks of a run: reports and notices that are owed, with drafts filled from the evidence.',
    );
  withExamples(
    withJson(
      clock.command('list').description('List the duties of a run.').argument('<run>', 'id of the run').action(list),
    ),
    [['./breakwater clock list 0190c0de-…', 'which reports are owed, until when, and which were filed']],
  );
  withExamples(
    withJson(
      clock
        .command('draft')
        .description('Print the draft of a report. What no record tells is left for a person to fill in.')
        .argument('<run>', 'id of the run')
        .addArgument(duty())
        .option('--en', 'in English')
        .action(draft),
    ),
    [['./breakwater clock draft 0190c0de-… efars-initial > report.txt', 'the first report, with record numbers']],
  );
  withExamples(
    withJson(
      clock
        .command('filed')
        .description('Record that a report was filed, or that persons were told.')
        .argument('<run>', 'id of the run')
        .addArgument(duty())
        .requiredOption('--at <time>', 'when it was filed, RFC 3339 with offset')
        .requiredOption('--reference <number>', 'the number under which it was received')
        .option('--document <digest>', 'sha256: of what was handed over')
        .option('--delay-reason <text>', 'why it was filed after its time; needed then')
        .requiredOption('--by <person>', 'who records it: a pseudonym such as p-07')
        .action(filed),
    ),
    [
      [
        './breakwater clock filed 0190c0de-… efars-initial --at 2026-11-15T20:00:00+09:00 --reference E-2026-118 --by p-07',
        'the clock of the first report stands as filed',
      ],
    ],
  );
}

const standings = { open: '진행 중', filed: '제출', late: '지연 제출', overdue: '기한 지남' } as const;

async function list(run: string, { json }: { json?: boolean }): Promise<void> {
  const { data } = await localServer().GET('/runs/{run}/duties', { params: { path: { run } } });
  if (json === true) return printJson(data);
  const rows = (data?.clocks ?? []).map(
    ({ duty: id, title, due, standing, status }) =>
      `${id}  ${due ?? '기한 미정 · no time set'}  ${standings[standing]} · ${standing} (${status})  ${title.ko}`,
  );
  printRows(rows, '이 실행에서 발생한 보고 의무가 없습니다 · no duty was started by this run');
}

async function draft(run: string, of: Duty, { en, json }: { en?: boolean; json?: boolean }): Promise<void> {
  const { data } = await localServer().GET('/runs/{run}/duties/{duty}/draft', { params: { path: { run, duty: of } } });
  if (json === true) return printJson(data);
  printText(data?.text[en === true ? 'en' : 'ko'] ?? '');
}

async function filed(
  run: string,
  of: Duty,
  said: { at: string; reference: string; document?: string; delayReason?: string; by: string; json?: boolean },
): Promise<void> {
  const { at: filedAt, reference, document = null, delayReason = null, by, json } = said;
  const { data } = await localServer().POST('/runs/{run}/duties/{duty}/filings', {
    params: { path: { run, duty: of } },
    body: { filedAt, reference, document, delayReason, by },
  });
  if (json === true) return printJson(data);
  printText(`${run}  ${of}  제출 기록 · recorded as filed: ${reference}`);
}
