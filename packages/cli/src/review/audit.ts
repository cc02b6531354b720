/** `audit`: changes that others recorded held against runs, overrides by person, samples that can be drawn again. */
import type { Command } from 'commander';
import { BreakwaterError } from '@breakwater/rules';
import { exit, finish, printJson, printRows, printText, readTextFile, withExamples, withJson } from '../frame.ts';
import { localServer } from '../server.ts';

type Period = { from: string; to: string; json?: boolean };
const maxBytes = 16 * 1024 * 1024;
const from = ['--from <time>', 'begin of the period, RFC 3339 with offset'] as const;
const to = ['--to <time>', 'end of the period, RFC 3339 with offset'] as const;

/** Adds `audit` to the program. */
export function defineAudit(program: Command): void {
  const audit = program.command('audit').description('What an auditor asks of a period.');
  withExamples(
    withJson(
      audit
        .command('population')
        .description(
          'Hold package logs, change tickets and inventory imports against the runs. Exit 1: some match none.',
        )
        .requiredOption(...from)
        .requiredOption(...to)
        .option('--dpkg <host=file...>', 'dpkg.log of a host')
        .option('--offset <offset>', 'zone of the times in dpkg.log', '+09:00')
        .option('--rpm <host=file...>', "what rpm -qa --qf '%{INSTALLTIME} %{NAME} %{EVR}\\n' printed on a host")
        .option('--itsm <file>', 'CSV of change tickets: id, host, start, end, summary')
        .action(population),
    ),
    [
      [
        './breakwater audit population --from 2026-11-01T00:00:00+09:00 --to 2026-12-01T00:00:00+09:00 --dpkg core-7=/tmp/dpkg.log --itsm tickets.csv',
        'lists every change that happened outside of a run',
      ],
    ],
  );
  withJson(
    audit
      .command('overrides')
      .description('The register of overrides and waivers by person, with record numbers.')
      .requiredOption(...from)
      .requiredOption(...to)
      .action(overrides),
  );
  withExamples(
    withJson(
      audit
        .command('sample')
        .description('Draw a sample of live runs. The same log and seed draw the same.')
        .requiredOption(...from)
        .requiredOption(...to)
        .requiredOption('--seed <text>', 'what the draw follows')
        .requiredOption('--size <n>', 'how many', Number)
        .action(sample),
    ),
    [
      [
        './breakwater audit sample --from 2026-01-01T00:00:00+09:00 --to 2027-01-01T00:00:00+09:00 --seed 2026-Q4 --size 25',
        'twenty-five runs of the year',
      ],
    ],
  );
}

async function population(
  asked: Period & { dpkg?: string[]; rpm?: string[]; itsm?: string; offset: string },
): Promise<void> {
  const files = async (given: readonly string[] = []) =>
    Promise.all(
      given.map(async (one) => ({
        host: hostOf(one),
        text: await readTextFile(one.slice(one.indexOf('=') + 1), maxBytes),
      })),
    );
  const body = {
    from: asked.from,
    to: asked.to,
    dpkg: (await files(asked.dpkg)).map((one) => ({ ...one, offset: asked.offset })),
    rpm: await files(asked.rpm),
    itsm: asked.itsm === undefined ? null : await readTextFile(asked.itsm, maxBytes),
  };
  const { data } = await localServer().POST('/audit/population', { body });
  const { matched = [], unmatched = [], unseen = [] } = data ?? {};
  if (asked.json === true) printJson(data);
  else {
    printText(
      `대조됨 · matched ${matched.length}  대조되지 않음 · unmatched ${unmatched.length}  출처 없는 실행 · unseen runs ${unseen.length}`,
    );
    printRows(
      unmatched.map(
        ({ change, why }) =>
          `${change.from}  ${change.host ?? '–'}  ${change.source} ${change.reference}  ${change.what}  (${why})`,
      ),
      '모든 변경이 실행과 대조되었습니다 · every change belongs to a run',
    );
  }
  if (unmatched.length > 0) finish(exit.no);
}

function hostOf(given: string): string {
  const at = given.indexOf('=');
  if (at <= 0) throw new BreakwaterError('argument.host', `${JSON.stringify(given)}: write it as HOST=FILE`, given);
  return given.slice(0, at);
}

async function overrides({ from: begin, to: end, json }: Period): Promise<void> {
  const { data } = await localServer().GET('/audit/overrides', { params: { query: { from: begin, to: end } } });
  if (json === true) return printJson(data);
  printRows(
    (data?.overrides ?? []).map(({ person, rule, of, at, record }) => `${person}  ${at}  ${rule}  ${of}  #${record}`),
    '예외 적용이 없습니다 · nothing was overridden',
  );
}

async function sample({
  from: begin,
  to: end,
  seed,
  size,
  json,
}: Period & { seed: string; size: number }): Promise<void> {
  const { data } = await localServer().POST('/audit/samples', { body: { from: begin, to: end, seed, size } });
  if (json === true || data === undefined) return printJson(data);
  printText(`모집단 · population ${data.of}  ${data.population}`);
  printRows(data.drawn, '모집단이 비어 있습니다 · the population is empty');
}
