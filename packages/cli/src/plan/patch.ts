/** Patches: from the exposures that a plan is to remove to their closure by a newer inventory. */
import type { Schemas } from '@breakwater/client';
import { patchStateNames } from '@breakwater/rules/plan';
import type { Command } from 'commander';
import { exit, finish, printJson, printRows, printText, withExamples, withJson } from '../frame.ts';
import { localServer } from '../server.ts';
import { defineExceptions } from './exception.ts';

type Patch = Schemas['Patch'];
type Report = Schemas['AgeingReport'];

/** Adds `patch` to the program. */
export function patchCommands(program: Command): void {
  const patch = program
    .command('patch')
    .description('Patches as changes: planned, rehearsed, announced, executed, verified, closed by re-match.');
  withExamples(
    withJson(
      patch
        .command('open')
        .description('Say which exposures a plan is to remove; the plan need not be submitted yet.')
        .argument('<plan>', 'id of the plan')
        .argument('<exposures...>', 'ids of exposures, as exposure list --json has them')
        .option('--asset <id...>', 'only on these assets')
        .requiredOption('--by <person>', 'who opens it, by pseudonym')
        .action(open),
    ),
    [
      [
        './breakwater patch open transfer-openssl-2026-12 "CVE-2026-1234 in 17" --by p-03',
        'from now on its age and limit are followed',
      ],
    ],
  );
  withExamples(
    withJson(
      patch
        .command('list')
        .description('Patches with how far each is, the newest first.')
        .option('--open', 'only those that are neither closed nor withdrawn')
        .action(list),
    ),
    [['./breakwater patch list --open', 'what is under way']],
  );
  withJson(
    patch
      .command('show')
      .description('A patch, with what newer inventories say of each of its assets.')
      .argument('<plan>', 'id of its plan')
      .action(show),
  );
  withJson(
    patch
      .command('withdraw')
      .description('Give a patch up before it is executed.')
      .argument('<plan>', 'id of its plan')
      .requiredOption('--reason <text>', 'why')
      .requiredOption('--by <person>', 'who, by pseudonym')
      .action(withdraw),
  );
  withExamples(
    withJson(
      patch
        .command('verify')
        .description(
          'Ask the inventory about an executed patch, as every import does by itself. Exit 1 while it is not closed.',
        )
        .argument('<plan>', 'id of its plan')
        .action(verify),
    ),
    [['./breakwater patch verify transfer-openssl-2026-12', 'which assets are clean, and which were not seen again']],
  );
  withExamples(
    withJson(
      patch
        .command('ageing')
        .description(
          'How old every exposure is, when it is due, what is done about it. Exit 1 when one is overdue without an exception.',
        )
        .option('--offset <n>', 'go on after so many')
        .action(ageing),
    ),
    [['./breakwater patch ageing --json', 'the weekly report']],
  );
  defineExceptions(patch);
}

async function open(
  plan: string,
  exposures: string[],
  { asset, by, json }: { asset?: string[]; by: string; json?: boolean },
): Promise<void> {
  const body = { plan, exposures, assets: asset ?? null, by };
  print((await localServer().POST('/patches', { body })).data, json);
}

async function list({ open: onlyOpen, json }: { open?: boolean; json?: boolean }): Promise<void> {
  const query = { open: onlyOpen === true ? ('yes' as const) : ('no' as const) };
  const patches = (await localServer().GET('/patches', { params: { query } })).data?.patches ?? [];
  if (json === true) return printJson({ schema: 'breakwater.patches/1', patches });
  printRows(patches.map(headOf), '추적하는 패치가 없습니다 · no patch yet: breakwater plan new --from-exposure');
}

async function show(plan: string, { json }: { json?: boolean }): Promise<void> {
  print((await localServer().GET('/patches/{plan}', { params: { path: { plan } } })).data, json);
}

async function withdraw(
  plan: string,
  { reason, by, json }: { reason: string; by: string; json?: boolean },
): Promise<void> {
  const params = { path: { plan } };
  print((await localServer().POST('/patches/{plan}/withdrawal', { params, body: { reason, by } })).data, json);
}

