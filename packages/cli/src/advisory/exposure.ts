import type { Schemas } from '@breakwater/client';
import { decisions, type Decision } from '@breakwater/rules/advisory';
import type { Command } from 'commander';
import { Option } from 'commander';
import { printJson, printRows, withExamples, withJson } from '../frame.ts';
import { localServer } from '../server.ts';

type Exposure = Schemas['Exposure'];
type Options = {
  asset?: string;
  vulnerability?: string;
  decision?: Decision;
  filtered?: boolean;
  offset?: string;
  json?: boolean;
};

/** `exposure list`. */
export function defineExposure(program: Command): void {
  const exposure = program.command('exposure').description('What of the inventory is exposed to which vulnerability.');
  const command = withJson(
    exposure
      .command('list')
      .description(
        'The most urgent first, each with the rule, the interval and the document by which it counts as affected.',
      )
      .option('--asset <id>', 'of one asset')
      .option('--vulnerability <name>', 'by CVE, GHSA or another of its names')
      .addOption(new Option('--decision <decision>', 'at least this urgent').choices(decisions))
      .option('--filtered', 'also what an author says is not affected or fixed (VEX)')
      .option('--offset <n>', 'go on after so many'),
  ).action(list);
  withExamples(command, [
    ['./breakwater exposure list --decision attend', 'what should not wait'],
    ['./breakwater exposure list --asset web-01 --json', 'all inputs of each priority'],
  ]);
}

async function list({ asset, vulnerability, decision, filtered, offset, json }: Options): Promise<void> {
  const query = {
    limit: 1000,
    filtered: filtered === true ? ('yes' as const) : ('no' as const),
    ...(asset === undefined ? {} : { asset }),
    ...(vulnerability === undefined ? {} : { vulnerability }),
    ...(decision === undefined ? {} : { decision }),
    ...(offset === undefined ? {} : { offset: Number(offset) }),
  };
  const { data } = await localServer().GET('/exposures', { params: { query } });
  if (json === true) return printJson({ schema: 'breakwater.exposures/1', ...data });
  const exposures = data?.exposures ?? [];
  const shown = (query.offset ?? 0) + exposures.length;
  printRows(
    [
      ...exposures.flatMap(spellExposure),
      ...((data?.filtered ?? 0) > 0 ? [`VEX로 제외 ${data?.filtered} · hidden by VEX: --filtered`] : []),
      ...(shown < (data?.total ?? 0) ? [`계속 · more: --offset ${shown}`] : []),
    ],
    '노출이 없습니다 · no exposure: breakwater inventory import, breakwater advisory import',
  );
}

/** An exposure for people: what and where, how urgent, and why. */
export function spellExposure({
  vulnerability,
  component,
  verdict,
  priority,
  dissemination,
  reasons,
  places,
  vex,
}: Exposure): string[] {
  const { decision, mildest, cvss, epss, kevAdded } = priority;
  const urgency = decision === mildest ? decision : `${mildest}..${decision}`;
  const signs = [
    ...(kevAdded === null ? [] : [`KEV ${kevAdded}`]),
    ...(epss === null ? [] : [`EPSS ${epss.toFixed(3)}`]),
    ...(cvss === null ? [] : [`CVSS ${cvss.score}`]),
    dissemination === null ? '전파 없음 not disseminated' : `전파 ${dissemination.by} ${dissemination.proof}`,
    ...(vex === null ? [] : [`VEX ${vex.status}`]),
  ];
  return [
    `${urgency.toUpperCase()}  ${vulnerability}  ${component.package}@${component.version}  ${verdict}  ${places.map(({ asset }) => asset).join(', ')}`,
    `  ${signs.join('  ')}`,
    ...reasons.map(
      ({ document, rule, interval, doubt, path }) =>
        `  ${document.name} ${rule} ${interval}${doubt === null ? '' : ` (${doubt})`} ${path}`,
    ),
  ];
}
