import { BreakwaterError } from '@breakwater/rules';
import { Option, type Command } from 'commander';
import { printJson, printRows, printText, startProgress, withExamples, withJson } from '../frame.ts';
import { localServer } from '../server.ts';
import { asStream, openList, withList, type ListOptions } from './list-source.ts';

const reasons = ['wrong-number', 'deceased', 'customer-request', 'closed-account'] as const;

type Options = ListOptions & { by: string; reason: (typeof reasons)[number]; json?: boolean };

/** `notice suppress add`, `remove` and `list`. */
export function defineSuppress(notice: Command): void {
  const suppress = notice
    .command('suppress')
    .description('Those who get no notices: kept as keyed hashes, each with its reason.');
  const add = withJson(
    suppress
      .command('add')
      .description('Add numbers. They still count as intended, and as suppressed.')
      .requiredOption('--by <person>', 'who does it')
      .addOption(new Option('--reason <reason>', 'why').choices(reasons).makeOptionMandatory())
      .action((options: Options) => change(options, options.reason)),
  );
  withExamples(withList(add), [
    [
      './breakwater notice suppress add --reason wrong-number --by p-03 --recipients wrong.csv',
      'numbers that others have by now',
    ],
  ]);
  const remove = withJson(
    suppress
      .command('remove')
      .description('Take numbers out again.')
      .requiredOption('--by <person>', 'who does it')
      .action((options: Options) => change(options, null)),
  );
  withExamples(withList(remove), [
    ['./breakwater notice suppress remove --by p-03 --recipients -', 'from standard input'],
  ]);
  const list = withJson(suppress.command('list').description('How many there are, by reason.').action(count));
  withExamples(list, [['./breakwater notice suppress list', 'no number is kept, so none is printed']]);
}

async function change({ by, json, ...of }: Options, reason: Options['reason'] | null): Promise<void> {
  const progress = startProgress();
  const list = await openList(of, progress);
  if (list === null)
    throw new BreakwaterError('usage.list', 'give the list by --recipients or --query', '--recipients');
  const server = localServer();
  const query = { by, ...(of.column === undefined ? {} : { column: of.column }) };
  const { data } =
    reason === null
      ? await server.POST('/suppressions/remove', { params: { query }, body: list, ...asStream })
      : await server.POST('/suppressions', { params: { query: { ...query, reason } }, body: list, ...asStream });
  progress.end();
  if (data === undefined) throw new Error('the server answered without content');
  if (json === true) return printJson(data);
  printText(
    [
      `${data.changed}건 변경 · ${data.changed} changed`,
      ...(data.rejected.length === 0 ? [] : [`주소가 아닌 줄 · lines without an address: ${data.rejected.join(', ')}`]),
    ].join('\n'),
  );
}

async function count({ json }: { json?: boolean }): Promise<void> {
  const { data } = await localServer().GET('/suppressions');
  if (data === undefined) throw new Error('the server answered without content');
  if (json === true) return printJson(data);
  printRows(
    data.reasons.map((row) => `${row.reason}\t${row.count}`),
    '수신 제외 없음 · nobody is kept from notices',
  );
}