async function verify(plan: string, { json }: { json?: boolean }): Promise<void> {
  const client = localServer();
  const params = { path: { plan } };
  const { data: before } = await client.GET('/patches/{plan}', { params });
  const patch =
    before?.state === 'closed' ? before : (await client.POST('/patches/{plan}/verification', { params })).data;
  if (patch?.state !== 'closed') finish(exit.no);
  print(patch, json);
}

async function ageing({ offset, json }: { offset?: string; json?: boolean }): Promise<void> {
  const query = { limit: 1000, ...(offset === undefined ? {} : { offset: Number(offset) }) };
  const { data: report } = await localServer().GET('/patches/ageing', { params: { query } });
  if (report === undefined) throw new Error('the server answered without content');
  if (report.totals.some(({ overdue }) => overdue > 0)) finish(exit.no);
  if (json === true) return printJson({ schema: 'breakwater.ageing/1', ...report });
  const shown = (query.offset ?? 0) + report.rows.length;
  const { patches, inTime, late, medianDays } = report.closed;
  printRows(
    [...report.rows.map(spellAge), ...(shown < report.total ? [`계속 · more: --offset ${shown}`] : [])],
    '노출이 없습니다 · no exposure',
  );
  for (const { decision, open: count, overdue, excepted, unplanned, medianAgeDays } of report.totals) {
    if (count > 0)
      printText(
        `${decision.toUpperCase()}  ${count}건, 기한 초과 ${overdue}, 예외 ${excepted}, 미계획 ${unplanned}, 중앙값 ${medianAgeDays ?? '-'}일 · open, overdue, excepted, unplanned, median age`,
      );
  }
  printText(
    `종결 ${patches}: 기한 내 ${inTime}, 초과 ${late}, 중앙값 ${medianDays ?? '-'}일 · closed: in time, late, median days`,
  );
}

function spellAge({
  decision,
  exposure,
  component,
  version,
  ageDays,
  dueAt,
  overdueDays,
  patch,
  exception,
  assets,
}: Report['rows'][number]): string {
  const due =
    dueAt === null
      ? '기한 없음 no limit'
      : overdueDays === null
        ? `기한 due ${dueAt}`
        : `${overdueDays}일 초과 overdue (${dueAt})`;
  const work =
    patch === null
      ? '미계획 no patch'
      : `${patch.plan} ${patchStateNames[patch.state].ko} ${patchStateNames[patch.state].en}`;
  const excepted = exception === null ? '' : `  예외 ~${exception.until} excepted`;
  return `${decision.toUpperCase()}  ${exposure}  ${component}@${version}  ${ageDays}일 days  ${due}  ${work}${excepted}  ${assets.join(', ')}`;
}

function print(patch: Patch | undefined, json: boolean | undefined): void {
  if (patch === undefined) throw new Error('the server answered without content');
  if (json === true) return printJson({ schema: 'breakwater.patch/1', ...patch });
  printText(
    [
      headOf(patch),
      ...patch.exposures.map(({ exposure, component, version }) => `  ${exposure}  ${component}@${version}`),
      ...patch.targets.map(
        ({ asset, exposure, state, at }) =>
          `  ${asset}  ${exposure}  ${targetNames[state]}${at === null ? '' : `  ${at}`}`,
      ),
      ...(patch.run === null ? [] : [`  ${patch.run.id}  ${patch.run.outcome ?? '실행 중 · under way'}`]),
    ].join('\n'),
  );
}

const targetNames = {
  waiting: '새 자산 정보 대기 · waits for a newer inventory',
  gone: '제거 확인 · gone',
  'still-exposed': '여전히 노출 · still exposed',
} as const satisfies Record<Patch['targets'][number]['state'], string>;

function headOf({ plan, state, dueAt, advisory, exposures }: Patch): string {
  const { ko, en } = patchStateNames[state];
  const due = dueAt === null ? '' : `  기한 due ${dueAt}`;
  return `${plan}  ${ko} · ${en}  ${exposures.length}${due}  ${advisory ?? '전파 없음 not disseminated'}`;
}
