import { readFile, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import type { Schemas } from '@breakwater/client';
import { BreakwaterError } from '@breakwater/rules';
import { inventoryFormats, type InventoryFormat } from '@breakwater/rules/inventory';
import type { Command } from 'commander';
import { Option } from 'commander';
import { exit, finish, printJson, printText, readBinaryFile, withExamples, withJson } from '../frame.ts';
import { importEach } from '../each-file.ts';
import { localServer } from '../server.ts';

/** Largest file that is sent, bytes. */
const mostBytes = 128 * 1024 * 1024;

type Options = {
  by: string;
  format?: InventoryFormat;
  source?: string;
  asset?: string;
  distro?: string;
  mapping?: string;
  yes?: boolean;
  json?: boolean;
};
type Outcome = Schemas['InventoryImport'];

function withSource(command: Command): Command {
  return command
    .requiredOption('--by <person>', 'who imports: a pseudonym such as p-03')
    .option('--asset <id>', 'the asset that the components are on')
    .addOption(new Option('--format <format>', 'what the file is; default: by how it begins').choices(inventoryFormats))
    .option('--source <name>', 'the next import of the same source replaces this one; default: by format and subject')
    .option('--distro <release>', 'release of the machine, such as debian-12, for lists of packages')
    .option('--mapping <file>', 'breakwater.cmdb-mapping/1: which column of a table means what');
}

/** `inventory import FILE…`. */
export function defineImport(inventory: Command): void {
  const command = withJson(
    withSource(
      inventory
        .command('import')
        .description(
          'Show what files change in the inventory, and after a yes change it. Each file is taken whole or not at all.',
        )
        .argument(
          '<files...>',
          'CycloneDX, SPDX, nmap XML, lists of dpkg, rpm or apk, a table, what collect wrote; or folders of them',
        ),
    ).option('--yes', 'apply without asking'),
  ).action(importFiles);
  withExamples(command, [
    [
      './breakwater inventory import bom.json --asset web-01 --by p-03',
      'components of an asset, shown before they are kept',
    ],
    ['./breakwater inventory import assets.csv --mapping mapping.yaml --by p-03 --yes', 'assets of a CMDB'],
    [
      './breakwater inventory import sboms/ --asset build-farm --by p-03 --yes',
      'a folder, with progress; what fails is told at the end',
    ],
  ]);
}

/** `inventory diff FILE`. */
export function defineDiff(inventory: Command): void {
  const command = withJson(
    withSource(
      inventory
        .command('diff')
        .description(
          'Say what a file would change in the inventory, and change nothing. Exit 1 when it would change something.',
        )
        .argument('<file>', 'as for import'),
    ),
  ).action(async (file: string, options: Options) => {
    const outcome = await send(file, options, false, undefined);
    if (options.json === true) printJson(outcome);
    else printText(spellDiff(outcome).join('\n'));
    if (isChange(outcome)) finish(exit.no);
  });
  withExamples(command, [['./breakwater inventory diff bom.json --asset web-01 --by p-03', 'added, changed, gone']]);
}

async function importFiles(given: string[], options: Options): Promise<void> {
  const files = (await Promise.all(given.map(filesOf))).flat();
  if (files.length > 1 && options.yes !== true) {
    throw new BreakwaterError(
      'usage.yes',
      'several files are imported with --yes only; look at them with inventory diff',
      '--yes',
    );
  }
  const [only] = files;
  if (only !== undefined && files.length === 1) return importOne(only, options);
  await importEach(files, { schema: 'breakwater.inventory-imports/1', json: options.json === true }, async (file) => ({
    file,
    outcome: await send(file, options, true, undefined),
  }));
}

async function importOne(file: string, options: Options): Promise<void> {
  const shown = await send(file, options, false, undefined);
  if (options.json !== true) process.stderr.write(`${spellDiff(shown).join('\n')}\n`);
  if (options.yes !== true && !(await confirmed())) {
    if (options.json === true) printJson(shown);
    else printText('반영하지 않았습니다 · nothing was changed');
    return finish(exit.no);
  }
  const outcome = await send(file, options, true, shown.base);
  if (options.json === true) return printJson(outcome);
  printText(
    `${outcome.source}: 반영하였습니다, 새로운 일치 ${outcome.matches ?? 0}건 · applied, ${outcome.matches ?? 0} new matches`,
  );
}

async function confirmed(): Promise<boolean> {
  if (!process.stdin.isTTY) {
    throw new BreakwaterError(
      'usage.yes',
      'there is no terminal to ask on: look at inventory diff, then add --yes',
      '--yes',
    );
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^(?:y|yes|예|네)$/i.test((await terminal.question('반영할까요? Apply? [y/N] ')).trim());
  } finally {
    terminal.close();
  }
}

async function send(file: string, options: Options, apply: boolean, base: number | null | undefined): Promise<Outcome> {
  const { by, format, source, asset, distro, mapping } = options;
  const bytes = await readBinaryFile(file, mostBytes);
  const { data } = await localServer().POST('/inventory/imports', {
    params: {
      query: {
        by,
        apply: apply ? 'yes' : 'no',
        ...(format === undefined ? (mapping === undefined ? {} : { format: 'cmdb-csv' }) : { format }),
        ...(source === undefined ? {} : { source }),
        ...(asset === undefined ? {} : { asset }),
        ...(distro === undefined ? {} : { distro }),
        ...(mapping === undefined ? {} : { mapping: (await readFile(mapping)).toString('base64url') }),
        ...(base === undefined ? {} : { base: base ?? 0 }),
      },
    },
    headers: { 'content-type': 'application/octet-stream' },
    body: bytes,
    bodySerializer: (body: unknown) => body as Uint8Array<ArrayBuffer>,
  });
  if (data === undefined) throw new Error('the server answered without content');
  return data;
}

/** A folder stands for its files, in the order of their names. */
async function filesOf(path: string): Promise<string[]> {
  if (path === '-' || !(await stat(path).catch(() => null))?.isDirectory()) return [path];
  const entries = await readdir(path, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
}

function isChange({ diff }: Outcome): boolean {
  const { components, services, modules, assets, listeners } = diff;
  return [components, services, modules, assets, { ...listeners, changed: [] }].some(
    ({ added, changed, gone }) => added.length + changed.length + gone.length > 0,
  );
}

/** Lines of one kind that are shown; the rest is counted. */
const mostLines = 20;

function spellDiff({ source, asset, diff, notes, unmatched }: Outcome): string[] {
  const { components, services, modules, assets, listeners } = diff;
  const some = (lines: string[]): string[] =>
    lines.length <= mostLines ? lines : [...lines.slice(0, mostLines), `  … ${lines.length - mostLines}`];
  const named = ({ name, version }: { name: string; version: string | null }): string => `${name} ${version ?? '?'}`;
  const records = Object.entries({ services, modules, assets }).flatMap(([what, { added, changed, gone }]) => [
    ...some(added.map((id) => `+ ${what} ${id}`)),
    ...some(changed.map(({ id, fields }) => `~ ${what} ${id}: ${fields.join(', ')}`)),
    ...some(gone.map((id) => `- ${what} ${id}`)),
  ]);
  return [
    `${source}${asset === null ? '' : ` → ${asset}`}`,
    `구성요소 추가 ${components.added.length}, 변경 ${components.changed.length}, 삭제 ${components.gone.length}, 동일 ${components.same} · components added, changed, gone, same`,
    ...some(components.added.map((one) => `+ ${named(one)}`)),
    ...some(
      components.changed.map(({ name, before, after }) => `~ ${name} ${before.join(', ')} → ${after.join(', ')}`),
    ),
    ...some(components.gone.map((one) => `- ${named(one)}`)),
    ...records,
    ...some(listeners.added.map((one) => `+ ${one}`)),
    ...some(listeners.gone.map((one) => `- ${one}`)),
    ...(unmatched.length === 0
      ? []
      : [`대조할 수 없음 ${unmatched.length} · cannot be matched: inventory list unmatched`]),
    ...notes.slice(0, mostLines),
  ];
}
