import { type PackChange, type PolicyPack, diffPacks, listPacks, packDigest } from '@breakwater/rules';
import type { Command } from 'commander';
import { exit, finish, printJson, printText, withExamples, withJson } from '../frame.ts';
import { findPack, readPackFile } from './read.ts';

type Asked = { json?: boolean };

/** `pack list`. */
export function definePackList(pack: Command): void {
  withJson(pack.command('list').description('List the policy packs that come with Breakwater.').action(list));
}

function list({ json }: Asked): void {
  const packs = listPacks();
  if (json === true) {
    printJson({ schema: 'breakwater.packs/1', packs: packs.map((each) => ({ ...named(each), ...summary(each) })) });
    return;
  }
  printText(
    packs
      .flatMap((each) => [
        `${each.id} ${each.version}  ${each.title.ko} · ${each.title.en}`,
        `    ${each.authority.ko} · ${each.authority.en}, ${each.effective.from} – ${each.effective.to ?? ''}`,
        `    ${each.basis}`,
        `    ${packDigest(each)}`,
      ])
      .join('\n'),
  );
}

const named = (pack: PolicyPack): { id: string; version: string; digest: string } => ({
  id: pack.id,
  version: pack.version,
  digest: packDigest(pack),
});

const summary = ({ title, authority, jurisdiction, basis, effective }: PolicyPack) => ({
  title,
  authority,
  jurisdiction,
  basis,
  effective,
});

/** `pack show ID`. */
export function definePackShow(pack: Command): void {
  const command = withJson(
    pack
      .command('show')
      .description('Show a pack as a lawyer reads it: every criterion with its bound, its choices and its source.')
      .argument('<pack>', 'id of a pack, or a pack file')
      .action(show),
  );
  withExamples(command, [
    ['./breakwater pack show kr-fsc-2026-06-30', 'what is judged, by which bound, from which document'],
    ['./breakwater pack show kr-fsc-2026-06-30 --json > pack.json', 'the pack itself, to write the official text into'],
  ]);
}

async function show(name: string, { json }: Asked): Promise<void> {
  const pack = await findPack(name);
  if (json === true) printJson(pack);
  else printText(spell(pack));
}

function spell(pack: PolicyPack): string {
  const { criteria, parameters, questions, duties, carveOut } = pack;
  return [
    `${pack.title.ko} · ${pack.title.en}`,
    `${pack.id} ${pack.version} (${pack.basis}), ${pack.effective.from} – ${pack.effective.to ?? ''}`,
    packDigest(pack),
    '',
    ...criteria.flatMap((criterion) => [
      `${criterion.id}  ${criterion.title.ko} · ${criterion.title.en}`,
      ...(criterion.bound === null
        ? []
        : [
            `    ${criterion.bound.wording.ko} · ${criterion.bound.wording.en} (${criterion.bound.operator} ${criterion.bound.value} ${criterion.bound.unit})`,
          ]),
      ...choices(criterion.parameters),
      `    ${cited(criterion.clause)}`,
    ]),
    ...(carveOut === null
      ? []
      : ['', `${carveOut.id}  ${carveOut.effect.ko}`, `    ${carveOut.effect.en}`, `    ${cited(carveOut.clause)}`]),
    '',
    '선택한 해석 · choices where the text is open',
    ...choices(parameters),
    '',
    ...questions.map(({ id, ko, en }) => `${id}  ${ko} · ${en}`),
    '',
    ...duties.flatMap(({ id, title, within, clause }) => [
      `${id}  ${title.ko} · ${title.en} (${within})`,
      `    ${cited(clause)}`,
    ]),
  ].join('\n');
}

function choices(parameters: PolicyPack['parameters']): string[] {
  return Object.entries(parameters).flatMap(([name, { value, clause, note }]) => [
    `    ${name} = ${JSON.stringify(value)}`,
    ...(note === null || note === undefined ? [] : [`        ${note.ko} · ${note.en}`]),
    `        ${cited(clause)}`,
  ]);
}

function cited({ document, date, article, source }: PolicyPack['criteria'][number]['clause']): string {
  return `${document}, ${date}, ${article ?? '조항 미확인 · article not read'} [${source}]`;
}

/** `pack check FILE`. */
export function definePackCheck(pack: Command): void {
  const command = withJson(
    pack
      .command('check')
      .description('Is this a policy pack that holds together? Exit 0 yes, 2 no, with the place and what is wrong.')
      .argument('<file>', 'pack in JSON or YAML, - for standard input')
      .action(check),
  );
  withExamples(command, [['./breakwater pack check official.yaml', 'before two persons approve it']]);
}

async function check(file: string, { json }: Asked): Promise<void> {
  const pack = await readPackFile(file);
  if (json === true) printJson({ schema: 'breakwater.pack-check/1', ok: true, ...named(pack) });
  else printText(`${pack.id} ${pack.version}: 사용할 수 있는 기준입니다 · holds together\n${packDigest(pack)}`);
  finish(exit.done);
}

/** `pack diff A B`. */
export function definePackDiff(pack: Command): void {
  const command = withJson(
    pack
      .command('diff')
      .description('Say what changes from one pack to another, criterion by criterion.')
      .argument('<before>', 'id of a pack, or a pack file')
      .argument('<after>', 'id of a pack, or a pack file')
      .action(diff),
  );
  withExamples(command, [
    [
      './breakwater pack diff kr-fsc-2026-06-30 official.yaml',
      'what the official text changes, for whoever approves it',
    ],
  ]);
}

async function diff(before: string, after: string, { json }: Asked): Promise<void> {
  const [from, to] = [await findPack(before), await findPack(after)];
  const changes = diffPacks(from, to);
  if (json === true) {
    printJson({ schema: 'breakwater.pack-diff/1', from: named(from), to: named(to), changes });
    return;
  }
  printText(changes.length === 0 ? '바뀐 것이 없습니다 · nothing changes' : changes.map(line).join('\n'));
}

function line(change: PackChange): string {
  const side = (mark: string, present: boolean, value: unknown): string[] =>
    present ? [`    ${mark} ${JSON.stringify(value)}`] : [];
  return [
    change.path,
    ...side('-', 'before' in change, change.before),
    ...side('+', 'after' in change, change.after),
  ].join('\n');
}
